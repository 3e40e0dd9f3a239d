//! axe-core in every view of the console, light and dark, on a phone and on a desk. That it looks at all is proven by a
//! fault planted there. The preview's frame is the card's, whose states have tests of their own.

mod desk;

use std::{collections::BTreeSet, fs};

use desk::{Hand, Site};
use e2e::{Browser, Motion, Scheme, labels};
use serde_json::json;
use xtask::workspace;

/// What axe finds on the page, as `rule: element`.
async fn findings(browser: &Browser) -> Vec<String> {
    let axe = workspace::root().join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).expect("axe-core: run `cargo xtask build` first");
    browser.run(&format!("if (!window.axe) {{ {axe} }}")).await;
    let found = browser
        .run(
            "return axe.run(document, { resultTypes: ['violations'], iframes: false }).then(found =>
                found.violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html + ' ' + node.failureSummary)))",
        )
        .await;
    let list = found.as_array().unwrap_or_else(|| panic!("{found}"));
    list.iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

/// An owner at the console of a site that has something of everything.
async fn owner() -> (Site, Hand, String) {
    let site = Site::new();
    site.patch("", &json!({ "languages": ["en", "de"], "segments": [{ "slug": "eu", "label": "Europe" }],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "quiet_hours": { "from": "22:00", "until": "06:00" }, "colours": { "light": "#173f87", "dark": "#9dc1ff" },
        "on_call": [{ "kind": "email", "value": "robin@acme.example" }] }));
    site.post(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words." }),
    );
    let incident = site.incident();
    site.post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
        "scheduled_for": e2e::in_minutes(600), "scheduled_until": e2e::in_minutes(660) }),
    );
    site.post(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices", "body": "In January.", "draft": true }),
    );
    let hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("")).await;
    let session = json!([{ "site": "acme", "token": site.token, "role": "owner", "name": "Robin", "is_device": false }]);
    let script = format!("localStorage['allclear-console:sessions'] = JSON.stringify({session})");
    hand.browser.run(&script).await;
    (site, hand, incident)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_looks() {
    let site = Site::new();
    let hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::SIGN_IN).await;
    hand.browser
        .run("document.querySelector('main').append(document.createElement('button'))")
        .await;
    let found = findings(&hand.browser).await;
    assert!(
        found.iter().any(|one| one.starts_with("button-name")),
        "{found:#?}"
    );
}

/// What is too small for a thumb; links within a sentence may be (WCAG 2.5.8).
const TOO_SMALL: &str = "return [...document.querySelectorAll('button, a, summary, select, textarea, input, label:has(input)')]
    .filter(one => !(one.matches('a') && one.closest('p, .note li, .warning li')) && !(one.matches('input') && one.closest('label')))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < 43.9 || height < 43.9))
    .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 120)} ${width} x ${height}`)";
/// Whether the one thing to do next can be reached without scrolling, in the lower half.
const OUT_OF_REACH: &str = "return [...document.querySelectorAll('.actions .primary')]
    .map(one => one.getBoundingClientRect())
    .filter(({ top, bottom }) => top < innerHeight / 2 || bottom > innerHeight).length";

#[tokio::test(flavor = "multi_thread")]
async fn every_view() {
    let (site, hand, incident) = owner().await;
    let of = |task: &str| format!("incidents/{incident}{task}");
    let places = [
        String::new(),
        "new/incident".to_owned(),
        "new/incident/say".to_owned(),
        "new/incident/check".to_owned(),
        "new/maintenance".to_owned(),
        "new/announcement".to_owned(),
        of(""),
        of("/update"),
        of("/update/check"),
        of("/resolve"),
        of("/resolve/check"),
        of("/edit"),
        of("/withdraw"),
        of("/postmortem"),
        of("/share"),
        "maintenance".to_owned(),
        "announcements".to_owned(),
        "drafts".to_owned(),
        "resolved".to_owned(),
        "components".to_owned(),
        "settings".to_owned(),
        "settings/contacts".to_owned(),
        "settings/on-call".to_owned(),
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
        hand.browser.set_media(scheme, Motion::Reduced).await;
        hand.browser.set_viewport(width, 800, 1.0).await;
        hand.browser.goto("about:blank").await;
        hand.browser.goto(&site.console("#/acme/")).await;
        for place in &places {
            hand.browser
                .run(&format!("location.hash = '#/acme/{place}'"))
                .await;
            hand.browser
                .wait_for(place, |tree| {
                    tree.find(|node| node.attribute("data-place") == Some(place))
                        .is_some()
                        && tree.element("h1").is_some()
                        && tree
                            .find(|node| node.attribute("aria-busy") == Some("true"))
                            .is_none()
                })
                .await;
            // Everything that is folded away is looked at as well.
            hand.browser
                .run("document.querySelectorAll('details').forEach(details => details.open = true)")
                .await;
            let found = findings(&hand.browser).await;
            assert!(found.is_empty(), "{place} {scheme:?} {width}: {found:#?}");
            let small = hand.browser.run(TOO_SMALL).await;
            for one in small.as_array().unwrap() {
                too_small.insert(format!("{place} at {width}: {one}"));
            }
            let reached = hand.browser.run(OUT_OF_REACH).await;
            if width == 360 && reached != 0 {
                too_small.insert(format!("{place}: out of reach"));
            }
            let wide = hand
                .browser
                .run("return document.documentElement.scrollWidth")
                .await;
            assert!(
                wide.as_u64() <= Some(width.into()),
                "{place} at {width} is {wide} wide"
            );
        }
    }
    assert!(
        too_small.is_empty(),
        "too small for a thumb: {too_small:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in() {
    let site = Site::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        let hand = Hand::with_a_phone().await;
        hand.browser.set_media(scheme, Motion::Reduced).await;
        hand.browser.goto(&site.console("")).await;
        hand.sees(labels::SIGN_IN).await;
        let found = findings(&hand.browser).await;
        assert!(found.is_empty(), "{found:#?}");
        hand.browser.goto("about:blank").await;
        hand.browser.goto(&site.invitation()).await;
        hand.sees(labels::INVITED).await;
        let found = findings(&hand.browser).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sites() {
    let site = Site::new();
    let hand = Hand::of_root(&site).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        hand.browser.set_media(scheme, Motion::Reduced).await;
        hand.sees(labels::CREATE_SITE_HEADING).await;
        hand.sees("acme").await;
        let found = findings(&hand.browser).await;
        assert!(found.is_empty(), "{found:#?}");
        let small = hand.browser.run(TOO_SMALL).await;
        assert_eq!(small, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_parts() {
    let site = Site::large();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident").await;
    hand.write("find-part", "part 15").await;
    hand.sees(labels::FOUND_12).await;
    hand.tap("Part 150").await;
    hand.sees(labels::PICKED_1).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        hand.browser.set_media(scheme, Motion::Reduced).await;
        for sought in ["part 15", ""] {
            hand.set("find-part", sought).await;
            hand.browser
                .run("document.querySelectorAll('details').forEach(details => details.open = true)")
                .await;
            let found = findings(&hand.browser).await;
            assert!(found.is_empty(), "{sought} {scheme:?}: {found:#?}");
            assert_eq!(hand.browser.run(TOO_SMALL).await, json!([]));
        }
    }
}
