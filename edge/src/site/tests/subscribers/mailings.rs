//! Mailings: recipients, order, and failures.

use super::*;
use crate::storage::mailings::{count, due};
use notice::{
    notify::subscription::{IncidentRecipients, Recipients, SiteRecipients},
    wire::ids::IncidentId,
};

#[test]
fn the_end_is_mailed_whatever_notify_is() {
    let database = site();
    let incident = publish(&database, json!({ "impact": "minor", "notify": false }));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    subscribe(&database, "email=bob%40example.com&updates=all", NOW_MS);
    let body = json!({ "status": "resolved", "body": "b", "notify": false });
    update(&database, &incident, body, NOW_MS);
    let mails = send(&database, NOW_MS);
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
    assert_eq!(to, [ADA], "not the subscriber to the site");
}

#[test]
fn a_reopened_incident_is_mailed_and_its_end_again() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    assert_eq!(subjects(&database, NOW_MS).len(), 1);
    let reopened = NOW_MS + 23 * HOUR_MS;
    prune(&database, reopened);
    let body = json!({ "status": "investigating", "body": "It is back." });
    update(&database, &incident, body, reopened);
    let mails = send(&database, reopened);
    assert_eq!(
        mails[0].subject,
        "Not fixed yet: Messages are delayed · 07:00"
    );
    prune(&database, reopened + 2 * DAY_MS);
    resolve(&database, &incident, reopened + 2 * DAY_MS);
    let again = subjects(&database, reopened + 2 * DAY_MS);
    assert_eq!(again, ["Resolved: Messages are delayed · 07:00"]);
}

#[test]
fn a_withdrawal_is_mailed_with_its_reason() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    let etag = get(&format!("/incidents/{incident}"))
        .send(&database)
        .unwrap();
    let request = Request {
        if_match: etag.header("etag").map(str::to_owned),
        ..post(
            &format!("/incidents/{incident}/withdraw"),
            json!({ "reason": "A false alarm." }),
        )
    };
    assert_eq!(request.ok(&database).0, 200);
    let mails = send(&database, NOW_MS);
    assert_eq!(mails[0].subject, "Withdrawn: Messages are delayed · 08:00");
    assert!(
        mails[0].text.contains("A false alarm."),
        "{}",
        mails[0].text
    );
}

#[test]
fn the_explanation_is_for_those_who_asked_and_ends_it() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(
        &database,
        &format!("{}&explanation=1", to_incident(&incident)),
        NOW_MS,
    );
    let bob = format!("email=bob%40example.com&incident={incident}");
    subscribe(&database, &bob, NOW_MS);
    resolve(&database, &incident, NOW_MS);
    assert_eq!(send(&database, NOW_MS).len(), 2);
    prune(&database, NOW_MS + DAY_MS);
    assert_eq!(
        view(&database, NOW_MS)["confirmed"],
        1,
        "Bob's address is deleted"
    );
    let later = NOW_MS + 29 * DAY_MS;
    prune(&database, later);
    let postmortem = json!({
        "root_cause": "A full disk.", "remedy": "A larger disk.", "prevention": ["An alert."],
        "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T08:00:00Z" },
    });
    let request = Request {
        method: "PUT",
        ..post(&format!("/incidents/{incident}/postmortem"), postmortem)
    };
    let (status, answer) = request.at(later).ok(&database);
    assert_eq!(status, 200, "{answer}");
    prune(&database, later);
    let mails = send(&database, later);
    assert_eq!(mails.len(), 1, "a mail that waits is sent");
    assert_eq!(mails[0].subject, "What we learned: Messages are delayed");
    for part in ["A full disk.", "A larger disk.", "• An alert."] {
        assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
    }
    prune(&database, later);
    assert_eq!(database.count("subscriber"), 0);
}

