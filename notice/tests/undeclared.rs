//! Visibility of notices on pages that do not declare the components or segments of the audience.

#![cfg(test)]

mod site;

use notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    browser::audience::{PageContext, matches},
    decide::Command,
    state::State,
    wire::{enums::Undeclared, event::Event, ids::IncidentId},
};
use serde_json::{Value, json};
use site::TestSite;

const SHOW: Option<Undeclared> = Some(Undeclared::Show);
const HIDE: Option<Undeclared> = Some(Undeclared::Hide);

fn site() -> TestSite {
    let mut site = TestSite::new();
    change_site(
        &mut site,
        json!({ "segments": [{ "slug": "eu", "label": "European customers" }] }),
    );
    site
}

fn change_site(site: &mut TestSite, patch: Value) {
    let patch = MergePatch::read(patch.to_string().as_bytes()).unwrap();
    site.run(Command::ChangeSite {
        patch,
        network: Network::Public,
    })
    .unwrap();
}

fn incident(changes: Value) -> Value {
    let mut incident = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "minor", "body": "b",
        "components": [{ "id": "sending" }] });
    for (name, value) in changes.as_object().unwrap() {
        incident[name] = value.clone();
    }
    incident
}

/// The fields of the feed: for components, for segments, and for embeds that know only one field.
fn fields(
    site: &TestSite,
    id: &IncidentId,
) -> (Option<Undeclared>, Option<Undeclared>, Undeclared) {
    let feed = site.feed();
    let notice = feed.notices.iter().find(|notice| notice.id == *id).unwrap();
    let audience = &notice.audience;
    (
        audience.undeclared_components,
        audience.undeclared_segments,
        audience.undeclared,
    )
}

#[track_caller]
fn check(
    site: &TestSite,
    id: &IncidentId,
    components: Option<Undeclared>,
    segments: Option<Undeclared>,
) {
    let either = if [components, segments].contains(&HIDE) {
        Undeclared::Hide
    } else {
        Undeclared::Show
    };
    assert_eq!(fields(site, id), (components, segments, either));
}

#[test]
fn defaults_follow_from_kind_and_impact() {
    for (changes, segments) in [
        (json!({ "impact": "critical" }), SHOW),
        (json!({ "impact": "major" }), SHOW),
        (json!({ "impact": "minor" }), HIDE),
        (json!({ "impact": "none" }), HIDE),
        (json!({ "kind": "announcement", "impact": null }), HIDE),
        (
            json!({ "kind": "maintenance", "impact": null, "scheduled_for": "2026-11-21T09:00:00Z",
                 "scheduled_until": "2026-11-21T10:00:00Z" }),
            HIDE,
        ),
    ] {
        let mut site = site();
        let id = site.publish(incident(changes));
        check(&site, &id, SHOW, segments);
    }
}

#[test]
fn operator_choice_overrides_the_defaults() {
    for (audience, components, segments) in [
        (json!({ "undeclared_components": "hide" }), HIDE, HIDE),
        (json!({ "undeclared_segments": "show" }), SHOW, SHOW),
        (
            json!({ "undeclared_components": "hide", "undeclared_segments": "show" }),
            HIDE,
            SHOW,
        ),
        (json!({ "undeclared": "show" }), SHOW, SHOW),
        (
            json!({ "undeclared": "show", "undeclared_segments": "hide" }),
            SHOW,
            HIDE,
        ),
    ] {
        let mut site = site();
        let id = site.publish(incident(json!({ "audience": audience })));
        check(&site, &id, components, segments);
        site.update(&id, json!({ "body": "b", "impact": "critical" }));
        let set = |name: &str| audience.get(name).or(audience.get("undeclared")).is_some();
        let (before, after) = ((components, segments), fields(&site, &id));
        let expected = (
            if set("undeclared_components") {
                before.0
            } else {
                SHOW
            },
            if set("undeclared_segments") {
                before.1
            } else {
                SHOW
            },
        );
        assert_eq!((after.0, after.1), expected, "{audience}");
    }
}

