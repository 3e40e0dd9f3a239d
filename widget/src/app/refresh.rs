//! Recomputes what is on the screen, and reports changes to the page.

use js_sys::{Array, Date};
use notice::{
    browser::{
        freshness::{self, Freshness, Situation},
        polling::Event,
    },
    wire::{enums::NoticeKind, ids::IncidentId},
};
use wasm_bindgen::JsValue;

use super::{App, is_floating};
use crate::{
    announcer, dom,
    loader::Loader,
    memory::BrowserMemory,
    screen::{self, Selection, ShownNotice},
    texts,
};

/// The interval of refreshes while a notice is shown, in milliseconds. Texts depend on the current time.
const INTERVAL_MS: u32 = 15_000;

impl App {
    /// Recomputes what is shown, announces it, and emits events for what has changed.
    pub(super) fn refresh(&mut self, loader: &Loader) {
        let mut containers = screen::containers(&loader.page(), self.dom.slots());
        if let Some(feed) = &self.feed {
            self.texts = texts::for_language(&feed.lang, |tag| self.dom.texts(tag));
            let selection = Selection {
                feed,
                memory: &BrowserMemory::read(loader),
                load: &mut self.load,
                loader,
                requested: self.choices.requested().or_else(|| self.choices.open()),
            };
            selection.apply(&mut containers, is_floating(loader));
        }
        self.choices.reconcile(&containers);
        self.containers = containers;
        let shown = screen::all(&self.containers);
        let (ids, over) = (Array::new(), Array::new());
        for ShownNotice { id, kind, .. } in shown {
            let id = JsValue::from(id.as_str());
            if *kind == NoticeKind::Restored {
                over.push(&id);
            }
            ids.push(&id);
        }

        self.dom
            .look_for_news(&announcer::entries(shown, self.feed.as_deref()));
        if shown.is_empty() {
            self.dom.cancel("look");
        } else {
            self.dom.schedule("look", INTERVAL_MS);
        }
        self.report_open(loader);
        self.judge_freshness(loader);
        let is_stale = self.freshness != Freshness::Confirmed;
        let hidden = self.hidden.take();
        let hidden = hidden.as_ref().map_or("", IncidentId::as_str);
        self.dom.report(ids, over, hidden, is_stale);
    }

    fn judge_freshness(&mut self, loader: &Loader) {
        let now = Date::now();
        let since = now - std::mem::replace(&mut self.refreshed_at, now);
        // A gap of several intervals means that the computer slept. Not every browser dispatches `online` when it wakes up.
        if since > f64::from(INTERVAL_MS) * 4.0 {
            self.is_waiting = true;
            self.poll(loader, Event::Online);
        }
        self.freshness = freshness::judge(Situation {
            confirmed_at: loader.confirmed_at(),
            now: loader.now(),
            is_offline: !dom::online(),
            is_stored: self.is_stored,
            is_waiting: self.is_waiting,
        });
    }

    /// Sets `Allclear.state.open`, and the choices in the record that cards share.
    pub(super) fn report_open(&self, loader: &Loader) {
        // Before the first feed `open` holds the page's request.
        if self.feed.is_none() {
            return;
        }
        let open = self.choices.open();
        let open = open.map_or(JsValue::NULL, |id| id.as_str().into());
        loader.set_state("open", &open);
        self.choices.save(loader);
    }
}
