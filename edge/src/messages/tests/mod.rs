//! Tests of outgoing requests, with messages about real changes of a site.

mod escaping;
mod golden;
mod limits;
mod mail;
mod merged;
mod on_call;
mod providers;
mod signatures;
mod smtp;

use std::{env, fs, path::Path};

use notice::{
    body::check::endpoint_url::Network,
    decide::{Command, decide},
    notify::{
        escalation::escalation_event,
        event_name::EventName,
        occurrence::{Occurrence, of_events, session_unused, verify_failed, webhook_disabled},
    },
    state::State,
    wire::{event::Event, input::Withdrawal, time::Timestamp},
};
use serde_json::{Value, json};

use super::{
    format::Format,
    message::{Message, Origin},
    signature::Secret,
    webhook::{self, Endpoint},
};

/// 2026-11-21T08:00:00Z, in seconds since 1970.
const NOW: i64 = 1_795_248_000;
const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

/// A site whose changes become messages.
struct Site {
    state: State,
    now: i64,
    sequence: u64,
    messages: Vec<Message>,
}

impl Site {
    fn new() -> Self {
        Self::named("Acme SMS", "Sending")
    }

    fn named(name: &str, component: &str) -> Self {
        let mut site = Self {
            state: State::default(),
            now: NOW,
            sequence: 0,
            messages: Vec::new(),
        };
        let input = json!({ "slug": "acme", "name": name, "time_zone": "Australia/Sydney" });
        site.run(Command::CreateSite {
            input: serde_json::from_value(input).unwrap(),
            network: Network::Public,
        });
        for (id, name) in [("cmp_1", component), ("cmp_2", "Reports")] {
            site.run(Command::CreateComponent {
                id: serde_json::from_value(json!(id)).unwrap(),
                input: serde_json::from_value(
                    json!({ "name": name, "slug": id.replace('_', "-") }),
                )
                .unwrap(),
            });
        }
        site
    }

    fn run(&mut self, command: Command) {
        let now = Timestamp::from_seconds(self.now);
        let events = decide(&self.state, command, now).unwrap();
        self.record(&events);
    }

    fn record(&mut self, events: &[Event]) {
        let now = Timestamp::from_seconds(self.now);
        let found = of_events(&self.state, events, now);
        for (index, event) in events.iter().enumerate() {
            self.state.apply(event, now);
            self.sequence += 1;
            let of_event = found.iter().filter(|(one, _)| *one == index);
            for (_, occurrence) in of_event {
                self.record_message(occurrence);
            }
        }
    }

    fn record_message(&mut self, occurrence: &Occurrence) {
        let number = self.messages.len() + 1;
        let origin = Origin {
            id: format!("msg_{number:03}"),
            sequence: self.sequence,
            rev: 1_795_248_000_000 + self.sequence,
            at: Timestamp::from_seconds(self.now),
            public_url: "https://status.example.com",
        };
        let message = Message::new(&self.state, occurrence, origin);
        self.messages.extend(message);
    }

