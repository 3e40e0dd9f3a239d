//! Results of attempts: what they change, also if the webhook has been changed or deleted during the attempt.

use notice::wire::ids::WebhookId;

use super::{
    on_call::events,
    webhook_settings::{delete, patch},
    webhooks::{answered, ask, hook, send_all, with_room},
    *,
};
use crate::{
    rpc::outbox_call::{Assignment, Exchange, Outcome, Report},
    storage::outbox::{self, Delivery, DeliveryState},
};

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn report(assignment: &Assignment, outcome: &Outcome) -> Report {
    Report {
        target: assignment.target.clone(),
        request: assignment.payload.body().to_owned(),
        duration_ms: 10,
        outcome: outcome.clone(),
    }
}

/// The next attempt, which is the only one.
fn assigned(database: &Database, now_ms: u64) -> Assignment {
    let mut work = ask(database, now_ms, &with_room(10));
    assert_eq!(work.assignments.len(), 1, "{work:?}");
    work.assignments.remove(0)
}

/// Reports a result; the courier takes no further attempt.
fn tell(database: &Database, now_ms: u64, assignment: &Assignment, outcome: &Outcome) {
    let question = Exchange {
        reports: vec![report(assignment, outcome)],
        ..Exchange::default()
    };
    assert!(ask(database, now_ms, &question).assignments.is_empty());
}

fn delivery(database: &Database, webhook: &str, number: u64) -> Delivery {
    let webhook = WebhookId::parse(webhook).unwrap();
    outbox::find(database, &webhook, number).unwrap().unwrap()
}

fn webhook(database: &Database, id: &str) -> Json {
    let (status, webhook) = get(&format!("/webhooks/{id}")).ok(database);
    assert_eq!(status, 200, "{webhook}");
    webhook
}

fn only_published() -> Json {
    json!({ "events": ["incident.published"] })
}

#[test]
fn a_failure_at_a_replaced_url_says_nothing_about_the_new_one() {
    for status in [410, 500] {
        let database = acme();
        let id = hook(&database, "old", &only_published());
        post("/incidents", outage()).ok(&database);
        let attempt = assigned(&database, NOW_MS);
        patch(
            &database,
            &format!("/webhooks/{id}"),
            json!({ "url": "https://hooks.example.com/new" }),
        );
        tell(&database, NOW_MS, &attempt, &answered(status));
        let changed = webhook(&database, &id);
        assert_eq!(changed["enabled"], true, "{status}: {changed}");
        assert_eq!(changed["failing_since"], Json::Null, "{status}");
        // The new URL gets the message at once.
        let sent = send_all(&database, NOW_MS, &answered(204));
        assert_eq!(
            sent,
            [("new".to_owned(), "incident.published".to_owned())],
            "{status}"
        );
    }
}

#[test]
fn a_success_at_a_replaced_url_delivers() {
    let database = acme();
    let id = hook(&database, "old", &only_published());
    post("/incidents", outage()).ok(&database);
    let attempt = assigned(&database, NOW_MS);
    patch(
        &database,
        &format!("/webhooks/{id}"),
        json!({ "url": "https://hooks.example.com/new" }),
    );
    tell(&database, NOW_MS, &attempt, &answered(204));
    assert_eq!(send_all(&database, NOW_MS, &answered(204)), []);
    assert_eq!(delivery(&database, &id, 1).state, DeliveryState::Delivered);
}

#[test]
fn a_report_about_a_deleted_webhook_changes_nothing() {
    let database = acme();
    let deleted = hook(&database, "a", &only_published());
    post("/incidents", outage()).ok(&database);
    let attempt = assigned(&database, NOW_MS);
    delete(&database, &format!("/webhooks/{deleted}"));
    assert_eq!(database.count("delivery"), 0);
    // Another webhook, whose first delivery has the same number.
    let other = hook(&database, "b", &only_published());
    post("/incidents", outage()).ok(&database);
    for outcome in [answered(410), answered(204), Outcome::TimedOut] {
        tell(&database, NOW_MS, &attempt, &outcome);
    }
    let waiting = delivery(&database, &other, 1);
    assert_eq!(
        (waiting.state, waiting.attempts),
        (DeliveryState::Pending, 0)
    );
    assert_eq!(webhook(&database, &other)["enabled"], true);
    assert_eq!(events(&database, "webhook.disabled").len(), 0);
}

