//! The stored data of subscribers: where it is, and when it is deleted.

use super::*;
use crate::site::tests::backup::export;

#[test]
fn an_address_is_deleted_a_day_after_the_end() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    prune(&database, NOW_MS + 20 * DAY_MS);
    assert_eq!(database.count("subscriber"), 1, "the incident goes on");
    resolve(&database, &incident, NOW_MS);
    let due = |now_ms| upkeep::next_due(&database, timestamp(now_ms)).unwrap();
    let end_ms = NOW_MS + DAY_MS;
    assert_eq!(due(NOW_MS), Some(timestamp(end_ms + 600_000)));
    let later = end_ms + HOUR_MS;
    let next = Some(timestamp(later + 600_000));
    assert_eq!(due(later), next, "no alarm at once, again and again");
    prune(&database, NOW_MS + DAY_MS);
    assert_eq!(database.count("subscriber"), 1, "a mail waits");
    send(&database, NOW_MS);
    prune(&database, NOW_MS + DAY_MS - 1_000);
    assert_eq!(database.count("subscriber"), 1);
    prune(&database, NOW_MS + DAY_MS);
    for table in ["subscriber", "incident_subscriber"] {
        assert_eq!(database.count(table), 0, "{table}");
    }
}

#[test]
fn a_subscription_ends_if_its_incident_ends_without_a_mail() {
    let database = site();
    let first = publish(&database, json!({}));
    let second = publish(&database, json!({}));
    subscribe(&database, &to_incident(&first), NOW_MS);
    subscribe(&database, &to_incident(&second), NOW_MS);
    resolve(&database, &first, NOW_MS);
    send(&database, NOW_MS);
    let lost = "UPDATE incident_subscriber SET until = NULL; DELETE FROM mail_delivery";
    database.script(lost).unwrap();
    prune(&database, NOW_MS + DAY_MS);
    assert_eq!(database.count("incident_subscriber"), 1);
    let unknown = "UPDATE incident_subscriber SET incident = 'inc_unknown'";
    database.script(unknown).unwrap();
    prune(&database, NOW_MS + DAY_MS);
    assert_eq!(database.count("subscriber"), 0);
}

