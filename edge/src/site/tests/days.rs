//! The chart of days of the status page.

use notice::wire::{language::Language, time::Timestamp};

use super::{
    backup::{export, verify},
    *,
};
use crate::{
    date_format::{DateFormatter, DateFormatters, Plural, TimeFormat},
    http::page_call::{PageCall, PageHost, PageName},
    site::page::render_page,
};

/// Formats dates in UTC.
pub struct Utc;

impl DateFormatter for Utc {
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String {
        shape.in_utc(at)
    }

    fn plural(&self, _: u64) -> Plural {
        Plural::Other
    }
}

impl DateFormatters for Utc {
    fn with<T>(&self, _: &str, _: &Language, work: impl FnOnce(&dyn DateFormatter) -> T) -> T {
        work(&Utc)
    }
}

pub fn status_page(database: &Database, now_ms: u64) -> Result<String, Fault> {
    let call = PageCall {
        page: PageName::Status,
        language: None,
        host: PageHost::Deployment,
    };
    let page = render_page(database, &call, database.page_tools(), now_ms)?;
    Ok(page.unwrap().body)
}

/// The sentence below the chart of days, such as `Last 10 days: problems on 2.`
pub fn sentence(database: &Database, now_ms: u64) -> String {
    let page = status_page(database, now_ms).unwrap();
    let (_, days) = page.split_once("<div class=\"days\">").unwrap();
    let (_, sentence) = days.split_once("<p class=\"soft\">").unwrap();
    sentence.split_once('<').unwrap().0.to_owned()
}

const DAY_MS: u64 = 24 * HOUR_MS;

fn publish(database: &Database, impact: &str, now_ms: u64) -> String {
    let mut incident = outage();
    incident["impact"] = json!(impact);
    let (status, created) = post("/incidents", incident).at(now_ms).ok(database);
    assert_eq!(status, 201, "{created}");
    format!("/incidents/{}/updates", created["id"].as_str().unwrap())
}

fn update(database: &Database, path: &str, fields: Json, now_ms: u64) {
    let mut body = json!({ "body": "An update." });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    assert_eq!(post(path, body).at(now_ms).ok(database).0, 201);
}

/// A site with an incident that is critical for an hour and minor until it is resolved after five
/// days; and the time a week after that.
fn site_with_history() -> (Database, u64) {
    let database = acme();
    let path = publish(&database, "critical", NOW_MS);
    update(
        &database,
        &path,
        json!({ "impact": "minor" }),
        NOW_MS + HOUR_MS,
    );
    update(
        &database,
        &path,
        json!({ "status": "resolved" }),
        NOW_MS + 5 * DAY_MS,
    );
    (database, NOW_MS + 12 * DAY_MS)
}

#[test]
fn a_changed_incident_changes_the_chart_of_the_next_page() {
    let database = acme();
    let at = NOW_MS + 8 * DAY_MS;
    let path = publish(&database, "major", at);
    assert_eq!(
        sentence(&database, at + DAY_MS),
        "Last 10 days: problems on 2."
    );
    update(
        &database,
        &path,
        json!({ "status": "resolved" }),
        at + DAY_MS,
    );
    assert_eq!(
        sentence(&database, at + 3 * DAY_MS),
        "Last 12 days: problems on 2."
    );
    update(
        &database,
        &path,
        json!({ "status": "investigating" }),
        at + 3 * DAY_MS,
    );
    assert_eq!(
        sentence(&database, at + 3 * DAY_MS),
        "Last 12 days: problems on 3."
    );
    let (incident, _) = path.rsplit_once('/').unwrap();
    let withdrawn = post(
        &format!("{incident}/withdraw"),
        json!({ "reason": "It was another product." }),
    );
    assert_eq!(withdrawn.at(at + 4 * DAY_MS).ok(&database).0, 200);
    assert_eq!(
        sentence(&database, at + 4 * DAY_MS),
        "Last 13 days: no problems."
    );
    assert_eq!(database.count("severity_span"), 0);
}

#[test]
fn pages_without_a_change_read_no_events() {
    let (database, now_ms) = site_with_history();
    let before = sentence(&database, now_ms);
    assert_eq!(before, "Last 13 days: problems on 6.");
    database.fail_on.replace(Some("FROM journal WHERE about"));
    assert_eq!(sentence(&database, now_ms + HOUR_MS), before);
    assert!(
        database.fail_on.borrow().is_some(),
        "the page has read events"
    );
}

#[test]
fn a_failure_while_spans_are_written_changes_nothing() {
    let (database, now_ms) = site_with_history();
    database.fail_on.replace(Some("INSERT INTO severity_span"));
    assert!(status_page(&database, now_ms).is_err());
    assert_eq!(sentence(&database, now_ms), "Last 13 days: problems on 6.");
}

#[test]
fn an_old_incident_stays_on_its_days_after_501_newer_ones() {
    let database = acme();
    let critical = publish(&database, "critical", NOW_MS);
    update(
        &database,
        &critical,
        json!({ "status": "resolved" }),
        NOW_MS + HOUR_MS,
    );
    let mut now_ms = NOW_MS + DAY_MS;
    for _ in 0..501 {
        let path = publish(&database, "minor", now_ms);
        update(
            &database,
            &path,
            json!({ "status": "resolved" }),
            now_ms + HOUR_MS / 2,
        );
        now_ms += 4 * HOUR_MS;
    }
    let page = status_page(&database, now_ms).unwrap();
    assert!(
        page.contains("<path class=\"critical\" d=\"M4 4v28\">"),
        "{page}"
    );
    assert_eq!(sentence(&database, now_ms), "Last 85 days: problems on 85.");
}

#[test]
fn an_import_and_a_redaction_keep_the_days() {
    let (database, now_ms) = site_with_history();
    let expected = "Last 13 days: problems on 6.";
    assert_eq!(sentence(&database, now_ms), expected);
    let redact = post("/redact", json!({ "text": "delayed" })).at(now_ms);
    assert_eq!(redact.ok(&database).0, 200);
    assert_eq!(sentence(&database, now_ms), expected);
    let copy = Database::new();
    new_site().ok(&copy);
    let import = post("/import", Json::String(export(&database))).at(now_ms);
    assert_eq!(import.ok(&copy).0, 200);
    assert_eq!(sentence(&copy, now_ms), expected);
    assert_eq!(verify(&copy)["ok"], true);
}

#[test]
fn incidents_that_ended_before_the_chart_have_no_spans() {
    let (database, now_ms) = site_with_history();
    assert_eq!(
        sentence(&database, now_ms + 200 * DAY_MS),
        "Last 90 days: no problems."
    );
    assert_eq!(database.count("severity_span"), 0);
    assert_eq!(database.count("incident WHERE has_spans = 0"), 0);
}
