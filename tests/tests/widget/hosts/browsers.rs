//! Browsers without some features, and pages that are read from right to left.

use e2e::{Browser, Page};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_left_page_shows_a_left_to_right_card() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "data-lang=en");
    let page = Page::host(&format!(
        "<!doctype html><html lang=ar dir=rtl><title>مضيف</title><h1>خدمة الرسائل</h1>{embed}"
    ));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    let tree = browser.pierce().await;
    let english = tree
        .banner()
        .unwrap()
        .find(|node| node.attribute("dir") == Some("ltr"));
    assert!(
        english.is_some(),
        "English text reads from left to right wherever it is"
    );
    assert_undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_blocks_storage_shows_the_card() {
    let (site, incident) = site_in_outage();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser
        .before_each_page("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })")
        .await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    assert_undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_locks_and_channels_shows_the_card() {
    let (site, incident) = site_in_outage();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser
        .before_each_page("Object.defineProperty(navigator, 'locks', { value: undefined }); delete window.BroadcastChannel")
        .await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    assert_undisturbed(&browser).await;
}
