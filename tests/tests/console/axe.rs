//! axe-core in every view of the console, light and dark, on a phone and on a desktop. A planted fault proves that the
//! check works. The preview's frame is excluded: the card's states have tests of their own.

use std::collections::BTreeSet;

use e2e::{AxeScope, Motion, Operator, Scheme, Site, labels};
use serde_json::json;

/// An owner at the console of a site with every kind of resource, and the id of its open incident.
async fn owner() -> (Site, Operator, String) {
    let site = Site::with_tiers();
    site.patch("", &json!({ "languages": ["en", "de"], "segments": [{ "slug": "eu", "label": "Europe" }],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "quiet_hours": { "from": "22:00", "until": "06:00" }, "colours": { "light": "#173f87", "dark": "#9dc1ff" },
        "on_call": [{ "kind": "email", "value": "robin@acme.example" }] }));
    site.create(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words." }),
    );
    let incident = site.publish_outage();
    site.create(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
        "scheduled_for": e2e::in_minutes(600), "scheduled_until": e2e::in_minutes(660) }),
    );
    site.create(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices", "body": "In January.", "draft": true }),
    );
    let operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("")).await;
    let session = json!([{ "site": "acme", "token": site.token, "role": "owner", "name": "Robin", "is_device": false }]);
    let script = format!("localStorage['allclear-console:sessions'] = JSON.stringify({session})");
    operator.browser.run(&script).await;
    (site, operator, incident)
}

