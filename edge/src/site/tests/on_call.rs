//! On-call: receivers, escalation, quiet hours, and the events in the journal.

use notice::body::check::endpoint_url::Network;

use super::{backup::verify, days::Utc, *};
use crate::{
    rpc::outbox_call::{Assignment, Exchange, Outcome, Report, Work},
    site::{
        alarm::{catch_up, next_due, verify_nightly},
        dispatch::exchange,
        on_call::escalate,
        sender::Sender,
    },
};

pub const MINUTE_MS: u64 = 60_000;
const FROM: Sender<'_> = Sender {
    public_url: "https://status.example.com",
    network: Network::Public,
    mail_from: None,
    keeps_links: false,
};

/// A site with changed settings.
pub fn site_with(settings: Json) -> Database {
    let database = acme();
    change_site(&database, settings);
    database
}

pub fn change_site(database: &Database, settings: Json) {
    let etag = get("").send(database).unwrap();
    let request = Request {
        method: "PATCH",
        if_match: etag.header("etag").map(str::to_owned),
        ..post("", settings)
    };
    let (status, answer) = request.ok(database);
    assert_eq!(status, 200, "{answer}");
}

/// Settings with on-call targets of kind webhook, each with its name as the path of its URL.
pub fn targets(names: &[&str]) -> Json {
    let targets = names.iter().map(|name| {
        json!({ "kind": "webhook", "value": format!("https://hooks.example.com/{name}"), "name": name })
    });
    json!({ "on_call": targets.collect::<Vec<_>>() })
}

/// Publishes an incident whose update is due at 08:30; returns its path.
pub fn publish_promise(database: &Database) -> String {
    let mut incident = outage();
    incident["next_update_at"] = json!("2026-11-21T08:30:00Z");
    let (_, incident) = post("/incidents", incident).ok(database);
    format!("/incidents/{}", incident["id"].as_str().unwrap())
}

/// Sends reports as the courier does, and returns the work of the answer.
fn ask(database: &Database, now_ms: u64, reports: Vec<Report>) -> Work {
    let question = Exchange {
        reports,
        room: 8,
        room_for_hanging: 1,
        room_for_on_call: 4,
        ..Exchange::default()
    };
    exchange(database, &question, now_ms, FROM, &Utc).unwrap()
}

fn report(assignment: &Assignment, outcome: &Outcome) -> Report {
    Report {
        target: assignment.target.clone(),
        request: assignment.payload.body().to_owned(),
        duration_ms: 10,
        outcome: outcome.clone(),
    }
}

pub fn answered(status: u16) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: None,
        body: String::new(),
    }
}

/// Runs alarm and courier until nothing is due; each attempt has the outcome `outcome`. Returns the
/// bodies that were sent, each with the last part of its URL.
pub fn run(database: &Database, now_ms: u64, outcome: &Outcome) -> Vec<(String, Json)> {
    let mut sent = Vec::new();
    let mut reports = Vec::new();
    loop {
        catch_up(database, now_ms).unwrap();
        escalate::advance(database, now_ms).unwrap();
        let work = ask(database, now_ms, std::mem::take(&mut reports));
        let has_advanced = escalate::advance(database, now_ms).unwrap();
        let is_due = work.next_due_in_ms == Some(0);
        if work.assignments.is_empty() && !has_advanced && !is_due {
            return sent;
        }
        for assignment in work.assignments {
            let request = assignment.payload.request().unwrap();
            let body: Json = serde_json::from_str(&request.body).unwrap();
            let name = request.url.rsplit('/').next().unwrap();
            sent.push((name.to_owned(), body));
            reports.push(report(&assignment, outcome));
        }
    }
}

