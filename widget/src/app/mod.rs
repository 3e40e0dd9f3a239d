//! The one component: its state and its life cycle.

mod draw;
mod events;
mod refresh;

use std::rc::Rc;

use js_sys::Date;
use notice::{
    browser::{
        freshness::Freshness,
        polling::{Event, Polling},
    },
    wire::{feed::Feed, ids::IncidentId},
};
use yew::{Component, Context, Html};

use crate::{
    choices::{Choices, Layout},
    dom::{self, Dom},
    element::element,
    format::Formatter,
    loader::Loader,
    memory::PageLoad,
    screen::{self, Container},
    texts::{ENGLISH, Texts},
    truncation::Truncations,
    view::NoticeContext,
};

#[derive(yew::Properties)]
pub struct Properties {
    pub loader: Loader,
    /// The state of polling at the hand-over.
    pub polling: Polling,
    pub dom: Rc<Dom>,
}

impl PartialEq for Properties {
    /// The properties never change: there is one hand-over.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

pub struct App {
    polling: Polling,
    feed: Option<Box<Feed>>,
    containers: Vec<Container>,
    /// The notice that the reader has just hidden. Reported to the page once the state is consistent, because a listener may read
    /// the state.
    hidden: Option<IncidentId>,
    choices: Choices,
    load: PageLoad,
    truncations: Truncations,
    freshness: Freshness,
    /// Whether the feed was stored on an earlier visit and has not been confirmed on this one.
    is_stored: bool,
    /// Whether no request has been answered since the page was opened, became visible or the computer woke up.
    is_waiting: bool,
    /// The time of the last refresh, in milliseconds since 1970 by the browser's clock.
    refreshed_at: f64,
    texts: &'static Texts,
    dom: Rc<Dom>,
}

impl Component for App {
    /// The name of an event, with its values: see [`Dom`].
    type Message = String;
    type Properties = Properties;

    fn create(context: &Context<Self>) -> Self {
        let Properties {
            loader,
            polling,
            dom,
        } = context.props();
        let mut app = Self {
            polling: polling.clone(),
            feed: loader.feed(),
            containers: Vec::new(),
            hidden: None,
            choices: Choices::resume(loader),
            load: PageLoad::default(),
            truncations: Truncations::default(),
            freshness: Freshness::Confirmed,
            is_stored: loader.is_stale(),
            is_waiting: true,
            refreshed_at: Date::now(),
            texts: &ENGLISH,
            dom: Rc::clone(dom),
        };
        app.open_requested(loader);
        app.refresh(loader);
        app.poll(
            loader,
            if dom::hidden() {
                Event::Hidden
            } else {
                Event::Timer
            },
        );
        app
    }

    fn update(&mut self, context: &Context<Self>, event: String) -> bool {
        let loader = &context.props().loader;
        if let Some(seen) = event.strip_prefix("seen ") {
            self.mark_seen(loader, seen);
            return false;
        }
        if let Some(measured) = event.strip_prefix("cut ") {
            self.truncations.record(measured);
            return true;
        }
        self.handle(loader, &event);
        self.refresh(loader);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let loader = &context.props().loader;
        let mut all = element("div");
        for container in &self.containers {
            let drawn = self.draw(container, loader).key(&container.key).build();
            all = all.node(match &container.root {
                None => drawn,
                Some(root) => yew::create_portal(drawn, root.clone()),
            });
        }
        all.build()
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.dom.after_rendering();
    }
}

impl App {
    /// Opens the notice that the page asked for. Before the first feed, the request waits for it.
    fn open_requested(&mut self, loader: &Loader) {
        let Some(feed) = &self.feed else { return };
        let requested = loader.requested().and_then(|id| IncidentId::parse(&id));
        self.choices
            .request(requested.filter(|id| screen::notice(feed, id).is_some()));
    }

    /// The layout of a container; `None` if nothing is drawn.
    fn layout<'a>(&self, container: &'a Container, loader: &Loader) -> Option<Layout<'a>> {
        let is_own = container.root.is_none();
        let is_floating = is_own && is_floating(loader);
        self.choices
            .layout(container, is_floating, is_own && self.dom.covers_focus())
    }

    /// The context of each notice on the screen, without a note on its freshness.
    fn contexts<'a>(&'a self, format: &'a Formatter) -> Vec<NoticeContext<'a>> {
        screen::all(&self.containers)
            .iter()
            .filter_map(|shown| self.context(shown, screen::OWN, format, ""))
            .collect()
    }
}

/// Whether the page's own container floats above the page.
fn is_floating(loader: &Loader) -> bool {
    loader.option("position") != "inline"
}
