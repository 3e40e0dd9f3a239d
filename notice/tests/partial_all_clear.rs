//! Partial all-clears, from the operator's updates to the form that a browser shows.

#![cfg(test)]

mod site;

use notice::{
    browser::{
        audience::PageContext,
        partial_all_clear,
        showing::{Memory, view},
        view::View,
    },
    wire::{feed::Notice, time::Timestamp},
};
use serde_json::json;
use site::{NOW, TestSite};

fn page(declared: &[&str]) -> PageContext {
    PageContext {
        components: Some(declared.iter().map(|slug| (*slug).to_owned()).collect()),
        ..PageContext::default()
    }
}

fn since(notice: &Notice, declared: &[&str]) -> Option<i64> {
    partial_all_clear::since(notice, &page(declared)).map(Timestamp::seconds)
}

/// The form that a witness sees who hid the outage at this attention.
fn view_for_witness(notice: &Notice, declared: &[&str], hidden_at: u32, now: i64) -> View {
    let memory = Memory {
        hidden_at: Some(hidden_at),
        back_hidden_at: None,
        seen: true,
        visits: &[],
    };
    view(notice, &page(declared), memory, now)
}

#[test]
fn restored_component_gets_an_all_clear_until_it_breaks() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "body": "b", "impact": "major",
        "components": [{ "id": "sending" }, { "id": "receiving" }]
    }));
    let mut set_status = |minutes: i64, status: &str| {
        site.now = NOW + minutes * 60;
        site.update(
            &id,
            json!({ "body": "b", "components": [{ "id": "sending", "status": status }] }),
        );
        site.feed().notices.remove(0)
    };

    let back = set_status(40, "operational");
    assert_eq!(
        back.attention, 1,
        "an improvement does not raise the attention"
    );
    let named: Vec<&str> = back
        .audience
        .components
        .iter()
        .map(|slug| slug.as_str())
        .collect();
    assert_eq!(
        named,
        ["sending", "receiving"],
        "the page still belongs to the audience"
    );
    assert_eq!(since(&back, &["sending"]), Some(NOW + 40 * 60));
    assert_eq!(since(&back, &["sending", "receiving"]), None);
    assert_eq!(
        view_for_witness(&back, &["sending"], 1, NOW + 41 * 60),
        View::Card
    );
    assert_eq!(
        view_for_witness(&back, &["receiving"], 1, NOW + 41 * 60),
        View::Pill
    );

    let worse = set_status(50, "major_outage");
    assert_eq!(since(&worse, &["sending"]), None);
    assert_eq!(
        view_for_witness(&worse, &["sending"], 1, NOW + 51 * 60),
        View::Card,
        "attention rose"
    );

    let again = set_status(60, "operational");
    assert_eq!(since(&again, &["sending"]), Some(NOW + 3600));
}

#[test]
fn maintenance_may_restore_a_component_early() {
    let mut site = TestSite::new();
    let at = |minutes: i64| Timestamp::from_seconds(NOW + minutes * 60);
    let id = site.publish(json!({
        "kind": "maintenance", "title": "t", "body": "b",
        "scheduled_for": at(60), "scheduled_until": at(180),
        "components": [{ "id": "sending" }, { "id": "reports" }]
    }));
    let waiting = site.feed().notices.remove(0);
    assert_eq!(
        since(&waiting, &["sending"]),
        None,
        "a scheduled maintenance has restored nothing"
    );
    site.pass(NOW + 3600);
    let in_progress = site.feed().notices.remove(0);
    assert_eq!(since(&in_progress, &["sending"]), None);
    site.now += 60;
    site.update(
        &id,
        json!({ "body": "b", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    let partial = site.feed().notices.remove(0);
    assert_eq!(since(&partial, &["sending"]), Some(site.now));
    assert_eq!(since(&partial, &["reports"]), None);
    site.pass(NOW + 3 * 3600);
    let ended = site.feed().notices.remove(0);
    assert!(ended.restored.is_some());
    assert_eq!(
        since(&ended, &["sending"]),
        None,
        "the all-clear of the incident replaces the partial one"
    );
}
