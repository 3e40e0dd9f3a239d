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
    // Whoever listens with something that is no function hears nothing of it, and no error comes of it.
    let mut newer = feed(6, &[outage("inc_1", TITLE)]);
    newer["name"] = json!("Changed");
    mirror.put_feed("acme", &newer);
    browser
        .wait_for_script("the change", "return Allclear.state.feed.rev", |rev| {
            *rev == 6
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

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_nonsense_in_it_is_drained_to_its_end() {
    let mirror = Mirror::start();
    let queue = "<script>window.heard = 0; window.Allclear = [null, undefined, 7, ['nonsense'], ['on', 'change', null],
        ['configure', { get lang() { throw new Error('of the page') } }], ['open', 'inc_1']];
        document.addEventListener('allclear:ready', () => heard++)</script>";
    let page = page(&mirror, "", queue);
    let browser = opened(&page).await;
    browser
        .wait_for_script("the last call", "return Allclear.state.open", |open| {
            *open == json!("inc_1")
        })
        .await;
    assert_eq!(browser.run("return heard").await, json!(1));
    let console = browser.console().await;
    let ours = console.iter().filter(|line| line.text.contains("Allclear"));
    assert_eq!(ours.count(), 0, "{console:?}");
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_sites_on_a_page_the_first_stays_and_the_second_is_silent() {
    let (first, second) = (Mirror::start(), Mirror::start());
    second.put_feed("other", &feed(5, &[outage("inc_2", "Something else")]));
    let page = page(
        &first,
        "",
        &format!("<script>addEventListener('load', () => {{ const tag = document.createElement('script');
            tag.src = '{}/embed.js?site=other'; tag.onload = () => window.both = 1; document.head.append(tag) }})</script>", second.origin()),
    );
    let browser = opened(&page).await;
    browser
        .wait_for_script("the second script", "return window.both ?? 0", |both| {
            *both == 1
        })
        .await;
    let before = first.asked().len();
    browser
        .wait_for_script("the first to go on", "return 0", |_| {
            first.asked().len() > before + 1
        })
        .await;
    assert!(second.asked().is_empty(), "{:?}", second.asked());
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
async fn what_to_correct_is_named() {
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
        let browser = Browser::start().await;
        browser.watch().await;
        browser.goto(&page.url()).await;
        let console = browser.console().await;
        let ours: Vec<_> = console
            .iter()
            .filter(|line| line.text.contains("Allclear"))
            .collect();
        assert!(
            matches!(ours.as_slice(), [line] if line.text.contains(named) && line.text.contains("missing or malformed")),
            "{attributes}: {console:?}"
        );
        assert!(mirror.asked().is_empty());
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty() && watched.rejections.is_empty(),
            "{watched:?}"
        );
        assert_eq!(
            page.requests().len(),
            1,
            "{attributes}: {:?}",
            page.requests()
        );
    }
}
