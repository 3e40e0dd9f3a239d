//! The links in messages to on-call targets: acknowledgements, answers to tests, and sessions.

use super::{
    days::Utc,
    on_call::{
        MINUTE_MS, answered, change_site, events, on_call, publish_promise, run, site_with, targets,
    },
    *,
};
use crate::{
    http::link_call::{LinkAction, LinkCall},
    site::on_call::links,
};

const OVERDUE_MS: u64 = NOW_MS + 35 * MINUTE_MS;

/// Opens a link, or presses its button.
fn open(database: &Database, url: &str, action: LinkAction, now_ms: u64) -> Answer {
    let secret = url.rsplit('/').next().unwrap();
    let call = LinkCall {
        digest: sha256_hex(secret.as_bytes()),
        action,
    };
    links::answer(database, &call, "https://status.example.com", &Utc, now_ms).unwrap()
}

fn show(database: &Database, url: &str, now_ms: u64) -> Answer {
    open(database, url, LinkAction::Show, now_ms)
}

fn press(database: &Database, url: &str, now_ms: u64) -> Answer {
    open(database, url, LinkAction::Press, now_ms)
}

/// The link `name` in a body that was sent.
fn url(body: &Json, name: &str) -> String {
    let url = body["data"]["on_call"][name].as_str();
    url.unwrap_or_else(|| panic!("{name}: {body:#}")).to_owned()
}

/// Pages the first target at 08:35; returns the body that was sent.
fn page(database: &Database) -> Json {
    publish_promise(database);
    run(database, NOW_MS + 20 * MINUTE_MS, &answered(204));
    let mut sent = run(database, OVERDUE_MS, &answered(204));
    assert_eq!(sent.len(), 1, "{sent:?}");
    sent.remove(0).1
}

/// Sends a test to the targets and lets them answer it.
fn answer_test(database: &Database) {
    assert_eq!(post("/on-call/test", Json::Null).ok(database).0, 202);
    for (_, body) in run(database, NOW_MS, &answered(204)) {
        let pressed = press(database, &url(&body, "acknowledge_url"), NOW_MS);
        assert_eq!(pressed.status, 303);
    }
}

#[test]
fn an_acknowledgement_stops_all_further_reminders() {
    let database = site_with(targets(&["first", "second"]));
    let body = page(&database);
    let link = url(&body, "acknowledge_url");
    assert!(
        link.starts_with("https://status.example.com/s/acme/on-call/"),
        "{link}"
    );
    let form = body["data"]["console"]["post_update"].as_str().unwrap();
    assert!(form.ends_with("/update"), "{form}");

    let rows = database.count("journal");
    let shown = show(&database, &link, OVERDUE_MS);
    assert_eq!(shown.status, 200);
    assert!(
        shown.body.contains("Acknowledge</button>"),
        "{}",
        shown.body
    );
    assert!(
        shown.body.contains("Messages are delayed"),
        "{}",
        shown.body
    );
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    assert_eq!(database.count("journal"), rows, "GET changes nothing");

    let public = feed(&database, OVERDUE_MS);
    for _ in 0..2 {
        let pressed = press(&database, &link, OVERDUE_MS + MINUTE_MS);
        assert_eq!(pressed.status, 303);
    }
    assert_eq!(
        feed(&database, OVERDUE_MS + MINUTE_MS),
        public,
        "an acknowledgement is not public"
    );
    let acknowledged = events(&database, "promise.acknowledged");
    assert_eq!(acknowledged.len(), 1, "once");
    assert_eq!(acknowledged[0]["name"], "first");
    let shown = show(&database, &link, OVERDUE_MS + MINUTE_MS);
    assert!(shown.body.contains("first acknowledged"), "{}", shown.body);
    assert!(!shown.body.contains("<form"), "{}", shown.body);

    for minutes in [5, 15, 60, 600] {
        let later = run(&database, OVERDUE_MS + minutes * MINUTE_MS, &answered(204));
        assert_eq!(later, []);
    }
    let view = on_call(&database, OVERDUE_MS);
    assert_eq!(view["escalations"][0]["state"], "acknowledged");
    let (_, incident) = get("/incidents").ok(&database);
    let acknowledged = &incident["items"][0]["acknowledged"];
    assert_eq!(acknowledged["name"], "first", "{incident:#}");
    let (_, found) = get("/verify").at(OVERDUE_MS + HOUR_MS).ok(&database);
    assert_eq!(found["ok"], true, "{found}");
}

#[test]
fn a_link_of_a_kept_promise_acknowledges_nothing() {
    let database = site_with(targets(&["first"]));
    let link = url(&page(&database), "acknowledge_url");
    let (_, list) = get("/incidents").ok(&database);
    let id = list["items"][0]["id"].as_str().unwrap();
    let update = json!({ "body": "Still at it." });
    let posted = post(&format!("/incidents/{id}/updates"), update).at(OVERDUE_MS);
    assert_eq!(posted.ok(&database).0, 201);
    assert_eq!(press(&database, &link, OVERDUE_MS).status, 303);
    assert_eq!(events(&database, "promise.acknowledged"), [] as [Json; 0]);
    let shown = show(&database, &link, OVERDUE_MS);
    assert!(
        shown.body.contains("Nothing to acknowledge"),
        "{}",
        shown.body
    );
}

