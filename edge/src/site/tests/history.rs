//! The history of incidents by month.

use notice::wire::{
    enums::{Kind, Status},
    incident::Incident,
    time::Timestamp,
};

use super::{
    days::Utc,
    scale::{ended, save_all},
    *,
};
use crate::{
    date_format::{DateFormatter, Plural, TimeFormat},
    http::page_call::{Month, MonthPage, PageCall, PageHost, PageName},
    pages::history::{HistoryPart, PER_PAGE},
    site::{history::find, page::render_page},
    storage::incident_lists,
};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_millis(i64::try_from(NOW_MS).unwrap())
}

fn month_page(month: &str, before: Option<&Incident>) -> MonthPage {
    MonthPage {
        month: Month::parse(month).unwrap(),
        before: before.map(|incident| incident.id.clone()),
    }
}

/// A site with resolved incidents that began at these times, in this order.
fn site_with(starts: &[&str]) -> Database {
    let database = acme();
    let incidents: Vec<Incident> = (0..)
        .zip(starts)
        .map(|(number, start)| Incident {
            started_at: at(start),
            ..ended(number)
        })
        .collect();
    save_all(&database, &incidents);
    database
}

/// The part of the history on a page; without `page`, the newest one. `None` if it is not found.
fn part(database: &Database, page: Option<&MonthPage>) -> Option<HistoryPart> {
    find(database, &Utc, page, now()).unwrap()
}

/// Renders the history page for a query string; `None` if it is not found.
fn render(database: &Database, query: &str) -> Result<Option<String>, Fault> {
    let name = PageName::History(None);
    let call = PageCall::parse(name, query, PageHost::Deployment).unwrap();
    let page = render_page(database, &call, database.page_tools(), NOW_MS)?;
    Ok(page.map(|page| page.body))
}

#[test]
fn months_without_incidents_are_not_found_without_loading() {
    let database = site_with(&["2025-03-10T08:00:00Z", "2026-09-10T08:00:00Z"]);
    for month in [
        "1970-01", "2025-02", "2025-04", "2026-08", "2027-01", "9999-12",
    ] {
        // None of the statements that load a site is run.
        for table in [
            "FROM site",
            "FROM component",
            "SELECT document FROM incident",
        ] {
            database.fail_on.replace(Some(table));
            let found = render(&database, &format!("month={month}"));
            assert_eq!(found.unwrap(), None, "{month}");
            assert!(database.fail_on.take().is_some(), "{month} read {table}");
        }
    }
    for month in ["2025-03", "2026-09"] {
        assert!(
            render(&database, &format!("month={month}"))
                .unwrap()
                .is_some()
        );
    }
    assert_eq!(
        render(&database, "month=2026-11").unwrap(),
        None,
        "the current month has no incidents"
    );
}

#[test]
fn a_month_of_61_incidents_has_three_pages() {
    // All incidents begin in the same second, so that only their numbers order them.
    let database = site_with(&["2026-10-10T08:00:00Z"; 61]);
    let titles = |part: &HistoryPart| -> Vec<String> {
        let titles = part.incidents.iter().map(|incident| incident.title.clone());
        titles.collect()
    };
    let first = part(&database, None).unwrap();
    assert_eq!((first.incidents.len(), &first.newer), (PER_PAGE, &None));
    let older = first.older.clone().unwrap().page;
    assert_eq!(older, month_page("2026-10", first.incidents.last()));
    let second = part(&database, Some(&older)).unwrap();
    assert_eq!(second.incidents.len(), PER_PAGE);
    assert_eq!(
        second.newer.clone().unwrap().page,
        month_page("2026-10", None)
    );
    let last = part(&database, Some(&second.older.clone().unwrap().page)).unwrap();
    assert_eq!((last.incidents.len(), &last.older), (11, &None));
    assert_eq!(last.newer.clone().unwrap().page, older, "the newer page");
    let all: Vec<String> = [&first, &second, &last]
        .into_iter()
        .flat_map(titles)
        .collect();
    let expected: Vec<String> = (0..61).rev().map(|number| ended(number).title).collect();
    assert_eq!(all, expected, "each incident once, newest first");
    let page = render(&database, "month=2026-10").unwrap().unwrap();
    let link = format!(
        "month=2026-10&amp;before={}",
        first.incidents[PER_PAGE - 1].id
    );
    assert!(page.contains(&link), "{page}");
}

#[test]
fn a_page_before_a_foreign_or_last_incident_is_not_found() {
    let database = site_with(&["2026-09-10T08:00:00Z", "2026-10-10T08:00:00Z"]);
    let september = part(&database, Some(&month_page("2026-09", None))).unwrap();
    let unknown = ended(99);
    for (month, before) in [
        ("2026-10", &september.incidents[0]),
        ("2026-09", &unknown),
        // No incident is older than the last one.
        ("2026-09", &september.incidents[0]),
    ] {
        let page = month_page(month, Some(before));
        assert!(part(&database, Some(&page)).is_none(), "{page:?}");
    }
}

