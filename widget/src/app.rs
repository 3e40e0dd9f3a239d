//! The one component: what happens to the widget, and what follows.

use std::rc::Rc;

use js_sys::{Array, Date, Math, Object};
use notice::{
    freshness::{self, Freshness, Situation},
    polling::{Event, Polling, Step},
    wire::{feed::Feed, ids::IncidentId, words::NoticeKind},
};
use wasm_bindgen::JsValue;
use yew::{Component, Context, Html};

use crate::{
    announcer::{self, Announcer},
    choices::{Choices, Drawn},
    cuts::Cuts,
    element::element,
    host::{Answer, Host, read_answer, set},
    memory::{PageLoad, Remembered},
    moments::Moments,
    page::{self, Page},
    screen::{self, Look, Place, Shown},
    texts::{self, ENGLISH, Texts},
    view,
};

/// How often what is on the screen is looked at again, for the sake of its times, in milliseconds.
const LOOK_MS: u32 = 15_000;

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

/// The widget.
pub struct App {
    polling: Polling,
    /// What was heard last.
    pub(crate) feed: Option<Box<Feed>>,
    places: Vec<Place>,
    /// What the host was told of, each as what it was last shown as.
    told: Vec<(IncidentId, NoticeKind)>,
    /// What it is to be told once all of it is so: whoever is told may look. An event, and the notice it is about.
    events: Vec<(&'static str, IncidentId)>,
    choices: Choices,
    /// How notices started in this page load, and which of their updates are news.
    pub(crate) load: PageLoad,
    /// How much of long texts fits.
    pub(crate) cuts: Cuts,
    announcer: Announcer,
    /// There is news, and the time to say it is set.
    is_about_to_speak: bool,
    /// How well what is shown is known.
    pub(crate) freshness: Freshness,
    /// The feed was kept from an earlier visit, and nothing has confirmed it on this one.
    kept: bool,
    /// Nothing has been heard since the page came, came back into view or woke.
    unheard: bool,
    /// When the screen was last looked at, in milliseconds since 1970 by the browser's own clock.
    looked: f64,
    /// The words.
    pub(crate) texts: &'static Texts,
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
            choices: Choices::of(host),
            load: PageLoad::default(),
            cuts: Cuts::default(),
            announcer: Announcer::new(host),
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
        if let Some(seen) = name.strip_prefix("seen ") {
            self.see(host, seen);
            return false;
        }
        if let Some(measured) = name.strip_prefix("cut ") {
            self.cuts.measured(measured);
            return true;
        }
        self.heard(host, &name);
        self.look(host);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let host = &context.props().host;
        let mut all = element("div");
        for place in &self.places {
            let drawn = self.draw(place, host).key(&place.key).done();
            all = all.child(match &place.root {
                None => drawn,
                Some(root) => yew::create_portal(drawn, root.clone()),
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
            self.cuts.forget();
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
                self.announcer = self.announcer.say(&self.given(&moments), host, &self.page);
                self.is_about_to_speak = false;
                self.page.later("hush", announcer::HEARD_MS);
                return;
            }
            "hush" => return announcer::hush(&self.page),
            "resized" => return self.cuts.forget(),
            _ if let Some(told) = told(name) => {
                self.accept(host.feed(), host);
                told
            }
            _ => {
                self.pressed(host, name);
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
            let look = Look {
                feed,
                remembered: &Remembered::read(host),
                load: &mut self.load,
                host,
                wanted: self.choices.wanted().or_else(|| self.choices.open()),
            };
            look.at(&mut places, is_floating(host));
        }
        self.choices.settle(&places);
        let mut told = std::mem::take(&mut self.told);
        let mut events = std::mem::take(&mut self.events);
        let before = std::mem::replace(&mut self.places, places);
        let before = screen::all(&before);
        let shown = screen::all(&self.places);
        let ids = Array::new();
        for Shown { id, .. } in shown {
            ids.push(&id.as_str().into());
        }
        host.set_state("shown", &ids);
        for Shown { id, kind, .. } in shown {
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

        let news = self
            .announcer
            .has_news(&self.given(&Moments::new(self.texts, host.now())));
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
        self.tell_open(host);
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

    /// A place as it is drawn.
    pub(crate) fn drawn<'a>(&self, place: &'a Place, host: &Host) -> Option<Drawn<'a>> {
        let is_own = place.root.is_none();
        let is_floating = is_own && is_floating(host);
        self.choices
            .drawn(place, is_floating, is_own && self.page.covers())
    }

    /// A reader pressed something: "toggle inc_… own".
    fn pressed(&mut self, host: &Host, name: &str) {
        let mut words = name.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (part, id, key) = (word(), word(), word());
        let id = IncidentId::parse(id);
        if let ("hide", Some(id)) = (part, &id) {
            return self.hide(host, id);
        }
        let Some(place) = self.places.iter().find(|place| place.key == key) else {
            return;
        };
        let Some(drawn) = self.drawn(place, host) else {
            return;
        };
        match id {
            Some(id) => self.choices.press(&id, place, &drawn, &self.places),
            None => self.choices.escape(place, &drawn),
        }
        self.tell_open(host);
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
        self.choices.forget(id);
        self.tell_open(host);
    }

    /// A notice has been seen: "inc_… 1", where 1 says that the newest update's text was.
    fn see(&mut self, host: &Host, seen: &str) {
        let notice = seen.split_once(' ').and_then(|(id, has_update)| {
            let shown = screen::all(&self.places)
                .iter()
                .find(|shown| shown.id.as_str() == id)?;
            let notice = screen::notice(self.feed.as_ref()?, &shown.id)?;
            Some((shown, notice, has_update == "1"))
        });
        if let Some((shown, notice, has_update)) = notice {
            let over = notice.restored.as_ref().or(shown.part.as_ref());
            let over_at = over.map(|over| over.at);
            self.load.see(host, notice, over_at, has_update);
        }
    }

    fn tell_open(&self, host: &Host) {
        // Before the first feed it is the host's wish that stands there.
        if self.feed.is_none() {
            return;
        }
        let open = self.choices.open();
        let open = open.map_or(JsValue::NULL, |id| id.as_str().into());
        host.set_state("open", &open);
        self.choices.note(host);
    }

    /// Opens what the host wants opened. Before the first feed the wish waits for it.
    fn open_wanted(&mut self, host: &Host) {
        let Some(feed) = &self.feed else { return };
        let wanted = host.wanted().and_then(|id| IncidentId::parse(&id));
        self.choices
            .want(wanted.filter(|id| screen::notice(feed, id).is_some()));
    }

    /// What views are given of everything.
    fn given<'a>(&'a self, moments: &'a Moments) -> Vec<view::Context<'a>> {
        screen::all(&self.places)
            .iter()
            .filter_map(|shown| self.context(shown, screen::OWN, moments, ""))
            .collect()
    }
}

/// Whether the page's own place floats.
fn is_floating(host: &Host) -> bool {
    host.option("position") != "inline"
}
