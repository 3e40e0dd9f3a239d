//! Every limit of a body: what is just within it is taken, one more is refused and named.

#![cfg(test)]

mod site;

use std::fmt::Debug;

use notice::{
    decide::Command,
    limits,
    merge::MergePatch,
    read::read,
    rejection::Rejection,
    required::Body as RequestBody,
    wire::ids::{ComponentId, IncidentId, TemplateId},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use site::{TestSite, id};

/// What is filled to a limit.
#[derive(Clone, Copy, Debug)]
enum Body {
    Site,
    Component,
    Incident,
    Maintenance,
    Update,
    Correction,
    Resolved,
    Template,
    Withdrawal,
    Postmortem,
}

const START: &str = "2026-11-21T07:00:00Z";
const LATER: &str = "2026-11-22T08:00:00Z";

impl Body {
    fn least(self) -> Value {
        match self {
            Self::Site => json!({}),
            Self::Component => json!({ "name": "C" }),
            Self::Incident => {
                json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" })
            }
            Self::Maintenance => json!({ "kind": "maintenance", "title": "t", "body": "b",
                "scheduled_for": LATER, "scheduled_until": "2026-11-22T09:00:00Z" }),
            Self::Update | Self::Correction => json!({ "body": "b" }),
            Self::Resolved => json!({ "body": "b", "status": "resolved" }),
            Self::Template => json!({ "name": "T" }),
            Self::Withdrawal => json!({ "reason": "r" }),
            Self::Postmortem => {
                json!({ "root_cause": "r", "remedy": "r", "window": { "start": START, "end": START } })
            }
        }
    }

    fn send(self, site: &mut TestSite, body: &Value) -> Result<(), Rejection> {
        let bytes = body.to_string().into_bytes();
        let number = site.number();
        let open = open(site);
        let command = match self {
            Self::Site => Command::ChangeSite {
                patch: MergePatch::read(&bytes)?,
            },
            Self::Component => Command::CreateComponent {
                id: id::<ComponentId>("cmp_", number),
                input: read(&bytes)?,
            },
            Self::Incident | Self::Maintenance => Command::CreateIncident {
                id: id::<IncidentId>("inc_", number),
                update: id("upd_", number),
                input: boxed(&bytes)?,
            },
            Self::Update | Self::Resolved => Command::PostUpdate {
                incident: open,
                id: id("upd_", number),
                input: boxed(&bytes)?,
            },
            Self::Correction => Command::CorrectUpdate {
                id: site.incident(&open).updates[0].id.clone(),
                incident: open,
                patch: MergePatch::read(&bytes)?,
            },
            Self::Template => Command::CreateTemplate {
                id: id::<TemplateId>("tpl_", number),
                input: boxed(&bytes)?,
            },
            Self::Withdrawal => Command::WithdrawIncident {
                id: open,
                input: read(&bytes)?,
            },
            Self::Postmortem => {
                site.update(&open, json!({ "body": "b", "status": "resolved" }));
                Command::PutPostmortem {
                    incident: open,
                    input: read(&bytes)?,
                }
            }
        };
        site.run(command)
    }
}

fn boxed<T: RequestBody + Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<Box<T>, Rejection> {
    read(bytes).map(Box::new)
}

/// An open incident, made anew.
fn open(site: &mut TestSite) -> IncidentId {
    site.publish(json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }))
}

/// So many characters, each of three bytes: limits count characters.
fn text(count: usize) -> Value {
    json!("字".repeat(count))
}

fn list(count: usize, entry: impl Fn(usize) -> Value) -> Value {
    (0..count).map(entry).collect()
}

/// Sets what a pointer names, making objects on the way.
fn set(body: &mut Value, pointer: &str, value: Value) {
    let mut place = body;
    for name in pointer.trim_start_matches('/').split('/') {
        place = &mut place[name];
    }
    *place = value;
}

