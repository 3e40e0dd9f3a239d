//! The overall sentence, promises, and content that pages omit.

use super::*;

#[test]
fn the_overall_sentence_matches_the_open_incidents() {
    let for_some = |mut fields: Json| {
        fields["audience"] = json!({ "paths": ["/a"], "listed": false });
        fields
    };
    let segment = for_some(json!({}));
    let planned = json!({ "kind": "maintenance", "impact": null, "scheduled_for": at(NOW + 3600), "scheduled_until": at(NOW + 7200) });
    let mut in_progress = planned.clone();
    in_progress["status"] = json!("in_progress");
    in_progress["scheduled_for"] = json!(at(NOW - 60));
    let announcement = json!({ "kind": "announcement", "impact": null });
    for (fields, expected) in [
        (None, "No known problems"),
        (
            Some(json!({ "impact": "critical" })),
            "has a critical problem.",
        ),
        (Some(json!({ "impact": "major" })), "has a major problem."),
        (Some(json!({ "impact": "minor" })), "has a minor problem."),
        (Some(json!({ "impact": "none" })), "has a minor problem."),
        (Some(segment), "has a problem that affects some customers."),
        (
            Some(planned.clone()),
            "No known problems. Maintenance is scheduled.",
        ),
        (
            Some(for_some(planned.clone())),
            "No known problems. Maintenance is scheduled for some customers.",
        ),
        (Some(in_progress.clone()), "is under maintenance."),
        (
            Some(for_some(in_progress)),
            "is under maintenance for some customers.",
        ),
        (
            Some(announcement.clone()),
            "No known problems. There is an announcement.",
        ),
        (
            Some(for_some(announcement)),
            "No known problems. There is an announcement for some customers.",
        ),
        (Some(json!({ "draft": true })), "No known problems"),
        (Some(json!({ "drill": true })), "No known problems"),
    ] {
        let mut site = Site::new();
        if let Some(fields) = &fields {
            site.publish(1, fields.clone());
        }
        let page = site.status();
        assert!(
            page.contains(&format!("{expected}</span></h1>")),
            "{fields:?}: {page}"
        );
    }
}

#[test]
fn the_timeline_shows_kept_late_and_overdue_promises() {
    let mut site = Site::new();
    site.publish(1, json!({ "next_update_at": at(NOW + 1800) }));
    assert!(site.incident(1).unwrap().contains("Next update by "));
    site.now += 1200;
    site.update(1, json!({ "body": "b", "next_update_at": at(NOW + 3600) }));
    site.now = NOW + 3600 + 301;
    let page = site.incident(1).unwrap();
    assert!(
        page.contains("Updated on time (promised by ")
            && page.contains("Update overdue (promised by "),
        "{page}"
    );
    assert!(page.contains("The problem may not be over yet."));
    site.now = NOW + 3600 + 720;
    site.update(1, json!({ "body": "b", "status": "resolved" }));
    let page = site.incident(1).unwrap();
    assert!(
        page.contains("Updated 12\u{a0}min late (promised by "),
        "{page}"
    );
}

#[test]
fn a_withdrawn_incident_shows_its_reason() {
    let mut site = Site::new();
    site.publish(1, json!({ "advice": "Do not resend." }));
    site.run(Command::WithdrawIncident {
        id: incident_id(1),
        input: serde_json::from_value(json!({ "reason": "A false alarm." })).unwrap(),
    });
    for page in [site.incident(1).unwrap(), site.history(None).unwrap()] {
        assert!(page.contains("Withdrawn"), "{page}");
        assert!(!page.contains("Do not resend.") && !page.contains("Working again"));
    }
    let page = site.incident(1).unwrap();
    assert!(page.contains("Published by mistake") && page.contains("A false alarm."));
    assert!(page.contains("<title>Withdrawn: Messages are delayed"));
}

#[test]
fn drafts_and_drills_have_no_page() {
    let mut site = Site::new();
    site.publish(1, json!({ "draft": true }));
    site.publish(2, json!({ "drill": true }));
    assert_eq!(
        (site.incident(1), site.incident(2), site.incident(3)),
        (None, None, None)
    );
    assert!(!site.status().contains("Messages are delayed"));
}

#[test]
fn an_incident_for_segments_is_reachable_by_link_only() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "audience": { "segments": ["eu"] }, "title": "Only Europe" }),
    );
    for page in [site.status(), site.history(None).unwrap()] {
        assert!(!page.contains("Only Europe"), "{page}");
    }
    assert!(
        site.status()
            .contains("has a problem that affects some customers.")
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains("For <bdi>European customers</bdi>:</span> <bdi>Only Europe</bdi></h1>"));
    assert!(page.contains("name=\"robots\" content=\"noindex\""));
    // Only unlisted incidents link to an unlisted one.
    site.publish(2, json!({ "title": "For all", "related": ["inc_1"] }));
    let page = site.incident(2).unwrap();
    assert!(!page.contains("Only Europe") && !page.contains("noindex"));
    site.publish(
        3,
        json!({ "title": "For some", "related": ["inc_1"], "audience": { "listed": false } }),
    );
    assert!(site.incident(3).unwrap().contains("Only Europe"));
}

#[test]
fn lists_show_what_to_check_until_the_all_clear_expires() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    site.update(
        1,
        json!({ "body": "b", "status": "resolved",
                "restored": { "check": "Look at **what** you sent. ".repeat(40), "still": ["Reports <b>lag</b>"] } }),
    );
    let page = site.status();
    for expected in [
        "What to check",
        "Look at <strong>what</strong> you sent.",
        ">Read on</a>",
        "Not yet right",
        "Reports &lt;b&gt;lag&lt;/b&gt;",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    site.now += 72 * 3600;
    let page = site.status();
    assert!(page.contains("Mostly resolved:") && page.contains("Not yet right"));
    assert!(!page.contains("What to check"));
}