/// Creates a webhook with a delivery that waits for its next attempt: no public host has this name.
fn webhook(site: &Site) -> String {
    let body = json!({ "url": "https://hooks.acme.example/x", "events": ["incident.published", "incident.resolved"] });
    let created = site.create("/webhooks", &body);
    let id = created["id"].as_str().unwrap();
    let sent = site.post(&format!("/webhooks/{id}/test"), &json!({}));
    assert_eq!(sent.status, 202, "{}", sent.text());
    id.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_notices_a_planted_fault() {
    let site = Site::with_tiers();
    let operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    operator
        .browser
        .run("document.querySelector('main').append(document.createElement('button'))")
        .await;
    let found = operator
        .browser
        .axe_violations(AxeScope::PageWithoutFrames)
        .await;
    assert!(
        found.iter().any(|one| one.starts_with("button-name")),
        "{found:#?}"
    );
}

/// A script that returns the controls smaller than 44 by 44 px, which is too small for a thumb;
/// links within a sentence are exempt (WCAG 2.5.8).
const TOO_SMALL: &str = "return [...document.querySelectorAll('button, a, summary, select, textarea, input, label:has(input)')]
    .filter(one => !(one.matches('a') && one.closest('p, .note li, .warning li')) && !(one.matches('input') && one.closest('label')))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < 43.9 || height < 43.9))
    .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 120)} ${width} x ${height}`)";
/// A script that returns the number of primary actions that are not in the lower half of the
/// screen, where a thumb reaches them without scrolling.
const OUT_OF_REACH: &str = "return [...document.querySelectorAll('.actions .primary')]
    .map(one => one.getBoundingClientRect())
    .filter(({ top, bottom }) => top < innerHeight / 2 || bottom > innerHeight).length";

#[tokio::test(flavor = "multi_thread")]
async fn every_view_passes_axe() {
    let (site, operator, incident) = owner().await;
    let webhook = webhook(&site);
    let view_of = |task: &str| format!("incidents/{incident}{task}");
    let places = [
        String::new(),
        "new/incident".to_owned(),
        "new/incident/say".to_owned(),
        "new/incident/check".to_owned(),
        "new/maintenance".to_owned(),
        "new/announcement".to_owned(),
        view_of(""),
        view_of("/update"),
        view_of("/update/check"),
        view_of("/resolve"),
        view_of("/resolve/check"),
        view_of("/edit"),
        view_of("/withdraw"),
        view_of("/postmortem"),
        view_of("/share"),
        "maintenance".to_owned(),
        "announcements".to_owned(),
        "drafts".to_owned(),
        "resolved".to_owned(),
        "components".to_owned(),
        "settings".to_owned(),
        "settings/contacts".to_owned(),
        "settings/on-call".to_owned(),
        "settings/webhooks".to_owned(),
        "settings/webhooks/new".to_owned(),
        format!("settings/webhooks/{webhook}"),
        format!("settings/webhooks/{webhook}/edit"),
        "settings/templates".to_owned(),
        "settings/templates/new".to_owned(),
        "settings/access".to_owned(),
        "settings/journal".to_owned(),
        "account".to_owned(),
    ];
    let mut too_small = BTreeSet::new();
    for (scheme, width) in [
        (Scheme::Light, 360),
        (Scheme::Dark, 360),
        (Scheme::Light, 1280),
    ] {
        operator.browser.set_media(scheme, Motion::Reduced).await;
        operator.browser.set_viewport(width, 800, 1.0).await;
        operator.browser.goto("about:blank").await;
        operator.browser.goto(&site.console("#/acme/")).await;
        for place in &places {
            operator
                .browser
                .run(&format!("location.hash = '#/acme/{place}'"))
                .await;
            operator
                .browser
                .wait_for(place, |tree| {
                    tree.find(|node| node.attribute("data-place") == Some(place))
                        .is_some()
                        && tree.element("h1").is_some()
                        && tree
                            .find(|node| node.attribute("aria-busy") == Some("true"))
                            .is_none()
                })
                .await;
            // Closed sections are opened and checked as well.
            operator
                .browser
                .run("document.querySelectorAll('details').forEach(details => details.open = true)")
                .await;
            let found = operator
                .browser
                .axe_violations(AxeScope::PageWithoutFrames)
                .await;
            assert!(found.is_empty(), "{place} {scheme:?} {width}: {found:#?}");
            let small = operator.browser.run(TOO_SMALL).await;
            for one in small.as_array().unwrap() {
                too_small.insert(format!("{place} at {width}: {one}"));
            }
            let reached = operator.browser.run(OUT_OF_REACH).await;
            if width == 360 && reached != 0 {
                too_small.insert(format!("{place}: out of reach"));
            }
            let page_width = operator
                .browser
                .run("return document.documentElement.scrollWidth")
                .await;
            assert!(
                page_width.as_u64() <= Some(width.into()),
                "{place} at {width} is {page_width} wide"
            );
        }
    }
    assert!(
        too_small.is_empty(),
        "too small for a thumb: {too_small:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_views_pass_axe() {
    let site = Site::with_tiers();
    for scheme in [Scheme::Light, Scheme::Dark] {
        let operator = Operator::on_a_phone().await;
        operator.browser.set_media(scheme, Motion::Reduced).await;
        operator.browser.goto(&site.console("")).await;
        operator.wait_for_text(labels::SIGN_IN).await;
        let found = operator
            .browser
            .axe_violations(AxeScope::PageWithoutFrames)
            .await;
        assert!(found.is_empty(), "{found:#?}");
        operator.browser.goto("about:blank").await;
        operator.browser.goto(&site.invitation()).await;
        operator.wait_for_text(labels::INVITED_TO_ACME).await;
        let found = operator
            .browser
            .axe_violations(AxeScope::PageWithoutFrames)
            .await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_sites_passes_axe() {
    let site = Site::with_tiers();
    let operator = Operator::signed_in_as_root(&site).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        operator.browser.set_media(scheme, Motion::Reduced).await;
        operator.wait_for_text(labels::CREATE_SITE_HEADING).await;
        operator.wait_for_text("acme").await;
        let found = operator
            .browser
            .axe_violations(AxeScope::PageWithoutFrames)
            .await;
        assert!(found.is_empty(), "{found:#?}");
        let small = operator.browser.run(TOO_SMALL).await;
        assert_eq!(small, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_component_picker_passes_axe_with_200_components() {
    let site = Site::large();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident").await;
    operator.type_into("find-component", "part 15").await;
    operator.wait_for_text(labels::FOUND_12).await;
    operator.tap("Part 150").await;
    operator.wait_for_text(labels::PICKED_1).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        operator.browser.set_media(scheme, Motion::Reduced).await;
        for sought in ["part 15", ""] {
            operator.set("find-component", sought).await;
            operator
                .browser
                .run("document.querySelectorAll('details').forEach(details => details.open = true)")
                .await;
            let found = operator
                .browser
                .axe_violations(AxeScope::PageWithoutFrames)
                .await;
            assert!(found.is_empty(), "{sought} {scheme:?}: {found:#?}");
            assert_eq!(operator.browser.run(TOO_SMALL).await, json!([]));
        }
    }
}
