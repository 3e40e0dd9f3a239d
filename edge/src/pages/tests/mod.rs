//! Tests of rendered pages, as strings.

mod byte_budget;
mod calendar;
mod card_page;
mod days;
mod durations;
mod escaping;
mod outcome;
mod page_content;
mod visibility;

use ::notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    decide::{Command, decide},
    project::severity::{self, Span},
    state::State,
    wire::{
        event::Event, ids::IncidentId, incident::Incident, language::Language, time::Timestamp,
    },
};
use serde_json::{Value as Json, json};

use super::{Context, card, history, incident, status, subscribe, texts::Texts};
use crate::{
    date_format::{DateFormatter, Plural, TimeFormat},
    http::page_call::{Month, MonthPage, Theme},
    site::{
        history::find,
        tests::{Database, scale::name_in_journal},
    },
    storage::{migrations, projections},
};

/// 2026-11-21T08:00:00Z, in seconds since 1970.
const NOW: i64 = 1_795_248_000;

struct Site {
    state: State,
    events: Vec<(Event, Timestamp)>,
    now: i64,
    has_mail: bool,
    update_count: u32,
}

struct Utc;

impl DateFormatter for Utc {
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String {
        shape.in_utc(at)
    }

    fn plural(&self, number: u64) -> Plural {
        if number == 1 {
            Plural::One
        } else {
            Plural::Other
        }
    }
}

fn incident_id(number: u32) -> IncidentId {
    serde_json::from_value(json!(format!("inc_{number}"))).unwrap()
}

fn at(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).to_string()
}

impl Site {
    fn new() -> Self {
        let mut site = Self {
            state: State::default(),
            events: Vec::new(),
            now: NOW,
            has_mail: false,
            update_count: 0,
        };
        let input = json!({ "slug": "acme", "name": "Acme <b>SMS</b>", "time_zone": "Australia/Sydney",
                            "languages": ["en", "de", "ar"], "segments": [{ "slug": "eu", "label": "European customers" }] });
        site.run(Command::CreateSite {
            input: serde_json::from_value(input).unwrap(),
            network: Network::Public,
        });
        let input = json!({ "name": "Sending", "group": "Messaging" });
        site.run(Command::CreateComponent {
            id: serde_json::from_value(json!("cmp_1")).unwrap(),
            input: serde_json::from_value(input).unwrap(),
        });
        site
    }

    fn run(&mut self, command: Command) {
        let now = Timestamp::from_seconds(self.now);
        for event in decide(&self.state, command, now).unwrap() {
            self.state.apply(&event, now);
            self.events.push((event, now));
        }
    }

    fn publish(&mut self, number: u32, fields: Json) {
        let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.run(Command::CreateIncident {
            id: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            update: serde_json::from_value(json!(format!("upd_{number}"))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn update(&mut self, number: u32, body: Json) {
        self.update_count += 1;
        self.run(Command::PostUpdate {
            incident: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            id: serde_json::from_value(json!(format!("upd_later{}", self.update_count))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn change(&mut self, patch: Json) {
        self.run(Command::ChangeSite {
            patch: MergePatch::read(patch.to_string().as_bytes()).unwrap(),
            network: Network::Public,
        });
    }

    fn with<T>(&self, language: &str, work: impl FnOnce(&Context<'_>) -> T) -> T {
        let language = Language::parse(language).unwrap();
        let context = Context {
            site: self.state.site.as_ref().unwrap(),
            state: &self.state,
            public_url: "https://status.example.com",
            base: "/s/acme",
            language: &language,
            texts: Texts::in_language(&language),
            dates: &Utc,
            has_mail: self.has_mail,
            now: Timestamp::from_seconds(self.now),
        };
        work(&context)
    }

    fn all(&self) -> Vec<Incident> {
        self.state.incidents.values().cloned().collect()
    }

    fn spans(&self) -> Vec<Span> {
        let of_incident = |id| {
            let about = self
                .events
                .iter()
                .filter(|(event, _)| event.incident() == Some(id));
            severity::spans(id, about.map(|(event, at)| (event, *at)))
        };
        let mut spans: Vec<Span> = self.state.incidents.keys().flat_map(of_incident).collect();
        spans.retain(|span| span.component.is_none());
        spans
    }

    fn status(&self) -> String {
        self.with("en", |context| {
            let recent = status::recent(context, &self.all(), self.spans());
            status::render(context, &recent)
        })
    }

    fn incident(&self, number: u32) -> Option<String> {
        self.with("en", |context| {
            incident::render(context, &incident_id(number))
        })
    }

    fn history(&self, month: Option<&str>) -> Option<String> {
        let requested = month.map(|month| MonthPage {
            month: Month::parse(month).unwrap(),
            before: None,
        });
        let database = Database::new();
        migrations::migrate(&database, migrations::SITE).unwrap();
        for id in self.state.incidents.keys() {
            name_in_journal(&database, id);
        }
        projections::save(&database, &State::default(), &self.state, 1).unwrap();
        self.with("en", |context| {
            let (dates, now) = (context.dates, context.now);
            let part = find(&database, dates, requested.as_ref(), now).unwrap()?;
            Some(history::render(context, &part, requested.as_ref()))
        })
    }

    fn card(&self) -> String {
        self.with("en", |context| card::render(context, Theme::Auto).unwrap())
    }

    /// All pages of the site and of incident 1.
    fn pages(&self) -> Vec<String> {
        let mut pages = vec![self.status(), self.history(None).unwrap(), self.card()];
        pages.extend(self.incident(1));
        pages
    }
}
