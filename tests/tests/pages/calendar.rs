//! A maintenance window as a calendar file, read by two calendar libraries.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use e2e::{Answer, Site};
use icalendar::{Calendar, CalendarComponent, Component};
use serde_json::{Value, json};
use xtask::workspace;

/// A title with characters to escape, longer than one iCalendar line.
const TITLE: &str = "New servers; faster, too: back\\slash, Ümläute für alle, die es wissen wollen, und \u{1f6e0}\u{fe0f} für den Rest";

/// Reads a file with ical.js.
const READ: &str = "import ICAL from 'ical.js';
let text = '';
for await (const part of process.stdin) text += part;
const event = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent');
const value = name => String(event.getFirstPropertyValue(name));
console.log(JSON.stringify(Object.fromEntries(
    ['uid', 'sequence', 'dtstamp', 'last-modified', 'dtstart', 'dtend', 'summary', 'status', 'url'].map(name => [name, value(name)]))));";

/// The event of a file as ical.js reads it, after the `icalendar` crate has read the same file.
fn read(file: &Answer) -> Value {
    assert_eq!(file.status, 200);
    assert_eq!(
        file.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let text = file.text();
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", READ])
        .current_dir(workspace::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}");
    let event: Value = serde_json::from_slice(&output.stdout).unwrap();

    let calendar: Calendar = text.parse().unwrap();
    let [CalendarComponent::Event(other)] = calendar.components.as_slice() else {
        panic!("not one event: {text}");
    };
    for name in ["uid", "sequence", "status", "url"] {
        assert_eq!(
            other.property_value(&name.to_uppercase()),
            event[name].as_str(),
            "{name}"
        );
    }
    for name in ["dtstamp", "last-modified", "dtstart", "dtend"] {
        let plain = event[name].as_str().unwrap().replace(['-', ':'], "");
        assert_eq!(
            other.property_value(&name.to_uppercase()),
            Some(plain.as_str()),
            "{name}"
        );
    }
    event
}

/// Imports a file into a calendar with one entry, as RFC 5546 says: the higher SEQUENCE wins, then
/// the later DTSTAMP.
fn import_into_calendar(entry: &mut Value, file: &Answer) {
    let event = read(file);
    assert_eq!(
        event["uid"], entry["uid"],
        "the file is about the same entry"
    );
    let version = |event: &Value| {
        let sequence: u64 = event["sequence"].as_str().unwrap().parse().unwrap();
        (sequence, event["dtstamp"].as_str().unwrap().to_owned())
    };
    if version(&event) > version(entry) {
        *entry = event;
    }
}

#[test]
fn a_calendar_entry_is_updated_and_cancelled() {
    let site = Site::empty();
    let maintenance = site.publish(&json!({ "kind": "maintenance", "title": TITLE, "body": "We move.",
        "scheduled_for": "2099-03-01T22:00:00Z", "scheduled_until": "2099-03-01T23:30:00Z", "announce_from": e2e::in_minutes(-1) }));
    let url = site.feed().json["notices"][0]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{}.ics", url.strip_prefix(&site.server.url()).unwrap());
    let file = || site.server.get(&path);
    assert!(
        site.server
            .get(path.strip_suffix(".ics").unwrap())
            .text()
            .contains(&path),
        "the page links to it"
    );

    let mut entry = read(&file());
    assert_eq!(entry["uid"], format!("{maintenance}@127.0.0.1"));
    assert_eq!(entry["summary"], TITLE);
    assert_eq!(entry["status"], "CONFIRMED");
    assert_eq!(entry["url"], url);
    assert_eq!(
        (&entry["dtstart"], &entry["dtend"]),
        (
            &json!("2099-03-01T22:00:00Z"),
            &json!("2099-03-01T23:30:00Z")
        )
    );
    assert_eq!(entry["dtstamp"], entry["last-modified"]);

    // The maintenance is moved twice within one second, the second time to an earlier day.
    for (from, until) in [
        ("2099-03-02T01:00:00Z", "2099-03-02T02:00:00Z"),
        ("2099-02-20T03:00:00Z", "2099-02-20T04:00:00Z"),
    ] {
        let window = json!({ "scheduled_for": from, "scheduled_until": until });
        let request = site
            .server
            .request("PATCH", &site.path(&format!("/incidents/{maintenance}")));
        let request = request
            .token(&site.token)
            .header("if-match", "*")
            .json(&window);
        assert_eq!(request.send().unwrap().status, 200);
        import_into_calendar(&mut entry, &file());
        assert_eq!(
            (&entry["dtstart"], &entry["dtend"]),
            (&json!(from), &json!(until))
        );
    }
    let withdrawn = site.post(
        &format!("/incidents/{maintenance}/withdraw"),
        &json!({ "reason": "Not needed." }),
    );
    assert_eq!(withdrawn.status, 200);
    import_into_calendar(&mut entry, &file());
    assert_eq!(
        (&entry["status"], &entry["dtstart"]),
        (&json!("CANCELLED"), &json!("2099-02-20T03:00:00Z"))
    );
}

#[test]
fn only_a_published_maintenance_has_a_calendar_file() {
    let site = Site::empty();
    let planned = json!({ "kind": "maintenance", "title": "Upgrade", "body": "b",
        "scheduled_for": "2099-03-01T22:00:00Z", "scheduled_until": "2099-03-01T23:30:00Z" });
    let draft = {
        let mut draft = planned.clone();
        draft["draft"] = json!(true);
        draft
    };
    let drill = {
        let mut drill = planned.clone();
        drill["drill"] = json!(true);
        drill
    };
    let incident = json!({ "kind": "incident", "title": "Down", "impact": "major", "body": "b" });
    for (body, status) in [(planned, 200), (draft, 404), (drill, 404), (incident, 404)] {
        let id = site.publish(&body);
        let file = site.server.get(&format!("/s/acme/incidents/{id}.ics"));
        assert_eq!(file.status, status, "{body}");
    }
    assert_eq!(
        site.server.get("/s/acme/incidents/inc_none.ics").status,
        404
    );
}
