//! Limits of request bodies: the maximum is accepted, and one more is rejected with a pointer to the field.

#![cfg(test)]

mod bodies;
mod site;

use bodies::{Body, LATER, START, TEXTS, open_incident, set};
use notice::{limits, rejection::Rejection, wire::ids::IncidentId};
use serde_json::{Value, json};
use site::TestSite;

/// A text of `count` characters with three bytes each, because limits count characters.
fn text(count: usize) -> Value {
    json!("字".repeat(count))
}

fn list(count: usize, entry: impl Fn(usize) -> Value) -> Value {
    (0..count).map(entry).collect()
}

/// Checks that the value of size `most` is accepted at `pointer`, and that one of size `most + 1`
/// is rejected with an error at `error_pointer`. `fill` returns the value of a size.
#[track_caller]
fn check(
    body: Body,
    pointer: &str,
    error_pointer: &str,
    most: usize,
    fill: impl Fn(usize) -> Value,
) {
    let sent = |count: usize| {
        let mut site = TestSite::new();
        let mut filled = body.minimal();
        set(&mut filled, pointer, fill(count));
        body.send(&mut site, &filled)
    };
    let within = sent(most);
    assert!(within.is_ok(), "{body:?} {pointer}: {within:?}");
    match sent(most + 1) {
        Err(Rejection::Fields(errors)) => {
            let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(pointers, [error_pointer], "{body:?} {pointer}");
        }
        other => panic!("{body:?} {pointer}, one past {most}: {other:?}"),
    }
}

#[test]
fn text_lengths_are_limited() {
    for &(body, pointer, most) in TEXTS {
        check(body, pointer, pointer, most, |count| {
            // A component's name needs a letter from which its slug can be derived.
            match (body, pointer) {
                (Body::Component, "/name") => json!(format!("ab{}", "字".repeat(count - 2))),
                _ => text(count),
            }
        });
    }
}

#[test]
fn lists_and_their_entries_are_limited() {
    let one = |count: usize| json!([text(count)]);
    let lines = |count: usize| list(count, |_| json!("x"));
    for (body, pointer) in [
        (Body::Incident, "/works"),
        (Body::Incident, "/broken"),
        (Body::Update, "/works"),
        (Body::Update, "/broken"),
        (Body::Incident, "/text/de/works"),
        (Body::Resolved, "/restored/back"),
        (Body::Resolved, "/restored/still"),
        (Body::Template, "/works"),
        (Body::Template, "/broken"),
    ] {
        let entry = format!("{pointer}/0");
        check(body, pointer, &entry, limits::LIST_ENTRY, one);
        check(body, pointer, pointer, limits::LIST, lines);
    }
    let prevention = "/prevention";
    check(
        Body::Postmortem,
        prevention,
        prevention,
        limits::LIST,
        lines,
    );
    check(
        Body::Postmortem,
        prevention,
        "/prevention/0",
        limits::ADVICE,
        one,
    );
}

#[test]
fn contacts_and_audiences_are_limited() {
    let link = |label: Value, count: usize| {
        let start = "https://example.com/";
        let value = format!("{start}{}", "x".repeat(count - start.len()));
        json!([{ "kind": "link", "label": label, "value": value }])
    };
    for body in [Body::Site, Body::Incident] {
        let contact = |_| json!({ "kind": "phone", "label": "Support", "value": "123" });
        check(body, "/contacts", "/contacts", limits::CONTACTS, |count| {
            list(count, contact)
        });
        check(
            body,
            "/contacts",
            "/contacts/0/label",
            limits::NAME,
            |count| link(text(count), 30),
        );
        check(
            body,
            "/contacts",
            "/contacts/0/value",
            limits::VALUE,
            |count| link(json!("x"), count),
        );
    }
    let paths = |count: usize| list(count, |number| json!(format!("/p{number}")));
    check(
        Body::Incident,
        "/audience/paths",
        "/audience/paths",
        limits::PATHS,
        paths,
    );
    let long = |count: usize| json!([format!("/{}", "x".repeat(count - 1))]);
    check(
        Body::Incident,
        "/audience/paths",
        "/audience/paths/0",
        limits::PATH,
        long,
    );
    // A star that is a whole path segment does not count.
    let stars = |count: usize| json!([format!("/*/{}/*", "*a".repeat(count))]);
    check(
        Body::Incident,
        "/audience/paths",
        "/audience/paths/0",
        limits::PATH_STARS,
        stars,
    );
    let across = |count: usize| json!([format!("/**{}", "/a/***".repeat(count - 1))]);
    check(
        Body::Incident,
        "/audience/paths",
        "/audience/paths/0",
        limits::PATH_STARS,
        across,
    );
    let segment = |number: usize| json!({ "slug": format!("s{number}"), "label": "S" });
    check(
        Body::Site,
        "/segments",
        "/segments",
        limits::SEGMENTS,
        |count| list(count, segment),
    );
    let labelled = |count: usize| json!([{ "slug": "eu", "label": text(count) }]);
    check(
        Body::Site,
        "/segments",
        "/segments/0/label",
        limits::NAME,
        labelled,
    );
}

