//! Outdated values are removed or rejected: overdue promises of drafts, planned times in the past, translations of
//! changed texts.

#![cfg(test)]

mod site;

use notice::{
    rejection::Rejection,
    wire::{enums::Status, time::Timestamp},
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

fn at(seconds: i64) -> String {
    Timestamp::from_seconds(NOW + seconds).to_string()
}

/// The JSON pointers of a rejection's field errors.
fn pointers(rejected: Result<(), Rejection>) -> Vec<String> {
    let errors = rejected.unwrap_err().problem().errors;
    errors.into_iter().map(|error| error.pointer).collect()
}

fn translated() -> Value {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "advice": "Do not resend.", "works": ["Receiving"], "broken": ["Sending"],
        "text": { "de": { "title": "Verzögert", "advice": "Nicht erneut senden.", "works": ["Empfang"], "broken": ["Versand"] } }
    })
}

/// The German texts of a translated incident after an update.
fn in_german(update: Value) -> Value {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    site.update(&id, update);
    let notice = site.feed_in("de").notices.remove(0);
    json!([notice.title, notice.advice, notice.works, notice.broken])
}

#[test]
fn translations_are_removed_with_their_original() {
    for (update, expected) in [
        (
            json!({ "body": "x" }),
            json!([
                "Verzögert",
                "Nicht erneut senden.",
                ["Empfang"],
                ["Versand"]
            ]),
        ),
        (
            json!({ "body": "x", "advice": "Do not resend.", "works": ["Receiving"] }),
            json!([
                "Verzögert",
                "Nicht erneut senden.",
                ["Empfang"],
                ["Versand"]
            ]),
        ),
        (
            json!({ "body": "x", "advice": "Send again." }),
            json!(["Verzögert", "Send again.", ["Empfang"], ["Versand"]]),
        ),
        (
            json!({ "body": "x", "advice": "Send again.", "text": { "de": { "advice": "Erneut senden." } } }),
            json!(["Verzögert", "Erneut senden.", ["Empfang"], ["Versand"]]),
        ),
        (
            json!({ "body": "x", "advice": null, "works": null, "broken": [] }),
            json!(["Verzögert", null, [], []]),
        ),
        (
            json!({ "body": "x", "broken": ["Everything"] }),
            json!([
                "Verzögert",
                "Nicht erneut senden.",
                ["Empfang"],
                ["Everything"]
            ]),
        ),
    ] {
        assert_eq!(in_german(update.clone()), expected, "{update}");
    }
}

#[test]
fn all_clear_translations_are_removed_with_their_original() {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    site.update(
        &id,
        json!({ "body": "x", "status": "resolved", "restored": { "check": "Check." },
                "text": { "de": { "restored": { "check": "Prüfen." } } } }),
    );
    let check = |site: &TestSite| {
        let notice = site.feed_in("de").notices.remove(0);
        notice.restored.unwrap().check.unwrap()
    };
    assert_eq!(check(&site), "Prüfen.");
    site.update(&id, json!({ "body": "x" }));
    assert_eq!(check(&site), "Prüfen.");
    site.update(
        &id,
        json!({ "body": "x", "restored": { "check": "Check again." } }),
    );
    assert_eq!(check(&site), "Check again.");
}

#[test]
fn clearing_a_field_clears_its_translations() {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    site.change(&id, json!({ "advice": null, "works": [] }));
    let notice = site.feed_in("de").notices.remove(0);
    assert_eq!((notice.advice, notice.works.len()), (None, 0));
    assert_eq!(notice.broken, ["Versand"]);
    // Translations in the patch itself are kept, as are those of other fields.
    site.change(
        &id,
        json!({ "broken": [], "text": { "de": { "broken": ["Alles"] } } }),
    );
    assert_eq!(site.feed_in("de").notices.remove(0).broken, ["Alles"]);
    assert_eq!(site.feed_in("de").notices.remove(0).title, "Verzögert");
}

#[test]
fn clearing_an_estimate_clears_its_confidence() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "impact": "minor", "body": "b",
        "estimated_end_at": at(600), "confidence": "high"
    }));
    site.change(&id, json!({ "estimated_end_at": null }));
    let incident = site.incident(&id);
    assert_eq!(
        (incident.estimated_end_at, incident.confidence),
        (None, None)
    );
    let alone = site.try_change(&id, json!({ "confidence": "low" }));
    assert_eq!(pointers(alone), ["/confidence"]);
}

