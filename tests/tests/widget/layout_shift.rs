//! The card never shifts the page's layout, in any step of an outage.

use e2e::{
    Browser, Mirror, Page, TITLE, has_text, mirror,
    mirror::{feed, notice},
    wait_until_seen,
};
use serde_json::{Value, json};

/// Records every layout shift, and whether it followed user input. Shifts after input do not count
/// in the metric.
const SHIFTS: &str = "window.shifts = []; new PerformanceObserver(list => {
    for (const { value, hadRecentInput } of list.getEntries()) shifts.push([value, hadRecentInput]);
}).observe({ type: 'layout-shift', buffered: true })";

/// A page with enough content for a shift to be measured.
fn host_page(mirror: &Mirror, attributes: &str, policy: Option<&str>) -> Page {
    let line = "<p>Somebody's own words, which stay where they are.</p>";
    let viewport = "<meta name=viewport content='width=device-width'>";
    let lines = line.repeat(if attributes.contains("inline") { 4 } else { 40 });
    let embed = mirror.embed("acme", attributes);
    Page::with_policy(
        &format!("{viewport}{lines}<div id=here></div>{embed}"),
        policy,
    )
}

fn long_notice(mut notice: Value) -> Value {
    notice["advice"] = json!("Do not resend: your messages are queued and will arrive.");
    notice["works"] = json!(["Receiving", "Contacts"]);
    notice["broken"] = json!(["Sending takes up to 40 minutes"]);
    notice["next_update_at"] = json!(e2e::in_minutes(20));
    notice
}

fn restored(id: &str) -> Value {
    mirror::restored(
        notice(id, TITLE),
        &json!({ "check": "Check what you sent.", "expires_at": e2e::in_minutes(600) }),
    )
}

/// Waits until two frames have been painted and their shifts reported.
async fn wait_for_paint(browser: &Browser) {
    browser
        .run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
        .await;
}

/// The cause of the preceding change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A press of the reader.
    Reader,
    /// A new feed, or the network.
    Feed,
}

/// Asserts that nothing has shifted since the last call. Shifts soon after a press count too,
/// unless the reader caused the change.
async fn assert_no_shift(browser: &Browser, by: By, why: &str) {
    wait_for_paint(browser).await;
    let shifts = browser.run("return shifts.splice(0)").await;
    let shifts: Vec<(f64, bool)> = serde_json::from_value(shifts).unwrap();
    let counts = |&&(_, prompted): &&(f64, bool)| by == By::Feed || !prompted;
    let shift: f64 = shifts.iter().filter(counts).map(|(value, _)| value).sum();
    assert!(shift.abs() < f64::EPSILON, "{why}: {shifts:?}");
    let watched = browser.watched().await;
    assert!(watched.is_error_free(), "{why}: {watched:?}");
}

async fn press(browser: &Browser, part: &str) {
    e2e::press(browser, "inc_1", part).await;
}

/// Plays an outage from the first notice through a lost network and the all-clear to the end, with
/// every action of a reader.
async fn play_outage(attributes: &str, is_plain: bool, width: u32) {
    let why = format!("{attributes} plain: {is_plain} {width}");
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let origin = mirror.origin();
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    let page = host_page(&mirror, attributes, is_plain.then_some(policy.as_str()));
    let browser = Browser::watching().await;
    browser.before_each_page(SHIFTS).await;
    browser.set_viewport(width, 700, 1.0).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the quiet feed",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 5,
        )
        .await;
    mirror.put_feed("acme", &feed(6, &[long_notice(notice("inc_1", TITLE))]));
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    assert_no_shift(&browser, By::Feed, &format!("{why}: shown")).await;
    wait_until_seen(&browser, "inc_1").await;
    press(&browser, "toggle").await;
    browser
        .wait_for("the expanded card", |tree| {
            has_text(tree, "inc_1", "Receiving")
        })
        .await;
    assert_no_shift(&browser, By::Reader, &format!("{why}: open")).await;
    press(&browser, "toggle").await;
    browser
        .wait_for("the collapsed card", |tree| {
            !has_text(tree, "inc_1", "Receiving")
        })
        .await;
    assert_no_shift(&browser, By::Reader, &format!("{why}: collapsed")).await;

    browser.set_offline(true).await;
    browser
        .wait_for("the offline message", |tree| {
            has_text(tree, "inc_1", "You are offline")
        })
        .await;
    assert_no_shift(&browser, By::Feed, &format!("{why}: offline")).await;
    mirror.put_feed("acme", &feed(7, &[restored("inc_1")]));
    browser.set_offline(false).await;
    browser
        .wait_for("the all-clear", |tree| has_text(tree, "inc_1", "Resolved:"))
        .await;
    assert_no_shift(&browser, By::Feed, &format!("{why}: restored")).await;
    mirror.put_feed("acme", &feed(8, &[]));
    browser
        .wait_for("the quiet page", |tree| tree.notice("inc_1").is_none())
        .await;
    assert_no_shift(&browser, By::Feed, &format!("{why}: quiet")).await;

    // The notice comes again, and is hidden to the pill that a major notice leaves.
    let mut again = long_notice(notice("inc_1", TITLE));
    again["attention"] = json!(3);
    mirror.put_feed("acme", &feed(9, &[again]));
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    press(&browser, "hide").await;
    press(&browser, "pill").await;
    press(&browser, "toggle").await;
    browser
        .wait_for("the pill again", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("pill").is_some())
        })
        .await;
    assert_no_shift(&browser, By::Reader, &format!("{why}: pill and card")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_at_the_bottom_shifts_nothing() {
    play_outage("", false, 1280).await;
    play_outage("", false, 360).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_at_the_top_or_in_the_corner_shifts_nothing() {
    play_outage("data-position=top", false, 1280).await;
    play_outage("data-position=corner", false, 1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_shifts_nothing() {
    play_outage("", true, 1280).await;
    play_outage("data-position=top", true, 360).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_card_shifts_nothing() {
    play_outage("data-position=inline data-target='#here'", false, 1280).await;
}