#[test]
fn subscribers_to_the_site_get_what_they_chose() {
    let database = site();
    post("/components", json!({ "name": "Reports" })).ok(&database);
    for (name, choice) in [
        ("all", "updates=all"),
        ("ends", "updates=resolved"),
        ("maintenance", "maintenance=1"),
        ("sending", "updates=all&component=sending"),
        ("reports", "updates=all&component=reports"),
    ] {
        subscribe(
            &database,
            &format!("email={name}%40example.com&{choice}"),
            NOW_MS,
        );
    }
    let to = |now_ms| {
        let mut to: Vec<String> = send(&database, now_ms)
            .into_iter()
            .map(|mail| mail.to.address.trim_end_matches("@example.com").to_owned())
            .collect();
        to.sort();
        to
    };
    let incident = publish(&database, json!({}));
    assert_eq!(to(NOW_MS), ["all", "sending"]);
    resolve(&database, &incident, NOW_MS);
    assert_eq!(to(NOW_MS), ["all", "ends", "sending"]);
    let unlisted = publish(&database, json!({ "audience": { "listed": false } }));
    assert_eq!(to(NOW_MS), [""; 0]);
    resolve(&database, &unlisted, NOW_MS);
    let maintenance = json!({
        "kind": "maintenance", "title": "Upgrade", "body": "b", "components": [{ "id": "sending" }],
        "scheduled_for": "2026-11-22T08:00:00Z", "scheduled_until": "2026-11-22T09:00:00Z",
    });
    assert_eq!(post("/incidents", maintenance).ok(&database).0, 201);
    assert_eq!(to(NOW_MS), ["maintenance"]);
    assert_eq!(to(NOW_MS + DAY_MS), ["maintenance"], "started");
    assert_eq!(to(NOW_MS + DAY_MS + HOUR_MS), ["maintenance"], "completed");
}

#[test]
fn updates_within_three_minutes_are_merged_into_one_mail() {
    let database = site();
    subscribe(&database, &form("&updates=all"), NOW_MS);
    let incident = publish(&database, json!({}));
    assert_eq!(send(&database, NOW_MS).len(), 1);
    for (second, text) in [(30, "First."), (60, "Second.")] {
        let body = json!({ "status": "identified", "body": text, "notify": true });
        update(&database, &incident, body, NOW_MS + second * 1000);
    }
    assert_eq!(send(&database, NOW_MS + 179_000), []);
    let mails = send(&database, NOW_MS + 180_000);
    assert_eq!(mails.len(), 1);
    for part in ["First.", "Second."] {
        assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
    }
    assert!(
        !mails[0].text.contains("We are looking into it."),
        "{}",
        mails[0].text
    );
    assert_eq!(send(&database, NOW_MS + HOUR_MS), []);
}

