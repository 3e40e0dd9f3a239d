//! Handles events.

use js_sys::Math;
use notice::{
    browser::polling::{Event, Step},
    wire::{feed::Feed, ids::IncidentId},
};

use super::App;
use crate::{
    announcer, dom,
    format::Formatter,
    loader::{Answer, Loader, read_answer},
    memory::BrowserMemory,
    screen,
};

/// Parses the result of another tab's request: see [`crate::start`].
fn parse_polled(event: &str) -> Option<Event> {
    let mut numbers = event.strip_prefix("polled ")?.split(' ');
    let mut number = || numbers.next()?.parse().ok();
    let (origin, failures, seconds) = (number()?, number()?, number()?);
    Some(Event::Polled {
        origin,
        failures,
        seconds,
    })
}

impl App {
    /// Replaces the feed unless the current one is newer.
    fn accept(&mut self, feed: Option<Box<Feed>>, loader: &Loader) {
        let is_first = self.feed.is_none();
        let current = self.feed.as_ref().map_or(0, |feed| feed.rev);
        if let Some(feed) = feed
            && feed.rev >= current
        {
            self.feed = Some(feed);
            self.truncations.clear();
            if is_first {
                self.open_requested(loader);
            }
        }
    }

    /// Handles an event. After every event, including those of unknown names, the caller draws the card again.
    pub(super) fn handle(&mut self, loader: &Loader, name: &str) {
        let event = match name {
            "answered" => match read_answer(&self.dom.answer()) {
                Answer::Feed { feed } => {
                    let poll_after_s = feed.poll_after_s;
                    self.accept(Some(feed), loader);
                    Event::Answered { poll_after_s }
                }
                // After a failure, the feed does not change.
                Answer::Failure { retry_after_s } => Event::Failed { retry_after_s },
            },
            "poll" => Event::Timer,
            "lead" => Event::Lead,
            "online" => Event::Online,
            "refresh" => Event::Refresh,
            "visibilitychange" if dom::hidden() => Event::Hidden,
            "visibilitychange" => Event::Visible,
            "open" => return self.open_requested(loader),
            "resized" => return self.truncations.clear(),
            _ if let Some(polled) = parse_polled(name) => {
                self.accept(loader.feed(), loader);
                polled
            }
            _ if let Some(news) = name.strip_prefix("announce ") => {
                let format = Formatter::new(self.texts, loader.now());
                return announcer::announce(news, &self.contexts(&format), &self.dom);
            }
            _ => {
                self.press(loader, name);
                return;
            }
        };
        match event {
            Event::Answered { .. } | Event::Polled { failures: 0, .. } => {
                // An answer that is older than the stored feed, or that a cache has replayed, does not confirm it: see
                // `loader/handover.js`.
                self.is_stored &= loader.is_stale();
                self.is_waiting &= loader.is_stale();
            }
            Event::Failed { .. } | Event::Polled { .. } => self.is_waiting = false,
            Event::Visible => self.is_waiting = true,
            _ => {}
        }
        self.poll(loader, event);
    }

    pub(super) fn poll(&mut self, loader: &Loader, event: Event) {
        match self.polling.on(event, dom::elapsed(), Math::random()) {
            Step::Wait { milliseconds } => return self.dom.schedule("poll", milliseconds),
            Step::Ask { origin } => self.dom.await_answer(&loader.ask(origin)),
            Step::Rest => {}
        }
        self.dom.cancel("poll");
    }

    /// Handles a reader's press. `event` is the pressed part, the notice's id and the container's key, such as
    /// "toggle inc_… own".
    fn press(&mut self, loader: &Loader, event: &str) {
        let mut words = event.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (part, id, key) = (word(), word(), word());
        let id = IncidentId::parse(id);
        if let ("hide", Some(id)) = (part, &id) {
            return self.hide(loader, id);
        }
        let Some(container) = self.containers.iter().find(|one| one.key == key) else {
            return;
        };
        let Some(layout) = self.layout(container, loader) else {
            return;
        };
        match id {
            Some(id) => self
                .choices
                .press(&id, container, &layout, &self.containers),
            None => self.choices.escape(container, &layout),
        }
        self.report_open(loader);
    }

    /// Hides a notice in all containers.
    fn hide(&mut self, loader: &Loader, id: &IncidentId) {
        if let Some(notice) = self.feed.as_ref().and_then(|feed| screen::notice(feed, id)) {
            let memory = BrowserMemory::read(loader);
            let all = self.containers.iter().flat_map(|one| &one.shown);
            for shown in all.filter(|shown| shown.id == *id) {
                let all_clear = shown.partial_all_clear.as_ref();
                memory.hide(loader, notice, all_clear.map(|restored| restored.at));
            }
            self.hidden = Some(id.clone());
        }
        self.choices.forget(id);
        self.report_open(loader);
    }

    /// Remembers that a notice has been seen: "inc_… 1", with 1 when the newest update's text was seen too.
    pub(super) fn mark_seen(&mut self, loader: &Loader, seen: &str) {
        let notice = seen.split_once(' ').and_then(|(id, has_update)| {
            let shown = screen::all(&self.containers)
                .iter()
                .find(|shown| shown.id.as_str() == id)?;
            let notice = screen::notice(self.feed.as_ref()?, &shown.id)?;
            Some((shown, notice, has_update == "1"))
        });
        if let Some((shown, notice, has_update)) = notice {
            let over_at = shown.all_clear(notice).map(|restored| restored.at);
            self.load.mark_seen(loader, notice, over_at, has_update);
        }
    }
}
