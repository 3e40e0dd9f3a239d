//! axe-core looks at every state of the card, in an opened shadow root, and finds nothing; that it looks inside at all is
//! proven by a fault planted there.

mod story;

use std::fs;

use e2e::{Browser, Motion, Page, Scheme};
use serde_json::{Value, json};
use story::{Site, expand, part};
use xtask::workspace;

/// What axe finds within the widget, as `rule: element`. Beyond its usual rules, text has a contrast of 7 to 1.
async fn findings(browser: &Browser) -> Vec<String> {
    let axe = workspace::root().join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).expect("axe-core: run `cargo xtask build` first");
    browser.run(&format!("if (!window.axe) {{ {axe} }}")).await;
    let found = browser
        .run(
            "return axe.run([...document.querySelectorAll('allclear-banner, allclear-slot')], { resultTypes: ['violations'],
                rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } }).then(found =>
                found.violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html + ' ' + node.failureSummary)))",
        )
        .await;
    let list = found.as_array().unwrap_or_else(|| panic!("{found}"));
    list.iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

async fn finds_nothing(browser: &Browser, state: &str) {
    let found = findings(browser).await;
    assert!(found.is_empty(), "{state}: {found:#?}");
}

fn outage(impact: &str) -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": impact, "body": "We are **looking** into it: [more](https://acme.example).",
            "advice": "Do not resend.", "works": ["Contacts"], "broken": ["Sending"], "audience": { "undeclared": "show" },
            "components": [{ "id": "sending", "status": "partial_outage" }],
            "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
            "next_update_at": e2e::in_minutes(30) })
}

fn resolved() -> Value {
    json!({ "status": "resolved", "body": "Sent.",
            "restored": { "back": ["Sending"], "check": "Check what you sent.", "still": ["Reports"] } })
}

fn page(site: &Site, attributes: &str) -> Page {
    site.page(&format!("data-shadow=open {attributes}"))
}

