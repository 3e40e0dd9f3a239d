//! The severity of each calendar day.
#![cfg(feature = "server")]
#![cfg(test)]

mod site;

use notice::{
    project::{
        days::{DayTable, day_starts, day_table},
        severity::{Severity, Span, spans},
    },
    wire::{ids::IncidentId, time::Timestamp},
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// 2026-11-21T00:00:00Z
const MIDNIGHT: i64 = NOW - 8 * HOUR;

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A time zone: its offset from UTC before the first change; then each change, with its time and the offset from that time
/// on. Offsets are in seconds.
struct Zone(i64, &'static [(&'static str, i64)]);

impl Zone {
    fn day_of(&self, at: Timestamp) -> String {
        let changes = self.1.iter().rev();
        let offset = changes
            .clone()
            .find(|(from, _)| time(from) <= at)
            .map_or(self.0, |(_, offset)| *offset);
        at.plus_seconds(offset).to_string()[..10].to_owned()
    }

    /// The days before the day of `now`, at most `most - 1`, oldest first: their names, and their lengths in hours.
    fn days(&self, now: &str, most: usize) -> Vec<(String, f64)> {
        let starts = day_starts(time(now), most, Timestamp::from_seconds(0), |at| {
            self.day_of(at)
        });
        let hours = |one: &Timestamp, other: &Timestamp| {
            (other.seconds() - one.seconds()) as f64 / HOUR as f64
        };
        let ends = starts.iter().skip(1);
        let days = starts
            .iter()
            .zip(ends)
            .map(|(start, end)| (self.day_of(*start), hours(start, end)));
        days.collect()
    }
}

const BERLIN: Zone = Zone(
    HOUR,
    &[
        ("2026-03-29T01:00:00Z", 2 * HOUR),
        ("2026-10-25T01:00:00Z", HOUR),
    ],
);
const SAO_PAULO: Zone = Zone(
    -3 * HOUR,
    &[
        ("2017-10-15T03:00:00Z", -2 * HOUR),
        ("2018-02-18T02:00:00Z", -3 * HOUR),
        ("2018-11-04T03:00:00Z", -2 * HOUR),
    ],
);
const CAIRO: Zone = Zone(
    2 * HOUR,
    &[
        ("2024-04-25T22:00:00Z", 3 * HOUR),
        ("2024-10-31T21:00:00Z", 2 * HOUR),
    ],
);
const BEIRUT: Zone = Zone(
    2 * HOUR,
    &[
        ("2026-03-28T22:00:00Z", 3 * HOUR),
        ("2026-10-24T21:00:00Z", 2 * HOUR),
    ],
);
const LORD_HOWE: Zone = Zone(
    11 * HOUR,
    &[
        ("2026-04-04T15:00:00Z", 10 * HOUR + 1800),
        ("2026-10-03T15:30:00Z", 11 * HOUR),
    ],
);
const KOLKATA: Zone = Zone(5 * HOUR + 1800, &[]);
const APIA: Zone = Zone(-10 * HOUR, &[("2011-12-30T10:00:00Z", 14 * HOUR)]);

