//! Readers of the tables under `vectors`.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use notice::{
    browser::audience::PageContext,
    wire::{feed::Notice, time::Timestamp},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub fn rows(table: &str) -> Vec<Value> {
    let rows: Vec<Value> = serde_json::from_str(table).expect("a table is a JSON array");
    assert!(!rows.is_empty());
    rows
}

pub fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the row is of the feed's shape")
}

pub fn strings(value: &Value) -> Option<Vec<String>> {
    (!value.is_null()).then(|| read(value.clone()))
}

pub fn page(value: &Value) -> PageContext {
    PageContext {
        segments: strings(&value["segments"]),
        components: strings(&value["components"]),
        slots: strings(&value["slots"]).unwrap_or_default(),
        paths: strings(&value["paths"]).unwrap_or_default(),
        drill: value["drill"] == true,
    }
}

/// Parses a time into seconds since 1970.
pub fn moment(value: &Value) -> i64 {
    read::<Timestamp>(value.clone()).seconds()
}

pub fn moments(value: &Value) -> Vec<i64> {
    value.as_array().into_iter().flatten().map(moment).collect()
}

/// Builds a notice from the fields of a row and default values for all others.
pub fn notice(fields: &Value) -> Notice {
    let mut notice = json!({
        "id": "inc_1", "kind": "incident", "status": "identified", "impact": "major", "in_app": "bar",
        "attention": 1, "title": "T",
        "started_at": "2026-11-21T08:00:00Z", "url": "https://status.example/i",
    });
    for (name, value) in fields.as_object().expect("a notice is an object") {
        notice[name] = value.clone();
    }
    read(notice)
}
