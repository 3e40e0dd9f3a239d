//! Printing: the card is not printed, and the printed page is the same as without it; with both
//! cards.

use e2e::{Browser, Page, page};
use serde_json::json;

use super::both_cards::*;

const BODY: &str = "<p id=text>An invoice</p>";

async fn assert_not_printed(browser: &Browser) {
    let tree = browser.pierce().await;
    let banner = tree.banner().expect("the host element");
    for node in banner.find_all(|node| node.attribute("part").is_some()) {
        assert!(!browser.is_shown(node).await, "{node}");
    }
}

/// The size of the page as a PDF, in base64 characters. PDFs of the same page differ in their
/// dates.
async fn printed_size(browser: &Browser) -> usize {
    let printed = browser.devtools("Page.printToPDF", json!({})).await;
    printed["data"].as_str().expect("a document").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_and_a_pill_are_not_printed() {
    let without = Page::host(&page::html(BODY));
    let browser = Browser::watching().await;
    browser.goto(&without.url()).await;
    let print = json!({ "media": "print" });
    browser.devtools("Emulation.setEmulatedMedia", print).await;
    let picture = browser.devtools("Page.captureScreenshot", json!({})).await;
    let alone = printed_size(&browser).await;
    for policy in POLICIES {
        let host = host(BODY, "", policy);
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
            .await;
        open_card(&browser, &host).await;
        click(&browser, "toggle").await;
        wait_until_expanded(&browser, true).await;
        for part in ["", "hide"] {
            browser
                .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
                .await;
            if !part.is_empty() {
                click(&browser, part).await;
                wait_until_hidden(&browser).await;
            }
            browser
                .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
                .await;
            assert_not_printed(&browser).await;
            let with_card = browser.devtools("Page.captureScreenshot", json!({})).await;
            assert_eq!(with_card, picture, "the page looks as without the card");
            let size = printed_size(&browser).await;
            assert!(
                size.abs_diff(alone) < alone / 20,
                "{size} and {alone} bytes"
            );
        }
        browser.watched().await.assert_no_errors();
    }
}