#[track_caller]
fn check(body: Body, pointer: &str, complaint: &str, most: usize, fill: impl Fn(usize) -> Value) {
    let sent = |count: usize| {
        let mut site = TestSite::new();
        let mut filled = body.least();
        set(&mut filled, pointer, fill(count));
        body.send(&mut site, &filled)
    };
    let within = sent(most);
    assert!(within.is_ok(), "{body:?} {pointer}: {within:?}");
    match sent(most + 1) {
        Err(Rejection::Fields(errors)) => {
            let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(pointers, [complaint], "{body:?} {pointer}");
        }
        other => panic!("{body:?} {pointer}, one past {most}: {other:?}"),
    }
}

#[test]
fn texts() {
    for (body, pointer, most) in [
        (Body::Site, "/name", limits::NAME),
        (Body::Component, "/name", limits::NAME),
        (Body::Component, "/group", limits::NAME),
        (Body::Incident, "/title", limits::TITLE),
        (Body::Incident, "/body", limits::BODY),
        (Body::Incident, "/advice", limits::ADVICE),
        (Body::Incident, "/text/de/title", limits::TITLE),
        (Body::Incident, "/text/de/body", limits::BODY),
        (Body::Incident, "/text/de/advice", limits::ADVICE),
        (Body::Update, "/body", limits::BODY),
        (Body::Update, "/advice", limits::ADVICE),
        (Body::Update, "/text/de/body", limits::BODY),
        (Body::Correction, "/body", limits::BODY),
        (Body::Correction, "/text/de/body", limits::BODY),
        (Body::Resolved, "/restored/check", limits::ADVICE),
        (Body::Resolved, "/text/de/restored/check", limits::ADVICE),
        (Body::Template, "/name", limits::NAME),
        (Body::Template, "/title", limits::TITLE),
        (Body::Template, "/body", limits::BODY),
        (Body::Template, "/advice", limits::ADVICE),
        (Body::Withdrawal, "/reason", limits::ADVICE),
        (Body::Postmortem, "/root_cause", limits::BODY),
        (Body::Postmortem, "/remedy", limits::BODY),
    ] {
        check(body, pointer, pointer, most, |count| {
            // A component's slug is made from its name, which needs a letter.
            match (body, pointer) {
                (Body::Component, "/name") => json!(format!("ab{}", "字".repeat(count - 2))),
                _ => text(count),
            }
        });
    }
}

#[test]
fn lists_and_their_entries() {
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
fn whom_to_reach_and_whom_it_is_for() {
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
    // A star that is a whole segment is free.
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
fn settings() {
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
    // From the other end: as few as may be, and one fewer.
    let least = limits::CADENCE_LEAST_S as usize;
    check(Body::Incident, "/cadence_s", "/cadence_s", 0, |past| {
        json!(least - past)
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
fn full(made: Result<(), Rejection>) {
    assert!(matches!(made, Err(Rejection::LimitReached(_))), "{made:?}");
}

#[test]
fn how_many_of_each_a_site_has() {
    let mut site = TestSite::new();
    while site.state.components.len() < limits::COMPONENTS {
        Body::Component
            .send(&mut site, &json!({ "name": "C" }))
            .unwrap();
        // The incidents that come with each are not what is counted here.
        site.state.incidents.clear();
    }
    full(Body::Component.send(&mut site, &json!({ "name": "C" })));
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
    full(Body::Template.send(&mut site, &json!({ "name": "T" })));

    let mut site = TestSite::new();
    let incident = open(&mut site);
    while site.incident(&incident).updates.len() < limits::UPDATES {
        site.update(&incident, json!({ "body": "b" }));
    }
    full(site.try_update(&incident, json!({ "body": "b" })));

    let mut site = TestSite::new();
    let others: Vec<IncidentId> = (0..=limits::RELATED).map(|_| open(&mut site)).collect();
    let related = |count: usize| {
        let mut body = Body::Incident.least();
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
fn blank_texts_and_lines_that_are_not_one() {
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
        let mut filled = body.least();
        set(&mut filled, pointer, json!(value));
        let mut site = TestSite::new();
        match body.send(&mut site, &filled) {
            Err(Rejection::Fields(errors)) => assert_eq!(errors[0].pointer, pointer, "{body:?}"),
            other => panic!("{body:?} {pointer} {value:?}: {other:?}"),
        }
    }
}
