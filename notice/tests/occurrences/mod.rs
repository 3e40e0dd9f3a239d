//! Request bodies of tests about notification.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use notice::wire::time::Timestamp;
use serde_json::{Value, json};

use crate::site::NOW;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

/// The time that is `seconds` after `NOW`.
pub fn time(seconds: i64) -> String {
    Timestamp::from_seconds(NOW + seconds).to_string()
}

/// Returns the body with the fields of `changes` added or replaced.
pub fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub fn outage(changes: Value) -> Value {
    let body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b",
        "components": [{ "id": "sending" }] });
    with(body, changes)
}

pub fn maintenance(changes: Value) -> Value {
    let body = json!({ "kind": "maintenance", "title": "Database upgrade", "body": "b", "components": [{ "id": "reports" }],
        "scheduled_for": time(2 * DAY), "scheduled_until": time(2 * DAY + HOUR) });
    with(body, changes)
}

pub fn announcement(changes: Value) -> Value {
    with(
        json!({ "kind": "announcement", "title": "New prices", "body": "b" }),
        changes,
    )
}
