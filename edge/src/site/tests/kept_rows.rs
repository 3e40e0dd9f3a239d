//! Verification and repair of rows that do not derive from the journal: tokens, invitations, the outbox and stored answers.

use super::{
    verification::{LATER_MS, assert_difference, verified_site, verify_later},
    *,
};

/// Damage to rows that do not derive from the journal, the reported difference, and the table whose rows a repair deletes.
const KEPT: &[(&str, &str, &str)] = &[
    (
        "INSERT INTO journal (seq, row, hash, event) SELECT -1, row, hash, event FROM journal LIMIT 1",
        "rows outside its sequence numbers",
        "journal",
    ),
    (
        "INSERT INTO journal (seq, row, hash, event) SELECT 9007199254740993, row, hash, event FROM journal LIMIT 1",
        "rows outside its sequence numbers",
        "journal",
    ),
    (
        "UPDATE delivery SET document = '{'",
        "a delivery",
        "delivery",
    ),
    ("UPDATE delivery SET due_at = 'x'", "a delivery", "delivery"),
    (
        "UPDATE idempotency SET answer = '{}'",
        "a stored answer",
        "idempotency",
    ),
    (
        "UPDATE idempotency SET answer = x'00'",
        "a stored answer",
        "idempotency",
    ),
    (
        "UPDATE invitation SET expires_at = 'x'",
        "an invitation",
        "invitation",
    ),
    (
        "UPDATE invitation SET role = 'king'",
        "an invitation",
        "invitation",
    ),
    (
        "UPDATE token SET role = 7 WHERE name = 'CI'",
        "a token",
        "token",
    ),
    (
        "UPDATE token SET last_used_on = 1.5 WHERE name = 'CI'",
        "a token",
        "token",
    ),
];

/// [`verified_site`] with a row in each table that does not derive from the journal.
fn site_with_kept_rows() -> Database {
    let database = verified_site();
    let keyed = post("/incidents", outage()).key("k").at(LATER_MS);
    assert_eq!(keyed.ok(&database).0, 201);
    let invitation = json!({ "role": "editor", "name": "Phone" });
    let invited = post("/invitations", invitation).at(LATER_MS);
    assert_eq!(invited.ok(&database).0, 201);
    token(&database, "editor");
    database
        .script(
            r#"INSERT INTO delivery (seq, document, due_at)
               VALUES (1, '{"target":{"kind":"email","value":"ada@example.com"},"type":"promise.due"}', 0)"#,
        )
        .unwrap();
    assert_eq!(verify_later(&database)["ok"], true);
    database
}

#[test]
fn rows_that_cannot_be_rebuilt_are_reported_and_deleted() {
    for (damage, expected, table) in KEPT {
        let database = site_with_kept_rows();
        let tokens = database.count("token");
        database.script(damage).unwrap();
        assert_difference(&database, damage, expected);
        let (status, answer) = post("/repair", Json::Null).at(LATER_MS).ok(&database);
        let expected = json!({ "rows": [], "removed": { *table: 1 } });
        assert_eq!((status, &answer), (200, &expected), "{damage}");
        assert_eq!(verify_later(&database)["ok"], true, "{damage}");
        let lost = u64::from(*table == "token");
        assert_eq!(database.count("token"), tokens - lost, "{damage}");
    }
}

#[test]
fn a_redaction_deletes_answers_and_messages_that_cannot_be_read() {
    for (damage, table) in [
        ("UPDATE delivery SET document = 'Jo Bloggs'", "delivery"),
        ("UPDATE idempotency SET answer = 'Jo Bloggs'", "idempotency"),
        ("UPDATE idempotency SET answer = x'00'", "idempotency"),
    ] {
        let database = site_with_kept_rows();
        database.script(damage).unwrap();
        let redact = post("/redact", json!({ "text": "Jo Bloggs" })).at(LATER_MS);
        assert_eq!(redact.ok(&database).0, 200, "{damage}");
        assert_eq!(database.count(table), 0, "{damage}");
    }
}

#[test]
fn a_damaged_token_or_invitation_is_void_and_hides_no_other() {
    let database = site_with_kept_rows();
    let (_, secret) = token(&database, "editor");
    let invitation = json!({ "role": "editor", "name": "Tablet" });
    let invited = post("/invitations", invitation)
        .at(LATER_MS)
        .ok(&database)
        .1;
    database
        .script(
            "UPDATE token SET created_at = x'00' WHERE name = 'CI';
             UPDATE invitation SET expires_at = 'never' WHERE name = 'Tablet'",
        )
        .unwrap();
    let names = |path: &str| -> Vec<String> {
        let (status, list) = get(path).at(LATER_MS).ok(&database);
        assert_eq!(status, 200, "{list}");
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["name"].to_string()).collect()
    };
    assert_eq!(names("/tokens"), ["\"First owner\""]);
    assert_eq!(names("/invitations"), ["\"Phone\""]);
    let redeem = post(
        "/invitations/redeem",
        json!({ "invitation": invited["invitation"] }),
    );
    let redeemed = Request {
        credential: Credential::Nobody,
        ..redeem.at(LATER_MS)
    };
    let refused = redeemed.send(&database).map(|answer| answer.status);
    assert!(
        refused.as_ref().is_ok_and(|status| *status >= 400),
        "{refused:?}"
    );
    let refused = as_token(&secret, get("")).at(LATER_MS).send(&database);
    assert!(refused.is_err() || refused.unwrap().status == 401);
}