/// Sends all messages that are due `minute` minutes after 08:00; returns for each the target's name
/// and the event.
fn sent_in(database: &Database, minute: u64) -> Vec<(String, String)> {
    let sent = run(database, NOW_MS + minute * MINUTE_MS, &answered(204)).into_iter();
    sent.map(|(name, body)| (name, body["type"].as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn pair(name: &str, event: &str) -> (String, String) {
    (name.to_owned(), event.to_owned())
}

/// The events of the journal whose type begins with `begin`, oldest first.
pub fn events(database: &Database, begin: &str) -> Vec<Json> {
    let (_, journal) = get("/journal").ok(database);
    let items = journal["items"].as_array().unwrap().iter().rev();
    items
        .map(|item| item["event"].clone())
        .filter(|event| event["type"].as_str().unwrap().starts_with(begin))
        .collect()
}

/// The body of the answer to `GET …/on-call`.
pub fn on_call(database: &Database, now_ms: u64) -> Json {
    let (status, view) = get("/on-call").at(now_ms).ok(database);
    assert_eq!(status, 200, "{view}");
    view
}

#[test]
fn an_overdue_update_informs_then_pages_the_targets_in_order() {
    let database = site_with(targets(&["first", "second"]));
    publish_promise(&database);
    assert_eq!(sent_in(&database, 19), []);
    assert_eq!(sent_in(&database, 20), [pair("first", "promise.due")]);
    assert_eq!(sent_in(&database, 34), []);
    assert_eq!(sent_in(&database, 35), [pair("first", "promise.overdue")]);
    assert_eq!(sent_in(&database, 49), []);
    assert_eq!(
        sent_in(&database, 50),
        [pair("second", "promise.escalated")]
    );
    assert_eq!(sent_in(&database, 600), []);
    let rows = events(&database, "promise.");
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["promise.due", "promise.overdue", "promise.escalated"]
    );
    let rows = events(&database, "on_call.");
    let reached: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| {
            let message = &row["message"];
            let name = message["name"].as_str().unwrap();
            (name, message["urgency"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        reached,
        [("first", "inform"), ("first", "page"), ("second", "page")]
    );
    let view = on_call(&database, NOW_MS + 600 * MINUTE_MS);
    let escalation = &view["escalations"][0];
    assert_eq!(escalation["state"], "exhausted", "{view:#}");
    assert_eq!(escalation["pages"][1]["name"], "second");
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn the_first_target_is_paged_after_its_own_delay() {
    let mut settings = targets(&["first", "second"]);
    settings["on_call"][0]["after_minutes"] = json!(10);
    settings["on_call"][1]["after_minutes"] = json!(5);
    let database = site_with(settings);
    publish_promise(&database);
    sent_in(&database, 20);
    assert_eq!(sent_in(&database, 35), []);
    let stored = catch_up(&database, NOW_MS + 36 * MINUTE_MS).unwrap();
    let due = next_due(&database, &stored, NOW_MS + 36 * MINUTE_MS).unwrap();
    assert_eq!(due.to_string(), "2026-11-21T08:45:00Z", "the alarm's time");
    assert_eq!(sent_in(&database, 45), [pair("first", "promise.overdue")]);
    assert_eq!(
        sent_in(&database, 50),
        [pair("second", "promise.escalated")]
    );
}

#[test]
fn an_update_ends_the_escalation_and_drops_waiting_messages() {
    let database = site_with(targets(&["first", "second"]));
    let path = publish_promise(&database);
    // The update is posted before anybody was notified.
    catch_up(&database, NOW_MS + 35 * MINUTE_MS).unwrap();
    escalate::advance(&database, NOW_MS + 35 * MINUTE_MS).unwrap();
    let update = json!({ "body": "Still at it.", "next_update_at": "2026-11-21T12:00:00Z" });
    let posted = post(&format!("{path}/updates"), update).at(NOW_MS + 36 * MINUTE_MS);
    assert_eq!(posted.ok(&database).0, 201);
    assert_eq!(sent_in(&database, 37), []);
    assert_eq!(sent_in(&database, 60), []);
    let (_, list) = get("/on-call/deliveries").ok(&database);
    let states = list["items"].as_array().unwrap().iter();
    let states: Vec<&Json> = states.map(|item| &item["state"]).collect();
    assert_eq!(states, ["dropped", "dropped"], "{list:#}");
    assert_eq!(
        on_call(&database, NOW_MS)["escalations"][0]["state"],
        "kept"
    );
    assert_eq!(events(&database, "on_call."), [] as [Json; 0]);
}

#[test]
fn quiet_hours_delay_messages_that_inform_but_no_pages() {
    let mut settings = targets(&["first"]);
    settings["on_call_quiet_hours"] = json!({ "from": "08:00", "until": "08:32" });
    let database = site_with(settings.clone());
    publish_promise(&database);
    assert_eq!(sent_in(&database, 20), [], "held");
    // The update is due soon until 08:35, when it becomes overdue.
    assert_eq!(sent_in(&database, 32), [pair("first", "promise.due")]);

    settings["on_call_quiet_hours"] = json!({ "from": "08:00", "until": "09:00" });
    let database = site_with(settings);
    publish_promise(&database);
    assert_eq!(sent_in(&database, 20), [], "held");
    assert_eq!(
        sent_in(&database, 35),
        [pair("first", "promise.overdue")],
        "pages are sent at any hour"
    );
    assert_eq!(sent_in(&database, 60), [], "overdue meanwhile: dropped");
}

#[test]
fn a_held_message_about_a_missed_post_is_dropped_once_decided() {
    const MORNING: u64 = 4 * 24 * 60;
    for (decision, expected) in [
        (None, vec![pair("first", "site.post_held")]),
        (Some(json!({ "draft": false })), Vec::new()),
        (
            Some(json!({ "publish_at": "2026-11-27T08:00:00Z" })),
            Vec::new(),
        ),
    ] {
        let mut settings = targets(&["first"]);
        settings["on_call_quiet_hours"] = json!({ "from": "08:00", "until": "09:00" });
        let database = site_with(settings);
        let mut draft = outage();
        draft["publish_at"] = json!("2026-11-22T08:00:00Z");
        let (_, draft) = post("/incidents", draft).ok(&database);
        assert_eq!(sent_in(&database, MORNING + 20), [], "held");
        if let Some(change) = &decision {
            let path = format!("/incidents/{}", draft["id"].as_str().unwrap());
            let change = Request {
                method: "PATCH",
                if_match: Some("*".to_owned()),
                ..post(&path, change.clone())
            };
            let at = NOW_MS + (MORNING + 30) * MINUTE_MS;
            assert_eq!(change.at(at).ok(&database).0, 200);
        }
        assert_eq!(sent_in(&database, MORNING + 60), expected, "{decision:?}");
    }
}

#[test]
fn after_an_unreachable_target_the_next_is_paged_at_once() {
    let database = site_with(targets(&["first", "second"]));
    publish_promise(&database);
    sent_in(&database, 20);
    let overdue_ms = NOW_MS + 35 * MINUTE_MS;
    let mut sent = Vec::new();
    for second in 0..60 {
        let failing = run(&database, overdue_ms + second * 1000, &answered(500)).into_iter();
        sent.extend(failing.map(|(name, _)| name));
        if sent.contains(&"second".to_owned()) {
            break;
        }
    }
    assert_eq!(sent, ["first", "first", "first", "second"]);
    let rows = events(&database, "on_call.failed");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["message"]["name"], "first");
    assert_eq!(rows[0]["reason"], "The target answered 500.");
    let view = on_call(&database, overdue_ms);
    assert_eq!(view["escalations"][0]["pages"][0]["failed"], true);
    // Attempts go on: the first target is notified as soon as it can be reached.
    let later = run(&database, overdue_ms + 5 * MINUTE_MS, &answered(204));
    assert!(later.iter().any(|(name, _)| name == "first"), "{later:?}");
    let notified = events(&database, "on_call.notified");
    assert!(notified.iter().any(|row| row["message"]["name"] == "first"));
}

#[test]
fn without_mail_settings_an_address_is_not_reached() {
    let mut settings = targets(&["mail", "second"]);
    settings["on_call"][0] = json!({ "kind": "email", "value": "ada@example.com" });
    let database = site_with(settings);
    publish_promise(&database);
    assert_eq!(
        sent_in(&database, 20),
        [pair("second", "promise.due")],
        "the first that can be reached is informed"
    );
    assert_eq!(
        sent_in(&database, 35),
        [pair("second", "promise.escalated")]
    );
    let rows = events(&database, "on_call.failed");
    assert_eq!(rows[0]["message"]["kind"], "email");
    assert_eq!(rows[0]["message"]["name"], "ada@example.com");
}

#[test]
fn an_imported_overdue_update_pages_nobody() {
    let source = site_with(targets(&["first"]));
    publish_promise(&source);
    let overdue_ms = NOW_MS + 35 * MINUTE_MS;
    run(&source, overdue_ms, &answered(204));
    let file = get("/export").at(overdue_ms).send(&source).unwrap().body;
    let copy = Database::new();
    new_site().ok(&copy);
    let import = post("/import", Json::String(file)).at(overdue_ms);
    assert_eq!(import.ok(&copy).0, 200);
    assert_eq!(events(&copy, "promise.overdue").len(), 1);
    for table in ["message", "on_call_delivery", "escalation"] {
        assert_eq!(copy.count(table), 0, "{table}");
    }
    assert_eq!(sent_in(&copy, 36), []);
    assert_eq!(sent_in(&copy, 600), []);
}

#[test]
fn webhooks_get_every_reminder_and_chats_none() {
    let database = site_with(targets(&["first", "second"]));
    for (path, format) in [("hook", "standard"), ("chat", "slack")] {
        let url = format!("https://hooks.example.com/{path}");
        let body = json!({ "url": url, "format": format,
            "events": ["promise.due", "promise.overdue", "promise.escalated"] });
        assert_eq!(post("/webhooks", body).ok(&database).0, 201);
    }
    publish_promise(&database);
    let mut sent = Vec::new();
    for minute in [20, 35, 50] {
        sent.extend(sent_in(&database, minute));
    }
    let own: Vec<&str> = sent
        .iter()
        .filter(|(name, _)| name == "hook" || name == "chat")
        .map(|(_, event)| event.as_str())
        .collect();
    assert_eq!(own, ["promise.due", "promise.overdue", "promise.escalated"]);
}

#[test]
fn a_disabled_webhook_informs_the_first_target() {
    let database = site_with(targets(&["first"]));
    let hook = json!({ "url": "https://hooks.example.com/hook", "events": ["incident.published"] });
    assert_eq!(post("/webhooks", hook).ok(&database).0, 201);
    post("/incidents", outage()).ok(&database);
    let attempt = ask(&database, NOW_MS, Vec::new()).assignments.remove(0);
    let work = ask(&database, NOW_MS, vec![report(&attempt, &answered(410))]);
    let request = work.assignments[0].payload.request().unwrap();
    assert!(request.url.ends_with("/first"), "{}", request.url);
    let body: Json = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["type"], "webhook.disabled");
    assert_eq!(body["data"]["on_call"]["urgency"], "inform");
}

#[test]
fn drills_and_removed_targets_are_not_notified() {
    let database = site_with(targets(&["first"]));
    let mut drill = outage();
    drill["drill"] = json!(true);
    drill["next_update_at"] = json!("2026-11-21T08:30:00Z");
    post("/incidents", drill.clone()).ok(&database);
    assert_eq!(sent_in(&database, 90), []);

    let database = site_with(targets(&["first"]));
    drill["notify"] = json!(true);
    post("/incidents", drill).ok(&database);
    assert_eq!(sent_in(&database, 20), [pair("first", "promise.due")]);
    let page = run(&database, NOW_MS + 35 * MINUTE_MS, &answered(204)).remove(0);
    let subject = &page.1["data"]["on_call"]["subject"];
    assert_eq!(subject, "Drill: Update overdue: Messages are delayed");

    let database = site_with(targets(&["first"]));
    publish_promise(&database);
    catch_up(&database, NOW_MS + 20 * MINUTE_MS).unwrap();
    change_site(&database, targets(&["other"]));
    assert_eq!(sent_in(&database, 21), [], "the target was removed");
    assert_eq!(sent_in(&database, 35), [pair("other", "promise.overdue")]);
}

#[test]
fn a_report_that_is_lost_or_comes_twice_counts_once() {
    let database = site_with(targets(&["first"]));
    publish_promise(&database);
    let now_ms = NOW_MS + 20 * MINUTE_MS;
    catch_up(&database, now_ms).unwrap();
    let first = ask(&database, now_ms, Vec::new());
    // The courier has crashed: the same message is assigned again.
    let again = ask(&database, now_ms, Vec::new());
    let message = |work: &Work| work.assignments[0].target.clone();
    assert_eq!(message(&first), message(&again));
    let reports = || vec![report(&first.assignments[0], &answered(204))];
    ask(&database, now_ms, reports());
    ask(&database, now_ms, reports());
    assert_eq!(events(&database, "on_call.notified").len(), 1);
}

#[test]
fn an_unused_session_is_announced_once_per_use() {
    let database = site_with(targets(&["first"]));
    let invitation = json!({ "role": "editor", "name": "Ada's phone" });
    let (_, invited) = post("/invitations", invitation).ok(&database);
    let body = json!({ "invitation": invited["invitation"] });
    let redeem = Request {
        credential: Credential::Nobody,
        ..post("/invitations/redeem", body)
    };
    let (_, session) = redeem.ok(&database);
    let nights = |from: u64, until: u64| -> Vec<(String, String)> {
        let mut sent = Vec::new();
        for day in from..until {
            let now_ms = NOW_MS + day * 24 * HOUR_MS;
            let stored = catch_up(&database, now_ms).unwrap();
            // Runs no slice of the verification, so that it is due again the next night.
            verify_nightly(&database, Some(&stored), now_ms).unwrap();
            sent.extend(sent_in(&database, day * 24 * 60));
        }
        sent
    };
    assert_eq!(nights(1, 60), []);
    assert_eq!(nights(61, 70), [pair("first", "session.unused")]);
    let token = session["token"].as_str().unwrap();
    let used = as_token(token, get("")).at(NOW_MS + 70 * 24 * HOUR_MS);
    assert_eq!(used.ok(&database).0, 200);
    assert_eq!(nights(71, 129), []);
    assert_eq!(nights(131, 140), [pair("first", "session.unused")]);
}
