//! What no longer holds is not said any more: promises of a draft that waited too long, plans that have passed, words in
//! other languages whose original is gone.

#![cfg(test)]

mod site;

use notice::{rejection::Rejection, wire::time::Timestamp, wire::words::Status};
use serde_json::{Value, json};
use site::{NOW, TestSite};

fn at(seconds: i64) -> String {
    Timestamp::from_seconds(NOW + seconds).to_string()
}

/// A rejection's pointers.
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

/// What a German reader is told after this update of an incident that is wholly translated.
fn in_german(update: Value) -> Value {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    site.update(&id, update);
    let notice = site.feed_in("de").notices.remove(0);
    json!([notice.title, notice.advice, notice.works, notice.broken])
}

#[test]
fn a_translation_goes_with_what_it_translates() {
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
fn the_all_clears_words_go_with_theirs_too() {
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
fn a_patch_that_clears_clears_in_every_language() {
    let mut site = TestSite::new();
    let id = site.publish(translated());
    site.change(&id, json!({ "advice": null, "works": [] }));
    let notice = site.feed_in("de").notices.remove(0);
    assert_eq!((notice.advice, notice.works.len()), (None, 0));
    assert_eq!(notice.broken, ["Versand"]);
    // What the patch itself says in a language stays, as what it does not speak of.
    site.change(
        &id,
        json!({ "broken": [], "text": { "de": { "broken": ["Alles"] } } }),
    );
    assert_eq!(site.feed_in("de").notices.remove(0).broken, ["Alles"]);
    assert_eq!(site.feed_in("de").notices.remove(0).title, "Verzögert");
}

#[test]
fn an_estimate_is_taken_back_with_its_confidence() {
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
fn a_field_that_nobody_knows_cannot_be_cleared() {
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
fn a_draft_is_not_published_with_promises_that_have_passed() {
    let mut site = TestSite::new();
    let id = site.publish(promising(json!({ "draft": true })));
    site.now = NOW + 700;
    // It can still be worked on.
    site.change(&id, json!({ "title": "u" }));
    assert!(site.incident(&id).next_update_at.is_some());
    site.change(&id, json!({ "draft": false }));
    let incident = site.incident(&id);
    assert!(!incident.is_draft());
    assert_eq!(incident.next_update_at, None, "nobody heard it");
    assert_eq!(incident.updates[0].next_update_at, None);
    assert!(incident.estimated_end_at.is_some(), "what lies ahead stays");

    // Once it is out, a promise that is late stands, and hinders nothing.
    site.change(&id, json!({ "next_update_at": at(1200) }));
    site.now = NOW + 1300;
    site.change(&id, json!({ "title": "v" }));
    assert!(site.feed().notices[0].next_update_at.is_some());
}

#[test]
fn a_draft_is_not_published_with_a_plan_that_has_passed() {
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
        let tried = site.try_change(id, json!({ "draft": false }));
        assert_eq!(pointers(tried), [pointer]);
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
fn a_scheduled_post_promises_nothing_before_it_is_out() {
    let mut site = TestSite::new();
    for (publish_at, complaints) in [
        (599, vec![]),
        (600, vec!["/next_update_at"]),
        (900, vec!["/next_update_at", "/estimated_end_at"]),
    ] {
        let tried = site.try_publish(promising(json!({ "publish_at": at(publish_at) })));
        match tried {
            Ok(_) => assert_eq!(complaints, [""; 0], "{publish_at}"),
            Err(_) => assert_eq!(pointers(tried.map(|_| ())), complaints, "{publish_at}"),
        }
    }
}

#[test]
fn a_post_that_comes_out_late_drops_what_it_promised_before() {
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
fn planned_work_that_goes_on_ends_in_the_future() {
    let mut site = TestSite::new();
    let planned = |status: &str| {
        json!({ "kind": "maintenance", "title": "t", "status": status,
                "scheduled_for": at(-7200), "scheduled_until": at(-3600) })
    };
    for status in ["scheduled", "in_progress", "verifying"] {
        let tried = site.try_publish(planned(status)).map(|_| ());
        assert_eq!(pointers(tried), ["/scheduled_until"], "{status}");
    }
    let done = site.publish(planned("completed"));
    assert_eq!(site.incident(&done).status, Status::Completed);

    let mut body = planned("in_progress");
    body["scheduled_until"] = json!(at(3600));
    let goes_on = site.publish(body);
    let sooner = site.try_change(&goes_on, json!({ "scheduled_until": at(-60) }));
    assert_eq!(pointers(sooner), ["/scheduled_until"]);
    site.change(&goes_on, json!({ "scheduled_until": at(60) }));
}

#[test]
fn of_what_is_planned_the_next_comes_first() {
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
fn what_is_published_after_the_fact_says_when_it_was_over() {
    let mut site = TestSite::new();
    let over = |more: Value| {
        let mut body = json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b",
            "status": "resolved", "started_at": at(-7200), "components": [{ "id": "sending" }] });
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        body
    };
    let id = site.publish(over(json!({ "ended_at": at(-3600) })));
    let notice = site.feed().notices.remove(0);
    let restored = notice.restored.unwrap();
    assert_eq!(restored.at.seconds(), NOW - 3600);
    assert_eq!(restored.seconds, 3600);
    assert_eq!(restored.expires_at.seconds(), NOW - 3600 + 72 * 3600);
    assert_eq!(notice.components[0].since.seconds(), NOW - 3600);

    // The end can be corrected, as the beginning can.
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
    let long_ago = site.publish(over(
        json!({ "started_at": at(-500_000), "ended_at": at(-400_000) }),
    ));
    site.pass(NOW);
    assert!(
        site.incident(&long_ago).expired,
        "history, and nobody's news"
    );

    for body in [
        over(json!({ "ended_at": at(61) })),
        over(json!({ "ended_at": at(-7300) })),
        over(json!({ "status": "monitoring", "ended_at": at(-60) })),
    ] {
        let tried = site.try_publish(body.clone()).map(|_| ());
        assert_eq!(pointers(tried), ["/ended_at"], "{body}");
    }
    let open = site.publish(over(json!({ "status": "monitoring" })));
    assert_eq!(
        pointers(site.try_change(&open, json!({ "ended_at": at(-60) }))),
        ["/ended_at"]
    );

    // A draft that says when keeps it; one that does not is over when it is published.
    let said = site.publish(over(json!({ "draft": true, "ended_at": at(-3600) })));
    let unsaid = site.publish(over(json!({ "draft": true })));
    site.now = NOW + 600;
    for (id, end) in [(said, -3600), (unsaid, 600)] {
        site.change(&id, json!({ "draft": false }));
        assert_eq!(site.incident(&id).ended_at.unwrap().seconds(), NOW + end);
    }
}
