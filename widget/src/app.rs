//! The one component: what happens to the widget, and what follows.

use std::rc::Rc;

use js_sys::{Array, Date, Math, Object};
use notice::{
    freshness::{self, Freshness},
    polling::{Event, Polling, Step},
    showing::View,
    wire::{feed::Feed, feed::Notice, ids::IncidentId, time::Timestamp, words::NoticeKind},
};
use wasm_bindgen::{JsCast, JsValue};
use yew::{Component, Context, Html};

use crate::{
    announcer::{self, Announcer},
    element::{Attribute, Element, element},
    host::{Answer, Host, read_answer, set},
    memory::Remembered,
    moments::Moments,
    page::{self, Hearing},
    screen::{self, Shown},
    texts::{self, Text, Texts, fill},
    view::{self, Extent},
};

/// How often what is on the screen is looked at again, for the sake of its times, in milliseconds.
const LOOK_MS: u32 = 15_000;
/// How many notices have a line under an open one.
const LINES: usize = 3;

/// What the loader handed over.
#[derive(yew::Properties)]
pub struct Properties {
    /// Its functions.
    pub host: Host,
    /// Where polling stands.
    pub polling: Polling,
    /// Its ear. It is freed with the component.
    pub hearing: Rc<Hearing>,
}

impl PartialEq for Properties {
    /// There is one handoff.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What can happen.
pub enum Message {
    /// Something with a name: see [`App::heard`].
    Heard(String),
    /// The reader opened or folded a notice.
    Toggled(IncidentId),
    /// The reader hid one.
    Hidden(IncidentId),
    /// The reader wants out of what is open.
    Escaped,
}

/// What a reader chose for a notice, until it changes its kind.
struct Choice {
    id: IncidentId,
    kind: NoticeKind,
    extent: Extent,
}

/// The widget.
pub struct App {
    polling: Polling,
    feed: Option<Box<Feed>>,
    shown: Vec<Shown>,
    choice: Option<Choice>,
    announcer: Announcer,
    freshness: Freshness,
    hearing: Rc<Hearing>,
}

impl Component for App {
    type Message = Message;
    type Properties = Properties;

    fn create(context: &Context<Self>) -> Self {
        let Properties {
            host,
            polling,
            hearing,
        } = context.props();
        let mut app = Self {
            polling: polling.clone(),
            feed: host.feed(),
            shown: Vec::new(),
            choice: None,
            announcer: Announcer::default(),
            freshness: Freshness::Confirmed,
            hearing: Rc::clone(hearing),
        };
        app.open_wanted(host);
        app.look(context);
        app.poll(
            context,
            if page::hidden() {
                Event::Hidden
            } else {
                Event::Timer
            },
        );
        app
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        let host = &context.props().host;
        match message {
            Message::Heard(name) => self.heard(context, &name),
            Message::Toggled(id) => self.toggle(host, &id),
            Message::Hidden(id) => {
                if let Some(notice) = self
                    .feed
                    .as_ref()
                    .and_then(|feed| screen::notice(feed, &id))
                {
                    Remembered::read(host).hide(host, notice);
                    host.emit_notice("hide", &id);
                }
                self.choose(host, None);
            }
            Message::Escaped => {
                if let Some((id, Extent::Whole)) = self.open() {
                    self.toggle(host, &id);
                }
            }
        }
        self.look(context);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let host = &context.props().host;
        let texts = self.texts();
        let escaped = context.link().batch_callback(|event: web_sys::Event| {
            let key = event.unchecked_ref::<web_sys::KeyboardEvent>().key();
            (key == "Escape").then_some(Message::Escaped)
        });
        let class = fill(
            "root in-% theme-%",
            &[&host.option("position"), &host.option("theme")],
        );
        let root = element("div")
            .set(Attribute::Class, class.into())
            .with(Attribute::Lang, texts.tag)
            .with(Attribute::Dir, texts.direction)
            .on_key(escaped);
        self.announcer.view(self.notices(root, context)).done()
    }
}

/// The notices behind what is shown.
fn on_screen<'a>(feed: Option<&'a Feed>, shown: &[Shown]) -> Vec<&'a Notice> {
    let mut all = Vec::new();
    for Shown { id, .. } in shown {
        all.extend(feed.and_then(|feed| screen::notice(feed, id)));
    }
    all
}

