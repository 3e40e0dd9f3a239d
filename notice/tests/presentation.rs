//! Runs the tables about the arrangement of notices against `notice`. See `vectors/README.md`.
#![cfg(feature = "server")]
#![cfg(test)]

mod table;

use notice::{
    browser::{
        precedence,
        presentation::{self, Entry, Extent, Known, Slot, Start},
        view::View,
    },
    wire::time::Timestamp,
};
use serde_json::{Value, json};
use table::{moment, notice, page, read, rows};

fn seconds(value: &Value) -> Option<i64> {
    (!value.is_null()).then(|| moment(value))
}

fn time(value: &Value) -> Option<Timestamp> {
    read(value.clone())
}

fn extent(value: &Value) -> Option<Extent> {
    match value.as_str() {
        Some("whole") => Some(Extent::Whole),
        Some("brief") => Some(Extent::Brief),
        _ => None,
    }
}

fn start(row: &Value) -> Start {
    Start {
        is_long: row["is_long"] == true,
        is_low: row["is_low"] == true,
        is_new: row["is_new"] == true,
        takes_line: row["takes_line"] == true,
    }
}

#[test]
fn order_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/order.json")) {
        let notices: Vec<_> = row["notices"]
            .as_array()
            .expect("notices are an array")
            .iter()
            .map(notice)
            .collect();
        let sorted = precedence::sorted(&notices, &page(&row["page"]), moment(&row["now"]));
        let ids: Vec<_> = sorted.iter().map(|notice| notice.id.as_str()).collect();
        assert_eq!(json!(ids), row["order"], "{}", row["name"]);
    }
}

#[test]
fn start_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/start.json")) {
        let known = Known {
            is_witness: row["known"]["is_witness"] == true,
            first_seen_at: seconds(&row["known"]["first_seen_at"]),
            all_clear_seen_at: seconds(&row["known"]["all_clear_seen_at"]),
        };
        let started = presentation::start(
            &notice(&row["notice"]),
            time(&row["over_at"]),
            known,
            row["is_low"] == true,
            moment(&row["now"]),
        );
        assert_eq!(started, start(&row["start"]), "{}", row["name"]);
    }
}

#[test]
fn arrangement_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/arrangement.json")) {
        let shown = row["shown"].as_array().expect("what is shown is an array");
        let entry = |shown: &Value| Entry {
            view: if shown["view"] == "card" {
                View::Card
            } else {
                View::Pill
            },
            start: start(shown),
            is_drill: shown["drill"] == true,
        };
        let entries: Vec<_> = shown.iter().map(entry).collect();
        let index_of = |id: &Value| shown.iter().position(|shown| shown["id"] == *id);
        let chosen = index_of(&row["chosen"]["id"]).zip(extent(&row["chosen"]["as"]));
        let drawn = presentation::arrange(&entries, row["in"] != "slot", chosen).map(|drawn| {
            let id = |index: usize| &shown[index]["id"];
            json!({
                "main": id(drawn.main),
                "as": match drawn.extent {
                    None => "pill",
                    Some(Extent::Brief) => "brief",
                    Some(Extent::Whole) => "whole",
                },
                "others": drawn.others.iter().map(|&index| id(index)).collect::<Vec<_>>(),
            })
        });
        assert_eq!(json!(drawn), row["draws"], "{}", row["name"]);
    }
}

#[test]
fn containers_agree_with_the_table() {
    for row in rows(include_str!("../vectors/places.json")) {
        let slot = |slot: &Value| Slot {
            is_rendered: slot["is_rendered"] == true,
            shows_notice: slot["shows_notice"] == true,
        };
        let slots: Vec<_> = row["slots"]
            .as_array()
            .expect("slots are an array")
            .iter()
            .map(slot)
            .collect();
        assert_eq!(
            presentation::floats(&slots),
            row["floats"] == true,
            "{}",
            row["name"]
        );
        let pill =
            presentation::slot_of_pill(&slots).map_or(json!("floating"), |index| json!(index));
        assert_eq!(pill, row["pill"], "{}", row["name"]);
    }
}

/// A notice whose newest update was posted at this time.
fn with_update(fields: &Value, newest: &Value) -> notice::wire::feed::Notice {
    let mut fields = fields.clone();
    if !newest.is_null() {
        fields["updates"] = json!([{ "id": "upd_1", "status": "identified", "body": "We know more.", "at": newest }]);
    }
    notice(&fields)
}

#[test]
fn news_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/news.json")) {
        let notice = with_update(&json!({ "advice": row["advice"] }), &row["newest"]);
        let is_news = presentation::is_news(&notice, seconds(&row["known"]));
        assert_eq!(is_news, row["is_news"] == true, "{}", row["name"]);
    }
}

#[test]
fn stored_values_agree_with_the_table() {
    for row in rows(include_str!("../vectors/marks.json")) {
        let notice = with_update(&row["notice"], &row["newest"]);
        let mut memory = row["memory"].clone();
        presentation::marks(
            &notice,
            time(&row["over_at"]),
            row["has_update"] == true,
            moment(&row["now"]),
            &mut |mark| {
                let stored = &mut memory[mark.name][mark.key];
                if !(mark.keeps_existing && stored.is_number()) {
                    *stored = json!(mark.value);
                }
            },
        );
        assert_eq!(memory, row["then"], "{}", row["name"]);
    }
}
