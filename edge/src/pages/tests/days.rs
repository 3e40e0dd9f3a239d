//! The chart of the last 90 days.

use super::*;

/// The number of strokes by class, and the text.
fn chart(site: &Site) -> Option<(Vec<(String, usize)>, String)> {
    let page = site.status();
    let (_, days) = page.split_once("<div class=\"days\">")?;
    let days = days.split_once("</div>").unwrap().0;
    let strokes = days.split("<path class=\"").skip(1).map(|path| {
        let (class, path) = path.split_once('"').unwrap();
        (class.to_owned(), path.matches('M').count())
    });
    let (_, sentence) = days.split_once("<p class=\"soft\">").unwrap();
    let sentence = sentence.split_once('<').unwrap().0;
    Some((strokes.collect(), sentence.to_owned()))
}

#[test]
fn each_known_day_has_a_stroke_with_its_worst_impact() {
    let day = 86_400;
    let mut site = Site::new();
    site.now += 5 * day;
    assert_eq!(chart(&site), None, "a new site has no chart");
    site.now += day;
    let (strokes, sentence) = chart(&site).unwrap();
    assert_eq!(strokes, [("still".to_owned(), 7)]);
    assert_eq!(sentence, "Last 7 days: no problems.");
    site.now += 200 * day;
    let begin = site.now;
    let mut publish_resolved = |number: u32, days_ago: i64, duration_days: i64, fields: Json| {
        site.now = begin - days_ago * day;
        site.publish(number, fields);
        site.now += duration_days * day;
        site.update(number, json!({ "body": "b", "status": "resolved" }));
        site.now = begin;
    };
    // Counted: 20 days ago as minor (1), 19 days ago as critical (2, which 1 overlaps), and today's maintenance (7). Not
    // counted: too old (3), no impact (4), drill (5), unlisted (6), scheduled (8), announcement (9).
    publish_resolved(1, 20, 1, json!({ "impact": "minor" }));
    publish_resolved(2, 19, 0, json!({ "impact": "critical" }));
    publish_resolved(3, 91, 0, json!({ "impact": "critical" }));
    publish_resolved(4, 50, 0, json!({ "impact": "none" }));
    publish_resolved(5, 51, 0, json!({ "drill": true }));
    publish_resolved(6, 52, 0, json!({ "audience": { "listed": false } }));
    site.publish(
        7,
        json!({ "kind": "maintenance", "impact": null, "status": "in_progress",
        "scheduled_for": at(site.now - 600), "scheduled_until": at(site.now + 600) }),
    );
    site.publish(
        8,
        json!({ "kind": "maintenance", "impact": null, "scheduled_for": at(site.now + 600), "scheduled_until": at(site.now + 900) }),
    );
    site.publish(9, json!({ "kind": "announcement", "impact": null }));
    let (strokes, sentence) = chart(&site).unwrap();
    let strokes: Vec<(&str, usize)> = strokes
        .iter()
        .map(|(class, count)| (class.as_str(), *count))
        .collect();
    assert_eq!(
        strokes,
        [
            ("still", 87),
            ("maintenance", 1),
            ("minor", 1),
            ("critical", 1)
        ]
    );
    assert_eq!(sentence, "Last 90 days: problems on 2, maintenance on 1.");
}
