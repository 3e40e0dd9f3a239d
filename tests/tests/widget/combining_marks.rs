//! Texts with more combining marks than a line has room for: an expanded card paints them into their own boxes only.

use e2e::{Browser, Mirror, Page, TITLE, has_text, is_expanded, mirror};
use serde_json::{Value, json};

use crate::hosts::top_layer::BOTH_CARDS;

/// Elements around the operator's texts, by selector: of the Yew card and of the plain card. Each is a line of ours.
const AROUND: [&[&str]; 2] = [
    &[
        "h3",
        ".box h3",
        ".pair h3",
        ".timeline .soft",
        "[part=toggle]",
        "[part=hide]",
    ],
    &[
        ".next-update",
        "span + span > a",
        "[part=toggle]",
        "[part=hide]",
    ],
];
const UNCLIPPED: &str = "const sheet = new CSSStyleSheet(); sheet.replaceSync('* { overflow: visible !important }'); root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];";

/// A feed whose texts end with this letter. All pictures have the same times.
fn feed(letter: &str, past: &str, future: &str) -> Value {
    let text = |text: &str| format!("{text} {letter}");
    let mut notice = mirror::notice("inc_1", &text(TITLE));
    notice["advice"] = json!(text("Do not resend."));
    notice["works"] = json!([text("Receiving")]);
    notice["broken"] = json!([text("Sending")]);
    notice["next_update_at"] = json!(future);
    let update = |id: &str| json!({ "id": id, "status": "identified", "body": text("We are looking."), "at": past });
    notice["updates"] = json!([update("upd_2"), update("upd_1")]);
    notice["contacts"] =
        json!([{ "kind": "phone", "label": text("Support"), "value": "+15550100" }]);
    mirror::feed(5, &[notice])
}

/// Pictures of the elements around the texts of an expanded card, after a script.
async fn pictures(feed: &Value, policy: Option<&str>, script: &str) -> Vec<Value> {
    let mirror = Mirror::start();
    mirror.put_feed("acme", feed);
    let page = Page::with_policy(&mirror.embed("acme", "data-shadow=open"), policy);
    let browser = Browser::start().await;
    browser.set_viewport(800, 1800, 1.0).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    e2e::press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the expanded card", |tree| {
            is_expanded(tree.notice("inc_1"))
        })
        .await;
    let root = "const root = document.querySelector('allclear-banner').shadowRoot;";
    browser
        .run(&format!("{root} root.activeElement?.blur(); {script}"))
        .await;
    let mut pictures = Vec::new();
    for selector in AROUND[usize::from(policy.is_some())] {
        let rectangle = format!(
            "{root} const {{ x, y, width, height }} = root.querySelector({}).getBoundingClientRect();
             return {{ x, y, width, height, scale: 1 }}",
            json!(selector)
        );
        let clip = browser.run(&rectangle).await;
        let picture = browser
            .devtools("Page.captureScreenshot", json!({ "clip": clip }))
            .await;
        pictures.push(picture["data"].clone());
    }
    pictures
}

#[tokio::test(flavor = "multi_thread")]
async fn combining_marks_stay_in_their_boxes_in_both_cards() {
    // Above and below the letter, higher than a line.
    let marked = format!("o{}{}", "\u{301}".repeat(60), "\u{323}".repeat(60));
    let (past, future) = (e2e::in_minutes(-20), e2e::in_minutes(20));
    let [calm, marked] = ["o", &marked].map(|letter| feed(letter, &past, &future));
    for policy in BOTH_CARDS {
        let expected = pictures(&calm, policy, "").await;
        let found = pictures(&marked, policy, "").await;
        let unclipped = pictures(&marked, policy, UNCLIPPED).await;
        for (index, selector) in AROUND[usize::from(policy.is_some())].iter().enumerate() {
            assert!(found[index] == expected[index], "ink over {selector}");
        }
        let reached = unclipped.iter().zip(&expected);
        let reached = reached.filter(|(found, expected)| found != expected);
        assert!(reached.count() > 1, "the marks are too short for this test");
    }
}
