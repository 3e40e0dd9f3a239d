//! A site in memory: runs commands and keeps the resulting state and events.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    decide::{Command, decide},
    project::feed::{FeedOptions, project},
    rejection::Rejection,
    state::State,
    wire::{
        component::Component, event::Event, feed::Feed, ids::IncidentId, incident::Incident,
        language::Language, time::Timestamp,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// 2026-11-21T08:00:00Z, in seconds since 1970.
pub const NOW: i64 = 1_795_248_000;

pub struct TestSite {
    pub state: State,
    pub events: Vec<(Event, Timestamp)>,
    pub now: i64,
    last_number: u32,
}

/// Creates the id with this number.
pub fn id<T: DeserializeOwned>(prefix: &str, number: u32) -> T {
    serde_json::from_value(json!(format!("{prefix}{number:05}"))).unwrap()
}

/// Asserts that every text of a rejection is a sentence.
fn assert_sentences(rejection: &Rejection) {
    let problem = rejection.problem();
    let details = problem.errors.iter().map(|error| &error.detail);
    for detail in details.chain([&problem.detail]) {
        assert!(
            detail.starts_with(char::is_uppercase) && detail.ends_with('.'),
            "not a sentence: {detail}"
        );
    }
}

impl TestSite {
    /// A site `acme` in English and German with the components `sending`, `receiving` and `reports`.
    pub fn new() -> Self {
        let mut site = Self {
            state: State::default(),
            events: Vec::new(),
            now: NOW,
            last_number: 0,
        };
        let input = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
        site.run(Command::CreateSite {
            input: Box::new(serde_json::from_value(input).unwrap()),
            network: Network::Public,
        })
        .unwrap();
        for name in ["Sending", "Receiving", "Reports"] {
            site.create_component(name);
        }
        site
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.now)
    }

    /// Returns the next unused number for an id.
    pub fn next_number(&mut self) -> u32 {
        self.last_number += 1;
        self.last_number
    }

    pub fn run(&mut self, command: Command) -> Result<(), Rejection> {
        let decided = decide(&self.state, command, self.now()).inspect_err(assert_sentences);
        for event in decided? {
            self.state.apply(&event, self.now());
            self.events.push((event, self.now()));
        }
        Ok(())
    }

    /// Applies and stores an event that does not come from a command.
    pub fn record(&mut self, event: Event) {
        self.state.apply(&event, self.now());
        self.events.push((event, self.now()));
    }

    pub fn create_component(&mut self, name: &str) {
        let input = serde_json::from_value(json!({ "name": name })).unwrap();
        let id = id("cmp_", self.next_number());
        self.run(Command::CreateComponent { id, input }).unwrap();
    }

    pub fn try_publish(&mut self, body: Value) -> Result<IncidentId, Rejection> {
        let incident: IncidentId = id("inc_", self.next_number());
        let update = id("upd_", self.next_number());
        let input = serde_json::from_value(body).unwrap();
        self.run(Command::CreateIncident {
            id: incident.clone(),
            update,
            input: Box::new(input),
        })?;
        Ok(incident)
    }

    pub fn publish(&mut self, body: Value) -> IncidentId {
        self.try_publish(body).unwrap()
    }

    pub fn try_update(&mut self, incident: &IncidentId, body: Value) -> Result<(), Rejection> {
        let id = id("upd_", self.next_number());
        let input = serde_json::from_value(body).unwrap();
        self.run(Command::PostUpdate {
            incident: incident.clone(),
            id,
            input: Box::new(input),
        })
    }

    pub fn update(&mut self, incident: &IncidentId, body: Value) {
        self.try_update(incident, body).unwrap();
    }

    pub fn try_change(&mut self, id: &IncidentId, patch: Value) -> Result<(), Rejection> {
        let patch = MergePatch::read(patch.to_string().as_bytes())?;
        self.run(Command::ChangeIncident {
            id: id.clone(),
            patch,
        })
    }

    pub fn change(&mut self, id: &IncidentId, patch: Value) {
        self.try_change(id, patch).unwrap();
    }

    /// Sets the clock and executes all transitions that are due.
    pub fn pass(&mut self, now: i64) {
        self.now = now;
        self.run(Command::PassTime).unwrap();
    }

    /// Advances the clock in steps of one minute, and executes the due transitions after each step.
    pub fn pass_each_minute(&mut self, minutes: i64) {
        for _ in 0..minutes {
            self.pass(self.now + 60);
        }
    }

    pub fn incident(&self, incident: &IncidentId) -> Incident {
        self.state.incidents[incident].clone()
    }

    pub fn component(&self, slug: &str) -> &Component {
        let found = self
            .state
            .components
            .iter()
            .find(|component| component.slug.as_str() == slug);
        found.unwrap()
    }

    pub fn feed(&self) -> Feed {
        self.feed_in("en")
    }

    pub fn feed_in(&self, language: &str) -> Feed {
        let language = Language::parse(language);
        let setting = FeedOptions {
            public_url: "https://status.example.com",
            rev: 1,
            language: language.as_ref(),
        };
        project(&self.state, &setting).unwrap()
    }
}