impl App {
    fn texts(&self) -> &'static Texts {
        texts::of(self.feed.as_ref().map_or("", |feed| &feed.lang))
    }

    /// Takes in a feed, unless we have a newer one.
    fn accept(&mut self, feed: Option<Box<Feed>>) {
        let last = self.feed.as_ref().map_or(0, |feed| feed.rev);
        if let Some(feed) = feed
            && feed.rev >= last
        {
            self.feed = Some(feed);
        }
    }

    /// Something happened. What is not named here is only a reason to look again: time went by, the network went away,
    /// or the page declares something else.
    fn heard(&mut self, context: &Context<Self>, name: &str) {
        let host = &context.props().host;
        let event = match name {
            "answered" => match read_answer(&self.hearing.answer()) {
                Answer::Feed { feed, poll_after_s } => {
                    self.accept(feed);
                    Event::Answered { poll_after_s }
                }
                // Nothing was learned: whatever is on the screen stays.
                Answer::Failure { retry_after_s } => Event::Failed { retry_after_s },
            },
            "poll" => Event::Timer,
            "online" => Event::Online,
            "refresh" => Event::Refresh,
            "visibilitychange" if page::hidden() => Event::Hidden,
            "visibilitychange" => Event::Visible,
            "open" => return self.open_wanted(host),
            "announce" => {
                let texts = self.texts();
                let shown = on_screen(self.feed.as_deref(), &self.shown);
                return self
                    .announcer
                    .say(&shown, texts, &Moments::new(texts, host.now()));
            }
            _ => return,
        };
        self.poll(context, event);
    }

    fn poll(&mut self, context: &Context<Self>, event: Event) {
        match self.polling.on(event, Date::now(), Math::random()) {
            Step::Wait { milliseconds } => return self.hearing.later("poll", milliseconds),
            Step::Ask { origin } => self.hearing.await_answer(&context.props().host.ask(origin)),
            Step::Rest => {}
        }
        self.hearing.never("poll");
    }

    /// Decides anew what is on the screen, and tells those who want to know.
    fn look(&mut self, context: &Context<Self>) {
        let host = &context.props().host;
        let Some(feed) = &self.feed else { return };
        let remembered = Remembered::read(host);
        let opened = self.choice.as_ref().map(|choice| &choice.id);
        let shown = screen::of(feed, &host.page(), &remembered, host.now(), opened);
        let notices = on_screen(Some(feed), &shown);
        if !page::hidden() {
            for notice in &notices {
                if notice.restored.is_none() {
                    remembered.see(host, notice);
                }
            }
        }
        let ids = Array::new();
        for Shown { id, kind, .. } in &shown {
            ids.push(&id.as_str().into());
            match self.shown.iter().find(|before| before.id == *id) {
                None => host.emit_notice("show", id),
                Some(before) if before.kind != *kind => host.emit_notice("restored", id),
                Some(_) => {}
            }
        }
        host.set_state("shown", &ids);

        if self.announcer.has_news(&notices) {
            self.hearing.later("announce", announcer::DELAY_MS);
        }
        if shown.is_empty() {
            self.hearing.never("look");
        } else {
            self.hearing.later("look", LOOK_MS);
        }
        self.shown = shown;
        let stands = |choice: &Choice| {
            self.shown
                .iter()
                .any(|shown| shown.id == choice.id && shown.kind == choice.kind)
        };
        if self.choice.as_ref().is_some_and(|choice| !stands(choice)) {
            self.choose(host, None);
        }
        self.judge(host);
    }

    fn judge(&mut self, host: &Host) {
        let freshness = freshness::judge(host.confirmed_at(), host.now(), page::online());
        let stale = freshness != Freshness::Confirmed;
        if stale && self.freshness == Freshness::Confirmed {
            let detail = Object::new();
            set(&detail, "since", &host.confirmed_at_text());
            host.emit("stale", &detail);
        }
        host.set_state("stale", &stale.into());
        self.freshness = freshness;
    }

    /// What is drawn as a card, and how much of it: what the reader chose, else the first that comes as one.
    fn open(&self) -> Option<(IncidentId, Extent)> {
        if let Some(choice) = &self.choice {
            return Some((choice.id.clone(), choice.extent));
        }
        let first = self.shown.iter().find(|shown| shown.view == View::Card)?;
        Some((first.id.clone(), view::usual_extent(first.kind)))
    }

    fn toggle(&mut self, host: &Host, id: &IncidentId) {
        let Some(shown) = self.shown.iter().find(|shown| shown.id == *id) else {
            return;
        };
        let extent = match self.open() {
            Some((open, Extent::Whole)) if open == *id => Extent::Brief,
            _ => Extent::Whole,
        };
        // What comes as a pill goes back to being one.
        let pill = extent == Extent::Brief && shown.view == View::Pill;
        let choice = Choice {
            id: id.clone(),
            kind: shown.kind,
            extent,
        };
        self.choose(host, (!pill).then_some(choice));
    }

    fn choose(&mut self, host: &Host, choice: Option<Choice>) {
        let open = choice
            .as_ref()
            .filter(|choice| choice.extent == Extent::Whole);
        host.set_state(
            "open",
            &open.map_or(JsValue::NULL, |choice| choice.id.as_str().into()),
        );
        self.choice = choice;
    }

    fn open_wanted(&mut self, host: &Host) {
        let wanted = host.wanted().and_then(|id| IncidentId::parse(&id));
        let notice = wanted.and_then(|id| screen::notice(self.feed.as_ref()?, &id));
        let choice = notice.map(|notice| Choice {
            id: notice.id.clone(),
            kind: notice.kind,
            extent: Extent::Whole,
        });
        self.choose(host, choice);
    }

    fn notices(&self, into: Element, context: &Context<Self>) -> Element {
        let host = &context.props().host;
        let texts = self.texts();
        let moments = &Moments::new(texts, host.now());
        let as_of = moments.time(Timestamp::from_seconds(host.confirmed_at()));
        let as_of = [as_of.as_str()];
        let freshness = match self.freshness {
            Freshness::Confirmed => String::new(),
            Freshness::Stale => texts.fill(Text::Stale, &as_of),
            Freshness::Offline => texts.fill(Text::Offline, &as_of),
        };
        let given = |notice: &Notice| {
            let (toggled, hidden) = (notice.id.clone(), notice.id.clone());
            view::Context {
                texts,
                moments,
                toggle: context
                    .link()
                    .callback(move |_| Message::Toggled(toggled.clone())),
                hide: context
                    .link()
                    .callback(move |_| Message::Hidden(hidden.clone())),
                freshness: freshness.clone(),
            }
        };
        let shown = on_screen(self.feed.as_deref(), &self.shown);
        let Some(first) = shown.first() else {
            return into;
        };
        let open = self.open();
        let card = open
            .and_then(|(id, extent)| Some((shown.iter().find(|notice| notice.id == id)?, extent)));
        let Some((card, extent)) = card else {
            return into.holding(view::pill(first, shown.len() - 1, &given(first)));
        };
        let mut into = into.holding(view::card(card, extent, &given(card)));
        for notice in shown
            .iter()
            .filter(|notice| notice.id != card.id)
            .take(LINES)
        {
            into = into.holding(view::line(notice, &given(notice)));
        }
        let url = self.feed.as_ref().map_or("", |feed| &feed.status_url);
        let rest = shown.len().saturating_sub(LINES + 1);
        if rest > 0 {
            into = into.holding(view::rest(rest, url, &given(card)));
        }
        into
    }
}
