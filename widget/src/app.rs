//! The one component: what happens to the widget, and what follows.

use std::rc::Rc;

use js_sys::{Array, Date, Math, Object};
use notice::{
    freshness::{self, Freshness, Situation},
    polling::{Event, Polling, Step},
    showing::View,
    wire::{feed::Feed, ids::IncidentId, time::Timestamp, words::NoticeKind},
};
use wasm_bindgen::JsValue;
use yew::{Component, Context, Html};

use crate::{
    announcer::{self, Announcer},
    element::{Attribute, Element, element},
    host::{Answer, Host, read_answer, set},
    memory::Remembered,
    moments::Moments,
    page::{self, Page},
    screen::{self, Place, Shown},
    texts::{self, ENGLISH, Text, Texts, fill},
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
    /// Where to draw, and what is heard.
    pub page: Rc<Page>,
}

impl PartialEq for Properties {
    /// There is one handoff.
    fn eq(&self, _: &Self) -> bool {
        true
    }
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
    places: Vec<Place>,
    /// What the host was told of, each as what it was last shown as.
    told: Vec<(IncidentId, NoticeKind)>,
    /// What it is to be told once all of it is so: whoever is told may look. An event, and the notice it is about.
    events: Vec<(&'static str, IncidentId)>,
    choice: Option<Choice>,
    announcer: Announcer,
    /// There is news, and the time to say it is set.
    is_about_to_speak: bool,
    freshness: Freshness,
    /// The feed was kept from an earlier visit, and nothing has confirmed it on this one.
    kept: bool,
    /// Nothing has been heard since the page came, came back into view or woke.
    unheard: bool,
    /// When the screen was last looked at, in milliseconds since 1970 by the browser's own clock.
    looked: f64,
    texts: &'static Texts,
    page: Rc<Page>,
}

impl Component for App {
    /// Something with a name: see [`App::heard`].
    type Message = String;
    type Properties = Properties;

    fn create(context: &Context<Self>) -> Self {
        let Properties {
            host,
            polling,
            page,
        } = context.props();
        let mut app = Self {
            polling: polling.clone(),
            feed: host.feed(),
            places: Vec::new(),
            told: Vec::new(),
            events: Vec::new(),
            choice: None,
            announcer: Announcer::default(),
            is_about_to_speak: false,
            freshness: Freshness::Confirmed,
            kept: host.is_kept(),
            unheard: true,
            looked: Date::now(),
            texts: &ENGLISH,
            page: Rc::clone(page),
        };
        app.open_wanted(host);
        app.look(host);
        app.poll(
            host,
            if page::hidden() {
                Event::Hidden
            } else {
                Event::Timer
            },
        );
        app
    }

    fn update(&mut self, context: &Context<Self>, name: String) -> bool {
        let host = &context.props().host;
        self.heard(host, &name);
        self.look(host);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let host = &context.props().host;
        let mut all = element("div");
        for place in &self.places {
            let mut drawn = self.draw(place, host);
            // What is announced is announced once: a dialogue that is modal silences the page's own place.
            if place.slot.is_none() || place.modal {
                drawn = self.announcer.view(drawn);
            }
            all = all.child(match &place.slot {
                None => drawn.key("own").done(),
                Some((root, key)) => yew::create_portal(drawn.key(key).done(), root.clone()),
            });
        }
        all.done()
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.page.drawn();
    }
}

/// What another tab learned, as [`crate::start`] is told it.
fn told(name: &str) -> Option<Event> {
    let mut numbers = name.strip_prefix("told ")?.split(' ');
    let mut number = || numbers.next()?.parse().ok();
    let (origin, failures, seconds) = (number()?, number()?, number()?);
    Some(Event::Told {
        origin,
        failures,
        seconds,
    })
}

impl App {
    /// Takes in a feed, unless we have a newer one.
    fn accept(&mut self, feed: Option<Box<Feed>>, host: &Host) {
        let first = self.feed.is_none();
        let last = self.feed.as_ref().map_or(0, |feed| feed.rev);
        if let Some(feed) = feed
            && feed.rev >= last
        {
            self.feed = Some(feed);
            if first {
                self.open_wanted(host);
            }
        }
    }

