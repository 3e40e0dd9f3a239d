//! Imports of rows that are recent enough to be checked by today's rules of requests.

use super::{
    backup::export,
    forge::{Forged, forge, set},
    *,
};

/// A time after which rows are checked by today's rules.
const PRESENT_MS: u64 = NOW_MS + 20 * 24 * HOUR_MS;

/// A time at which builds accepted texts of Markdown marks only.
const MARKS_ARE_TEXT_MS: u64 = NOW_MS + 9 * 24 * HOUR_MS;

/// Edits the export of a site that was used after [`PRESENT_MS`], and imports it; returns status
/// and body of the answer.
pub(super) fn import_forged_today(change: impl Fn(&mut Forged)) -> (u16, Json) {
    import_forged_at(PRESENT_MS, change)
}

/// Edits the export of a site that was used after a time, and imports it.
fn import_forged_at(at: u64, change: impl Fn(&mut Forged)) -> (u16, Json) {
    let site = Database::new();
    let settings = json!({
        "slug": "acme", "name": "Acme", "hostnames": ["status.acme.example"],
        "contacts": [{ "kind": "email", "label": "Help", "value": "help@acme.example" }]
    });
    let create = Request {
        path: "/v1/sites".to_owned(),
        ..post("", settings)
    };
    assert_eq!(create.at(at).ok(&site).0, 201);
    for name in ["Sending", "Receiving"] {
        let component = post("/components", json!({ "name": name })).at(at);
        assert_eq!(component.ok(&site).0, 201);
    }
    for number in 0..2 {
        let made = post("/incidents", outage())
            .key("k")
            .at(at + number * HOUR_MS);
        let made = Request {
            key: (number == 0).then_some("k"),
            ..made
        }
        .ok(&site);
        assert_eq!(made.0, 201);
        let path = format!("/incidents/{}/updates", made.1["id"].as_str().unwrap());
        let update = json!({ "body": "Still at it." });
        assert_eq!(
            post(&path, update).at(at + number * HOUR_MS).ok(&site).0,
            201
        );
    }
    let rename = Request {
        method: "PATCH",
        if_match: Some("*".to_owned()),
        ..post("", json!({ "name": "Acme SMS" }))
    };
    assert_eq!(rename.at(at + HOUR_MS).ok(&site).0, 200);
    let file = forge(&export(&site), change);
    let into = Database::new();
    new_site().at(at).ok(&into);
    let import = post("/import", Json::String(file)).at(at + 2 * HOUR_MS);
    import.ok(&into)
}

#[test]
fn texts_of_marks_are_imported_from_builds_that_accepted_them() {
    for (value, expected) in [("**\u{200b}**", 200), ("_ _", 200), ("\u{200b}", 422)] {
        let change = set("incident.updated", "/update/body", json!(value));
        let (status, answer) = import_forged_at(MARKS_ARE_TEXT_MS, change);
        assert_eq!(status, expected, "{value:?}: {answer}");
    }
    let name = set("component.created", "/component/slug", json!("same"));
    assert_eq!(
        import_forged_at(MARKS_ARE_TEXT_MS, name).0,
        422,
        "other rules hold"
    );
    let host = set(
        "site.changed",
        "/site/hostnames/0",
        json!("Status.Acme.example"),
    );
    assert_eq!(import_forged_at(MARKS_ARE_TEXT_MS, host).0, 422);
}

#[test]
fn rows_of_today_must_keep_the_rules_of_requests() {
    let (status, answer) = import_forged_today(|_| {});
    assert_eq!(status, 200, "{answer}");
    for (event_type, pointer, value, complaint) in [
        (
            "incident.created",
            "/incident/title",
            json!("\u{200b}"),
            "Must not be blank",
        ),
        (
            "incident.created",
            "/incident/title",
            json!("\u{2800}\u{301}"),
            "Must not be blank",
        ),
        (
            "incident.created",
            "/incident/title",
            json!("Late\u{2028}"),
            "single line",
        ),
        (
            "incident.created",
            "/incident/title",
            json!("Late \u{202e}"),
            "text direction",
        ),
        (
            "incident.created",
            "/incident/updates/0/body",
            json!("\u{200b}"),
            "Must not be blank",
        ),
        (
            "incident.created",
            "/incident/audience",
            json!({ "paths": ["/share?x=1"] }),
            "/audience/paths/0",
        ),
        (
            "incident.created",
            "/incident/components/0/id",
            json!("cmp_zzz"),
            "no component with this id",
        ),
        (
            "incident.updated",
            "/update/body",
            json!("\u{3164}"),
            "Must not be blank",
        ),
        (
            "incident.updated",
            "/update/body",
            json!("**\u{200b}**"),
            "Must not be blank",
        ),
        (
            "component.created",
            "/component/name",
            json!("\u{200b}"),
            "Must not be blank",
        ),
        (
            "component.created",
            "/component/slug",
            json!("same"),
            "the slug of another one",
        ),
        (
            "component.created",
            "/component/id",
            json!("cmp_same"),
            "exists already",
        ),
        (
            "incident.created",
            "/incident/id",
            json!("inc_same"),
            "exists already",
        ),
        (
            "site.created",
            "/site/time_zone",
            json!("Nowhere/Land"),
            "does not know its time zone",
        ),
        (
            "site.changed",
            "/site/time_zone",
            json!("Nowhere/Land"),
            "does not know its time zone",
        ),
        (
            "site.created",
            "/site/hostnames/0",
            json!("192.168.1.1"),
            "not an IP address",
        ),
        (
            "site.changed",
            "/site/hostnames/0",
            json!("0x7f.1"),
            "not an IP address",
        ),
        (
            "site.changed",
            "/site/hostnames/0",
            json!("Status.Acme.example"),
            "Must be written status.acme.example",
        ),
        (
            "site.changed",
            "/site/contacts/0/value",
            json!("a@b@c"),
            "/contacts/0/value",
        ),
        (
            "site.changed",
            "/site/contacts/0/value",
            json!("help@acme.example\u{200b}"),
            "U+200B",
        ),
    ] {
        let (status, answer) = import_forged_today(set(event_type, pointer, value.clone()));
        let detail = answer["detail"].as_str().unwrap_or_default();
        assert_eq!(status, 422, "{event_type} {pointer} {value}: {answer}");
        assert!(
            detail.contains(complaint),
            "{event_type} {pointer} {value}: {detail}"
        );
    }
}
