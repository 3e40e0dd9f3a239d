//! When what tells of outages is itself hard to reach: the next origin is asked, and the card says how old its word is.

mod story;

use std::net::TcpListener;

use e2e::{Browser, Mirror, Page, Reply, mirror};
use serde_json::json;
use story::{Site, says, see};

const FEED: &str = "/v1/sites/acme/feed";

fn broken() -> (Site, String) {
    let site = Site::new("acme", "Acme SMS", &[]);
    let incident = site.publish(
        &json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "We are looking into it." }),
    );
    (site, incident)
}

/// The address of a file of this build.
fn file(name: &str) -> String {
    let release = std::fs::read(xtask::workspace::dist().join("assets/embed.json")).unwrap();
    let release: serde_json::Value = serde_json::from_slice(&release).unwrap();
    format!("/embed/{}/{name}", release["version"].as_str().unwrap())
}

/// A page with this script tag.
fn host(embed: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{embed}"
    ))
}

/// An answer to anybody's page.
fn open_to_all(reply: Reply) -> Reply {
    reply.header("access-control-allow-origin", "*")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_origin_answers_for_the_first() {
    let (site, incident) = broken();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let html = Page::host("");
    html.put(FEED, open_to_all(Reply::html("<h1>It works!</h1>")));
    let hanging = Page::host("");
    hanging.put(FEED, Reply::hang());
    for (why, first) in [
        ("refuses", format!("http://{closed}")),
        ("serves HTML with 200", html.url()),
        ("hangs", hanging.url()),
    ] {
        let page = site.page(&format!("data-api='{first} {}'", site.server.url()));
        let browser = Browser::start().await;
        browser.watch().await;
        browser.goto(&page.url()).await;
        browser
            .wait_for(why, |tree| says(tree, &incident, "Messages are delayed"))
            .await;
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty() && watched.rejections.is_empty(),
            "{why}: {watched:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_origin_is_asked_again_when_it_has_recovered() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let first = Page::host("");
    first.put(
        FEED,
        open_to_all(Reply::new("application/json", "{}").status(503)),
    );
    let page = site.page(&format!("data-api='{} {}'", first.url(), site.server.url()));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let known = "return Boolean(window.Allclear?.state.feed)";
    browser
        .wait_for_script("the feed of the second", known, |known| known == true)
        .await;
    let asked = || first.requests().len();
    let while_down = asked();
    first.put(
        FEED,
        open_to_all(Reply::new("application/json", site.feed().text())),
    );
    let refreshed = "Allclear.refresh(); return new Promise(done => setTimeout(done, 100))";
    for _ in 0..5 {
        browser.run(refreshed).await;
    }
    assert_eq!(asked(), while_down, "it stays with the one that works");
    browser
        .wait_for_script("it to go back in the end", refreshed, |_| {
            asked() > while_down + 2
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_and_unreachable_are_told_apart() {
    let (mut site, incident) = broken();
    let page = site.page("");
    let browser = Browser::start().await;
    browser
        .before_each_page("window.later = 0; const now = Date.now; Date.now = () => now() + later")
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    browser
        .run("window.told = []; Allclear.on('stale', () => told.push(Allclear.state.stale))")
        .await;
    browser.set_offline(true).await;
    browser
        .wait_for("the network's end", |tree| {
            says(tree, &incident, "You are offline. As of ")
        })
        .await;
    assert_eq!(
        browser.run("return told").await,
        json!([true]),
        "who is told and looks finds it so"
    );
    browser.set_offline(false).await;
    browser
        .wait_for("the network's return", |tree| {
            !says(tree, &incident, "You are offline.")
        })
        .await;

    site.server.kill9();
    browser
        .run("later = 14 * 60e3; dispatchEvent(new Event('online'))")
        .await;
    let fresh = browser.run("return Allclear.state.stale").await;
    assert_eq!(fresh, json!(false), "14 minutes are not too long");
    browser
        .run("later = 16 * 60e3; dispatchEvent(new Event('online'))")
        .await;
    browser
        .wait_for("its age", |tree| {
            says(
                tree,
                &incident,
                "We cannot reach our status service; this may have changed.",
            )
        })
        .await;
    assert_eq!(
        browser.run("return Allclear.state.stale").await,
        json!(true)
    );
    let tree = browser.pierce().await;
    assert!(says(&tree, &incident, "Messages are delayed") && !says(&tree, &incident, "offline"));

    site.server.start_again();
    site.server.restart_at(16 * 60);
    see(&browser, "it confirmed again", |tree| {
        says(tree, &incident, "Messages are delayed") && !says(tree, &incident, "We cannot reach")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_could_not_be_had_at_first_comes_with_a_later_answer() {
    let mirror = Mirror::start();
    mirror.put_feed(
        "acme",
        &mirror::feed(5, &[mirror::outage("inc_1", "Messages are delayed")]),
    );
    let path = file("rules.js");
    mirror
        .page()
        .put(&path, open_to_all(Reply::script("").status(503)));
    let page = host(&mirror.embed("acme", ""));
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    let tried = || {
        mirror
            .page()
            .requests()
            .iter()
            .filter(|seen| seen.path == path)
            .count()
    };
    browser
        .wait_for_script("a second try", "return 0", |_| tried() > 1)
        .await;
    let rules = std::fs::read(
        xtask::workspace::dist()
            .join("assets")
            .join(path.trim_start_matches('/')),
    );
    mirror.page().put(
        &path,
        open_to_all(Reply::new("text/javascript", rules.unwrap())),
    );
    browser
        .wait_for("the card", |tree| {
            says(tree, "inc_1", "Messages are delayed")
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_first_origin_lacks_comes_from_the_second() {
    let known = mirror::feed(5, &[mirror::outage("inc_1", "Messages are delayed")]);
    let [first, second] = [Mirror::start(), Mirror::start()];
    for mirror in [&first, &second] {
        mirror.put_feed("acme", &known);
    }
    let missing = open_to_all(Reply::html("<h1>No such file</h1>").status(404));
    first.page().put(&file("rules.js"), missing);
    let origins = format!("data-api='{} {}'", first.origin(), second.origin());
    let page = host(&first.embed("acme", &origins));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            says(tree, "inc_1", "Messages are delayed")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_that_is_under_way_for_ever_is_not_waited_for() {
    let mirror = Mirror::start();
    mirror.put_feed(
        "acme",
        &mirror::feed(5, &[mirror::outage("inc_1", "Messages are delayed")]),
    );
    mirror.page().put(&file("widget_bg.wasm"), Reply::hang());
    let page = host(&mirror.embed("acme", ""));
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| {
            says(tree, "inc_1", "Messages are delayed")
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}
