//! Imports of edited exports: rows that no request could have written are rejected with their line
//! number.

use notice::{limits, wire::time::Timestamp};

use super::{
    backup::{export, import, site_with_history, verify},
    forge::{Forged, forge, set},
    import_rules::import_forged_today,
    *,
};

/// The time of imports by [`import`].
const IMPORT_MS: u64 = NOW_MS + 81 * HOUR_MS;

/// Edits an export and imports it; returns status and body of the answer.
fn import_forged(change: impl Fn(&mut Forged)) -> (u16, Json) {
    let into = Database::new();
    new_site().ok(&into);
    let (status, answer) = import(&into, &forge(&export(&fully_used_site()), change));
    if status != 200 {
        assert_eq!(answer["code"], "unusable_import");
        assert_eq!(into.count("journal"), 1, "nothing is stored");
    }
    (status, answer)
}

/// [`site_with_history`], with settings, texts and a postmortem.
fn fully_used_site() -> Database {
    let database = site_with_history();
    let at = NOW_MS + 80 * HOUR_MS;
    let change = |path: &str, body: Json| {
        let etag = get(path).at(at).send(&database).unwrap();
        let etag = etag.header("etag").map(str::to_owned);
        let request = Request {
            method: if path.ends_with("postmortem") {
                "PUT"
            } else {
                "PATCH"
            },
            if_match: etag,
            ..post(path, body)
        };
        let (status, answer) = request.at(at).ok(&database);
        assert!(status < 300, "{answer}");
    };
    change(
        "",
        json!({
            "languages": ["en", "de"],
            "contacts": [{ "kind": "link", "label": "Help", "value": "https://example.com/help" }],
            "on_call": [{ "kind": "webhook", "value": "https://hooks.example.com/x" }]
        }),
    );
    let (_, made) = post("/incidents", outage()).at(at).ok(&database);
    let path = format!("/incidents/{}", made["id"].as_str().unwrap());
    change(&path, json!({ "text": { "de": { "title": "Verspätet" } } }));
    let over =
        json!({ "body": "Fixed.", "status": "resolved", "text": { "de": { "body": "Behoben." } } });
    post(&format!("{path}/updates"), over).at(at).ok(&database);
    let window = json!({ "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" });
    change(
        &format!("{path}/postmortem"),
        json!({ "root_cause": "c", "remedy": "r", "prevention": ["p"], "window": window }),
    );
    let redacted = post("/redact", json!({ "text": "Jo Bloggs" })).at(at);
    assert_eq!(redacted.ok(&database).0, 200);
    database
}

