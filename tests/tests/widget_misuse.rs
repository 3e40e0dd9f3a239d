//! A host page that gets it wrong: calls without what they need, elements that are not there, attributes that mean nothing.

use e2e::{
    Browser, Mirror, Page,
    mirror::{feed, outage},
};
use serde_json::json;

const TITLE: &str = "Messages are delayed";

fn page(mirror: &Mirror, attributes: &str, body: &str) -> Page {
    mirror.put_feed("acme", &feed(5, &[outage("inc_1", TITLE)]));
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{body}{}",
        mirror.embed("acme", attributes)
    ))
}

async fn opened(page: &Page) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.text().contains(TITLE))
        })
        .await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_throws_and_one_that_is_wrong_spoils_no_other() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "<div id=box></div>");
    let browser = opened(&page).await;
    for call in [
        "configure()",
        "configure(null)",
        "configure({ audience: 5, components: 5, path: 5 })",
        "configure({ audience: null, components: null, path: null })",
        "mount(null)",
        "mount()",
        "mount(document.createTextNode(''))",
        "mount(document.body, null)",
        "mount(document.createElement('div'), { components: null })",
        "mount(document.createElement('div'), { components: 5 })",
        "open()",
        "open({})",
        "open('inc_none')",
        "refresh(null)",
        "push([])",
    ] {
        let thrown = browser
            .run(&format!(
                "try {{ Allclear.{call} }} catch (error) {{ return String(error) }}"
            ))
            .await;
        assert_eq!(thrown, json!(null), "{call}");
    }
    browser
        .run("Allclear.mount(document.getElementById('box'))")
        .await;
    browser
        .wait_for("a card in the element", |tree| {
            tree.find(|node| node.attribute("id") == Some("box"))
                .is_some_and(|element| element.text().contains(TITLE))
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_after_the_end_brings_nothing_back() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "<div id=box></div>");
    let browser = opened(&page).await;
    browser
        .run(
            "window.kept = Allclear; window.unmount = kept.mount(document.getElementById('box')); kept.destroy()",
        )
        .await;
    browser
        .wait_for("nothing", |tree| tree.banner().is_none())
        .await;
    // As the host's own components do when they go, a while later.
    let left = browser
        .run(
            "unmount(); kept.mount(document.getElementById('box')); kept.refresh();
             return document.querySelectorAll('allclear-banner, allclear-slot').length",
        )
        .await;
    assert_eq!(left, json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_no_selector_is_none() {
    let mirror = Mirror::start();
    let page = page(&mirror, "data-position=inline data-target='#['", "");
    opened(&page).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_another_language_is_a_change() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "");
    let browser = opened(&page).await;
    browser
        .run("window.changes = []; Allclear.on('change', (feed) => changes.push(feed.lang))")
        .await;
    let mut german = feed(5, &[outage("inc_1", TITLE)]);
    german["lang"] = json!("de");
    mirror.put_feed("acme", &german);
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for_script("the change", "return changes", |changes| {
            changes
                .as_array()
                .is_some_and(|all| all.contains(&json!("de")))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wished_for_before_there_is_a_feed_is_done_when_it_comes() {
    let mirror = Mirror::start();
    let page = page(
        &mirror,
        "",
        "<script>window.Allclear = [['open', 'inc_1']]</script>",
    );
    let browser = opened(&page).await;
    browser
        .wait_for_script("the open card", "return Allclear.state.open", |open| {
            *open == json!("inc_1")
        })
        .await;
}
