//! Pages as strings: what they must say, and what must never stand in them.

mod calendar;
mod card_page;
mod days;
mod escaping;
mod honest;
mod outcome;
mod room;
mod shown;

use ::notice::{
    decide::{Command, decide},
    merge::MergePatch,
    state::State,
    wire::{ids::IncidentId, incident::Incident, language::Language, time::Timestamp},
};
use serde_json::{Value as Json, json};

use super::{
    Context, card,
    clock::{Clock, Plural, Shape},
    history::{self, Month},
    incident,
    layout::Theme,
    status,
    words::Words,
};

/// 2026-11-21T08:00:00Z
const NOW: i64 = 1_795_248_000;

struct Site {
    state: State,
    now: i64,
    said: u32,
}

struct Utc;

impl Clock for Utc {
    fn say(&self, at: Timestamp, shape: Shape) -> String {
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
            now: NOW,
            said: 0,
        };
        let input = json!({ "slug": "acme", "name": "Acme <b>SMS</b>", "time_zone": "Australia/Sydney",
                            "languages": ["en", "de", "ar"], "segments": [{ "slug": "eu", "label": "European customers" }] });
        site.run(Command::CreateSite {
            input: serde_json::from_value(input).unwrap(),
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
        self.said += 1;
        self.run(Command::PostUpdate {
            incident: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            id: serde_json::from_value(json!(format!("upd_later{}", self.said))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn change(&mut self, patch: Json) {
        self.run(Command::ChangeSite {
            patch: MergePatch::read(patch.to_string().as_bytes()).unwrap(),
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
            words: Words::of(&language),
            clock: &Utc,
            now: Timestamp::from_seconds(self.now),
        };
        work(&context)
    }

    fn all(&self) -> Vec<Incident> {
        self.state.incidents.values().cloned().collect()
    }

    fn status(&self) -> String {
        self.with("en", |context| status::render(context, &self.all()))
    }

    fn incident(&self, number: u32) -> Option<String> {
        self.with("en", |context| {
            incident::render(context, &incident_id(number))
        })
    }

    fn history(&self, month: Option<&str>) -> Option<String> {
        let month = month.map(|month| Month::parse(month).unwrap());
        self.with("en", |context| {
            history::render(context, &self.all(), month.as_ref())
        })
    }

    fn card(&self) -> String {
        self.with("en", |context| card::render(context, Theme::Auto).unwrap())
    }

    /// Every page there is of it.
    fn pages(&self) -> Vec<String> {
        let mut pages = vec![self.status(), self.history(None).unwrap(), self.card()];
        pages.extend(self.incident(1));
        pages
    }
}
