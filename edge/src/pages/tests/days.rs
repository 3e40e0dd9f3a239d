//! The last 90 days at a glance.

use super::*;

/// The strokes' classes with how many each has, and the sentence.
fn seen(site: &Site) -> Option<(Vec<(String, usize)>, String)> {
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
fn a_stroke_a_day_as_far_as_is_known() {
    let day = 86_400;
    let mut site = Site::new();
    site.now += 5 * day;
    assert_eq!(seen(&site), None, "of a new site there is nothing to show");
    site.now += day;
    let (strokes, sentence) = seen(&site).unwrap();
    assert_eq!(strokes, [("still".to_owned(), 7)]);
    assert_eq!(sentence, "Last 7 days: no problems.");
    site.now += 200 * day;
    let begin = site.now;
    let mut was = |number: u32, days_ago: i64, lasted: i64, fields: Json| {
        let mut fields = fields;
        fields["started_at"] = json!(at(begin - days_ago * day));
        site.publish(number, fields);
        site.now = begin - days_ago * day + lasted * day;
        site.update(number, json!({ "body": "b", "status": "resolved" }));
        site.now = begin;
    };
    // Two days, of which one was worse still; one too long ago; some that were nothing to anybody.
    was(1, 20, 1, json!({ "impact": "minor" }));
    was(2, 19, 0, json!({ "impact": "critical" }));
    was(3, 91, 0, json!({ "impact": "critical" }));
    was(4, 50, 0, json!({ "impact": "none" }));
    was(5, 51, 0, json!({ "drill": true }));
    was(6, 52, 0, json!({ "audience": { "listed": false } }));
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
    let (strokes, sentence) = seen(&site).unwrap();
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