#[test]
fn changing_the_impact_recomputes_the_defaults() {
    let mut site = site();
    let id = site.publish(incident(json!({})));
    site.update(&id, json!({ "body": "Still." }));
    check(&site, &id, SHOW, HIDE);
    site.update(&id, json!({ "body": "Worse.", "impact": "major" }));
    check(&site, &id, SHOW, SHOW);
    site.update(&id, json!({ "body": "Better.", "impact": "minor" }));
    check(&site, &id, SHOW, HIDE);
    // The all-clear has the worst impact, and the defaults of that impact.
    site.update(&id, json!({ "body": "Fixed.", "status": "resolved" }));
    check(&site, &id, SHOW, SHOW);
    site.update(&id, json!({ "body": "Again.", "status": "investigating" }));
    check(&site, &id, SHOW, HIDE);
    site.change(&id, json!({ "impact": "critical" }));
    check(&site, &id, SHOW, SHOW);
}

#[test]
fn site_setting_applies_at_publication() {
    let mut site = site();
    let before = site.publish(incident(json!({})));
    let draft = site.publish(incident(json!({ "draft": true })));
    let timed = site.publish(incident(json!({ "publish_at": "2026-11-21T08:30:00Z" })));
    assert_eq!(site.incident(&draft).audience_defaults, None);
    change_site(&mut site, json!({ "minor_on_undeclared_pages": false }));
    let after = site.publish(incident(json!({})));
    let major = site.publish(incident(json!({ "impact": "major" })));
    let set = site.publish(incident(
        json!({ "audience": { "undeclared_components": "show" } }),
    ));
    site.change(&draft, json!({ "draft": false }));
    site.pass(site.now + 1800);
    check(&site, &before, SHOW, HIDE);
    check(&site, &after, HIDE, HIDE);
    check(&site, &draft, HIDE, HIDE);
    check(&site, &timed, HIDE, HIDE);
    check(&site, &major, SHOW, SHOW);
    check(&site, &set, SHOW, HIDE);
    // Published incidents keep their defaults until the impact changes.
    change_site(&mut site, json!({ "minor_on_undeclared_pages": true }));
    check(&site, &after, HIDE, HIDE);
    site.update(&after, json!({ "body": "b", "impact": "none" }));
    check(&site, &after, SHOW, HIDE);
}

#[test]
fn events_without_defaults_use_the_old_rule() {
    let mut site = site();
    let minor = site.publish(incident(json!({})));
    let major = site.publish(incident(json!({ "impact": "major" })));
    let set = site.publish(incident(json!({ "audience": { "undeclared": "show" } })));
    let mut old = State::default();
    for (event, at) in &site.events {
        let mut event = serde_json::to_value(event).unwrap();
        if let Some(incident) = event["incident"].as_object_mut() {
            assert!(incident.remove("audience_defaults").is_some());
        }
        if let Some(settings) = event["site"].as_object_mut() {
            settings.remove("minor_on_undeclared_pages");
        }
        old.apply(&serde_json::from_value::<Event>(event).unwrap(), *at);
    }
    site.state = old;
    assert_eq!(fields(&site, &minor), (None, None, Undeclared::Hide));
    assert_eq!(fields(&site, &major), (None, None, Undeclared::Show));
    assert_eq!(fields(&site, &set), (None, None, Undeclared::Show));
    // Setting one field does not change the rule for the other dimension.
    site.change(
        &minor,
        json!({ "audience": { "undeclared_components": "show" } }),
    );
    check(&site, &minor, SHOW, HIDE);
}

#[test]
fn minor_incident_matches_a_page_without_declarations() {
    let mut site = site();
    let id = site.publish(incident(json!({})));
    let feed = site.feed();
    let notice = feed.notices.iter().find(|notice| notice.id == id).unwrap();
    assert!(matches(&notice.audience, &PageContext::default()));
}