/// Formats dates in a time zone with a constant offset from UTC, in seconds.
struct Offset(i64);

impl DateFormatter for Offset {
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String {
        shape.in_utc(at.plus_seconds(self.0))
    }

    fn plural(&self, _: u64) -> Plural {
        Plural::Other
    }
}

#[test]
fn months_begin_at_midnight_in_the_sites_zone() {
    let starts = [
        "2026-09-30T09:59:59Z",
        "2026-09-30T10:00:00Z",
        "2026-10-31T12:00:00Z",
    ];
    let database = site_with(&starts);
    for (zone, expected) in [
        (Offset(0), [("2026-09", 2), ("2026-10", 1)]),
        (Offset(14 * 3600), [("2026-09", 1), ("2026-10", 1)]),
        (Offset(-10 * 3600), [("2026-09", 2), ("2026-10", 1)]),
    ] {
        for (month, count) in expected {
            let found = find(&database, &zone, Some(&month_page(month, None)), now());
            let found = found.unwrap().unwrap().incidents;
            assert_eq!(found.len(), count, "{month} at {} s", zone.0);
        }
    }
    let kiritimati = Offset(14 * 3600);
    let newest = find(&database, &kiritimati, None, now()).unwrap().unwrap();
    let older = newest.older.unwrap().page;
    assert_eq!(
        older,
        month_page("2026-10", None),
        "November began at 10:00 UTC"
    );
}

/// The condition under which an incident has the column `history_at`.
fn is_in_history(incident: &Incident) -> bool {
    let is_public = !incident.is_draft() && !incident.drill;
    is_public && incident.is_listed() && incident.has_appeared()
}

/// The condition under which an incident has the column `listed_end`.
fn has_listed_end(incident: &Incident) -> bool {
    let is_public = !incident.is_draft() && !incident.drill;
    let is_over = !incident.is_open() && incident.ended_at.is_some();
    is_public && incident.is_listed() && incident.has_appeared() && is_over
}

/// Incidents with every combination of the fields that the two conditions read.
fn combinations() -> Vec<Incident> {
    let audiences = [
        json!(null),
        json!({}),
        json!({ "segments": ["eu"] }),
        json!({ "segments": ["eu"], "listed": true }),
        json!({ "listed": false }),
        json!({ "paths": ["/x"], "listed": null }),
    ];
    let lifecycles = [
        (Kind::Incident, Status::Investigating),
        (Kind::Incident, Status::Resolved),
        (Kind::Maintenance, Status::Scheduled),
        (Kind::Maintenance, Status::InProgress),
        (Kind::Maintenance, Status::Completed),
        (Kind::Announcement, Status::Active),
        (Kind::Announcement, Status::Ended),
    ];
    let mut all = Vec::new();
    for audience in &audiences {
        for (kind, status) in lifecycles {
            for flags in 0..32_u32 {
                let has = |bit: u32| flags & (1 << bit) != 0;
                let base = ended(u32::try_from(all.len()).unwrap());
                all.push(Incident {
                    kind,
                    status,
                    audience: serde_json::from_value(audience.clone()).unwrap(),
                    published_at: base.published_at.filter(|_| !has(0)),
                    drill: has(1),
                    announced: has(2),
                    expired: has(3),
                    withdrawn: has(4).then(|| "A mistake.".to_owned()),
                    ..base
                });
            }
        }
    }
    all
}

#[test]
fn the_columns_of_lists_follow_the_rules_of_incidents() {
    let database = acme();
    let incidents = combinations();
    save_all(&database, &incidents);
    for incident in &incidents {
        let id = Value::from(incident.id.as_str());
        let statement =
            "SELECT COALESCE(history_at, ''), COALESCE(listed_end, '') FROM incident WHERE id = ?";
        let mut row = database.run(statement, &[id]).unwrap().remove(0);
        let stored = (row.text("incident").unwrap(), row.text("incident").unwrap());
        let text = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let began = is_in_history(incident).then_some(incident.started_at);
        let end = incident.ended_at.filter(|_| has_listed_end(incident));
        assert_eq!(stored, (text(began), text(end)), "{incident:?}");
    }
}

#[test]
fn a_withdrawn_incident_is_among_the_recent_ones() {
    // The recent incidents are selected by their end: an incident without an end would be missing.
    let database = acme();
    let (_, open) = post("/incidents", outage()).ok(&database);
    let recent = || incident_lists::ended_since(&database, at("1970-01-01T00:00:00Z"), 5).unwrap();
    assert_eq!(recent(), []);
    let path = format!("/incidents/{}/withdraw", open["id"].as_str().unwrap());
    let withdrawn = post(&path, json!({ "reason": "A mistake." })).ok(&database);
    assert_eq!(withdrawn.0, 200);
    assert_eq!(recent().len(), 1);
}
