//! Events caused by time alone, on real workerd with real alarms, while nobody reads a feed.
//!
//! The tests read the journal, because reading it does not apply due transitions: a row by the
//! actor `alarm` was written by the alarm.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use e2e::{ROOT_TOKEN, Server, Site};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

/// Time limit for an alarm that is due within seconds.
const ALARM_TIMEOUT: Duration = Duration::from_secs(120);
/// Greatest delay of an alarm's row after its due time, in seconds.
const LATE_S: i64 = 30;
const DAY_S: i64 = 86_400;

/// The server's time, this many seconds from now.
fn in_seconds(seconds: i64) -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_seconds(i64::try_from(since_epoch.as_secs()).unwrap()).plus_seconds(seconds)
}

/// A site whose feed nobody reads. The harness waits for the health check, which reads the feed of
/// the site that is first by name; therefore a site `aaa` is created as well.
fn site_without_readers(components: &[&str]) -> Site {
    let site = Site::new("acme", "Acme SMS", components);
    let first = json!({ "slug": "aaa", "name": "First" });
    site.server.create_site(&first);
    site
}

/// The alarm's rows, oldest first: the event's type, its time, and the status of its update.
fn alarm_rows(site: &Site) -> Vec<(String, Timestamp, Value)> {
    let journal = site.path("/journal?limit=100");
    let journal = site.server.get_as(&site.token, &journal).json;
    let mut rows: Vec<_> = journal["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["row"]["actor"] == "alarm")
        .map(|item| {
            let at = Timestamp::parse(item["row"]["at"].as_str().unwrap()).unwrap();
            let status = item["event"]["update"]["status"].clone();
            (item["row"]["type"].as_str().unwrap().to_owned(), at, status)
        })
        .collect();
    rows.reverse();
    rows
}

/// Waits until the alarm has written this many rows.
#[track_caller]
fn wait_for_rows(site: &Site, count: usize) -> Vec<(String, Timestamp, Value)> {
    let deadline = Instant::now() + ALARM_TIMEOUT;
    loop {
        let rows = alarm_rows(site);
        if rows.len() >= count {
            return rows;
        }
        assert!(
            Instant::now() < deadline,
            "waited {ALARM_TIMEOUT:?} for {count} rows; there are {rows:?}\n{}",
            site.server.log()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_alarm_that_is_overdue_at_a_restart_fires() {
    let mut site = site_without_readers(&[]);
    site.publish(&announcement(in_seconds(3600), None));
    // The server's clock is now two hours later. The stored alarm still waits for an hour of the machine's clock.
    site.server.restart_with_clock_offset(7200);
    let rows = wait_for_rows(&site, 1);
    assert_eq!(rows[0].0, "incident.published");
}

fn announcement(publish_at: Timestamp, until: Option<Timestamp>) -> Value {
    json!({ "kind": "announcement", "title": "New terms", "body": "They change.",
        "publish_at": publish_at, "announce_until": until })
}

#[test]
fn scheduled_announcements_publish_and_end_by_alarm() {
    let site = site_without_readers(&[]);
    let (publish_at, until) = (in_seconds(6), in_seconds(9));
    let id = site.publish(&announcement(publish_at, Some(until)));
    let rows = wait_for_rows(&site, 2);
    let kinds: Vec<&str> = rows.iter().map(|(kind, _, _)| kind.as_str()).collect();
    assert_eq!(kinds[0], "incident.published");
    assert_eq!(
        (kinds[1], &rows[1].2),
        ("incident.updated", &json!("ended"))
    );
    for ((_, at, _), due) in rows.iter().zip([publish_at, until]) {
        let late = at.seconds() - due.seconds();
        assert!((0..LATE_S).contains(&late), "{late} s late");
    }
    assert_eq!(site.incident(&id)["status"], "ended");
}

#[test]
fn maintenance_starts_and_ends_by_alarm() {
    let site = site_without_readers(&["Sending"]);
    let (from, until) = (in_seconds(6), in_seconds(9));
    let id = site.publish(&json!({
        "kind": "maintenance", "title": "Database upgrade", "body": "Sending pauses.", "components": [{ "id": "sending" }],
        "scheduled_for": from, "scheduled_until": until
    }));
    let statuses: Vec<Value> = wait_for_rows(&site, 3)
        .into_iter()
        .filter(|(kind, _, _)| kind == "incident.updated")
        .map(|(_, _, status)| status)
        .collect();
    assert_eq!(statuses, ["in_progress", "completed"]);
    let incident = site.incident(&id);
    assert_eq!(incident["status"], "completed");
    assert_eq!(incident["components"][0]["status"], "operational");
}

#[test]
fn maintenance_is_announced_and_becomes_a_bar_15_min_before() {
    let site = site_without_readers(&["Sending"]);
    let announce_from = in_seconds(6);
    let imminent_at = in_seconds(9);
    let id = site.publish(&json!({
        "kind": "maintenance", "title": "Database upgrade", "body": "Sending pauses.", "components": [{ "id": "sending" }],
        "announce_from": announce_from, "scheduled_for": imminent_at.plus_seconds(15 * 60),
        "scheduled_until": imminent_at.plus_seconds(30 * 60)
    }));
    assert_eq!(
        site.feed().json["notices"],
        json!([]),
        "the notice is not announced yet"
    );
    let rows = wait_for_rows(&site, 2);
    for ((kind, at, _), (expected, due)) in rows.iter().zip([
        ("notice.announced", announce_from),
        ("notice.imminent", imminent_at),
    ]) {
        assert_eq!(kind, expected, "{rows:?}");
        let late = at.seconds() - due.seconds();
        assert!((0..LATE_S).contains(&late), "{kind} {late} s late");
    }
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(
        (&notice["id"], &notice["status"]),
        (&json!(id), &json!("scheduled"))
    );
    assert_eq!(
        notice["in_app"], "bar",
        "a bar in the last 15 min before the start"
    );
    assert_eq!(site.incident(&id)["components"][0]["status"], "operational");
}

#[test]
fn an_overdue_promise_reminds_on_call_and_keeps_the_feed() {
    let site = site_without_readers(&[]);
    let path = site.path("");
    let tag = site.server.get_as(&site.token, &path);
    let settings = json!({ "overdue_after_s": 2, "on_call": [
        { "kind": "email", "value": "first@example.com" },
        { "kind": "webhook", "value": "https://hooks.example.com/second", "after_minutes": 0 }
    ] });
    let request = site.server.request("PATCH", &path).token(&site.token);
    let request = request.header("if-match", tag.header("etag").unwrap());
    let patched = request.json(&settings).send().unwrap();
    assert_eq!(patched.status, 200, "{}", patched.text());
    let promised_at = in_seconds(6);
    let id = site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "next_update_at": promised_at
    }));
    let before = site.feed().json;
    let rows = wait_for_rows(&site, 3);
    for ((kind, at, _), (expected, due)) in rows.iter().zip([
        ("promise.due", promised_at),
        ("promise.overdue", promised_at.plus_seconds(2)),
        ("promise.escalated", promised_at.plus_seconds(2)),
    ]) {
        assert_eq!(kind, expected, "{rows:?}");
        let late = at.seconds() - due.seconds();
        assert!((0..LATE_S).contains(&late), "{kind} {late} s late");
    }
    let after = site.feed().json;
    assert_eq!(after["rev"], before["rev"], "nothing changes for readers");
    assert_eq!(after["notices"][0]["id"], json!(id));
    assert_eq!(after["notices"][0]["next_update_at"], json!(promised_at));

    let listed = site.get("/on-call/deliveries").json;
    let mut sent: Vec<(&str, &str)> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let to = item["name"].as_str().unwrap();
            (item["event"].as_str().unwrap(), to)
        })
        .collect();
    sent.reverse();
    // This server has no mail settings, so it cannot reach the first target: the second target gets
    // the reminder too, and is paged at once.
    let (first, second) = ("first@example.com", "Webhook (hooks.example.com)");
    let expected = [
        ("promise.due", first),
        ("promise.due", second),
        ("promise.overdue", first),
        ("promise.escalated", second),
    ];
    assert_eq!(sent, expected, "each once");
}

