//! Writes that fail before a statement, after it, or after the commit.

use super::{backup::verify, *};

/// A fault injected before or after a statement.
#[derive(Clone, Copy, Debug)]
enum InjectedFault {
    Before(&'static str),
    After(&'static str),
}

impl InjectedFault {
    /// Makes the next matching statement of a database fail, once.
    fn inject(self, database: &Database) {
        match self {
            Self::Before(statement) => database.fail_on.replace(Some(statement)),
            Self::After(statement) => database.fail_after.replace(Some(statement)),
        };
    }
}

/// The faults before and after each statement, and after the commit.
fn faults(statements: &[&'static str]) -> Vec<InjectedFault> {
    let each = |statement: &&'static str| {
        [
            InjectedFault::Before(statement),
            InjectedFault::After(statement),
        ]
    };
    let mut faults: Vec<InjectedFault> = statements.iter().flat_map(each).collect();
    faults.push(InjectedFault::After("COMMIT"));
    faults
}

/// A site with an on-call target and an incident whose update is 30 minutes overdue an hour after [`NOW_MS`].
fn site_with_promise() -> (Database, String) {
    let database = acme();
    let etag = get("").send(&database).unwrap();
    let settings = Request {
        method: "PATCH",
        if_match: etag.header("etag").map(str::to_owned),
        ..post(
            "",
            json!({ "on_call": [{ "kind": "email", "value": "ada@example.com" }] }),
        )
    };
    assert_eq!(settings.ok(&database).0, 200);
    let mut incident = outage();
    incident["next_update_at"] = json!("2026-11-21T08:30:00Z");
    let (_, incident) = post("/incidents", incident).ok(&database);
    let path = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    (database, path)
}

#[test]
fn a_failed_and_repeated_write_is_stored_once() {
    for fault in faults(&[
        "INSERT INTO journal",
        "INSERT INTO on_call_delivery",
        "INSERT INTO escalation",
        "INSERT INTO site",
        "INSERT INTO incident (",
        "INSERT INTO incident_update",
        "INSERT INTO idempotency",
    ]) {
        let (database, path) = site_with_promise();
        let at = NOW_MS + HOUR_MS;
        let before = (database.count("journal"), feed(&database, NOW_MS));
        let request = post(&path, json!({ "body": "Still at it." }))
            .key("k")
            .at(at);
        fault.inject(&database);
        assert!(request.send(&database).is_err(), "{fault:?}");
        assert!(database.fail_on.borrow().is_none() && database.fail_after.borrow().is_none());
        let is_committed = matches!(fault, InjectedFault::After("COMMIT"));
        if !is_committed {
            assert_eq!(database.count("journal"), before.0, "{fault:?}");
            assert_eq!(database.count("on_call_delivery"), 0, "{fault:?}");
        }

        let answer = request.send(&database).unwrap();
        assert_eq!(answer.status, 201, "{fault:?}");
        let replayed = answer.header("idempotent-replayed").is_some();
        assert_eq!(replayed, is_committed, "{fault:?}");
        // Three rows: the update, and two reminders. The first one informs the target, the second
        // begins an escalation.
        assert_eq!(database.count("escalation"), 1, "{fault:?}");
        assert_eq!(database.count("journal"), before.0 + 3, "{fault:?}");
        assert_eq!(database.count("on_call_delivery"), 1, "{fault:?}");
        assert_eq!(database.count("incident_update"), 2, "{fault:?}");
        assert_eq!(database.count("idempotency"), 1, "{fault:?}");
        let found = verify(&database);
        assert_eq!(found["ok"], true, "{fault:?}: {found}");
        let updates = feed(&database, at)["notices"][0]["updates"].clone();
        assert_eq!(updates.as_array().unwrap().len(), 2, "{fault:?}");
    }
}

#[test]
fn failed_scheduled_transitions_are_applied_once() {
    for fault in faults(&[
        "INSERT INTO journal",
        "INSERT INTO on_call_delivery",
        "INSERT INTO incident (",
    ]) {
        let (database, _) = site_with_promise();
        let rows = database.count("journal");
        let at = NOW_MS + HOUR_MS;
        fault.inject(&database);
        assert!(read_feed(&database, None, "", at).is_err(), "{fault:?}");
        for _ in 0..2 {
            read_feed(&database, None, "", at).unwrap();
        }
        assert_eq!(database.count("journal"), rows + 2, "{fault:?}");
        assert_eq!(database.count("on_call_delivery"), 1, "{fault:?}");
        assert_eq!(verify(&database)["ok"], true, "{fault:?}");
    }
}

#[test]
fn a_failed_and_repeated_creation_creates_one_site() {
    for fault in faults(&[
        "INSERT INTO journal",
        "INSERT INTO site",
        "INSERT INTO token",
        "INSERT INTO idempotency",
    ]) {
        let database = Database::new();
        let request = new_site().key("k");
        fault.inject(&database);
        assert!(request.send(&database).is_err(), "{fault:?}");
        assert_eq!(request.ok(&database).0, 201, "{fault:?}");
        assert_eq!(database.count("journal"), 1, "{fault:?}");
        assert_eq!(database.count("token"), 1, "{fault:?}");
        assert_eq!(verify(&database)["ok"], true, "{fault:?}");
    }
}

#[test]
fn failed_imports_and_redactions_are_stored_once() {
    let file = super::backup::export(&super::backup::site_with_history());
    let import = || post("/import", Json::String(file.clone())).at(NOW_MS + 81 * HOUR_MS);
    let redact = || post("/redact", json!({ "text": "Jo Bloggs" })).at(NOW_MS + 81 * HOUR_MS);
    for fault in faults(&[
        "CREATE TABLE copy_of_journal",
        "INSERT INTO copy_of_journal",
        "INSERT INTO copy_of_incident (",
        "ALTER TABLE",
        "DELETE FROM severity_span",
        "INSERT INTO journal",
        "DELETE FROM site",
        "INSERT INTO idempotency",
    ]) {
        let database = Database::new();
        new_site().ok(&database);
        let request = import().key("k");
        fault.inject(&database);
        assert!(request.send(&database).is_err(), "{fault:?}");
        let (status, answer) = request.ok(&database);
        assert_eq!(status, 200, "{fault:?}");
        assert_eq!(
            database.count("journal"),
            answer["rows"].as_u64().unwrap() + 1,
            "{fault:?}"
        );
        assert_eq!(verify(&database)["ok"], true, "{fault:?}");
    }
    for fault in faults(&[
        "UPDATE journal",
        "UPDATE incident_update",
        "UPDATE site",
        "INSERT INTO journal",
        "FROM delivery",
        "INSERT INTO idempotency",
    ]) {
        let database = Database::new();
        new_site().ok(&database);
        import().ok(&database);
        let rows = database.count("journal");
        let request = redact().key("k");
        fault.inject(&database);
        assert!(request.send(&database).is_err(), "{fault:?}");
        let (status, answer) = request.ok(&database);
        assert_eq!((status, &answer["rows"]), (200, &json!(2)), "{fault:?}");
        assert_eq!(database.count("journal"), rows + 1, "{fault:?}");
        assert_eq!(verify(&database)["ok"], true, "{fault:?}");
    }
}
