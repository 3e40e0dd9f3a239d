//! What a page hears of an outage that comes back once: each thing when it happens, once, and nothing else; with either
//! card.

mod story;

use e2e::{Browser, Mirror, Page, Reply, in_minutes, mirror};
use serde_json::{Value, json};
use story::seen;

/// Writes down whatever is heard: the event, which notice or feed it is about, and of which kind that is.
const LISTENER: &str = "<script>window.heard = [];
    for (const name of ['change', 'show', 'hide', 'restored', 'stale', 'contact'])
        (window.Allclear ||= []).push(['on', name, (given) => heard.push([name, given.id ?? given.rev ?? null, given.kind ?? null])])
    </script>";

fn outage(attention: u32) -> Value {
    let mut notice = mirror::outage("inc_1", "Messages are delayed");
    notice["attention"] = json!(attention);
    notice
}

fn restored(attention: u32) -> Value {
    let mut notice = outage(attention);
    notice["kind"] = json!("restored");
    notice["status"] = json!("resolved");
    notice["restored"] = json!({ "at": in_minutes(-1), "seconds": 600, "back": ["Sending"], "check": null, "still": [],
        "returning_until": null, "everyone_until": null, "expires_at": in_minutes(4000), "withdrawn": null,
        "postmortem": null });
    notice
}

/// What forbids wasm.
const NO_WASM: &str = "script-src * 'unsafe-inline'";

/// A page that listens.
fn listening(mirror: &Mirror, policy: Option<&str>) -> Page {
    let html = format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{LISTENER}{}",
        mirror.embed("acme", "")
    );
    let page = Page::host("");
    let reply = Reply::html(&html);
    page.put(
        "/",
        match policy {
            Some(policy) => reply.header("content-security-policy", policy),
            None => reply,
        },
    );
    page
}

async fn the_story(policy: Option<&str>) {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[outage(1)]));
    let page = listening(&mirror, policy);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let mut expected = vec![
        json!(["change", 5, null]),
        json!(["show", "inc_1", "incident"]),
    ];
    let hears = async |what: &str, expected: &[Value]| {
        browser
            .wait_for_script(what, "return heard", |heard| *heard == json!(expected))
            .await;
    };
    hears("the outage", &expected).await;
    seen(&browser, "inc_1").await;

    for (rev, notice, what) in [
        (6, restored(2), "the all-clear"),
        (7, outage(3), "that it is back, which is no all-clear"),
        (8, restored(4), "the second all-clear"),
    ] {
        let kind = notice["kind"].clone();
        mirror.put_feed("acme", &mirror::feed(rev, &[notice]));
        expected.push(json!(["change", rev, null]));
        if kind == "restored" {
            expected.push(json!(["restored", "inc_1", "restored"]));
        }
        browser
            .wait_for("it on the screen", |tree| {
                let shown = tree.notice("inc_1");
                shown.and_then(|notice| notice.attribute("data-kind")) == kind.as_str()
            })
            .await;
        hears(what, &expected).await;
    }

    // What is older than what is known, and what is known already, is nothing new.
    mirror.put_feed("acme", &mirror::feed(4, &[]));
    let asked = mirror.asked().len();
    browser
        .wait_for_script("two more polls", "return 0", |_| {
            mirror.asked().len() > asked + 1
        })
        .await;
    hears("nothing more", &expected).await;
    assert!(browser.pierce().await.notice("inc_1").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_outage_that_comes_back() {
    the_story(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_outage_that_comes_back_where_wasm_is_forbidden() {
    the_story(Some(NO_WASM)).await;
}

/// Writes down what a page that hears of something finds when it looks: what is shown, and what is open.
const LOOKER: &str = "window.found = [];
    for (const name of ['show', 'hide', 'restored'])
        Allclear.on(name, () => found.push([name, [...Allclear.state.shown], Allclear.state.open]))";

async fn the_story_of_a_minor_one(policy: Option<&str>) {
    let mirror = Mirror::start();
    let mut minor = outage(1);
    minor["impact"] = json!("minor");
    minor["in_app"] = json!("pill");
    mirror.put_feed("acme", &mirror::feed(5, &[minor]));
    let page = listening(&mirror, policy);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let mut expected = vec![
        json!(["change", 5, null]),
        json!(["show", "inc_1", "incident"]),
    ];
    let hears = async |what: &str, expected: &[Value]| {
        browser
            .wait_for_script(what, "return heard", |heard| *heard == json!(expected))
            .await;
    };
    hears("the outage", &expected).await;
    browser.run(LOOKER).await;
    let tree = browser
        .wait_for("the pill", |tree| tree.part("pill").is_some())
        .await;
    browser.click(tree.part("pill").unwrap()).await;
    let tree = browser
        .wait_for("the open card", |tree| tree.part("hide").is_some())
        .await;
    assert_eq!(
        browser.run("return Allclear.state.open").await,
        json!("inc_1")
    );
    browser.click(tree.part("hide").unwrap()).await;
    expected.push(json!(["hide", "inc_1", "incident"]));
    hears("that it is hidden", &expected).await;
    browser
        .wait_for("nothing", |tree| tree.notice("inc_1").is_none())
        .await;

    mirror.put_feed("acme", &mirror::feed(6, &[restored(2)]));
    browser.run("Allclear.refresh()").await;
    expected.push(json!(["change", 6, null]));
    expected.push(json!(["restored", "inc_1", "restored"]));
    hears("the all-clear, although it was hidden", &expected).await;
    assert_eq!(
        browser.run("return found").await,
        json!([["hide", [], null], ["restored", ["inc_1"], null]]),
        "who is told finds it so"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_outage_that_was_hidden() {
    the_story_of_a_minor_one(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_outage_that_was_hidden_where_wasm_is_forbidden() {
    the_story_of_a_minor_one(Some(NO_WASM)).await;
}
