//! The chart of the last 90 days, in the time zones of the runtime.

use std::time::{SystemTime, UNIX_EPOCH};

use e2e::{ROOT_TOKEN, Server, ServerOptions, outage_with};
use notice::wire::time::Timestamp;
use serde_json::json;

const DAY_S: i64 = 86_400;

/// The offset of a clock that shows this time, in seconds.
fn offset_to(time: Timestamp) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    time.seconds() - i64::try_from(now.as_secs()).unwrap()
}

/// The days with a stroke of a class, counted back from today, and the sentence below the chart.
fn chart(server: &Server, class: &str) -> (Vec<usize>, String) {
    let page = server.get("/s/acme").text();
    let (_, chart) = page.split_once("<div class=\"days\">").expect(&page);
    let (_, width) = chart.split_once("viewBox=\"0 0 ").unwrap();
    let today: usize = width.split_once(' ').unwrap().0.parse::<usize>().unwrap() / 8 - 1;
    let path = chart
        .split_once(&format!("<path class=\"{class}\" d=\""))
        .map_or("", |(_, path)| path);
    let path = path.split_once('"').map_or("", |(path, _)| path);
    let strokes = path.split('M').skip(1).map(|stroke| {
        let x: usize = stroke.split_once(' ').unwrap().0.parse().unwrap();
        today - (x - 4) / 8
    });
    let (_, sentence) = chart.split_once("<p class=\"soft\">").unwrap();
    (
        strokes.collect(),
        sentence.split_once('<').unwrap().0.to_owned(),
    )
}

/// Each row has the start `at` of an incident of 10 minutes, the time `seen` at which the chart is
/// drawn, and the number of days between them.
#[test]
fn short_and_long_days_are_drawn_in_the_zone_of_the_site() {
    for (zone, at, seen, days_ago) in [
        // A day of 23 hours, drawn 30 and 90 min after its end.
        (
            "Europe/Berlin",
            "2026-03-29T12:00:00Z",
            "2026-03-29T22:30:00Z",
            1,
        ),
        (
            "Europe/Berlin",
            "2026-03-29T12:00:00Z",
            "2026-03-29T23:30:00Z",
            1,
        ),
        // A day of 25 hours.
        (
            "Europe/Berlin",
            "2026-10-25T22:30:00Z",
            "2026-10-25T23:30:00Z",
            1,
        ),
        // Days that begin at 1 a.m.
        (
            "America/Sao_Paulo",
            "2018-11-04T03:10:00Z",
            "2018-11-05T02:30:00Z",
            1,
        ),
        (
            "America/Sao_Paulo",
            "2018-11-04T02:30:00Z",
            "2018-11-05T02:30:00Z",
            2,
        ),
        (
            "Africa/Cairo",
            "2024-04-25T22:10:00Z",
            "2024-04-26T21:30:00Z",
            1,
        ),
        (
            "Asia/Beirut",
            "2025-03-29T22:10:00Z",
            "2025-03-30T21:30:00Z",
            1,
        ),
        (
            "Asia/Kolkata",
            "2026-05-01T18:40:00Z",
            "2026-05-02T18:20:00Z",
            0,
        ),
        (
            "Asia/Kolkata",
            "2026-05-01T18:00:00Z",
            "2026-05-02T18:20:00Z",
            1,
        ),
    ] {
        let [at, seen] = [at, seen].map(|time| Timestamp::parse(time).unwrap());
        let mut server = Server::with(&ServerOptions {
            clock_offset_s: offset_to(at.plus_seconds(-8 * DAY_S)),
            ..ServerOptions::default()
        });
        let body = json!({ "slug": "acme", "name": "Acme", "time_zone": zone });
        server.post("/v1/sites", ROOT_TOKEN, &body);
        server.restart_with_clock_offset(offset_to(at));
        let incident = outage_with(&json!({ "impact": "critical" }));
        let created = server.post("/v1/sites/acme/incidents", ROOT_TOKEN, &incident);
        assert_eq!(created.status, 201, "{}", created.text());
        server.restart_with_clock_offset(offset_to(at.plus_seconds(600)));
        let path = format!(
            "/v1/sites/acme/incidents/{}/updates",
            created.json["id"].as_str().unwrap()
        );
        let resolved = server.post(
            &path,
            ROOT_TOKEN,
            &json!({ "body": "b", "status": "resolved" }),
        );
        assert_eq!(resolved.status, 201, "{}", resolved.text());
        server.restart_with_clock_offset(offset_to(seen));
        let (strokes, sentence) = chart(&server, "critical");
        assert_eq!(strokes, [days_ago], "{zone} at {seen}: {sentence}");
        assert!(
            sentence.ends_with("problems on 1."),
            "{zone} at {seen}: {sentence}"
        );
    }
}