#[test]
fn clock_changes_shorten_and_lengthen_days() {
    for (zone, now, expected) in [
        (
            &BERLIN,
            "2026-03-30T22:30:00Z",
            [
                ("2026-03-28", 24.0),
                ("2026-03-29", 23.0),
                ("2026-03-30", 24.0),
            ],
        ),
        (
            &BERLIN,
            "2026-10-27T12:00:00Z",
            [
                ("2026-10-24", 24.0),
                ("2026-10-25", 25.0),
                ("2026-10-26", 24.0),
            ],
        ),
        (
            &SAO_PAULO,
            "2018-11-06T05:00:00Z",
            [
                ("2018-11-03", 24.0),
                ("2018-11-04", 23.0),
                ("2018-11-05", 24.0),
            ],
        ),
        (
            &SAO_PAULO,
            "2018-02-19T05:00:00Z",
            [
                ("2018-02-16", 24.0),
                ("2018-02-17", 25.0),
                ("2018-02-18", 24.0),
            ],
        ),
        (
            &CAIRO,
            "2024-04-28T05:00:00Z",
            [
                ("2024-04-25", 24.0),
                ("2024-04-26", 23.0),
                ("2024-04-27", 24.0),
            ],
        ),
        (
            &CAIRO,
            "2024-11-02T05:00:00Z",
            [
                ("2024-10-30", 24.0),
                ("2024-10-31", 25.0),
                ("2024-11-01", 24.0),
            ],
        ),
        (
            &BEIRUT,
            "2026-03-31T05:00:00Z",
            [
                ("2026-03-28", 24.0),
                ("2026-03-29", 23.0),
                ("2026-03-30", 24.0),
            ],
        ),
        (
            &LORD_HOWE,
            "2026-04-06T20:00:00Z",
            [
                ("2026-04-04", 24.0),
                ("2026-04-05", 24.5),
                ("2026-04-06", 24.0),
            ],
        ),
        (
            &KOLKATA,
            "2026-11-21T20:00:00Z",
            [
                ("2026-11-19", 24.0),
                ("2026-11-20", 24.0),
                ("2026-11-21", 24.0),
            ],
        ),
        // The 30th did not exist in Samoa.
        (
            &APIA,
            "2012-01-01T20:00:00Z",
            [
                ("2011-12-29", 24.0),
                ("2011-12-31", 24.0),
                ("2012-01-01", 24.0),
            ],
        ),
    ] {
        let days = zone.days(now, 4);
        let days: Vec<(&str, f64)> = days
            .iter()
            .map(|(day, hours)| (day.as_str(), *hours))
            .collect();
        assert_eq!(days, expected, "up to {now}");
    }
}

#[test]
fn ninety_days_are_all_different_throughout_a_year() {
    for zone in [&BERLIN, &BEIRUT, &LORD_HOWE, &KOLKATA] {
        for hour in (0..365 * 24).step_by(37) {
            let now = Timestamp::from_seconds(time("2026-01-01T00:30:00Z").seconds() + hour * HOUR);
            let starts = day_starts(now, 90, Timestamp::from_seconds(0), |at| zone.day_of(at));
            let mut days: Vec<String> = starts.iter().map(|start| zone.day_of(*start)).collect();
            assert_eq!(days.last(), Some(&zone.day_of(now)), "today at {now}");
            assert!(days.is_sorted(), "at {now}");
            days.dedup();
            assert_eq!(days.len(), 90, "at {now}");
        }
    }
}

#[test]
fn no_day_is_before_the_day_of_the_given_time() {
    let days = |first: &str| {
        let now = time("2026-03-30T10:00:00Z");
        day_starts(now, 90, time(first), |at| BERLIN.day_of(at)).len()
    };
    assert_eq!(days("2026-03-30T09:00:00Z"), 1);
    assert_eq!(days("2026-03-29T22:00:00Z"), 1);
    assert_eq!(days("2026-03-29T21:59:59Z"), 2);
    assert_eq!(days("2026-03-28T23:00:00Z"), 2);
    assert_eq!(days("2020-01-01T00:00:00Z"), 90);
}

/// The site's severity on each of the `count` days from `MIDNIGHT` on, in UTC, as one letter per day:
/// `.` none, `m` maintenance, `1` minor, `2` major, `3` critical. Also returns the table of days.
fn severity_letters(site: &TestSite, ids: &[IncidentId], count: i64) -> (String, DayTable) {
    let starts: Vec<Timestamp> = (0..count)
        .map(|day| Timestamp::from_seconds(MIDNIGHT + day * DAY))
        .collect();
    let spans = ids.iter().flat_map(|id| spans_of(site, id));
    let table = day_table(&starts, spans);
    (letters(&table.site), table)
}

fn letters(row: &[Option<Severity>]) -> String {
    let letter = |day: &Option<Severity>| match day {
        None => '.',
        Some(Severity::Maintenance) => 'm',
        Some(Severity::Minor) => '1',
        Some(Severity::Major) => '2',
        Some(Severity::Critical) => '3',
    };
    row.iter().map(letter).collect()
}