#[test]
fn site_and_component_settings_are_limited() {
    let language = |number: usize| {
        let letter = |place: usize| char::from(b'a' + u8::try_from(place % 26).unwrap());
        json!(format!("{}{}", letter(number / 26), letter(number)))
    };
    check(
        Body::Site,
        "/languages",
        "/languages",
        limits::LANGUAGES,
        |count| list(count, language),
    );
    let host = |number: usize| json!(format!("h{number}.example.com"));
    check(
        Body::Site,
        "/hostnames",
        "/hostnames",
        limits::HOSTNAMES,
        |count| list(count, host),
    );
    let target = |_| json!({ "kind": "email", "value": "a@example.com" });
    check(
        Body::Site,
        "/on_call",
        "/on_call",
        limits::ON_CALL,
        |count| list(count, target),
    );
    let minutes = |count: usize| json!([{ "kind": "email", "value": "a@example.com", "after_minutes": count }]);
    let most = limits::AFTER_MINUTES as usize;
    check(
        Body::Site,
        "/on_call",
        "/on_call/0/after_minutes",
        most,
        minutes,
    );
    for (body, pointer, most) in [
        (Body::Site, "/overdue_after_s", limits::OVERDUE_AFTER_S),
        (Body::Incident, "/cadence_s", limits::CADENCE_MOST_S),
        (
            Body::Template,
            "/next_update_minutes",
            limits::NEXT_UPDATE_MINUTES,
        ),
    ] {
        check(body, pointer, pointer, most as usize, |count| json!(count));
    }
    // Minimums: the minimum is accepted, one less is rejected.
    let minimal = limits::CADENCE_LEAST_S as usize;
    check(Body::Incident, "/cadence_s", "/cadence_s", 0, |past| {
        json!(minimal - past)
    });
    check(Body::Component, "/tier", "/tier", 3, |tier| json!(tier));
    check(Body::Component, "/tier", "/tier", 0, |past| json!(1 - past));
    let restored = |count: usize| json!({ "returning_s": count, "everyone_s": 0 });
    let most = limits::RESTORED_S as usize;
    check(
        Body::Site,
        "/restored",
        "/restored/returning_s",
        most,
        restored,
    );
    let cadence = |count: usize| json!({ "tier_1_s": 60, "tier_2_s": 60, "tier_3_s": count });
    let most = limits::CADENCE_MOST_S as usize;
    check(Body::Site, "/cadence", "/cadence/tier_3_s", most, cadence);
}

#[track_caller]
fn assert_limit_reached(result: Result<(), Rejection>) {
    assert!(
        matches!(result, Err(Rejection::LimitReached(_))),
        "{result:?}"
    );
}

#[test]
fn numbers_of_resources_are_limited() {
    let mut site = TestSite::new();
    while site.state.components.len() < limits::COMPONENTS {
        Body::Component
            .send(&mut site, &json!({ "name": "C" }))
            .unwrap();
        // `send` also creates an incident each time, which this test does not need.
        site.state.incidents.clear();
    }
    assert_limit_reached(Body::Component.send(&mut site, &json!({ "name": "C" })));
    let named = |count: usize| {
        let components = site.state.components.iter().take(count);
        let named = components.map(|component| json!({ "id": component.id }));
        json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b", "components": named.collect::<Value>() })
    };
    let (within, past) = (
        named(limits::INCIDENT_COMPONENTS),
        named(limits::INCIDENT_COMPONENTS + 1),
    );
    Body::Incident.send(&mut site, &within).unwrap();
    assert!(matches!(
        Body::Incident.send(&mut site, &past),
        Err(Rejection::Fields(_))
    ));

    let mut site = TestSite::new();
    while site.state.templates.len() < limits::TEMPLATES {
        Body::Template
            .send(&mut site, &json!({ "name": "T" }))
            .unwrap();
    }
    assert_limit_reached(Body::Template.send(&mut site, &json!({ "name": "T" })));

    let mut site = TestSite::new();
    let incident = open_incident(&mut site);
    while site.incident(&incident).updates.len() < limits::UPDATES {
        site.update(&incident, json!({ "body": "b" }));
    }
    assert_limit_reached(site.try_update(&incident, json!({ "body": "b" })));

    let mut site = TestSite::new();
    let others: Vec<IncidentId> = (0..=limits::RELATED)
        .map(|_| open_incident(&mut site))
        .collect();
    let related = |count: usize| {
        let mut body = Body::Incident.minimal();
        body["related"] = json!(others[..count]);
        body
    };
    Body::Incident
        .send(&mut site, &related(limits::RELATED))
        .unwrap();
    let past = Body::Incident.send(&mut site, &related(limits::RELATED + 1));
    assert!(matches!(past, Err(Rejection::Fields(_))));
}

#[test]
fn blank_multiline_and_inconsistent_values_are_rejected() {
    for (body, pointer, value) in [
        (Body::Incident, "/title", "  "),
        (Body::Incident, "/title", "one\ntwo"),
        (Body::Incident, "/title", "bell\u{7}"),
        (Body::Incident, "/body", "\n\t "),
        (Body::Update, "/body", ""),
        (Body::Component, "/name", ""),
        (Body::Site, "/name", "\u{0}"),
        (Body::Template, "/name", "a\r\nb"),
        (Body::Withdrawal, "/reason", " "),
        (Body::Maintenance, "/announce_from", "2026-11-23T08:00:00Z"),
        (Body::Maintenance, "/scheduled_until", LATER),
        (Body::Maintenance, "/impact", "major"),
        (Body::Incident, "/scheduled_for", LATER),
        (Body::Incident, "/status", "completed"),
        (Body::Incident, "/confidence", "high"),
        (Body::Incident, "/next_update_at", START),
        (Body::Incident, "/started_at", LATER),
        (Body::Resolved, "/next_update_at", LATER),
    ] {
        let mut filled = body.minimal();
        set(&mut filled, pointer, json!(value));
        let mut site = TestSite::new();
        match body.send(&mut site, &filled) {
            Err(Rejection::Fields(errors)) => assert_eq!(errors[0].pointer, pointer, "{body:?}"),
            other => panic!("{body:?} {pointer} {value:?}: {other:?}"),
        }
    }
}
