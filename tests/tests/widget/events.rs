//! Events of an outage that reopens or is hidden: each event is dispatched once, when its cause
//! happens, and no other event is; with both cards.

use e2e::{Browser, Mirror, Page, mirror, press, wait_until_seen};
use serde_json::{Value, json};

/// Records every event: its name, its notice or feed, and the notice's kind.
const LISTENER: &str = "<script>window.received = [];
    for (const name of ['change', 'show', 'hide', 'restored', 'stale', 'contact'])
        (window.Allclear ||= []).push(['on', name, (given) => received.push([name, given.id ?? given.rev ?? null, given.kind ?? null])])
    </script>";

fn open_notice(attention: u32) -> Value {
    let mut notice = mirror::notice("inc_1", "Messages are delayed");
    notice["attention"] = json!(attention);
    notice
}

fn restored(attention: u32) -> Value {
    let mut notice = mirror::restored(open_notice(1), &json!({}));
    notice["attention"] = json!(attention);
    notice
}

/// A content policy that forbids wasm.
const NO_WASM: &str = "script-src * 'unsafe-inline'";

/// A page that listens to events.
fn listening_page(mirror: &Mirror, policy: Option<&str>) -> Page {
    Page::with_policy(&format!("{LISTENER}{}", mirror.embed("acme", "")), policy)
}

async fn reopen_and_record(policy: Option<&str>) {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[open_notice(1)]));
    let page = listening_page(&mirror, policy);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let mut expected = vec![
        json!(["change", 5, null]),
        json!(["show", "inc_1", "incident"]),
    ];
    let wait_for_events = async |what: &str, expected: &[Value]| {
        browser
            .wait_for_script(what, "return received", |received| {
                *received == json!(expected)
            })
            .await;
    };
    wait_for_events("the outage", &expected).await;
    wait_until_seen(&browser, "inc_1").await;

    for (rev, notice, what) in [
        (6, restored(2), "the all-clear"),
        (7, open_notice(3), "the reopening, which is no all-clear"),
        (8, restored(4), "the second all-clear"),
    ] {
        let kind = notice["kind"].clone();
        mirror.put_feed("acme", &mirror::feed(rev, &[notice]));
        expected.push(json!(["change", rev, null]));
        if kind == "restored" {
            expected.push(json!(["restored", "inc_1", "restored"]));
        }
        browser
            .wait_for("the notice on the screen", |tree| {
                let shown = tree.notice("inc_1");
                shown.and_then(|notice| notice.attribute("data-kind")) == kind.as_str()
            })
            .await;
        wait_for_events(what, &expected).await;
    }

    // An older feed and a known feed cause no event.
    mirror.put_feed("acme", &mirror::feed(4, &[]));
    let requests_before = mirror.feed_requests().len();
    browser
        .wait_until("two more polls", || {
            mirror.feed_requests().len() > requests_before + 1
        })
        .await;
    wait_for_events("no further event", &expected).await;
    assert!(browser.pierce().await.notice("inc_1").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_that_reopens_dispatches_each_event_once() {
    reopen_and_record(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_outage_dispatches_once_from_the_plain_card() {
    reopen_and_record(Some(NO_WASM)).await;
}

/// Records the shown and open notices that a listener finds during an event.
const LOOKER: &str = "window.found = [];
    for (const name of ['show', 'hide', 'restored'])
        Allclear.on(name, () => found.push([name, [...Allclear.state.shown], Allclear.state.open]))";

async fn hide_and_record(policy: Option<&str>) {
    let mirror = Mirror::start();
    let mut minor = open_notice(1);
    minor["impact"] = json!("minor");
    minor["in_app"] = json!("pill");
    mirror.put_feed("acme", &mirror::feed(5, &[minor]));
    let page = listening_page(&mirror, policy);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let mut expected = vec![
        json!(["change", 5, null]),
        json!(["show", "inc_1", "incident"]),
    ];
    let wait_for_events = async |what: &str, expected: &[Value]| {
        browser
            .wait_for_script(what, "return received", |received| {
                *received == json!(expected)
            })
            .await;
    };
    wait_for_events("the outage", &expected).await;
    browser.run(LOOKER).await;
    press(&browser, "inc_1", "pill").await;
    browser
        .wait_for("the expanded card", |tree| tree.part("hide").is_some())
        .await;
    let open = "return Allclear.state.open";
    browser
        .assert_eventually("the open notice", open, json!("inc_1"))
        .await;
    press(&browser, "inc_1", "hide").await;
    expected.push(json!(["hide", "inc_1", "incident"]));
    wait_for_events("the hide event", &expected).await;
    browser
        .wait_for("no notice", |tree| tree.notice("inc_1").is_none())
        .await;

    mirror.put_feed("acme", &mirror::feed(6, &[restored(2)]));
    browser.run("Allclear.refresh()").await;
    expected.push(json!(["change", 6, null]));
    expected.push(json!(["restored", "inc_1", "restored"]));
    wait_for_events("the all-clear, although it was hidden", &expected).await;
    assert_eq!(
        browser.run("return found").await,
        json!([["hide", [], null], ["restored", ["inc_1"], null]]),
        "a listener finds the new state"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_outage_dispatches_each_event_once() {
    hide_and_record(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_outage_dispatches_once_from_the_plain_card() {
    hide_and_record(Some(NO_WASM)).await;
}
