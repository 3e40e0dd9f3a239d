//! Mistakes of host pages: missing arguments, missing elements, invalid attributes.

use e2e::{
    Browser, Mirror, Page, TITLE,
    mirror::{feed, notice},
};
use serde_json::json;

fn page(mirror: &Mirror, attributes: &str, body: &str) -> Page {
    mirror.put_feed("acme", &feed(5, &[notice("inc_1", TITLE)]));
    Page::with_body(&format!("{body}{}", mirror.embed("acme", attributes)))
}

async fn open_page(page: &Page) -> Browser {
    let browser = Browser::watching().await;
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
async fn invalid_calls_throw_nothing_and_later_calls_work() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "<div id=box></div>");
    let browser = open_page(&page).await;
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
        "push(null)",
        "push()",
        "push(['nonsense'])",
        "push(['state'])",
        "push(['configure', { get lang() { throw 'thrown' } }])",
        "on('hide')",
        "on('change', 5)",
        "on('change', { handleEvent() {} })",
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
    // A listener that is not a function is never called, and causes no error.
    let mut newer = feed(6, &[notice("inc_1", TITLE)]);
    newer["name"] = json!("Changed");
    mirror.put_feed("acme", &newer);
    browser
        .wait_for_script("the change", "return Allclear.state.feed.rev", |rev| {
            *rev == 6
        })
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_after_destroy_draw_nothing() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "<div id=box></div>");
    let browser = open_page(&page).await;
    browser
        .run(
            "window.kept = Allclear; window.unmount = kept.mount(document.getElementById('box')); kept.destroy()",
        )
        .await;
    browser
        .wait_for("no banner", |tree| tree.banner().is_none())
        .await;
    // Components of the host make such calls when they unmount later.
    let left = browser
        .run(
            "unmount(); kept.mount(document.getElementById('box')); kept.refresh();
             return document.querySelectorAll('allclear-banner, allclear-slot').length",
        )
        .await;
    assert_eq!(left, json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_target_selector_is_ignored() {
    let mirror = Mirror::start();
    let page = page(&mirror, "data-position=inline data-target='#['", "");
    open_page(&page).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_in_another_language_dispatches_change() {
    let mirror = Mirror::start();
    let page = page(&mirror, "", "");
    let browser = open_page(&page).await;
    browser
        .run("window.changes = []; Allclear.on('change', (feed) => changes.push(feed.lang))")
        .await;
    let mut german = feed(5, &[notice("inc_1", TITLE)]);
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
async fn calls_before_the_first_feed_run_when_it_arrives() {
    let mirror = Mirror::start();
    let page = page(
        &mirror,
        "",
        "<script>window.Allclear = [['open', 'inc_1']]</script>",
    );
    let browser = open_page(&page).await;
    browser
        .wait_for_script("the expanded card", "return Allclear.state.open", |open| {
            *open == json!("inc_1")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_invalid_entries_is_processed_to_its_end() {
    let mirror = Mirror::start();
    let queue = "<script>window.ready_events = 0; window.Allclear = [null, undefined, 7, ['nonsense'], ['on', 'change', null],
        ['configure', { get lang() { throw new Error('of the page') } }], ['open', 'inc_1']];
        document.addEventListener('allclear:ready', () => ready_events++)</script>";
    let page = page(&mirror, "", queue);
    let browser = open_page(&page).await;
    browser
        .wait_for_script(
            "the effect of the last call",
            "return Allclear.state.open",
            |open| *open == json!("inc_1"),
        )
        .await;
    assert_eq!(browser.run("return ready_events").await, json!(1));
    let console = browser.console().await;
    let ours = console.iter().filter(|line| line.text.contains("Allclear"));
    assert_eq!(ours.count(), 0, "{console:?}");
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_site_on_a_page_is_ignored() {
    let (first, second) = (Mirror::start(), Mirror::start());
    second.put_feed("other", &feed(5, &[notice("inc_2", "Something else")]));
    let page = page(
        &first,
        "",
        &format!("<script>addEventListener('load', () => {{ const tag = document.createElement('script');
            tag.src = '{}/embed.js?site=other'; tag.onload = () => window.both = 1; document.head.append(tag) }})</script>", second.origin()),
    );
    let browser = open_page(&page).await;
    browser
        .wait_for_script("the second script", "return window.both ?? 0", |both| {
            *both == 1
        })
        .await;
    let before = first.feed_requests().len();
    browser
        .wait_until("two more polls of the first script", || {
            first.feed_requests().len() > before + 1
        })
        .await;
    assert!(
        second.feed_requests().is_empty(),
        "{:?}",
        second.feed_requests()
    );
    let tree = browser.pierce().await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert!(tree.notice("inc_2").is_none() && tree.notice("inc_1").is_some());
    let console = browser.console().await;
    assert!(
        console.iter().all(|line| !line.text.contains("Allclear")),
        "{console:?}"
    );
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty()
            && watched.rejections.is_empty()
            && watched.shift.abs() < f64::EPSILON,
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_attributes_are_named_on_the_console() {
    let mirror = Mirror::start();
    for (attributes, named) in [
        ("data-site='Not A Slug'", "data-site"),
        ("data-site=acme data-api=status.example.com", "data-api"),
        ("data-site=acme data-api='localhost:8787'", "data-api"),
    ] {
        let page = Page::host(&format!(
            "<!doctype html><title>Host</title><h1>Host</h1><script async src='{}/embed.js' {attributes}></script>",
            mirror.origin()
        ));
        let browser = Browser::watching().await;
        browser.goto(&page.url()).await;
        let console = browser.console().await;
        let ours: Vec<_> = console
            .iter()
            .filter(|line| line.text.contains("Allclear"))
            .collect();
        assert!(
            matches!(ours.as_slice(), [line] if line.text.contains(named) && line.text.contains("Allclear: check data-")),
            "{attributes}: {console:?}"
        );
        assert!(mirror.feed_requests().is_empty());
        browser.watched().await.assert_no_errors();
        assert_eq!(
            page.requests().len(),
            1,
            "{attributes}: {:?}",
            page.requests()
        );
    }
}