    /// Something happened. What is not named here is only a reason to look again: time went by, the network went away,
    /// the page declares something else, or there is another place to draw.
    fn heard(&mut self, host: &Host, name: &str) {
        let event = match name {
            "answered" => match read_answer(&self.page.answer()) {
                Answer::Feed { feed } => {
                    let poll_after_s = feed.poll_after_s;
                    self.accept(Some(feed), host);
                    Event::Answered { poll_after_s }
                }
                // Nothing was learned: whatever is on the screen stays.
                Answer::Failure { retry_after_s } => Event::Failed { retry_after_s },
            },
            "poll" => Event::Timer,
            "lead" => Event::Lead,
            "online" => Event::Online,
            "refresh" => Event::Refresh,
            "visibilitychange" if page::hidden() => Event::Hidden,
            "visibilitychange" => Event::Visible,
            "open" => return self.open_wanted(host),
            "announce" => {
                let moments = Moments::new(self.texts, host.now());
                let mut announcer = std::mem::take(&mut self.announcer);
                announcer.say(&self.given(&moments, ""));
                self.announcer = announcer;
                self.is_about_to_speak = false;
                self.page.later("hush", announcer::HEARD_MS);
                return;
            }
            "hush" => return self.announcer.hush(),
            "escape" => {
                if let Some((id, Extent::Whole)) = self.open(&self.everything()) {
                    self.toggle(host, &id);
                }
                return;
            }
            _ if let Some(told) = told(name) => {
                self.accept(host.feed(), host);
                told
            }
            _ => {
                if let Some((part, id)) = name.split_once(' ')
                    && let Some(id) = IncidentId::parse(id)
                {
                    if part == "hide" {
                        self.hide(host, &id);
                    } else {
                        self.toggle(host, &id);
                    }
                }
                return;
            }
        };
        match event {
            Event::Answered { .. } | Event::Told { failures: 0, .. } => {
                // The loader knows: an answer from before what was kept confirms nothing.
                self.kept &= host.is_kept();
                self.unheard = false;
            }
            Event::Failed { .. } | Event::Told { .. } => self.unheard = false,
            Event::Visible => self.unheard = true,
            _ => {}
        }
        self.poll(host, event);
    }

    fn poll(&mut self, host: &Host, event: Event) {
        match self.polling.on(event, page::elapsed(), Math::random()) {
            Step::Wait { milliseconds } => return self.page.later("poll", milliseconds),
            Step::Ask { origin } => self.page.await_answer(&host.ask(origin)),
            Step::Rest => {}
        }
        self.page.never("poll");
    }

    /// Decides anew what is on the screen, and tells those who want to know.
    fn look(&mut self, host: &Host) {
        let mut places = screen::places(&host.page(), self.page.slots());
        if let Some(feed) = &self.feed {
            self.texts = texts::of(&feed.lang, |tag| self.page.words(tag));
            let remembered = Remembered::read(host);
            let opened = self.choice.as_ref().map(|choice| &choice.id);
            for place in &mut places {
                place.look(feed, &remembered, host.now(), opened);
            }
            if !page::hidden() {
                for Shown { id, .. } in screen::all(&places) {
                    let notice = screen::notice(feed, id);
                    if let Some(notice) = notice.filter(|notice| notice.restored.is_none()) {
                        remembered.see(host, notice);
                    }
                }
            }
        }
        let mut told = std::mem::take(&mut self.told);
        let mut events = std::mem::take(&mut self.events);
        let before = std::mem::replace(&mut self.places, places);
        let before = screen::all(&before);
        let shown = self.everything();
        let ids = Array::new();
        for Shown { id, .. } in &shown {
            ids.push(&id.as_str().into());
        }
        host.set_state("shown", &ids);
        for Shown { id, kind, .. } in &shown {
            let known = told.iter_mut().find(|(other, _)| other == id);
            let was = known.map(|(_, was)| std::mem::replace(was, *kind));
            // Also of what was hidden meanwhile: the host was told of it. What has reopened is news, but not of this kind.
            if was.is_some_and(|was| was != *kind) && *kind == NoticeKind::Restored {
                events.push(("restored", id.clone()));
            } else if before.iter().all(|before| before.id != *id) {
                events.push(("show", id.clone()));
            }
            if was.is_none() {
                told.push((id.clone(), *kind));
            }
        }

        let stands = self.choice.as_ref().is_none_or(|choice| {
            shown
                .iter()
                .any(|shown| shown.id == choice.id && shown.kind == choice.kind)
        });
        let news = self
            .announcer
            .has_news(&self.given(&Moments::new(self.texts, host.now()), ""));
        if shown.is_empty() {
            self.page.never("look");
        } else {
            self.page.later("look", LOOK_MS);
        }
        // Whatever else happens meanwhile does not put it off.
        if news && !self.is_about_to_speak {
            self.is_about_to_speak = true;
            self.page.later("announce", announcer::DELAY_MS);
        }
        self.told = told;
        if !stands {
            self.choose(host, None);
        }
        for (name, id) in events {
            host.emit_notice(name, &id);
        }
        self.judge(host);
    }

    fn judge(&mut self, host: &Host) {
        let now = Date::now();
        let since = now - std::mem::replace(&mut self.looked, now);
        // Far too long after the last look: the computer slept, and not every one that wakes says that it is online.
        if since > f64::from(LOOK_MS) * 4.0 {
            self.unheard = true;
            self.poll(host, Event::Online);
        }
        let freshness = freshness::judge(Situation {
            confirmed_at: host.confirmed_at(),
            now: host.now(),
            offline: !page::online(),
            kept: self.kept,
            unheard: self.unheard,
        });
        let stale = freshness != Freshness::Confirmed;
        host.set_state("stale", &stale.into());
        if stale && self.freshness == Freshness::Confirmed {
            let detail = Object::new();
            set(&detail, "since", &host.confirmed_at_text());
            host.emit("stale", &detail);
        }
        self.freshness = freshness;
    }

    /// What is on the screen anywhere.
    fn everything(&self) -> Vec<&Shown> {
        screen::all(&self.places)
    }

