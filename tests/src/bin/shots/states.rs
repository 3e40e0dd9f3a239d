//! What is shown: one row per state, made through the same API that operators use.

use e2e::in_minutes;
use serde_json::{Value, json};

/// How much of the card is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it comes.
    AsItComes,
    /// After "More".
    Expanded,
}

/// One state of the card.
pub struct State {
    /// Begins the file's name.
    pub name: &'static str,
    /// The incident to publish.
    pub incident: fn() -> Value,
    /// What is said after that, oldest first.
    pub updates: fn() -> Vec<Value>,
    /// How it ends, where the picture is of the all-clear.
    pub restored: Option<fn() -> Value>,
    /// How much is open.
    pub view: View,
}

/// Every state.
pub const STATES: &[State] = &[
    State {
        name: "major",
        incident: delayed,
        updates: cause_known,
        restored: None,
        view: View::AsItComes,
    },
    State {
        name: "major-expanded",
        incident: delayed,
        updates: cause_known,
        restored: None,
        view: View::Expanded,
    },
    State {
        name: "critical",
        incident: down,
        updates: Vec::new,
        restored: None,
        view: View::AsItComes,
    },
    State {
        name: "critical-expanded",
        incident: down,
        updates: Vec::new,
        restored: None,
        view: View::Expanded,
    },
    State {
        name: "minor",
        incident: slow,
        updates: Vec::new,
        restored: None,
        view: View::AsItComes,
    },
    State {
        name: "restored",
        incident: delayed,
        updates: cause_known,
        restored: Some(all_clear),
        view: View::AsItComes,
    },
];

fn delayed() -> Value {
    json!({
        "kind": "incident", "impact": "major", "status": "investigating",
        "title": "Messages are delayed",
        "started_at": in_minutes(-100),
        "body": "Since 08:00 messages leave us late. We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }, { "id": "reports", "status": "degraded_performance" }],
        "advice": "Do not resend: your messages are queued and will arrive.",
        "works": ["Receiving messages", "Contacts"],
        "broken": ["Sending arrives up to 40 minutes late", "Delivery reports lag behind"],
        "contacts": [
            { "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
            { "kind": "email", "label": "Write to us", "value": "help@acme.example" },
        ],
        "next_update_at": in_minutes(20),
    })
}

fn cause_known() -> Vec<Value> {
    vec![json!({
        "status": "identified",
        "body": "A carrier's gateway refuses connections. We are moving traffic to the second one.",
        "next_update_at": in_minutes(30),
    })]
}

fn all_clear() -> Value {
    json!({
        "status": "resolved",
        "body": "All queued messages have been delivered.",
        "components": [{ "id": "sending", "status": "operational" }, { "id": "reports", "status": "operational" }],
        "restored": {
            "back": ["Sending", "Delivery reports"],
            "check": "Check what you sent between 08:00 and 09:00: a few messages may have arrived twice.",
            "still": [],
        },
    })
}

fn down() -> Value {
    json!({
        "kind": "incident", "impact": "critical", "status": "investigating",
        "title": "Sending and receiving do not work",
        "body": "No messages go in or out. All of us are on it.",
        "components": [{ "id": "sending", "status": "major_outage" }, { "id": "receiving", "status": "major_outage" }],
        "advice": "Call people you must reach now. What you write here is kept, and sent when we are back.",
        "works": ["Reading old messages"],
        "broken": ["Sending", "Receiving"],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "next_update_at": in_minutes(15),
    })
}

fn slow() -> Value {
    json!({
        "kind": "incident", "impact": "minor", "status": "monitoring",
        "title": "Reports load slowly",
        "body": "Reports take up to a minute to open.",
        "components": [{ "id": "reports", "status": "degraded_performance" }],
    })
}