    fn publish(&mut self, number: u32, body: Value) {
        self.run(Command::CreateIncident {
            id: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            update: serde_json::from_value(json!(format!("upd_{number}"))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn update(&mut self, number: u32, body: Value) {
        let id = format!("upd_later{}", self.sequence);
        self.run(Command::PostUpdate {
            incident: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            id: serde_json::from_value(json!(id)).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn pass(&mut self, now: i64) {
        self.now = now;
        self.run(Command::PassTime);
    }

    /// The last message with this name.
    fn message(&self, event: EventName) -> &Message {
        let mut newest_first = self.messages.iter().rev();
        newest_first
            .find(|message| message.event == event)
            .unwrap_or_else(|| panic!("{event}"))
    }
}

fn time(seconds: i64) -> String {
    Timestamp::from_seconds(NOW + seconds).to_string()
}

fn outage() -> Value {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "Messages arrive **up to an hour late**. See [the forum](https://forum.example.com/t/1).\n\n- SMS\n- MMS",
        "components": [{ "id": "cmp-1" }], "advice": "Do not resend messages.", "works": ["Receiving"],
        "next_update_at": time(HOUR),
    })
}

/// A site in which every event has happened.
fn story() -> Site {
    let mut site = Site::new();
    site.publish(1, outage());
    site.now += 10 * MINUTE;
    site.update(
        1,
        json!({ "body": "We have found the cause.", "status": "identified", "next_update_at": time(2 * HOUR) }),
    );
    for at in [2 * HOUR - 10 * MINUTE, 2 * HOUR + 5 * MINUTE] {
        site.pass(NOW + at);
    }
    site.now = NOW + 3 * HOUR;
    let incident = serde_json::from_value(json!("inc_1")).unwrap();
    let owed_at = Timestamp::from_seconds(NOW + 2 * HOUR);
    site.record(&[escalation_event(&incident, owed_at)]);
    site.update(
        1,
        json!({ "body": "All messages were delivered.", "status": "resolved",
            "restored": { "back": ["Sending"], "check": "Look for duplicates.", "still": ["Reports are late"] } }),
    );
    let postmortem = json!({ "root_cause": "A full disk.", "remedy": "A larger disk.", "prevention": ["An alert."],
        "window": { "start": time(0), "end": time(3 * HOUR) } });
    site.run(Command::PutPostmortem {
        incident: serde_json::from_value(json!("inc_1")).unwrap(),
        input: serde_json::from_value(postmortem).unwrap(),
    });
    site.update(
        1,
        json!({ "body": "It is back.", "status": "investigating" }),
    );
    site.run(Command::WithdrawIncident {
        id: serde_json::from_value(json!("inc_1")).unwrap(),
        input: Withdrawal {
            reason: "The monitoring was wrong.".to_owned(),
        },
    });
    let day = 24 * HOUR;
    site.publish(
        2,
        json!({ "kind": "maintenance", "title": "Database upgrade", "body": "Reports are not available.",
            "components": [{ "id": "cmp-2" }], "scheduled_for": time(day), "scheduled_until": time(day + HOUR) }),
    );
    site.publish(
        3,
        json!({ "kind": "announcement", "title": "New prices", "body": "From January.", "announce_until": time(day) }),
    );
    site.publish(
        4,
        json!({ "kind": "incident", "title": "A secret draft", "impact": "minor", "body": "b", "publish_at": time(5 * HOUR) }),
    );
    for at in [day - MINUTE, day, day + HOUR] {
        // The draft is removed while time passes, so that it is not published on time, as in an outage. Once it is more than 48 h
        // late, it is held.
        let draft = site
            .state
            .incidents
            .remove(&serde_json::from_value(json!("inc_4")).unwrap());
        site.pass(NOW + at);
        let draft = draft.unwrap();
        site.state.incidents.insert(draft.id.clone(), draft);
    }
    site.pass(NOW + 4 * day);
    site.record_message(&verify_failed());
    site.record_message(&webhook_disabled(
        "whk_1".to_owned(),
        "hooks.example.com".to_owned(),
        "It has failed for 5 days.".to_owned(),
    ));
    site.record_message(&session_unused(
        "tok_1".to_owned(),
        "Ada's phone".to_owned(),
        Timestamp::from_seconds(NOW),
    ));
    site
}

fn secret() -> Secret {
    Secret::new([7; 32])
}

/// The body in a format, as JSON.
fn body(format: Format, messages: &[&Message]) -> Value {
    let endpoint = Endpoint {
        url: "https://hooks.example.com/x",
        format,
        secrets: &[secret()],
    };
    let at = Timestamp::from_seconds(NOW);
    let request = webhook::request(&endpoint, messages, at).unwrap().unwrap();
    serde_json::from_str(&request.body).unwrap()
}

/// Compares a document with a golden file, or writes it if `UPDATE_GOLDEN` is set.
fn check_golden(name: &str, actual: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(name);
    let text = serde_json::to_string_pretty(actual).unwrap() + "\n";
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{name} differs; receivers depend on it. If this is intended: UPDATE_GOLDEN=1 cargo test -p edge messages\n{text}"
    );
}
