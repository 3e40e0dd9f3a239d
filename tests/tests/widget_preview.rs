//! A card before there is anything to say, or a server to say it: no feed is asked for, nothing is kept, no other tab sees it.

use e2e::{Browser, Mirror, Page, Reply, Tree, mirror};
use serde_json::json;

fn page(mirror: &Mirror, attributes: &str) -> Page {
    let embed = mirror.embed("acme", attributes);
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{embed}"
    ))
}

fn kinds(tree: &Tree) -> Vec<String> {
    let notices = tree.notices().into_iter();
    notices
        .filter_map(|notice| notice.attribute("data-kind").map(str::to_owned))
        .collect()
}

async fn shows(browser: &Browser, kind: &str) -> Tree {
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
async fn by_the_pages_address_without_a_server() {
    // It has the files, as any static host may, and no feed.
    let mirror = Mirror::start();
    let page = page(&mirror, "");
    let browser = Browser::start().await;
    browser.watch().await;
    browser
        .goto(&page.at("/?user=ada&allclear-preview=critical#top"))
        .await;
    shows(&browser, "incident").await;
    let state = browser
        .run("return [Allclear.state.feed.notices[0].impact, Allclear.state.stale]")
        .await;
    assert_eq!(state, json!(["critical", false]));
    assert_eq!(mirror.asked(), Vec::<String>::new());
    let kept = browser.run("return Object.keys(localStorage)").await;
    assert_eq!(kept, json!([]));
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_call_one_after_the_other() {
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
    let kept = "return JSON.stringify(Object.entries(localStorage).filter(([key]) => !key.endsWith(':visits')).map(([key, value]) => [key, JSON.parse(value).feed]))";
    let before = browser.run(kept).await;
    let asked_by_me = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
    browser.run("Allclear.preview()").await;
    shows(&browser, "incident").await;
    let asked = browser.run(asked_by_me).await;
    for (impact, kind) in [
        ("maintenance", "maintenance"),
        ("announcement", "announcement"),
        ("restored", "restored"),
        ("minor", "incident"),
    ] {
        browser.run(&format!("Allclear.preview('{impact}')")).await;
        shows(&browser, kind).await;
    }
    assert_eq!(
        browser.run(asked_by_me).await,
        asked,
        "no server is asked any more"
    );
    browser.turn_to(&other).await;
    mirror.put_feed("acme", &mirror::feed(6, &[]));
    browser
        .wait_for_script(
            "the other goes on",
            "return Allclear.state.feed.rev",
            |rev| *rev == 6,
        )
        .await;
    assert!(
        browser.pierce().await.banner().is_none(),
        "only one's own tab shows it"
    );
    browser.turn_to(&mine).await;
    shows(&browser, "incident").await;
    let after = browser.run(kept).await;
    assert_eq!(
        before
            .as_str()
            .map(|text| text.replace("\"rev\":5", "\"rev\":6")),
        after.as_str().map(str::to_owned)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_page_that_forbids_wasm() {
    let mirror = Mirror::start();
    let origin = mirror.origin();
    let page = Page::host("");
    let html = format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{}",
        mirror.embed("acme", "")
    );
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    page.put(
        "/",
        Reply::html(&html).header("content-security-policy", &policy),
    );
    let browser = Browser::start().await;
    browser.goto(&page.at("/?allclear-preview")).await;
    browser
        .wait_for_script("the loader", "return Boolean(window.Allclear)", |there| {
            *there == true
        })
        .await;
    browser.goto(&page.at("/?allclear-preview=major")).await;
    browser
        .wait_for("the plain card", |tree| kinds(tree) == ["incident"])
        .await;
    let asked = mirror.asked();
    // Without an impact it is no preview.
    assert!(asked.len() <= 1, "{asked:?}");
}
