//! The card's accessibility tree, and its announcements.

use crate::host::{STOPPED_CLOCK, expand, full_notice, host, open_card, pass};
use e2e::{Browser, mirror};
use serde_json::{Value, json};

/// The accessibility tree of the card: one line per node with role, name and properties.
async fn accessibility_tree(browser: &Browser) -> Vec<String> {
    let tree = browser
        .devtools("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = tree["nodes"].as_array().unwrap();
    let lines = nodes
        .iter()
        .filter(|node| node["ignored"] != true)
        .map(|node| {
            let text_of = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
            let properties = node["properties"].as_array().into_iter().flatten();
            let properties = properties.filter(|one| {
                matches!(
                    one["name"].as_str(),
                    Some("expanded" | "level" | "live" | "focusable")
                )
            });
            let properties: Vec<String> = properties
                .map(|one| {
                    format!(
                        "{}={}",
                        one["name"].as_str().unwrap(),
                        one["value"]["value"]
                    )
                })
                .collect();
            format!(
                "{} {:?} {:?} {}",
                text_of(&node["role"]),
                text_of(&node["name"]),
                text_of(&node["description"]),
                properties.join(" ")
            )
        });
    lines.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_has_roles_names_and_languages() {
    let notices = [
        full_notice("inc_1", "Delayed"),
        full_notice("inc_2", "Late"),
    ];
    let host = host("", "en", &notices);
    let browser = Browser::start().await;
    open_card(&browser, &host, "Delayed").await;
    let lines = accessibility_tree(&browser).await;
    for line in [
        "complementary \"Acme SMS\" \"\" ",
        "heading \"Major: Delayed\" \"\" level=2",
        "button \"More\" \"\" focusable=true expanded=false",
        "button \"Hide\" \"\" focusable=true",
        "button \"Major: Late\" \"\" focusable=true expanded=false",
        "status \"\" \"\" live=\"polite\"",
        "alert \"\" \"\" live=\"assertive\"",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line}: {lines:#?}"
        );
    }
    expand(&browser).await;
    let lines = accessibility_tree(&browser).await;
    for line in [
        "button \"Less\" \"\" focusable=true expanded=true",
        "heading \"What to do now\" \"\" level=3",
        "heading \"What is affected\" \"\" level=3",
        "heading \"What happened so far\" \"\" level=3",
        "link \"Follow it on our status page\" \"\" focusable=true",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line}: {lines:#?}"
        );
    }
    let lists = lines
        .iter()
        .filter(|line| line.starts_with("list "))
        .count();
    assert_eq!(
        lists, 4,
        "lists of what works, what does not, components and updates: {lines:#?}"
    );
    assert!(
        !lines.iter().any(|line| line.starts_with("image")),
        "icons have no name: {lines:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rise_in_attention_is_announced_once() {
    let first = mirror::notice("inc_1", "Delayed");
    let host = host("", "en", std::slice::from_ref(&first));
    let browser = Browser::start().await;
    browser.before_each_page(STOPPED_CLOCK).await;
    browser.record_announcements().await;
    open_card(&browser, &host, "Delayed").await;
    pass(&browser, 1).await;
    let announced = browser.announcements().await;
    assert!(
        announced.len() == 1 && announced[0].starts_with("status: Major: Delayed."),
        "{announced:?}"
    );
    let all_clear = |withdrawn: Value| {
        json!({ "at": e2e::in_minutes(-1), "seconds": 6000, "back": [], "check": "Check what you sent.\n\nAnd more.",
                "still": [], "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(60),
                "withdrawn": withdrawn, "postmortem": null })
    };
    let mut notice = first;
    // A change, and its announcement.
    let steps = [
        (json!({ "next_update_at": e2e::in_minutes(50) }), None),
        (
            json!({ "updates": [{ "id": "upd_2", "status": "identified", "body": "Half of it.", "at": e2e::in_minutes(0) }] }),
            None,
        ),
        (json!({ "status": "monitoring" }), None),
        (
            json!({ "impact": "critical", "attention": 2 }),
            Some("alert: Critical: Delayed. It should work again. We are watching."),
        ),
        (
            json!({ "advice": "Stop now.", "attention": 3 }),
            Some("status: Critical: Delayed. It should work again. We are watching. Stop now."),
        ),
        (
            json!({ "kind": "restored", "status": "resolved", "attention": 4, "advice": null, "restored": all_clear(Value::Null) }),
            Some("Check what you sent."),
        ),
        (
            json!({ "attention": 5, "restored": all_clear(json!("It was a mistake.")) }),
            Some("status: Withdrawn: Delayed. It was a mistake."),
        ),
    ];
    // A host that calls `configure` all the time delays no announcement.
    browser
        .run("setInterval(() => Allclear.configure({}), 5)")
        .await;
    let mut rev = 5;
    let mut before = announced.len();
    for (changes, expected) in steps {
        for (name, value) in changes.as_object().unwrap() {
            notice[name] = value.clone();
        }
        rev += 1;
        let feed = mirror::feed(rev, std::slice::from_ref(&notice));
        host.mirror.put_feed("acme", &feed);
        browser.run("Allclear.refresh()").await;
        browser
            .wait_for_script("the feed", "return Allclear.state.feed.rev", |known| {
                *known == json!(rev)
            })
            .await;
        // Announcements of a notice are 30 s apart. The announced text is removed after 5 s, which announces nothing.
        pass(&browser, 40).await;
        let announced = browser.announcements().await;
        let news = &announced[before..];
        match expected {
            None => assert!(news.is_empty(), "{news:?}"),
            Some(words) => assert!(
                matches!(news, [one] if one.ends_with(words)),
                "{words:?}: {news:?}"
            ),
        }
        before = announced.len();
    }
    let regions = browser.pierce().await;
    let regions = regions
        .find_all(|node| matches!(node.attribute("role"), Some("status" | "alert")))
        .into_iter();
    assert!(regions.map(e2e::Node::text).all(|text| text.is_empty()));
}
