//! References from incidents to segments, components and languages that are deleted: a deletion must not widen the
//! audience of a notice or make an incident impossible to change.

#![cfg(test)]

mod site;

use notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    decide::{Command, decide},
    rejection::Rejection,
    state::State,
    wire::{enums::ComponentStatus, input::ComponentName},
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

const HOUR: i64 = 3600;

fn patch(body: Value) -> MergePatch {
    MergePatch::read(body.to_string().as_bytes()).unwrap()
}

fn change_site(site: &mut TestSite, body: Value) -> Result<(), Rejection> {
    site.run(Command::ChangeSite {
        patch: patch(body),
        network: Network::Public,
    })
}

fn delete_component(site: &mut TestSite, slug: &str) -> Result<(), Rejection> {
    let name = ComponentName::parse(slug).unwrap();
    site.run(Command::DeleteComponent { name })
}

fn outage(fields: Value) -> Value {
    let mut body = json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b" });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn segments_in_the_audience_of_a_notice_cannot_be_removed() {
    let mut site = TestSite::new();
    let eu = json!([{ "slug": "eu", "label": "European customers" }]);
    change_site(&mut site, json!({ "segments": eu })).unwrap();
    let id = site.publish(outage(
        json!({ "audience": { "segments": ["eu"], "undeclared": "hide" } }),
    ));
    assert!(
        change_site(&mut site, json!({ "segments": [] })).is_err(),
        "open"
    );
    site.update(&id, json!({ "body": "x", "status": "resolved" }));
    assert!(
        change_site(&mut site, json!({ "segments": [] })).is_err(),
        "its all-clear is shown"
    );
    site.pass(NOW + 72 * HOUR);
    change_site(&mut site, json!({ "segments": [] })).unwrap();
    let again = site.try_update(&id, json!({ "body": "x", "status": "identified" }));
    assert!(
        matches!(again, Err(Rejection::IllegalTransition(_))),
        "{again:?}"
    );
    // Title and audience can still be changed.
    site.change(&id, json!({ "title": "Other" }));
    site.change(&id, json!({ "audience": null }));
    site.update(&id, json!({ "body": "x", "status": "identified" }));
}

#[test]
fn segment_labels_need_a_language_of_the_site() {
    let mut site = TestSite::new();
    let eu = |text: Value| json!([{ "slug": "eu", "label": "Europe", "text": text }]);
    let rejected = change_site(
        &mut site,
        json!({ "segments": eu(json!({ "de": "Europa", "fr": "Europe" })) }),
    );
    let errors = rejected.unwrap_err().problem().errors;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(
        (errors[0].pointer.as_str(), errors[0].code),
        ("/segments/0/text/fr", "invalid_field")
    );
    change_site(
        &mut site,
        json!({ "segments": eu(json!({ "de": "Europa" })) }),
    )
    .unwrap();
    // Labels are kept when their language is removed, and may be sent back unchanged.
    change_site(&mut site, json!({ "languages": ["en"] })).unwrap();
    let read = serde_json::to_value(&site.state.site.as_ref().unwrap().segments).unwrap();
    assert_eq!(read[0]["text"]["de"], "Europa");
    change_site(&mut site, json!({ "name": "Acme", "segments": read })).unwrap();
    let new_label = change_site(&mut site, json!({ "segments": eu(json!({ "de": "EU" })) }));
    assert!(new_label.is_err(), "a new label in a removed language");
    let other =
        json!({ "slug": "other", "name": "Other", "segments": eu(json!({ "de": "Europa" })) });
    let input = Box::new(serde_json::from_value(other).unwrap());
    let created = decide(
        &State::default(),
        Command::CreateSite {
            input,
            network: Network::Public,
        },
        site.now(),
    );
    assert!(matches!(created, Err(Rejection::Fields(_))), "{created:?}");
}

#[test]
fn runs_of_stars_in_paths_become_two() {
    let mut site = TestSite::new();
    let paths = json!(["/a/****", "/*/b***c/**"]);
    let id = site.publish(outage(json!({ "audience": { "paths": paths } })));
    let paths = site.incident(&id).audience.unwrap().paths;
    assert_eq!(paths, ["/a/**", "/*/b**c/**"]);
}

#[test]
fn deleting_a_component_keeps_the_audience_of_its_all_clear() {
    let mut site = TestSite::new();
    let about = site.publish(outage(json!({ "components": [{ "id": "sending" }] })));
    let aimed = site.publish(outage(json!({ "audience": { "components": ["reports"] } })));
    for slug in ["sending", "reports"] {
        assert!(delete_component(&mut site, slug).is_err(), "{slug}: open");
    }
    let rename = |site: &mut TestSite| {
        let name = ComponentName::parse("reports").unwrap();
        let patch = patch(json!({ "slug": "figures" }));
        site.run(Command::ChangeComponent { name, patch })
    };
    assert!(
        rename(&mut site).is_err(),
        "pages that declare the new slug would miss it"
    );
    for id in [&about, &aimed] {
        site.update(id, json!({ "body": "x", "status": "resolved" }));
    }
    let audience = |site: &TestSite| -> Vec<Vec<String>> {
        let notices = site.feed().notices;
        let slugs = notices.iter().map(|notice| &notice.audience.components);
        slugs
            .map(|slugs| slugs.iter().map(ToString::to_string).collect())
            .collect()
    };
    let before = audience(&site);
    for slug in ["sending", "reports"] {
        delete_component(&mut site, slug).unwrap();
    }
    assert_eq!(
        audience(&site),
        before,
        "the all-clear has the audience of the outage"
    );
    for id in [&about, &aimed] {
        assert!(
            site.try_update(id, json!({ "body": "x", "status": "identified" }))
                .is_err()
        );
        site.change(id, json!({ "title": "Other" }));
    }
}