#[test]
fn a_webhook_that_is_disabled_during_an_attempt_stays_so() {
    for (status, expected) in [
        (500, DeliveryState::Dead),
        (410, DeliveryState::Dead),
        (204, DeliveryState::Delivered),
    ] {
        let database = acme();
        let id = hook(&database, "a", &only_published());
        post("/incidents", outage()).ok(&database);
        let attempt = assigned(&database, NOW_MS);
        let path = format!("/webhooks/{id}");
        patch(&database, &path, json!({ "enabled": false }));
        tell(&database, NOW_MS, &attempt, &answered(status));
        assert_eq!(delivery(&database, &id, 1).state, expected, "{status}");
        let read = webhook(&database, &id);
        assert_eq!(read["disabled_because"], "operator", "{status}");
        patch(&database, &path, json!({ "enabled": true }));
        assert_eq!(send_all(&database, NOW_MS, &answered(204)), []);
    }
}

#[test]
fn a_short_outage_after_silent_weeks_disables_nothing() {
    let database = acme();
    let id = hook(&database, "a", &only_published());
    // All ten attempts fail.
    post("/incidents", outage()).ok(&database);
    for hour in 0..96 {
        send_all(&database, NOW_MS + hour * HOUR_MS, &answered(500));
        send_all(&database, NOW_MS + hour * HOUR_MS + 400_000, &answered(500));
    }
    assert_eq!(delivery(&database, &id, 1).state, DeliveryState::Dead);
    assert_eq!(webhook(&database, &id)["enabled"], true);
    // Weeks later, the endpoint fails for some minutes.
    let later_ms = NOW_MS + 29 * DAY_MS;
    post("/incidents", outage()).at(later_ms).ok(&database);
    for second in [0, 6, 340] {
        let sent = send_all(&database, later_ms + second * 1000, &answered(503));
        assert_eq!(sent.len(), 1, "after {second} s");
    }
    assert_eq!(webhook(&database, &id)["enabled"], true);
    assert_eq!(events(&database, "webhook.disabled").len(), 0);
    // If it still fails after half an hour, it is disabled.
    send_all(&database, later_ms + 45 * MINUTE_MS, &answered(503));
    assert_eq!(webhook(&database, &id)["disabled_because"], "failing");
    assert_eq!(events(&database, "webhook.disabled").len(), 1);
}

#[test]
fn merged_posts_stay_merged_when_they_are_sent_again() {
    let database = acme();
    let id = hook(&database, "chat", &json!({ "format": "slack" }));
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    for text in ["First.", "Second."] {
        let update = json!({ "body": text, "notify": true });
        assert_eq!(post(&updates, update).ok(&database).0, 201);
    }
    // Together with the publication, because nothing was sent yet.
    for now_ms in [NOW_MS, NOW_MS + 6_000] {
        let attempt = assigned(&database, now_ms);
        assert_eq!(attempt.target.deliveries.len(), 3);
        tell(&database, now_ms, &attempt, &answered(500));
    }
    let due: Vec<_> = (1..=3)
        .map(|number| delivery(&database, &id, number).due_at)
        .collect();
    assert!(due.iter().all(|one| *one == due[0]), "{due:?}");
}

#[test]
fn a_delivery_without_its_message_is_dead() {
    for format in ["standard", "slack"] {
        let database = acme();
        let id = hook(
            &database,
            "a",
            &json!({ "format": format, "events": ["incident.published"] }),
        );
        post("/incidents", outage()).ok(&database);
        database.run("DELETE FROM message", &[]).unwrap();
        let work = ask(&database, NOW_MS, &with_room(10));
        assert_eq!((work.assignments.len(), work.next_due_in_ms), (0, None));
        let ended = delivery(&database, &id, 1);
        assert_eq!(ended.state, DeliveryState::Dead, "{format}");
        let error = ended.last.unwrap().error;
        assert_eq!(error.as_deref(), Some("The message was deleted."));
    }
}
