//! The outbox: which webhooks get messages about which events, and the order of attempts.

use notice::body::check::endpoint_url::Network;

use super::{backup::export, days::Utc, *};
use crate::{
    rpc::outbox_call::{Exchange, Outcome, Report, Work},
    site::{dispatch::exchange, sender::Sender},
    storage::outbox,
};

const FROM: Sender<'_> = Sender {
    public_url: "https://status.example.com",
    network: Network::Public,
    mail_from: None,
    keeps_links: false,
};

/// Creates a webhook with further fields `more`; returns its id.
pub fn hook(database: &Database, path: &str, more: &Json) -> String {
    let mut body = json!({ "url": format!("https://hooks.example.com/{path}") });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let (status, created) = post("/webhooks", body).ok(database);
    assert_eq!(status, 201, "{created}");
    created["id"].as_str().unwrap().to_owned()
}

/// Sends an exchange as the courier does.
pub fn ask(database: &Database, now_ms: u64, question: &Exchange) -> Work {
    exchange(database, question, now_ms, FROM, &Utc).unwrap()
}

/// An exchange of a courier that can take `room` attempts, one of them to an endpoint that hangs.
pub fn with_room(room: u32) -> Exchange {
    Exchange {
        room,
        room_for_hanging: 1,
        ..Exchange::default()
    }
}

/// Makes all attempts that are due, each with the outcome `outcome`; returns for each the path of
/// the URL and the type of the event.
pub fn send_all(database: &Database, now_ms: u64, outcome: &Outcome) -> Vec<(String, String)> {
    let mut question = with_room(10);
    let mut sent = Vec::new();
    loop {
        let work = ask(database, now_ms, &question);
        if work.assignments.is_empty() {
            return sent;
        }
        question.reports.clear();
        for assignment in work.assignments {
            let body: Json = serde_json::from_str(assignment.payload.body()).unwrap();
            let request = assignment.payload.request().unwrap();
            let path = request.url.rsplit('/').next().unwrap().to_owned();
            sent.push((path, body["type"].as_str().unwrap_or("chat").to_owned()));
            question.reports.push(Report {
                target: assignment.target,
                request: assignment.payload.body().to_owned(),
                duration_ms: 10,
                outcome: outcome.clone(),
            });
        }
    }
}

pub fn answered(status: u16) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: None,
        body: String::new(),
    }
}

/// Makes all attempts that are due, with success; returns the types of the events.
fn sent(database: &Database, now_ms: u64) -> Vec<String> {
    let sent = send_all(database, now_ms, &answered(204));
    sent.into_iter().map(|(_, event)| event).collect()
}

#[test]
fn drafts_drills_and_ended_incidents_are_not_sent() {
    let database = acme();
    hook(&database, "a", &json!({}));
    let with = |name: &str, value: Json| {
        let mut incident = outage();
        incident[name] = value;
        incident
    };
    post("/incidents", with("draft", json!(true))).ok(&database);
    post("/incidents", with("drill", json!(true))).ok(&database);
    post("/incidents", with("status", json!("resolved"))).ok(&database);
    assert_eq!(sent(&database, NOW_MS), [] as [&str; 0]);
    let mut drill = with("drill", json!(true));
    drill["notify"] = json!(true);
    post("/incidents", drill).ok(&database);
    assert_eq!(sent(&database, NOW_MS), ["incident.published"]);
}

#[test]
fn a_draft_published_by_the_alarm_keeps_its_own_notify() {
    let database = acme();
    hook(&database, "hook", &json!({}));
    hook(&database, "chat", &json!({ "format": "slack" }));
    for (title, notify) in [("Loud", json!(null)), ("Quiet", json!(false))] {
        let mut incident = outage();
        incident["title"] = json!(title);
        incident["notify"] = notify;
        incident["components"] = json!([]);
        incident["publish_at"] = json!("2026-11-21T09:00:00Z");
        post("/incidents", incident).ok(&database);
    }
    let later = NOW_MS + 2 * HOUR_MS;
    feed(&database, later);
    let mut sent = send_all(&database, later, &answered(204));
    sent.sort();
    let pair = |path: &str, event: &str| (path.to_owned(), event.to_owned());
    assert_eq!(
        sent,
        [
            pair("chat", "chat"),
            pair("hook", "incident.published"),
            pair("hook", "incident.published")
        ]
    );
}

#[test]
fn an_import_queues_no_messages() {
    let database = acme();
    post("/incidents", outage()).ok(&database);
    let file = export(&database);
    let copy = Database::new();
    new_site().ok(&copy);
    hook(&copy, "a", &json!({}));
    assert_eq!(post("/import", Json::String(file)).ok(&copy).0, 200);
    assert_eq!(copy.count("message"), 0);
    assert_eq!(sent(&copy, NOW_MS), [] as [&str; 0]);
}