/// A browser on this page, with the notice in view and nothing still fading in.
async fn opened(page: &Page, scheme: Scheme, incident: &str) -> Browser {
    let browser = Browser::start().await;
    browser.set_media(scheme, Motion::Reduced).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the notice", |tree| tree.notice(incident).is_some())
        .await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn it_looks_inside() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage("major"));
    let page = page(&site, "");
    let browser = opened(&page, Scheme::Light, &incident).await;
    browser
        .run("document.querySelector('allclear-banner').shadowRoot.querySelector('[part=card]').append(document.createElement('button'))")
        .await;
    let found = findings(&browser).await;
    assert!(
        found.iter().any(|one| one.starts_with("button-name")),
        "{found:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_an_incident() {
    for (scheme, attributes) in [
        (Scheme::Light, ""),
        (Scheme::Dark, ""),
        (Scheme::Light, "data-lang=ar data-theme=dark"),
    ] {
        let site = Site::new("acme", "Acme SMS", &["Sending"]);
        let incident = site.publish(&outage("major"));
        let page = page(&site, attributes);
        let browser = opened(&page, scheme, &incident).await;
        finds_nothing(&browser, "folded").await;
        let tree = expand(&browser, &incident).await;
        finds_nothing(&browser, "opened").await;
        browser.click(&part(&tree, &incident, "hide")).await;
        browser
            .wait_for("the pill", |tree| {
                tree.notice(&incident)
                    .is_some_and(|notice| notice.part("card").is_none())
            })
            .await;
        finds_nothing(&browser, "pill").await;
        story::seen(&browser, &incident).await;
        site.update(&incident, &resolved());
        story::see(&browser, "the all-clear", |tree| {
            story::says(tree, &incident, "Check what you sent.")
        })
        .await;
        finds_nothing(&browser, "all-clear").await;
        let critical = site.publish(&outage("critical"));
        let minor = site.publish(&outage("minor"));
        let tree = story::see(
            &browser,
            "the card, and the all-clear on the line",
            |tree| story::says(tree, &incident, "+1") && tree.notice(&critical).is_some(),
        )
        .await;
        finds_nothing(&browser, "several").await;
        browser.click(&part(&tree, &incident, "pill")).await;
        browser
            .wait_for("the list", |tree| tree.notice(&minor).is_some())
            .await;
        finds_nothing(&browser, "the list").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_and_announcements() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let maintenance = site.publish(
        &json!({ "kind": "maintenance", "title": "New servers", "body": "We move.",
        "scheduled_for": e2e::in_minutes(60), "scheduled_until": e2e::in_minutes(120),
        "components": [{ "id": "sending" }] }),
    );
    let announcement = site.publish(
        &json!({ "kind": "announcement", "title": "Prices change", "body": "In January.",
        "audience": { "undeclared": "show" } }),
    );
    let page = page(&site, "");
    let browser = opened(&page, Scheme::Light, &maintenance).await;
    finds_nothing(&browser, "pill").await;
    for id in [maintenance, announcement] {
        browser.run(&format!("Allclear.open('{id}')")).await;
        browser
            .wait_for("the card", |tree| {
                tree.notice(&id)
                    .is_some_and(|notice| notice.part("card").is_some())
            })
            .await;
        finds_nothing(&browser, "opened").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_slots_and_in_the_flow() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage("critical"));
    let embed = site.server.embed(
        "acme",
        "data-shadow=open data-position=inline data-target=#here",
    );
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1><div id=here></div>\
         <dialog id=dialogue aria-label=Share><div data-allclear-slot=sending></div></dialog>{embed}"
    ));
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = opened(&page, scheme, &incident).await;
        expand(&browser, &incident).await;
        finds_nothing(&browser, "in the flow").await;
        browser
            .run("document.getElementById('dialogue').showModal()")
            .await;
        finds_nothing(&browser, "in a dialogue").await;
        browser
            .run("document.querySelector('allclear-slot').shadowRoot.querySelector('[part=card]').append(document.createElement('button'))")
            .await;
        let found = findings(&browser).await;
        assert!(
            found.iter().any(|one| one.starts_with("button-name")),
            "axe looks into the slot: {found:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn previews() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = page(&site, "");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        for impact in [
            "minor",
            "major",
            "critical",
            "maintenance",
            "announcement",
            "restored",
        ] {
            browser
                .goto(&page.at(&format!("/?allclear-preview={impact}")))
                .await;
            let id = format!("inc_preview{impact}");
            browser
                .wait_for("the preview", |tree| tree.notice(&id).is_some())
                .await;
            finds_nothing(&browser, impact).await;
            browser.run(&format!("Allclear.open('{id}')")).await;
            browser
                .wait_for("the open preview", |tree| {
                    tree.notice(&id)
                        .is_some_and(|notice| notice.part("toggle").is_some())
                })
                .await;
            finds_nothing(&browser, impact).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drills_and_a_part_that_is_back() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let mut both = outage("major");
    both["drill"] = json!(true);
    both["components"] = json!([{ "id": "sending", "status": "partial_outage" }, { "id": "receiving", "status": "partial_outage" }]);
    let incident = site.publish(&both);
    let page = page(&site, "data-components=sending");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        browser.goto(&page.at("/#allclear-drill")).await;
        browser
            .wait_for("the drill", |tree| story::says(tree, &incident, "Drill"))
            .await;
        story::seen(&browser, &incident).await;
        finds_nothing(&browser, "drill").await;
        site.update(&incident, &json!({ "status": "identified", "body": "Half of it.", "components": [{ "id": "sending", "status": "operational" }] }));
        story::see(&browser, "the part that is back", |tree| {
            story::says(tree, &incident, "Back since ")
        })
        .await;
        finds_nothing(&browser, "a part is back").await;
        site.update(&incident, &json!({ "status": "identified", "body": "Again.", "components": [{ "id": "sending", "status": "partial_outage" }] }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage("major"));
    let page = page(&site, "");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        browser
            .before_each_page(
                "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming",
            )
            .await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the plain card", |tree| tree.notice(&incident).is_some())
            .await;
        assert!(
            tree.find(|node| node.name == "section" && node.has_part("card"))
                .is_some(),
            "this is not the plain card:\n{tree}",
            tree = tree.text()
        );
        finds_nothing(&browser, "folded").await;
        browser.click(&part(&tree, &incident, "toggle")).await;
        browser
            .wait_for("the open card", |tree| {
                story::says(tree, &incident, "Do not resend.")
            })
            .await;
        finds_nothing(&browser, "opened").await;
    }
}