#[test]
fn an_export_rewritten_without_changes_is_imported() {
    let (status, answer) = import_forged(|_| {});
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn imported_events_have_the_limits_of_requests() {
    let long = |characters: usize| json!("x".repeat(characters + 1));
    let many = |entries: usize| json!(vec!["x"; entries + 1]);
    for (event_type, pointer, value, complaint) in [
        (
            "site.redacted",
            "/rows/0/digest",
            json!("Ada"),
            "/rows/0/digest of its site.redacted",
        ),
        (
            "incident.created",
            "/incident/title",
            long(limits::TITLE),
            "/title of its incident.created: Must be at most 200",
        ),
        (
            "incident.created",
            "/incident/title",
            json!("a\u{7}b"),
            "control characters",
        ),
        (
            "incident.created",
            "/incident/updates/0/body",
            long(limits::BODY),
            "/body of its incident.created",
        ),
        (
            "incident.created",
            "/incident/works",
            many(limits::LIST),
            "/works of its incident.created",
        ),
        (
            "incident.changed",
            "/incident/text/de/title",
            long(limits::TITLE),
            "/text/de/title of its incident.changed",
        ),
        (
            "incident.updated",
            "/update/body",
            long(limits::BODY),
            "/body of its incident.updated",
        ),
        (
            "incident.updated",
            "/update/text/de",
            long(limits::BODY),
            "/text/de/body of its incident.updated",
        ),
        (
            "incident.updated",
            "/change/restored/check",
            long(limits::ADVICE),
            "/restored/check of its incident.updated",
        ),
        (
            "postmortem.published",
            "/postmortem/root_cause",
            long(limits::BODY),
            "/root_cause of its postmortem",
        ),
        (
            "postmortem.published",
            "/postmortem/prevention/0",
            long(limits::ADVICE),
            "/prevention/0 of its postmortem",
        ),
        (
            "component.created",
            "/component/name",
            long(limits::NAME),
            "/name of its component.created",
        ),
        (
            "component.created",
            "/component/tier",
            json!(9),
            "/tier of its component.created",
        ),
        (
            "template.created",
            "/template/body",
            long(limits::BODY),
            "/body of its template.created",
        ),
        (
            "site.created",
            "/site/name",
            long(limits::NAME),
            "line 2: /name of its site.created",
        ),
        (
            "site.changed",
            "/site/cadence/tier_1_s",
            json!(0),
            "/cadence/tier_1_s of its site.changed",
        ),
        (
            "site.changed",
            "/site/contacts/0/value",
            json!("javascript:alert(1)"),
            "/contacts/0/value of its site.changed",
        ),
        (
            "site.changed",
            "/site/contacts/0/value",
            json!("data:text/html,x"),
            "/contacts/0/value of its site.changed",
        ),
        (
            "site.changed",
            "/site/on_call/0/value",
            json!("http://hooks.example.com"),
            "/on_call/0/value of its site.changed",
        ),
        (
            "site.changed",
            "/site/contacts",
            json!(vec![
                json!({ "kind": "phone", "label": "l", "value": "123" });
                11
            ]),
            "/contacts of its",
        ),
    ] {
        let (status, answer) = import_forged(set(event_type, pointer, value));
        let detail = answer["detail"].as_str().unwrap_or_default();
        assert_eq!(status, 422, "{event_type} {pointer}: {answer}");
        assert!(
            detail.contains(complaint),
            "{event_type} {pointer}: {detail}"
        );
        assert!(detail.contains("line "), "{detail}");
    }
}

#[test]
fn a_value_valid_under_an_earlier_rule_is_imported() {
    for (event_type, pointer, value) in [
        ("incident.created", "/incident/title", json!("Late\u{2028}")),
        (
            "incident.created",
            "/incident/audience",
            json!({ "paths": ["/share?x=1"] }),
        ),
        (
            "site.changed",
            "/site/contacts/0",
            json!({ "kind": "email", "label": "l", "value": "a@b@c?" }),
        ),
        (
            "site.changed",
            "/site/on_call/0",
            json!({ "kind": "email", "value": "ada" }),
        ),
    ] {
        let (status, answer) = import_forged(set(event_type, pointer, value));
        assert_eq!(status, 200, "{event_type} {pointer}: {answer}");
    }
}

#[test]
fn rows_that_no_request_writes_are_rejected() {
    for (change, complaint) in [
        (
            (|forged| forged.row.actor = "Ada Lovelace".to_owned()) as fn(&mut Forged),
            "its actor is neither",
        ),
        (
            |forged| forged.row.key = Some("Ada Lovelace".to_owned()),
            "its key is not a digest",
        ),
        (
            |forged| {
                if forged.row.seq == 1 {
                    forged.event = json!({ "type": "journal.repaired", "rows": [] });
                    forged.row.event_type = "journal.repaired".to_owned();
                }
            },
            "it does not create the site",
        ),
    ] {
        let (status, answer) = import_forged_today(change);
        let detail = answer["detail"].as_str().unwrap_or_default();
        assert_eq!(status, 422, "{complaint}: {answer}");
        assert!(detail.contains(complaint), "{detail}");
    }
}

#[test]
fn an_event_that_a_redaction_made_longer_is_imported() {
    let database = acme();
    let mut incident = outage();
    incident["title"] = json!("Ada ".repeat(50).trim());
    post("/incidents", incident).ok(&database);
    assert_eq!(
        post("/redact", json!({ "text": "Ada" })).ok(&database).0,
        200
    );
    let into = Database::new();
    new_site().ok(&into);
    let (status, answer) = import(&into, &export(&database));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(verify(&into)["ok"], true);
}

#[test]
fn revisions_and_times_ahead_of_the_clock_are_rejected() {
    let last = |change: fn(&mut Forged)| {
        let rows = export(&fully_used_site()).lines().count() - 2;
        import_forged(move |forged| {
            if forged.row.seq == rows as u64 {
                change(forged);
            }
        })
    };
    let day_ms = limits::IMPORT_AHEAD_MS;
    assert_eq!(
        IMPORT_MS + day_ms,
        1_795_626_000_000,
        "the highest valid revision, as in the cases below"
    );
    assert_eq!(limits::REV, 9_006_099_743_113_216);
    for (change, complaint) in [
        (
            (|forged| forged.row.rev = 9_007_199_254_740_993) as fn(&mut Forged),
            "its revision 9007199254740993 is above the maximum of 9006099743113216",
        ),
        (
            |forged| forged.row.rev = u64::MAX,
            "its revision 18446744073709551615 is above",
        ),
        (|forged| forged.row.rev = limits::REV + 1, "is above"),
        (
            |forged| forged.row.rev = limits::REV,
            "more than a day ahead",
        ),
        (
            |forged| forged.row.rev = 1_795_626_000_001,
            "more than a day ahead",
        ),
        (
            |forged| forged.row.at = Timestamp::parse("9999-01-01T00:00:00Z").unwrap(),
            "its time 9999-01-01T00:00:00Z is more than a day ahead",
        ),
    ] {
        let (status, answer) = last(change);
        let detail = answer["detail"].as_str().unwrap_or_default();
        assert_eq!(status, 422, "{answer}");
        let lines = export(&fully_used_site()).lines().count();
        assert!(detail.contains(&format!("line {}:", lines - 1)), "{detail}");
        assert!(detail.contains(complaint), "{detail}");
    }
    let (status, answer) = last(|forged| forged.row.rev = 1_795_626_000_000);
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn an_unreadable_site_can_be_deleted() {
    for damage in [
        "UPDATE site SET document = '{'",
        "UPDATE site SET rev = 9007199254740993",
        "UPDATE site SET rev = 'x'",
        "UPDATE journal SET row = '{'",
        "UPDATE incident SET document = 'x'",
        "DROP TABLE component",
    ] {
        let database = site_with_history();
        let before = feed(&database, NOW_MS + 80 * HOUR_MS)["rev"]
            .as_u64()
            .unwrap();
        database.script(damage).unwrap();
        let delete = Request {
            method: "DELETE",
            ..get("").at(IMPORT_MS)
        };
        assert_eq!(delete.send(&database).unwrap().status, 204, "{damage}");
        assert_eq!(get("").ok(&database).0, 404, "{damage}");
        let again = new_site().at(IMPORT_MS);
        assert_eq!(again.ok(&database).0, 201, "{damage}");
        let after = feed(&database, IMPORT_MS)["rev"].as_u64().unwrap();
        assert!(after > before, "{damage}: {after}");
        assert!(after <= limits::REV + 1, "{damage}: {after}");
        assert_eq!(
            get("/verify").at(IMPORT_MS).ok(&database).1["ok"],
            true,
            "{damage}"
        );
    }
}