fn spans_of(site: &TestSite, id: &IncidentId) -> Vec<Span> {
    let events = site
        .events
        .iter()
        .filter(|(event, _)| event.incident() == Some(id));
    spans(id, events.map(|(event, at)| (event, *at)))
}

fn outage(impact: &str) -> Value {
    json!({ "kind": "incident", "title": "t", "impact": impact, "body": "b" })
}

fn at(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).to_string()
}

/// Posts an update, `after` seconds after `MIDNIGHT`.
fn update(site: &mut TestSite, id: &IncidentId, after: i64, fields: Value) {
    let mut body = json!({ "body": "b" });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    site.now = MIDNIGHT + after;
    site.update(id, body);
}

#[test]
fn a_day_has_its_own_highest_severity() {
    let mut site = TestSite::new();
    let id = site.publish(outage("critical"));
    update(&mut site, &id, 8 * HOUR + 600, json!({ "impact": "minor" }));
    update(
        &mut site,
        &id,
        5 * DAY + HOUR,
        json!({ "status": "resolved" }),
    );
    assert_eq!(severity_letters(&site, &[id], 8).0, "311111..");
}

#[test]
fn the_highest_severity_of_several_incidents_counts() {
    let mut site = TestSite::new();
    let one = site.publish(outage("minor"));
    update(
        &mut site,
        &one,
        2 * DAY + HOUR,
        json!({ "impact": "major" }),
    );
    let other = site.publish(outage("critical"));
    update(
        &mut site,
        &other,
        2 * DAY + 2 * HOUR,
        json!({ "status": "resolved" }),
    );
    update(
        &mut site,
        &one,
        3 * DAY + HOUR,
        json!({ "status": "resolved" }),
    );
    assert_eq!(severity_letters(&site, &[one, other], 5).0, "1132.");
}

#[test]
fn days_between_an_end_and_a_reopening_have_no_incident() {
    let mut site = TestSite::new();
    let id = site.publish(outage("major"));
    update(&mut site, &id, DAY + HOUR, json!({ "status": "resolved" }));
    update(
        &mut site,
        &id,
        4 * DAY + HOUR,
        json!({ "status": "investigating" }),
    );
    assert_eq!(
        severity_letters(&site, std::slice::from_ref(&id), 7).0,
        "22..222"
    );
    update(
        &mut site,
        &id,
        5 * DAY + HOUR,
        json!({ "status": "resolved", "impact": "critical" }),
    );
    assert_eq!(severity_letters(&site, &[id], 7).0, "22..22.");
}

#[test]
fn an_end_at_midnight_does_not_count_for_the_next_day() {
    for (end, expected) in [
        (2 * DAY - 1, "22.."),
        (2 * DAY, "22.."),
        (2 * DAY + 1, "222."),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(outage("major"));
        update(&mut site, &id, end, json!({ "status": "resolved" }));
        assert_eq!(severity_letters(&site, &[id], 4).0, expected, "{end}");
    }
}

#[test]
fn an_incident_without_a_duration_counts_for_its_day() {
    for (start, expected) in [(2 * DAY, "..2."), (2 * DAY - 1, ".2..")] {
        let mut site = TestSite::new();
        site.now = MIDNIGHT + start;
        let id = site.publish(outage("major"));
        update(&mut site, &id, start, json!({ "status": "resolved" }));
        assert_eq!(severity_letters(&site, &[id], 4).0, expected, "{start}");
    }
}