#[test]
fn patch_is_not_rejected_for_fields_it_does_not_contain() {
    let mut site = TestSite::new();
    let mut draft = outage(json!({}));
    draft["draft"] = json!(true);
    let related = site.publish(draft);
    let id = site.publish(outage(json!({
        "related": [related], "text": { "de": { "title": "T", "body": "B" } }
    })));
    site.run(Command::DeleteIncident { id: related }).unwrap();
    change_site(&mut site, json!({ "languages": ["en"] })).unwrap();
    site.change(&id, json!({ "title": "Other" }));
    let update = site.incident(&id).updates[0].id.clone();
    let correct = Command::CorrectUpdate {
        incident: id.clone(),
        id: update,
        patch: patch(json!({ "body": "c" })),
    };
    site.run(correct).unwrap();
    assert!(
        site.try_change(&id, json!({ "text": { "de": { "title": "U" } } }))
            .is_err(),
        "this patch contains the translation"
    );
}

#[test]
fn reopening_restores_component_statuses() {
    let mut site = TestSite::new();
    let id = site.publish(outage(
        json!({ "components": [{ "id": "sending", "status": "major_outage" }] }),
    ));
    site.update(&id, json!({ "body": "x", "status": "resolved" }));
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    site.update(&id, json!({ "body": "x", "status": "identified" }));
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::MajorOutage
    );
    site.update(&id, json!({ "body": "x", "status": "resolved" }));
    let components = json!([{ "id": "sending", "status": "degraded_performance" }]);
    site.update(
        &id,
        json!({ "body": "x", "status": "identified", "components": components }),
    );
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::DegradedPerformance
    );
}

#[test]
fn confidence_is_cleared_with_its_estimate() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    assert!(
        site.try_update(&id, json!({ "body": "x", "confidence": "high" }))
            .is_err()
    );
    let estimate =
        json!({ "body": "x", "estimated_end_at": "2026-11-21T10:00:00Z", "confidence": "high" });
    site.update(&id, estimate);
    site.update(&id, json!({ "body": "x", "confidence": "low" }));
    site.update(&id, json!({ "body": "x", "estimated_end_at": null }));
    assert_eq!(site.incident(&id).confidence, None);
    site.change(&id, json!({ "title": "still changeable" }));
}

#[test]
fn changed_times_must_fit_the_status() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    let future = "2030-01-01T00:00:00Z";
    assert!(
        site.try_change(&id, json!({ "started_at": future }))
            .is_err()
    );
    assert!(
        site.try_change(&id, json!({ "publish_at": future }))
            .is_err()
    );
    site.change(&id, json!({ "started_at": "2026-11-21T07:00:00Z" }));
    site.update(&id, json!({ "body": "x", "status": "resolved" }));
    assert!(
        site.try_change(&id, json!({ "next_update_at": future }))
            .is_err()
    );

    let planned = |from: &str, until: &str| json!({ "kind": "maintenance", "title": "t", "body": "b", "scheduled_for": from, "scheduled_until": until });
    let id = site.publish(planned("2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"));
    site.change(&id, json!({ "scheduled_for": "2026-11-21T09:30:00Z" }));
    assert_eq!(
        site.incident(&id).started_at.to_string(),
        "2026-11-21T09:30:00Z"
    );
    site.pass(NOW + 2 * HOUR - 60);
    assert!(
        site.try_change(&id, json!({ "scheduled_for": "2026-11-21T09:45:00Z" }))
            .is_err()
    );
    // A maintenance that an operator starts after its planned end does not complete at once.
    let mut late = planned("2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z");
    late["auto_start"] = json!(false);
    let id = site.publish(late);
    site.pass(NOW + 5 * HOUR);
    site.update(&id, json!({ "body": "x", "status": "in_progress" }));
    site.pass(NOW + 6 * HOUR);
    assert!(site.incident(&id).is_open());
}

#[test]
fn announcements_cannot_change_component_status() {
    let mut site = TestSite::new();
    let announcement = |status: &str| {
        json!({
            "kind": "announcement", "title": "t", "body": "b", "components": [{ "id": "sending", "status": status }]
        })
    };
    assert!(site.try_publish(announcement("major_outage")).is_err());
    site.publish(announcement("operational"));
    let ended = json!({ "kind": "announcement", "title": "t", "body": "b", "status": "ended" });
    assert!(site.try_publish(ended).is_err());
}

#[test]
fn withdrawn_incident_cannot_have_a_postmortem() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    let input = serde_json::from_value(json!({ "reason": "r" })).unwrap();
    site.run(Command::WithdrawIncident {
        id: id.clone(),
        input,
    })
    .unwrap();
    let input = serde_json::from_value(json!({
        "root_cause": "c", "remedy": "r", "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" }
    }))
    .unwrap();
    assert!(
        site.run(Command::PutPostmortem {
            incident: id,
            input
        })
        .is_err()
    );
}

#[test]
fn invisible_and_direction_changing_texts_are_rejected() {
    for title in ["\u{200b}", "a\u{2028}b", "a\u{202e}b", "\u{2066}a"] {
        let mut site = TestSite::new();
        assert!(
            site.try_publish(outage(json!({ "title": title }))).is_err(),
            "{title:?}"
        );
    }
    let mut site = TestSite::new();
    site.publish(outage(json!({ "title": "الرسائل\u{200f} متأخرة" })));
}