#[test]
fn clearing_an_unknown_field_is_rejected() {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    let misspelt = site.try_change(&id, json!({ "advise": null, "a/b": null }));
    assert_eq!(pointers(misspelt), ["/a~1b", "/advise"]);
    site.change(&id, json!({ "contacts": null, "renotify": null }));
}

fn promising(draft: Value) -> Value {
    let mut body = json!({
        "kind": "incident", "title": "t", "impact": "minor", "body": "b",
        "next_update_at": at(600), "estimated_end_at": at(900), "confidence": "low"
    });
    let fields = draft.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

#[test]
fn publishing_a_draft_drops_overdue_promises() {
    let mut site = TestSite::new();
    let id = site.publish(promising(json!({ "draft": true })));
    site.now = NOW + 700;
    // The draft can still be changed.
    site.change(&id, json!({ "title": "u" }));
    assert!(site.incident(&id).next_update_at.is_some());
    site.change(&id, json!({ "draft": false }));
    let incident = site.incident(&id);
    assert!(!incident.is_draft());
    assert_eq!(
        incident.next_update_at, None,
        "a promise that passed before the publication is dropped"
    );
    assert_eq!(incident.updates[0].next_update_at, None);
    assert!(
        incident.estimated_end_at.is_some(),
        "a future promise is kept"
    );

    // After publication, an overdue promise is kept and does not block changes.
    site.change(&id, json!({ "next_update_at": at(1200) }));
    site.now = NOW + 1300;
    site.change(&id, json!({ "title": "v" }));
    assert!(site.feed().notices[0].next_update_at.is_some());
}

#[test]
fn draft_with_a_planned_end_in_the_past_is_not_published() {
    let mut site = TestSite::new();
    let planned = site.publish(json!({ "kind": "maintenance", "title": "t", "draft": true,
        "scheduled_for": at(600), "scheduled_until": at(1200) }));
    let announced = site.publish(
        json!({ "kind": "announcement", "title": "t", "body": "b", "draft": true,
        "announce_until": at(1200) }),
    );
    site.now = NOW + 1300;
    for (id, pointer) in [
        (&planned, "/scheduled_until"),
        (&announced, "/announce_until"),
    ] {
        let result = site.try_change(id, json!({ "draft": false }));
        assert_eq!(pointers(result), [pointer]);
    }
    site.change(
        &planned,
        json!({ "draft": false, "scheduled_until": at(1500) }),
    );
    site.change(
        &announced,
        json!({ "draft": false, "announce_until": null }),
    );
}

#[test]
fn promises_must_be_after_the_scheduled_publication() {
    let mut site = TestSite::new();
    for (publish_at, complaints) in [
        (599, vec![]),
        (600, vec!["/next_update_at"]),
        (900, vec!["/next_update_at", "/estimated_end_at"]),
    ] {
        let result = site.try_publish(promising(json!({ "publish_at": at(publish_at) })));
        match result {
            Ok(_) => assert_eq!(complaints, [""; 0], "{publish_at}"),
            Err(_) => assert_eq!(pointers(result.map(|_| ())), complaints, "{publish_at}"),
        }
    }
}

#[test]
fn late_scheduled_publication_drops_overdue_promises() {
    let mut site = TestSite::new();
    let id = site.publish(promising(json!({ "publish_at": at(60) })));
    site.pass(NOW + 700);
    let incident = site.incident(&id);
    assert_eq!(incident.published_at, Some(site.now()));
    assert_eq!(incident.next_update_at, None);
    assert_eq!(incident.updates[0].next_update_at, None);
    assert!(incident.estimated_end_at.is_some() && incident.confidence.is_some());

    let later = site.publish({
        let mut body = promising(json!({ "publish_at": at(760) }));
        body["next_update_at"] = json!(at(800));
        body
    });
    site.pass(NOW + 1000);
    let incident = site.incident(&later);
    assert_eq!(
        (incident.estimated_end_at, incident.confidence),
        (None, None)
    );
}

#[test]
fn planned_end_of_open_maintenance_is_in_the_future() {
    let mut site = TestSite::new();
    let planned = |status: &str| {
        json!({ "kind": "maintenance", "title": "t", "status": status,
                "scheduled_for": at(-7200), "scheduled_until": at(-3600) })
    };
    for status in ["scheduled", "in_progress", "verifying"] {
        let result = site.try_publish(planned(status)).map(|_| ());
        assert_eq!(pointers(result), ["/scheduled_until"], "{status}");
    }
    let done = site.publish(planned("completed"));
    assert_eq!(site.incident(&done).status, Status::Completed);

    let mut body = planned("in_progress");
    body["scheduled_until"] = json!(at(3600));
    let in_progress = site.publish(body);
    let sooner = site.try_change(&in_progress, json!({ "scheduled_until": at(-60) }));
    assert_eq!(pointers(sooner), ["/scheduled_until"]);
    site.change(&in_progress, json!({ "scheduled_until": at(60) }));
}

#[test]
fn scheduled_maintenance_is_sorted_by_start() {
    let mut site = TestSite::new();
    for (title, from) in [("third", 7200), ("first", 600), ("second", 3600)] {
        site.publish(json!({ "kind": "maintenance", "title": title,
            "scheduled_for": at(from), "scheduled_until": at(from + 600) }));
    }
    let notices = site.feed().notices;
    let titles: Vec<&str> = notices.iter().map(|notice| notice.title.as_str()).collect();
    assert_eq!(titles, ["first", "second", "third"]);
}

#[test]
fn incident_published_after_its_end_keeps_its_end() {
    let mut site = TestSite::new();
    let ended = |more: Value| {
        let mut body = json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b",
            "status": "resolved", "started_at": at(-7200), "components": [{ "id": "sending" }] });
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        body
    };
    let id = site.publish(ended(json!({ "ended_at": at(-3600) })));
    let notice = site.feed().notices.remove(0);
    let restored = notice.restored.unwrap();
    assert_eq!(restored.at.seconds(), NOW - 3600);
    assert_eq!(restored.seconds, 3600);
    assert_eq!(restored.expires_at.seconds(), NOW - 3600 + 72 * 3600);
    assert_eq!(notice.components[0].since.seconds(), NOW - 3600);

    // Start and end can be corrected.
    site.change(&id, json!({ "ended_at": at(-1800) }));
    assert_eq!(site.incident(&id).ended_at.unwrap().seconds(), NOW - 1800);
    for (patch, pointer) in [
        (json!({ "ended_at": at(-7300) }), "/ended_at"),
        (json!({ "ended_at": at(61) }), "/ended_at"),
        (json!({ "ended_at": null }), "/ended_at"),
        (json!({ "started_at": at(-1000) }), "/started_at"),
    ] {
        assert_eq!(
            pointers(site.try_change(&id, patch.clone())),
            [pointer],
            "{patch}"
        );
    }
    let long_ago = site.publish(ended(
        json!({ "started_at": at(-500_000), "ended_at": at(-400_000) }),
    ));
    site.pass(NOW);
    assert!(
        site.incident(&long_ago).expired,
        "its all-clear has already expired"
    );

    for body in [
        ended(json!({ "ended_at": at(61) })),
        ended(json!({ "ended_at": at(-7300) })),
        ended(json!({ "status": "monitoring", "ended_at": at(-60) })),
    ] {
        let result = site.try_publish(body.clone()).map(|_| ());
        assert_eq!(pointers(result), ["/ended_at"], "{body}");
    }
    let open = site.publish(ended(json!({ "status": "monitoring" })));
    assert_eq!(
        pointers(site.try_change(&open, json!({ "ended_at": at(-60) }))),
        ["/ended_at"]
    );

    // A draft of a past incident keeps its end. Without an end, it ends at publication.
    let with_end = site.publish(ended(json!({ "draft": true, "ended_at": at(-3600) })));
    let without_end = site.publish(ended(json!({ "draft": true })));
    site.now = NOW + 600;
    for (id, end) in [(with_end, -3600), (without_end, 600)] {
        site.change(&id, json!({ "draft": false }));
        assert_eq!(site.incident(&id).ended_at.unwrap().seconds(), NOW + end);
    }
}