#[test]
fn events_due_during_downtime_run_once_in_order() {
    let mut site = site_without_readers(&["Sending"]);
    let later = site.publish(&announcement(in_seconds(3600), Some(in_seconds(7200))));
    let sooner = site.publish(&announcement(in_seconds(1800), Some(in_seconds(5400))));
    site.server.kill();
    site.server.start_again();
    assert_eq!(alarm_rows(&site), [], "nothing is due yet");
    // A day passes.
    site.server.restart_with_clock_offset(DAY_S);
    wait_for_rows(&site, 4);
    site.server.kill();
    site.server.start_again();
    site.feed();
    let journal = site.server.get_as(&site.token, &site.path("/journal")).json;
    let mut events: Vec<(Value, Value)> = journal["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["row"]["actor"] == "alarm")
        .map(|item| {
            (
                item["row"]["type"].clone(),
                item["event"]["incident"].clone(),
            )
        })
        .collect();
    events.reverse();
    let (sooner, later) = (json!(sooner), json!(later));
    let (published, updated) = (json!("incident.published"), json!("incident.updated"));
    let expected = [
        (published.clone(), sooner.clone()),
        (published, later.clone()),
        (updated.clone(), sooner),
        (updated, later),
    ];
    assert_eq!(events[..4], expected, "{events:?}");
    // Both ended at the same time, so their notices expire together, each once.
    let mut expired: Vec<_> = events[4..].to_vec();
    expired.dedup();
    assert_eq!((events.len(), expired.len()), (6, 2), "{events:?}");
    assert!(expired.iter().all(|(kind, _)| kind == "notice.expired"));
    let verified = site.server.get_as(&site.token, &site.path("/verify")).json;
    assert_eq!(verified["ok"], true, "{verified}");
}

#[test]
fn an_alarm_due_during_downtime_fires_after_the_restart() {
    let mut site = site_without_readers(&[]);
    let due = in_seconds(2);
    site.publish(&announcement(due, None));
    site.server.kill();
    // The machine's clock passes the alarm's time while no server runs.
    while in_seconds(0) <= due {
        thread::sleep(Duration::from_millis(50));
    }
    site.server.start_again();
    let rows = wait_for_rows(&site, 1);
    assert_eq!(rows[0].0, "incident.published");
    assert_eq!(rows.len(), 1, "once");
}

#[test]
fn a_restored_notice_expires_by_alarm() {
    let mut site = site_without_readers(&[]);
    let id =
        site.publish(&json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b" }));
    site.update(&id, &json!({ "body": "Done.", "status": "resolved" }));
    assert_eq!(site.feed().json["notices"][0]["kind"], "restored");
    site.server.restart_with_clock_offset(3 * DAY_S + 60);
    // Any request to the object makes the overdue alarm fire. This one reads no feed.
    let unknown = site.path("/incidents/inc_none");
    assert_eq!(site.server.get_as(&site.token, &unknown).status, 404);
    let rows = wait_for_rows(&site, 1);
    assert_eq!(rows[0].0, "notice.expired");
    assert_eq!(site.feed().json["notices"], json!([]));
}

#[test]
fn nightly_verification_logs_a_tampered_database() {
    let mut site = site_without_readers(&["Sending"]);
    site.publish(&json!({ "kind": "announcement", "title": "t", "body": "b" }));
    // An orderly shutdown writes everything into the database file itself.
    site.server.restart();
    site.server.kill();
    tamper(&site.server);
    site.server.start_again();
    let verified = site.server.get_as(&site.token, &site.path("/verify")).json;
    assert_eq!(verified["ok"], false, "{verified}");
    assert!(!site.server.log().contains("\"route\":\"verify\""));
    site.server.restart_with_clock_offset(DAY_S + 60);
    site.feed();
    let deadline = Instant::now() + ALARM_TIMEOUT;
    while !site
        .server
        .log()
        .contains("\"fault\":\"the journal and its projections differ")
    {
        assert!(Instant::now() < deadline, "{}", site.server.log());
        thread::sleep(Duration::from_millis(50));
    }
}

/// Fills 33 MB of the journal.
fn fill_journal(site: &Site) {
    let tags: Vec<String> = ('a'..='z').map(|letter| format!("a{letter}")).collect();
    site.change_settings(&json!({ "languages": tags }));
    let incident = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
    let path = format!("/incidents/{}", site.publish(&incident));
    let list = vec!["x".repeat(200); 20];
    let texts = json!({ "title": "t", "works": list, "broken": list,
        "restored": { "back": list, "still": list } });
    for _ in 0..3 {
        for tag in &tags[1..] {
            site.patch(&path, &json!({ "text": { tag: null } }));
            site.patch(&path, &json!({ "text": { tag: texts } }));
        }
    }
}

#[test]
fn a_reminder_is_on_time_while_the_verification_waits() {
    let mut site = site_without_readers(&[]);
    let created = site.get("").json["created_at"].clone();
    let verification = Timestamp::parse(created.as_str().unwrap())
        .unwrap()
        .plus_seconds(DAY_S);
    let reminder = verification.plus_seconds(20);
    fill_journal(&site);
    // The reminder comes 10 min before the promised time.
    let promised = reminder.plus_seconds(600).to_string();
    site.publish(
        &json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b",
        "next_update_at": promised }),
    );
    let offset_s = verification.seconds() - 10 - in_seconds(0).seconds();
    site.server.restart_with_clock_offset(offset_s);
    // A client that reads nothing of its export. The verification waits until the export is given up, after a minute.
    let mut client = TcpStream::connect(site.server.url().replace("http://", "")).unwrap();
    let (path, token) = (site.path("/export"), &site.token);
    write!(
        client,
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n"
    )
    .unwrap();
    let deadline = Instant::now() + ALARM_TIMEOUT;
    let newest = loop {
        let newest = site.get("/journal?limit=1").json["items"][0]["row"].clone();
        if newest["type"] == "promise.due" {
            break newest;
        }
        assert!(Instant::now() < deadline, "{}", site.server.log());
        thread::sleep(Duration::from_millis(50));
    };
    let at = Timestamp::parse(newest["at"].as_str().unwrap()).unwrap();
    let late_s = at.seconds() - reminder.seconds();
    assert!((0..10).contains(&late_s), "{late_s} s late");
    drop(client);
}

/// Changes one word everywhere in the site's database on disk, in the journal too.
fn tamper(server: &Server) {
    let (word, other) = (b"Sending", b"Sinking");
    let mut changed = 0;
    for entry in fs::read_dir(server.data().join("allclear-site")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len().saturating_sub(word.len()) {
            let place = &mut bytes[at..at + word.len()];
            if place == word {
                place.copy_from_slice(other);
                changed += 1;
            }
        }
        fs::write(&path, bytes).unwrap();
    }
    assert!(changed > 0, "the database does not contain the word");
}

#[test]
fn the_alarm_of_a_deleted_site_logs_nothing() {
    let mut site = site_without_readers(&[]);
    let due = in_seconds(2);
    site.publish(&announcement(due, None));
    let path = site.path("");
    let request = site.server.request("DELETE", &path).token(ROOT_TOKEN);
    assert_eq!(request.send().unwrap().status, 204);
    site.server.restart();
    assert_eq!(site.feed().status, 404);
    // Nothing will happen, so the test can only wait for the time to pass.
    while in_seconds(0) <= due {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(
        site.server.log(),
        "",
        "the alarm does not fail on deleted tables"
    );
}
