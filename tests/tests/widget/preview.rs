//! Previews without an incident or a server: no feed is requested, nothing is stored, no other tab is affected.

use e2e::{Browser, Mirror, Page, Tree, mirror};
use serde_json::json;

fn page(mirror: &Mirror, attributes: &str) -> Page {
    let embed = mirror.embed("acme", attributes);
    Page::with_body(&embed)
}

fn kinds(tree: &Tree) -> Vec<String> {
    let notices = tree.notices().into_iter();
    notices
        .filter_map(|notice| notice.attribute("data-kind").map(str::to_owned))
        .collect()
}

async fn wait_for_preview(browser: &Browser, kind: &str) -> Tree {
    browser
        .wait_for(kind, |tree| {
            kinds(tree) == [kind]
                && tree
                    .banner()
                    .is_some_and(|banner| banner.text().contains("Preview"))
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_by_address_needs_no_server() {
    // The host has the files, as any static host may, and no feed.
    let mirror = Mirror::start();
    let page = page(&mirror, "");
    let browser = Browser::watching().await;
    browser
        .goto(&page.at("/?user=ada&allclear-preview=critical#top"))
        .await;
    wait_for_preview(&browser, "incident").await;
    let state = browser
        .run("return [Allclear.state.feed.notices[0].impact, Allclear.state.stale]")
        .await;
    assert_eq!(state, json!(["critical", false]));
    assert_eq!(mirror.feed_requests(), Vec::<String>::new());
    let stored = browser.run("return Object.keys(localStorage)").await;
    assert_eq!(stored, json!([]));
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn preview_calls_replace_each_other() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[]));
    let page = page(&mirror, "");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 5,
        )
        .await;
    let other = browser.tab().await;
    let mine = browser.open_window(&page.url()).await;
    browser
        .wait_for_script(
            "the feed",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 5,
        )
        .await;
    let stored = "return JSON.stringify(Object.entries(localStorage).filter(([key]) => !key.endsWith(':visits')).map(([key, value]) => [key, JSON.parse(value).feed]))";
    let before = browser.run(stored).await;
    let request_count = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
    browser.run("Allclear.preview()").await;
    wait_for_preview(&browser, "incident").await;
    let requests_before = browser.run(request_count).await;
    for (impact, kind) in [
        ("maintenance", "maintenance"),
        ("announcement", "announcement"),
        ("restored", "restored"),
        ("minor", "incident"),
    ] {
        browser.run(&format!("Allclear.preview('{impact}')")).await;
        wait_for_preview(&browser, kind).await;
    }
    assert_eq!(
        browser.run(request_count).await,
        requests_before,
        "no server is asked any more"
    );
    browser.switch_to(&other).await;
    mirror.put_feed("acme", &mirror::feed(6, &[]));
    browser
        .wait_for_script(
            "the other tab to poll",
            "return Allclear.state.feed.rev",
            |rev| *rev == 6,
        )
        .await;
    assert!(
        browser.pierce().await.banner().is_none(),
        "only the tab of the preview shows it"
    );
    browser.switch_to(&mine).await;
    wait_for_preview(&browser, "incident").await;
    // The other tab, in another process, has stored the newer feed.
    let newer = before.as_str().unwrap();
    let newer = newer.replace("\"rev\":5", "\"rev\":6");
    browser
        .assert_eventually("the other tab's feed alone", stored, json!(newer))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_wasm_previews_the_plain_card() {
    let mirror = Mirror::start();
    let policy = mirror.policy_without_wasm();
    let page = Page::with_policy(&mirror.embed("acme", ""), Some(&policy));
    let browser = Browser::start().await;
    browser.goto(&page.at("/?allclear-preview")).await;
    browser
        .wait_for_script("the loader", "return Boolean(window.Allclear)", |there| {
            *there == true
        })
        .await;
    // A preview without an impact is ignored, so that this page has requested the feed.
    browser.goto("about:blank").await;
    let requests_before = mirror.feed_requests();
    browser.goto(&page.at("/?allclear-preview=major")).await;
    browser
        .wait_for("the plain card", |tree| kinds(tree) == ["incident"])
        .await;
    assert_eq!(mirror.feed_requests(), requests_before);
}