#[test]
fn repeated_requests_and_repairs_queue_nothing_again() {
    let database = acme();
    hook(&database, "a", &json!({}));
    for _ in 0..2 {
        let (status, _) = post("/incidents", outage()).key("k").ok(&database);
        assert_eq!(status, 201);
    }
    let queued = database.count("message");
    assert_eq!(sent(&database, NOW_MS)[0], "incident.published");
    let damage = "UPDATE incident SET status = 'monitoring'";
    database.run(damage, &[]).unwrap();
    let (_, repaired) = post("/repair", Json::Null).ok(&database);
    assert_eq!(repaired["rebuilt"], true, "{repaired}");
    assert_eq!(database.count("message"), queued);
    assert_eq!(sent(&database, NOW_MS), [] as [&str; 0]);
}

#[test]
fn a_failed_write_queues_nothing() {
    let database = acme();
    hook(&database, "a", &json!({}));
    database.fail_on.replace(Some("INSERT INTO delivery"));
    assert!(post("/incidents", outage()).send(&database).is_err());
    assert_eq!(
        (database.count("message"), database.count("incident")),
        (0, 0)
    );
}

#[test]
fn each_webhook_gets_one_attempt_at_a_time_in_order() {
    let database = acme();
    for path in ["a", "b"] {
        hook(
            &database,
            path,
            &json!({ "events": ["incident.published"] }),
        );
    }
    for _ in 0..2 {
        post("/incidents", outage()).ok(&database);
    }
    let first = ask(&database, NOW_MS, &with_room(10));
    assert_eq!(first.assignments.len(), 2, "one for each");
    let busy = |work: &Work| {
        let targets = work.assignments.iter();
        targets.map(|one| one.target.receiver.clone()).collect()
    };
    let all_busy = Exchange {
        busy: busy(&first),
        ..with_room(10)
    };
    assert_eq!(ask(&database, NOW_MS, &all_busy).assignments, []);
    assert_eq!(ask(&database, NOW_MS, &with_room(1)).assignments.len(), 1);

    // The attempts about the first event fail and wait for their retry. They do not block those
    // about the second event.
    let failed = Exchange {
        reports: first
            .assignments
            .iter()
            .map(|one| Report {
                target: one.target.clone(),
                request: String::new(),
                duration_ms: 1,
                outcome: answered(500),
            })
            .collect(),
        ..with_room(10)
    };
    let second = ask(&database, NOW_MS, &failed);
    assert_eq!(second.assignments.len(), 2);
    assert!(
        second.assignments[0].target.deliveries[0].delivery
            > first.assignments[0].target.deliveries[0].delivery
    );
    // A report that arrives twice counts once.
    ask(&database, NOW_MS, &failed);
    let receiver = &first.assignments[0].target.receiver;
    let webhook = receiver.webhook().unwrap();
    let number = first.assignments[0].target.deliveries[0].delivery;
    let delivery = outbox::find(&database, webhook, number).unwrap().unwrap();
    assert_eq!(delivery.attempts, 1);
}

#[test]
fn endpoints_that_hang_come_last_and_one_at_a_time() {
    let database = acme();
    for path in ["a", "b", "c"] {
        hook(
            &database,
            path,
            &json!({ "events": ["incident.published"] }),
        );
    }
    post("/incidents", outage()).ok(&database);
    let work = ask(&database, NOW_MS, &with_room(2));
    let reports = work.assignments.into_iter().map(|one| Report {
        target: one.target,
        request: String::new(),
        duration_ms: 15_000,
        outcome: Outcome::TimedOut,
    });
    let question = Exchange {
        reports: reports.collect(),
        ..with_room(10)
    };
    let first = ask(&database, NOW_MS, &question);
    assert_eq!(
        first.assignments.len(),
        1,
        "the others wait for their retry"
    );
    let work = ask(&database, NOW_MS + 60_000, &with_room(10));
    let hanging: Vec<bool> = work.assignments.iter().map(|one| one.is_hanging).collect();
    assert_eq!(hanging, [false, true]);
    assert_eq!(work.next_due_in_ms, Some(0));
}

#[test]
fn messages_are_deleted_after_30_days_and_with_redacted_texts() {
    let database = acme();
    hook(&database, "a", &json!({ "events": ["incident.published"] }));
    let mut named = outage();
    named["body"] = json!("Ask Jo Bloggs.");
    post("/incidents", named).ok(&database);
    post("/incidents", outage()).ok(&database);
    assert_eq!(sent(&database, NOW_MS).len(), 2);
    let redaction = post("/redact", json!({ "text": "Jo Bloggs" }));
    assert_eq!(redaction.ok(&database).0, 200);
    assert_eq!(
        (database.count("message"), database.count("delivery")),
        (1, 1)
    );
    let at = |days: i64| {
        let now = i64::try_from(NOW_MS / 1000).unwrap();
        notice::wire::time::Timestamp::from_seconds(now + days * 86_400)
    };
    outbox::prune(&database, at(30)).unwrap();
    assert_eq!(database.count("message"), 1);
    outbox::prune(&database, at(31)).unwrap();
    assert_eq!(
        (database.count("message"), database.count("delivery")),
        (0, 0)
    );
}
