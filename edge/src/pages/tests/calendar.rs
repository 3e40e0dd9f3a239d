//! Calendar files.

use super::*;
use crate::pages::calendar;

const HOUR: i64 = 3600;

/// A site with a maintenance from 10 to 12 hours from now.
fn site_with_maintenance() -> Site {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "kind": "maintenance", "title": "Upgrade", "impact": null,
                "scheduled_for": at(NOW + 10 * HOUR), "scheduled_until": at(NOW + 12 * HOUR) }),
    );
    site
}

fn file(site: &Site) -> String {
    site.with("en", |context| {
        calendar::render(context, &incident_id(1), 7).unwrap()
    })
}

#[test]
fn a_file_has_the_window_and_the_time_of_its_last_change() {
    let mut site = site_with_maintenance();
    site.now += 60;
    site.update(1, json!({ "body": "We need longer." }));
    let file = file(&site);
    for line in [
        "UID:inc_1@status.example.com",
        "SEQUENCE:7",
        "DTSTAMP:20261121T080100Z",
        "LAST-MODIFIED:20261121T080100Z",
        "CREATED:20261121T080000Z",
        "DTSTART:20261121T180000Z",
        "DTEND:20261121T200000Z",
        "SUMMARY:Upgrade",
        "STATUS:CONFIRMED",
        "METHOD:PUBLISH",
    ] {
        assert!(
            file.split("\r\n").any(|found| found == line),
            "{line}: {file}"
        );
    }
}

#[test]
fn withdrawn_and_early_ended_maintenance_is_cancelled() {
    let is_cancelled = |site: &Site| file(site).contains("\r\nSTATUS:CANCELLED\r\n");
    let mut withdrawn = site_with_maintenance();
    withdrawn.run(Command::WithdrawIncident {
        id: incident_id(1),
        input: serde_json::from_value(json!({ "reason": "Not needed." })).unwrap(),
    });
    assert!(is_cancelled(&withdrawn));
    let mut early = site_with_maintenance();
    early.update(1, json!({ "body": "Not needed.", "status": "completed" }));
    assert!(is_cancelled(&early));
    let mut done = site_with_maintenance();
    done.now += 11 * HOUR;
    done.update(1, json!({ "body": "Done.", "status": "completed" }));
    assert!(!is_cancelled(&done));
}