#[test]
fn no_address_is_in_feed_journal_export_and_stored_rows() {
    let database = site();
    let incident = publish(&database, json!({}));
    let path = subscribe(
        &database,
        &format!("{}&updates=all", to_incident(&incident)),
        NOW_MS,
    );
    ask(&database, "email=bob%40example.com&updates=all", NOW_MS);
    resolve(&database, &incident, NOW_MS);
    send(&database, NOW_MS);
    let secret = path.split('/').nth(1).unwrap();
    let mut texts = vec![
        export(&database),
        feed(&database, NOW_MS).to_string(),
        get("/journal").ok(&database).1.to_string(),
        view(&database, NOW_MS).to_string(),
    ];
    let tables = [
        ("subscriber", "look_up || digest || sealed"),
        (
            "subscription_request",
            "look_up || digest || sealed || document",
        ),
        ("mailing", "document"),
    ];
    for (table, columns) in tables {
        let rows = database
            .run(&format!("SELECT {columns} FROM {table}"), &[])
            .unwrap();
        texts.extend(rows.into_iter().map(|mut row| row.text(table).unwrap()));
    }
    for text in texts {
        let text = text.to_lowercase();
        for word in ["ada@", "bob@", &secret.to_lowercase()] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn rotated_keys_find_addresses_and_encrypt_them_again() {
    let database = site();
    subscribe(&database, &form("&updates=all"), NOW_MS);
    let rotated = Sealer::new("another key of the tests, 32 characters", Some(SECRET));
    upkeep::reseal(&database, &rotated).unwrap();
    let sealed = || {
        let rows = database.run("SELECT sealed FROM subscriber", &[]).unwrap();
        rows.into_iter().next().unwrap().text("subscriber").unwrap()
    };
    assert!(sealed().starts_with(&rotated.current_prefix()));
    let before = sealed();
    upkeep::reseal(&database, &rotated).unwrap();
    assert_eq!(before, sealed(), "once");
    // A key that is unknown leaves the row as it is.
    let other = Sealer::new("a third key of the tests, of 32 characters", None);
    assert_eq!(upkeep::reseal(&database, &other).unwrap(), 1);
    assert_eq!(before, sealed());
    assert_eq!(database.count("subscriber"), 1);
}

#[test]
fn without_a_key_mail_waits_and_unsubscribing_works() {
    let database = site();
    let incident = publish(&database, json!({}));
    let path = subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let from = Mailbox::parse("status@acme.example").unwrap();
    let sender = Sender {
        public_url: "https://status.example.com",
        network: Network::Public,
        mail_from: Some(&from),
        sealer: None,
        keeps_links: false,
    };
    let question = Exchange {
        room_for_mail: 2,
        ..Exchange::default()
    };
    let work = exchange(&database, &question, NOW_MS, sender, &Utc).unwrap();
    assert_eq!(work.assignments, []);
    assert_eq!(work.next_due_in_ms, Some(HOUR_MS), "no busy loop");
    let secret = path.split('/').nth(1).unwrap();
    let call = |path: &str| {
        let mut call = call_of(path);
        call.form = Some(SubscriptionForm::default());
        links::answer(&database, &call, None, NOW_MS)
            .unwrap()
            .status
    };
    assert_eq!(call(&path), 404);
    assert_eq!(call(&format!("unsubscribe/{secret}")), 200);
    assert_eq!(database.count("subscriber"), 0);
}

#[test]
fn an_import_keeps_subscribers_and_mails_nobody() {
    let database = site();
    let incident = publish(&database, json!({}));
    resolve(&database, &incident, NOW_MS);
    let file = export(&database);
    let copy = Database::new();
    new_site().ok(&copy);
    subscribe(&copy, &form("&updates=all"), NOW_MS);
    let (status, answer) = post("/import", Json::String(file))
        .at(NOW_MS + HOUR_MS)
        .ok(&copy);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(copy.count("subscriber"), 1);
    assert_eq!(send(&copy, NOW_MS + HOUR_MS), []);
    let new = publish_at(&copy, json!({}), NOW_MS + 2 * HOUR_MS);
    let mails = send(&copy, NOW_MS + 2 * HOUR_MS);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(&new), "{}", mails[0].text);
}

#[test]
fn a_redaction_deletes_mailings_with_the_text() {
    let database = site();
    subscribe(&database, &form("&updates=all"), NOW_MS);
    publish(&database, json!({ "title": "Zaphod Beeblebrox is late" }));
    assert_eq!(database.count("mailing"), 1);
    let redaction = post("/redact", json!({ "text": "Beeblebrox" }));
    assert_eq!(redaction.ok(&database).0, 200);
    assert_eq!(database.count("mailing"), 0);
    assert_eq!(database.count("mail_delivery"), 0);
    assert_eq!(database.count("subscriber"), 1);
    assert_eq!(get("/verify").ok(&database).1["ok"], true);
}

#[test]
fn deleting_a_site_deletes_its_subscribers() {
    let database = site();
    subscribe(&database, &form("&updates=all"), NOW_MS);
    let request = Request {
        method: "DELETE",
        ..get("")
    };
    assert_eq!(request.send(&database).unwrap().status, 204);
    let tables = "sqlite_master WHERE type = 'table' AND name <> 'tombstone'";
    assert_eq!(database.count(tables), 0);
}

#[test]
fn damaged_rows_of_subscribers_are_reported_and_deleted() {
    for (damage, table) in [
        ("UPDATE subscriber SET updates = 'some'", "subscriber"),
        ("UPDATE subscriber SET components = '{'", "subscriber"),
        (
            "UPDATE incident_subscriber SET until = 'x'",
            "incident_subscriber",
        ),
        (
            "UPDATE subscription_request SET state = 'x'",
            "subscription_request",
        ),
        ("UPDATE mailing SET document = '{}'", "mailing"),
        ("UPDATE mail_delivery SET request = 1", "mail_delivery"),
        (
            "UPDATE suppressed_address SET until = 'x'",
            "suppressed_address",
        ),
    ] {
        let database = site();
        let incident = publish(&database, json!({}));
        subscribe(
            &database,
            &format!("{}&updates=all", to_incident(&incident)),
            NOW_MS,
        );
        resolve(&database, &incident, NOW_MS);
        let suppressed = "a".repeat(64);
        crate::storage::mailings::suppress(&database, &suppressed, timestamp(NOW_MS)).unwrap();
        assert_eq!(get("/verify").ok(&database).1["ok"], true, "{damage}");
        database.script(damage).unwrap();
        assert_eq!(get("/verify").ok(&database).1["ok"], false, "{damage}");
        let (status, answer) = post("/repair", Json::Null).ok(&database);
        assert_eq!(
            (status, &answer["removed"][table]),
            (200, &json!(1)),
            "{damage}"
        );
        assert_eq!(get("/verify").ok(&database).1["ok"], true, "{damage}");
    }
}