#[test]
fn corrected_starts_and_ends_move_the_first_and_last_day() {
    let mut site = TestSite::new();
    site.now = MIDNIGHT + 3 * DAY + HOUR;
    let mut late = outage("minor");
    late["started_at"] = json!(at(MIDNIGHT + DAY));
    let id = site.publish(late);
    let drawn = |site: &TestSite| severity_letters(site, std::slice::from_ref(&id), 8).0;
    assert_eq!(drawn(&site), ".1111111");
    update(&mut site, &id, 4 * DAY + HOUR, json!({ "impact": "major" }));
    update(
        &mut site,
        &id,
        6 * DAY + HOUR,
        json!({ "status": "resolved" }),
    );
    assert_eq!(drawn(&site), ".111222.");
    site.change(&id, json!({ "started_at": at(MIDNIGHT + 2 * DAY) }));
    assert_eq!(drawn(&site), "..11222.");
    site.change(&id, json!({ "ended_at": at(MIDNIGHT + 5 * DAY + HOUR) }));
    assert_eq!(drawn(&site), "..1122..");
    site.change(&id, json!({ "started_at": at(MIDNIGHT) }));
    assert_eq!(drawn(&site), "111122..");
    // Reopened after the corrected end.
    update(
        &mut site,
        &id,
        7 * DAY,
        json!({ "status": "investigating" }),
    );
    assert_eq!(drawn(&site), "111122.2");
}

#[test]
fn an_incident_that_is_published_after_its_end_counts() {
    let mut site = TestSite::new();
    site.now = MIDNIGHT + 5 * DAY;
    let mut past = outage("critical");
    for (name, value) in [
        ("status", "resolved".to_owned()),
        ("started_at", at(MIDNIGHT + DAY)),
        ("ended_at", at(MIDNIGHT + 3 * DAY)),
    ] {
        past[name] = json!(value);
    }
    let id = site.publish(past);
    assert_eq!(severity_letters(&site, &[id], 6).0, ".33...");
}

#[test]
fn an_impact_of_none_gives_a_day_no_severity() {
    let mut site = TestSite::new();
    let id = site.publish(outage("none"));
    update(&mut site, &id, 2 * DAY + HOUR, json!({ "impact": "minor" }));
    assert_eq!(severity_letters(&site, &[id], 4).0, "..11");
}

#[test]
fn incidents_that_charts_leave_out_have_no_span() {
    let left_out = [
        json!({ "drill": true }),
        json!({ "draft": true }),
        json!({ "audience": { "listed": false } }),
        json!({ "kind": "announcement", "impact": null }),
        json!({ "kind": "maintenance", "impact": null, "scheduled_for": at(NOW + DAY), "scheduled_until": at(NOW + 2 * DAY) }),
    ];
    for fields in left_out {
        let mut site = TestSite::new();
        let mut body = outage("major");
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let id = site.publish(body);
        assert_eq!(spans_of(&site, &id), [], "{fields}");
    }
    let mut site = TestSite::new();
    let id = site.publish(outage("major"));
    site.run(notice::decide::Command::WithdrawIncident {
        id: id.clone(),
        input: serde_json::from_value(json!({ "reason": "It was another product." })).unwrap(),
    })
    .unwrap();
    assert_eq!(spans_of(&site, &id), [], "withdrawn");
}

#[test]
fn maintenance_counts_from_its_actual_start() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "maintenance", "title": "t", "scheduled_for": at(MIDNIGHT + DAY + HOUR), "scheduled_until": at(MIDNIGHT + 2 * DAY + HOUR)
    }));
    site.pass(MIDNIGHT + DAY + HOUR);
    site.pass(MIDNIGHT + 2 * DAY + HOUR);
    assert_eq!(severity_letters(&site, &[id], 5).0, ".mm..");
}

#[test]
fn a_component_has_its_own_row_of_severities() {
    let mut site = TestSite::new();
    let mut body = outage("critical");
    body["components"] = json!([{ "id": "sending", "status": "major_outage" }, { "id": "reports", "status": "operational" }]);
    let id = site.publish(body);
    update(
        &mut site,
        &id,
        2 * DAY + HOUR,
        json!({ "components": [{ "id": "sending", "status": "operational" }, { "id": "reports", "status": "degraded_performance" }] }),
    );
    update(&mut site, &id, 4 * DAY, json!({ "status": "resolved" }));
    let (all, table) = severity_letters(&site, &[id], 6);
    assert_eq!(all, "3333..");
    let of = |slug: &str| {
        table
            .components
            .get(&site.component(slug).id)
            .map(|row| letters(row))
    };
    assert_eq!(of("sending").as_deref(), Some("333..."));
    assert_eq!(of("reports").as_deref(), Some("..11.."));
    assert_eq!(of("receiving"), None);
}
