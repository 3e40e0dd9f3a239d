//! Every page in both themes passes axe-core and its own content policy. Planted faults prove that both checks work.

use std::fs;

use e2e::{AxeScope, Browser, Motion, Scheme, Site};
use serde_json::{Value, json};

/// A site with every kind of notice, and its pages.
fn site_with_everything() -> (Site, Vec<String>) {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving", "Reports"]);
    site.change_settings(&json!({ "languages": ["en", "de", "ar"], "segments": [{ "slug": "eu", "label": "European customers" }],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }] }));
    let created = site.post(
        "/components",
        &json!({ "name": "Signing in", "group": "Account" }),
    );
    assert_eq!(created.status, 201);
    let resolved = site.publish(
        &json!({ "kind": "incident", "title": "Reports were empty", "impact": "major", "body": "b",
        "components": [{ "id": "reports" }] }),
    );
    site.update(&resolved, &json!({ "body": "Fixed.", "status": "resolved",
        "restored": { "back": ["Reports"], "check": "Last night's report.", "still": ["Charts"] } }));
    let request = site
        .server
        .request("PUT", &site.path(&format!("/incidents/{resolved}/postmortem")))
        .token(&site.token)
        .json(&json!({ "root_cause": "A **full** disk.", "remedy": "We made room.", "prevention": ["An alarm at 80 %."],
            "window": { "start": e2e::in_minutes(-60), "end": e2e::in_minutes(-30) } }));
    assert!(request.send().unwrap().status < 300);
    let mistake = site.publish(
        &json!({ "kind": "incident", "title": "Nothing", "impact": "minor", "body": "b" }),
    );
    let withdrawn = site.post(
        &format!("/incidents/{mistake}/withdraw"),
        &json!({ "reason": "A false alarm." }),
    );
    assert_eq!(withdrawn.status, 200);
    let open = site.publish(&json!({ "kind": "incident", "title": "Messages are delayed", "impact": "critical",
        "body": "We look into it: [more](https://acme.example).\n\n- one\n- two", "advice": "Do not resend.",
        "works": ["Contacts"], "broken": ["Sending"], "components": [{ "id": "sending", "status": "major_outage" }],
        "next_update_at": e2e::in_minutes(30), "related": [resolved],
        "audience": { "segments": ["eu"], "listed": true },
        "contacts": [{ "kind": "email", "label": "Write to us", "value": "help@acme.example" }],
        "text": { "de": { "title": "Nachrichten verzögert" } } }));
    for number in 0..4 {
        site.update(
            &open,
            &json!({ "body": format!("Word {number}"), "next_update_at": e2e::in_minutes(30) }),
        );
    }
    site.publish(
        &json!({ "kind": "incident", "title": "Slow reports", "impact": "minor", "body": "b" }),
    );
    site.publish(&json!({ "kind": "maintenance", "title": "New servers", "body": "We move.",
        "scheduled_for": e2e::in_minutes(60), "scheduled_until": e2e::in_minutes(120), "components": [{ "id": "receiving" }] }));
    site.publish(&json!({ "kind": "maintenance", "title": "New disks", "body": "We move.", "status": "in_progress",
        "scheduled_for": e2e::in_minutes(-10), "scheduled_until": e2e::in_minutes(120) }));
    site.publish(
        &json!({ "kind": "announcement", "title": "Prices change", "body": "In January." }),
    );
    let mut pages: Vec<String> = [
        "",
        "?lang=de",
        "?lang=ar",
        "/history",
        "/card",
        "/card?theme=dark&lang=ar",
        "/nothing",
    ]
    .iter()
    .map(|path| format!("/s/acme{path}"))
    .collect();
    pages.extend([&resolved, &mistake, &open].map(|id| format!("/s/acme/incidents/{id}")));
    pages.push(format!("/s/acme/incidents/{open}?lang=ar"));
    pages.extend(static_pages());
    (site, pages)
}

fn static_pages() -> Vec<String> {
    let table = fs::read_to_string(xtask::workspace::dist().join("asset-table.json")).unwrap();
    let table: Value = serde_json::from_str(&table).unwrap();
    let pages = table.as_object().unwrap().iter();
    pages
        .filter(|(_, entry)| entry["type"].as_str().unwrap().starts_with("text/html"))
        // The console has tests of its own.
        .filter(|(path, _)| !path.starts_with("/console"))
        .map(|(path, _)| path.clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_passes_axe_and_its_content_policy() {
    let (site, pages) = site_with_everything();
    let browser = Browser::watching().await;
    let mut complaints = Vec::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.set_media(scheme, Motion::Reduced).await;
        for (width, height) in [(360, 740), (1280, 900)] {
            browser.set_viewport(width, height, 1.0).await;
            for path in &pages {
                browser.goto(&format!("{}{path}", site.server.url())).await;
                let wide = browser
                    .run("return document.documentElement.scrollWidth > innerWidth")
                    .await;
                let watched = browser.watched().await;
                let mut found = watched.violations;
                found.extend(watched.errors);
                found.extend(watched.rejections);
                if wide == true {
                    found.push("it is wider than the screen".to_owned());
                }
                if width == 360 {
                    found.extend(browser.axe_violations(AxeScope::Page).await);
                }
                complaints.extend(
                    found
                        .into_iter()
                        .map(|one| format!("{path} {scheme:?} {width}: {one}")),
                );
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(pages.len() > 10, "{pages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_and_the_policy_watcher_notice_planted_faults() {
    let (site, _) = site_with_everything();
    let browser = Browser::watching().await;
    browser.goto(&format!("{}/s/acme", site.server.url())).await;
    browser
        .run("document.querySelector('main').append(document.createElement('button'));
              const style = document.createElement('style'); style.textContent = 'p { color: red }'; document.head.append(style);
              const script = document.createElement('script'); script.textContent = 'window.planted = 1'; document.head.append(script);")
        .await;
    let found = browser.axe_violations(AxeScope::Page).await;
    assert!(
        found.iter().any(|one| one.starts_with("button-name")),
        "{found:#?}"
    );
    let refused = browser
        .wait_for_script(
            "two refusals",
            "return window.__watched.violations",
            |list| list.as_array().is_some_and(|list| list.len() >= 2),
        )
        .await;
    assert!(
        refused.to_string().contains("style-src") && refused.to_string().contains("script-src"),
        "{refused}"
    );
    assert_eq!(
        browser.run("return window.planted === undefined").await,
        true
    );
}