    /// What is drawn as a card among these, and how much of it: what the reader chose, else the first that comes as one.
    fn open(&self, shown: &[&Shown]) -> Option<(IncidentId, Extent)> {
        let chosen = self
            .choice
            .as_ref()
            .filter(|choice| shown.iter().any(|shown| shown.id == choice.id));
        if let Some(choice) = chosen {
            return Some((choice.id.clone(), choice.extent));
        }
        let first = shown.iter().find(|shown| shown.view == View::Card)?;
        Some((first.id.clone(), view::usual_extent(first.kind)))
    }

    fn toggle(&mut self, host: &Host, id: &IncidentId) {
        let everything = self.everything();
        let Some(shown) = everything.iter().find(|shown| shown.id == *id) else {
            return;
        };
        let extent = match self.open(&everything) {
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

    /// Hides a notice wherever it is shown.
    fn hide(&mut self, host: &Host, id: &IncidentId) {
        if let Some(notice) = self.feed.as_ref().and_then(|feed| screen::notice(feed, id)) {
            let remembered = Remembered::read(host);
            let places = self.places.iter().flat_map(|place| &place.shown);
            for shown in places.filter(|shown| shown.id == *id) {
                remembered.hide(host, notice, shown.part.as_ref().map(|part| part.at));
            }
            self.events.push(("hide", id.clone()));
        }
        self.choose(host, None);
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

    /// Opens what the host wants opened. Before the first feed the wish waits for it.
    fn open_wanted(&mut self, host: &Host) {
        if self.feed.is_none() {
            return;
        }
        let wanted = host.wanted().and_then(|id| IncidentId::parse(&id));
        let notice = wanted.and_then(|id| screen::notice(self.feed.as_ref()?, &id));
        let choice = notice.map(|notice| Choice {
            id: notice.id.clone(),
            kind: notice.kind,
            extent: Extent::Whole,
        });
        self.choose(host, choice);
    }

    /// What views are given of these.
    fn contexts<'a>(
        &'a self,
        shown: Vec<&'a Shown>,
        moments: &'a Moments,
        freshness: &'a str,
    ) -> Vec<view::Context<'a>> {
        let feed = self.feed.as_ref();
        let given = |shown: &'a Shown| {
            let notice = screen::notice(feed?, &shown.id)?;
            Some(view::Context {
                notice,
                over: notice.restored.as_ref().or(shown.part.as_ref()),
                texts: self.texts,
                moments,
                freshness,
            })
        };
        shown.into_iter().filter_map(given).collect()
    }

    /// The same of everything.
    fn given<'a>(&'a self, moments: &'a Moments, freshness: &'a str) -> Vec<view::Context<'a>> {
        self.contexts(self.everything(), moments, freshness)
    }

    /// A place with what is shown there.
    fn draw(&self, place: &Place, host: &Host) -> Element {
        let position = if place.slot.is_some() {
            "inline".to_owned()
        } else {
            host.option("position")
        };
        let class = fill("root in-% theme-%", &[&position, &host.option("theme")]);
        let into = element("div")
            .set(Attribute::Class, class.into())
            .with(Attribute::Lang, self.texts.tag)
            .with(Attribute::Dir, self.texts.get(Text::Direction));
        let moments = &Moments::new(self.texts, host.now());
        let as_of = moments.time(Timestamp::from_seconds(host.confirmed_at()));
        let freshness = match self.freshness {
            Freshness::Confirmed => String::new(),
            Freshness::Unconfirmed => self.texts.fill(Text::AsOf, &[&as_of]),
            Freshness::Stale => self.texts.fill(Text::Stale, &[&as_of]),
            Freshness::Offline => self.texts.fill(Text::Offline, &[&as_of]),
        };
        let given = self.contexts(place.shown.iter().collect(), moments, &freshness);
        let Some(first) = given.first() else {
            return into;
        };
        // What floats is no part of the page's own, and can be gone to.
        let into = match &self.feed {
            Some(feed) if place.slot.is_none() && position != "inline" => into
                .with(Attribute::Role, "complementary")
                .set(Attribute::Label, feed.name.clone().into()),
            _ => into,
        };
        let covers = place.slot.is_none() && self.page.covers();
        let open = self
            .open(&place.shown.iter().collect::<Vec<_>>())
            .filter(|_| !covers)
            .and_then(|(id, extent)| {
                let card = given.iter().find(|given| given.notice.id == id)?;
                Some((card, extent))
            });
        let Some((card, extent)) = open else {
            let others = u32::try_from(given.len() - 1).unwrap_or(u32::MAX);
            return into.holding(view::pill(first, others));
        };
        let mut into = into.holding(view::card(card, extent));
        for other in given
            .iter()
            .filter(|other| other.notice.id != card.notice.id)
            .take(LINES)
        {
            into = into.holding(view::line(other));
        }
        let url = self.feed.as_ref().map_or("", |feed| &feed.status_url);
        let rest = u32::try_from(given.len().saturating_sub(LINES + 1)).unwrap_or(u32::MAX);
        if rest > 0 {
            into = into.holding(view::rest(rest, url, card));
        }
        into
    }
}