#[test]
fn an_end_replaces_updates_that_wait() {
    let database = site();
    subscribe(&database, &form("&updates=all"), NOW_MS);
    let incident = publish(&database, json!({}));
    let body = json!({ "status": "identified", "body": "b" });
    update(&database, &incident, body, NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let sent = subjects(&database, NOW_MS + HOUR_MS);
    assert_eq!(sent, ["Resolved: Messages are delayed · 08:00"]);
}

#[test]
fn confirmations_and_ends_go_before_updates() {
    let database = site();
    let minor = publish(&database, json!({ "impact": "minor", "title": "Minor" }));
    let critical = publish(
        &database,
        json!({ "impact": "critical", "title": "Critical" }),
    );
    subscribe(&database, &form("&updates=all"), NOW_MS);
    let open = publish(&database, json!({ "impact": "critical", "title": "New" }));
    let body = |notify| json!({ "status": "resolved", "body": "b", "notify": notify });
    update(&database, &minor, body(true), NOW_MS);
    update(&database, &critical, body(true), NOW_MS);
    let asked = format!("email=bob%40example.com&incident={open}");
    ask(&database, &asked, NOW_MS);
    let order = subjects(&database, NOW_MS);
    let expected = [
        "Confirm your subscription: Acme SMS",
        "Resolved: Critical · 08:00",
        "Resolved: Minor · 08:00",
        "Critical problem: New · 08:00",
    ];
    assert_eq!(order, expected);
}

#[test]
fn mails_have_the_readers_language_and_one_thread() {
    let database = site();
    let german = json!({ "text": { "de": { "title": "Nachrichten kommen später" } } });
    let incident = publish(&database, german);
    let asked = format!("{}&lang=de-AT", to_incident(&incident));
    ask(&database, &asked, NOW_MS);
    let mail = send(&database, NOW_MS).remove(0);
    assert_eq!(mail.subject, "Bestätigen Sie Ihr Abo: Acme SMS");
    link(&database, &path_in(&mail, "confirm"), Some(""), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let first = send(&database, NOW_MS).remove(0);
    assert_eq!(first.subject, "Behoben: Nachrichten kommen später · 08:00");
    assert!(
        first.html.contains("<html lang=\"de\" dir=\"ltr\">"),
        "{}",
        first.html
    );
    assert!(first.text.contains("?lang=de"), "{}", first.text);
    assert!(
        first.text.contains("Alle Zeiten in Etc/UTC."),
        "{}",
        first.text
    );
    let body = json!({ "status": "monitoring", "body": "b" });
    update(&database, &incident, body, NOW_MS);
    let second = send(&database, NOW_MS).remove(0);
    assert_eq!(first.references, second.references);
    assert_ne!(first.id, second.id);
    assert!(
        first.references[0].starts_with(&incident),
        "{:?}",
        first.references
    );
}

#[test]
fn a_failure_is_repeated_with_the_same_id() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let first = send_with(&database, NOW_MS, Verdict::Temporary);
    assert_eq!(first.len(), 1);
    assert_eq!(send(&database, NOW_MS + 50_000), []);
    let second = send(&database, NOW_MS + 67_000);
    assert_eq!(second[0].id, first[0].id);
    assert_eq!(view(&database, NOW_MS)["mailings"][0]["sent"], 1);
}

#[test]
fn a_report_counts_once_and_a_lost_one_repeats_the_mail() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let first = assignments(&database, NOW_MS, Vec::new());
    let again = assignments(&database, NOW_MS, Vec::new());
    assert_eq!(
        mail_of(&first[0]).id,
        mail_of(&again[0]).id,
        "the crash of a courier"
    );
    let sent = || vec![report(&first[0], Verdict::Sent)];
    assert_eq!(assignments(&database, NOW_MS, sent()), []);
    assert_eq!(assignments(&database, NOW_MS, sent()), []);
    assert_eq!(view(&database, NOW_MS)["mailings"][0]["sent"], 1);
}

#[test]
fn a_bounce_deletes_the_address_and_stops_mail_to_it() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    send_with(&database, NOW_MS, Verdict::Bounced);
    assert_eq!(database.count("subscriber"), 0);
    let found = view(&database, NOW_MS);
    assert_eq!(
        (&found["suppressed"], &found["mailings"][0]["failed"]),
        (&json!(1), &json!(1))
    );
    let later = NOW_MS + 2 * HOUR_MS;
    assert_eq!(ask(&database, &form("&updates=all"), later).status, 202);
    assert_eq!(send(&database, later), []);
    let much_later = NOW_MS + 31 * DAY_MS;
    prune(&database, much_later);
    ask(&database, &form("&updates=all"), much_later);
    assert_eq!(send(&database, much_later).len(), 1);
}

#[test]
fn ten_thousand_mails_are_queued_in_one_write() {
    let database = site();
    let incident = publish(&database, json!({ "impact": "critical" }));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    database
        .script(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
             INSERT INTO subscriber (look_up, digest, sealed, language, updates, maintenance, components, confirmed_at)
             SELECT printf('%064d', i), printf('%064d', i), 'x', 'en', 'all', 1, '[]', 0 FROM n",
        )
        .unwrap();
    let id = IncidentId::parse(&incident).unwrap();
    let recipients = Recipients {
        site: SiteRecipients::OfEnds,
        incident: IncidentRecipients::All,
    };
    assert_eq!(count(&database, &id, recipients, &[]).unwrap(), 10_000);
    let before = database.operations.get();
    resolve(&database, &incident, NOW_MS);
    let operations = database.operations.get() - before;
    assert_eq!(view(&database, NOW_MS)["mailings"][0]["waiting"], 10_000);
    // Linear: some dozen operations of SQLite for each mail.
    assert!(operations < 3_000_000, "{operations}");
    let before = database.operations.get();
    let first = due(&database, timestamp(NOW_MS), &[], 3).unwrap();
    assert_eq!(first.len(), 3);
    let operations = database.operations.get() - before;
    assert!(operations < 20_000, "{operations}");
}