#[test]
fn the_alert_of_an_alerting_service_is_closed() {
    let key = "0123456789abcdef0123456789abcdef";
    let database = site_with(json!({ "on_call": [{ "kind": "pagerduty", "value": key }] }));
    publish_promise(&database);
    run(&database, NOW_MS + 20 * MINUTE_MS, &answered(202));
    let page = run(&database, OVERDUE_MS, &answered(202)).remove(0).1;
    assert_eq!(page["event_action"], "trigger");
    let links = page["links"].as_array().unwrap().iter();
    let hrefs: Vec<&str> = links.map(|link| link["href"].as_str().unwrap()).collect();
    let link = hrefs
        .iter()
        .find(|href| href.contains("/on-call/"))
        .unwrap();
    press(&database, link, OVERDUE_MS);
    let end = run(&database, OVERDUE_MS, &answered(202)).remove(0).1;
    assert_eq!(end["event_action"], "resolve");
    assert_eq!(end["dedup_key"], page["dedup_key"]);
    let notified = events(&database, "on_call.notified");
    assert_eq!(
        notified.len(),
        2,
        "the end of an alert notifies nobody: {notified:?}"
    );
}

#[test]
fn a_test_shows_who_was_reached_and_who_answered() {
    let database = site_with(targets(&["first", "second"]));
    let (status, sent) = post("/on-call/test", Json::Null).ok(&database);
    assert_eq!(
        (status, &sent["targets"][1]["name"]),
        (202, &json!("second"))
    );
    let sent = run(&database, NOW_MS, &answered(204));
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].1["data"]["test"], true);
    let link = url(&sent[0].1, "acknowledge_url");
    assert!(show(&database, &link, NOW_MS).body.contains("Answer test"));
    press(&database, &link, NOW_MS);
    let view = on_call(&database, NOW_MS);
    let deliveries = view["last_test"]["deliveries"].as_array().unwrap();
    assert_eq!(deliveries[0]["state"], "delivered", "{view:#}");
    assert_eq!(deliveries[0]["answered_at"], "2026-11-21T08:00:00Z");
    assert_eq!(deliveries[1]["answered_at"], Json::Null);
    assert_eq!(view["targets"][0]["answered_at"], "2026-11-21T08:00:00Z");
    let none = acme();
    let (status, problem) = post("/on-call/test", Json::Null).ok(&none);
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("illegal_transition"))
    );
}

#[test]
fn a_session_needs_an_owners_permission_and_an_answered_test() {
    let allowed = |allowed: bool| {
        let mut settings = targets(&["first"]);
        settings["on_call"][0]["session_link"] = json!(allowed);
        settings
    };
    for (is_allowed, is_answered) in [(false, false), (true, false), (false, true)] {
        let database = site_with(allowed(is_allowed));
        if is_answered {
            answer_test(&database);
        }
        let body = page(&database);
        assert_eq!(body["data"]["on_call"]["session_url"], Json::Null);
    }
    let database = site_with(allowed(true));
    answer_test(&database);
    let link = url(&page(&database), "session_url");
    // The permission is withdrawn before the link is used.
    change_site(&database, allowed(false));
    assert_eq!(press(&database, &link, OVERDUE_MS).status, 403);
    change_site(&database, allowed(true));

    for _ in 0..2 {
        assert!(
            show(&database, &link, OVERDUE_MS)
                .body
                .contains("Sign in</button>")
        );
    }
    let late = OVERDUE_MS + 30 * MINUTE_MS;
    assert_eq!(
        press(&database, &link, late).status,
        410,
        "the link expires after 30 minutes"
    );
    let pressed = press(&database, &link, late - 1000);
    assert_eq!(pressed.status, 303);
    assert_eq!(press(&database, &link, late - 1000).status, 410, "once");
    let location = pressed.header("location").unwrap();
    let (console, secret) = location.split_once("#invitation=acme.").unwrap();
    assert_eq!(console, "https://status.example.com/console");

    let redeem = Request {
        credential: Credential::Nobody,
        ..post("/invitations/redeem", json!({ "invitation": secret })).at(late)
    };
    let (status, session) = redeem.ok(&database);
    assert_eq!(status, 201, "{session}");
    assert_eq!(
        (&session["role"], &session["name"]),
        (&json!("editor"), &json!("first"))
    );
    let token = session["token"].as_str().unwrap();
    let read = |now_ms: u64| {
        as_token(token, get(""))
            .at(now_ms)
            .send(&database)
            .unwrap()
            .status
    };
    assert_eq!(read(late + 12 * HOUR_MS - 1000), 200);
    assert_eq!(
        read(late + 12 * HOUR_MS),
        401,
        "the session ends after 12 hours, although it was used"
    );
}

#[test]
fn the_stored_attempt_has_no_link() {
    let mut settings = targets(&["first"]);
    settings["on_call"][0]["session_link"] = json!(true);
    let database = site_with(settings);
    answer_test(&database);
    let body = page(&database);
    for name in ["acknowledge_url", "session_url"] {
        let link = url(&body, name);
        let secret = link.rsplit('/').next().unwrap();
        for (table, columns) in [
            ("on_call_delivery", "document || last_attempt"),
            ("message", "document"),
            ("on_call_link", "digest"),
        ] {
            let rows = database.run(&format!("SELECT {columns} FROM {table}"), &[]);
            for mut row in rows.unwrap() {
                assert!(!row.text(table).unwrap().contains(secret), "{table}");
            }
        }
    }
}
