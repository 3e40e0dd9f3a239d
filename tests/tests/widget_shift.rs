//! Nothing shifts: whatever the card does on its way through an outage, the page's layout stays as it is.

mod story;

use e2e::{
    Browser, Mirror, Page, Reply, Tree,
    mirror::{feed, outage},
};
use serde_json::{Value, json};
use story::seen;

const TITLE: &str = "Messages are delayed";
/// Every shift, and whether it followed upon what the reader did; those are none, by the definition of the measure.
const SHIFTS: &str = "window.shifts = []; new PerformanceObserver(list => {
    for (const { value, hadRecentInput } of list.getEntries()) shifts.push([value, hadRecentInput]);
}).observe({ type: 'layout-shift', buffered: true })";

/// A page with enough on it for a shift to be seen.
fn host(mirror: &Mirror, attributes: &str, policy: Option<&str>) -> Page {
    let line = "<p>Somebody's own words, which stay where they are.</p>";
    let page = Page::host("");
    let html = Reply::html(&format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>Host</title><h1>Host</h1>{}<div id=here></div>{}",
        line.repeat(if attributes.contains("inline") { 4 } else { 40 }),
        mirror.embed("acme", attributes)
    ));
    let html = match policy {
        Some(policy) => html.header("content-security-policy", policy),
        None => html,
    };
    page.put("/", html);
    page
}

fn long(mut notice: Value) -> Value {
    notice["advice"] = json!("Do not resend: your messages are queued and will arrive.");
    notice["works"] = json!(["Receiving", "Contacts"]);
    notice["broken"] = json!(["Sending takes up to 40 minutes"]);
    notice["next_update_at"] = json!(e2e::in_minutes(20));
    notice
}

fn restored(id: &str) -> Value {
    let mut notice = outage(id, TITLE);
    notice["kind"] = json!("restored");
    notice["status"] = json!("resolved");
    notice["attention"] = json!(2);
    notice["restored"] = json!({ "at": e2e::in_minutes(-1), "seconds": 1740, "back": ["Sending"], "check": "Check what you sent.",
        "still": [], "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(600), "withdrawn": null,
        "postmortem": null });
    notice
}

fn says(tree: &Tree, words: &str) -> bool {
    tree.notice("inc_1")
        .is_some_and(|notice| notice.text().contains(words))
}

/// Two frames have been painted, and what they shifted has been told.
async fn painted(browser: &Browser) {
    browser
        .run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
        .await;
}

/// Whose doing what has just happened was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Reader,
    Us,
}

/// Nothing has shifted since the last look, however lately the reader pressed something before it.
async fn still(browser: &Browser, by: By, why: &str) {
    painted(browser).await;
    let shifts = browser.run("return shifts.splice(0)").await;
    let shifts: Vec<(f64, bool)> = serde_json::from_value(shifts).unwrap();
    let counts = |&&(_, prompted): &&(f64, bool)| by == By::Us || !prompted;
    let shift: f64 = shifts.iter().filter(counts).map(|(value, _)| value).sum();
    assert!(shift.abs() < f64::EPSILON, "{why}: {shifts:?}");
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{why}: {watched:?}"
    );
}

async fn press(browser: &Browser, part: &str) {
    let tree = browser
        .wait_for(part, |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part(part).is_some())
        })
        .await;
    let node = tree.notice("inc_1").unwrap().part(part).unwrap().clone();
    browser.click(&node).await;
}

/// From the first word through the cable pulled, the all-clear and the end, and all that a reader does meanwhile.
async fn an_outage(attributes: &str, is_plain: bool, width: u32) {
    let why = format!("{attributes} plain: {is_plain} {width}");
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let origin = mirror.origin();
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    let page = host(&mirror, attributes, is_plain.then_some(policy.as_str()));
    let browser = Browser::start().await;
    browser.watch().await;
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
    mirror.put_feed("acme", &feed(6, &[long(outage("inc_1", TITLE))]));
    browser.wait_for("the card", |tree| says(tree, TITLE)).await;
    still(&browser, By::Us, &format!("{why}: shown")).await;
    seen(&browser, "inc_1").await;
    press(&browser, "toggle").await;
    browser
        .wait_for("all of it", |tree| says(tree, "Receiving"))
        .await;
    still(&browser, By::Reader, &format!("{why}: open")).await;
    press(&browser, "toggle").await;
    browser
        .wait_for("less of it", |tree| !says(tree, "Receiving"))
        .await;
    still(&browser, By::Reader, &format!("{why}: folded")).await;

    browser.set_offline(true).await;
    browser
        .wait_for("the word that we are offline", |tree| {
            says(tree, "You are offline")
        })
        .await;
    still(&browser, By::Us, &format!("{why}: offline")).await;
    mirror.put_feed("acme", &feed(7, &[restored("inc_1")]));
    browser.set_offline(false).await;
    browser
        .wait_for("the all-clear", |tree| says(tree, "Resolved:"))
        .await;
    still(&browser, By::Us, &format!("{why}: restored")).await;
    mirror.put_feed("acme", &feed(8, &[]));
    browser
        .wait_for("quiet", |tree| tree.notice("inc_1").is_none())
        .await;
    still(&browser, By::Us, &format!("{why}: quiet")).await;

    // And again, hidden to the pill that a major one leaves.
    let mut again = long(outage("inc_1", TITLE));
    again["attention"] = json!(3);
    mirror.put_feed("acme", &feed(9, &[again]));
    browser.wait_for("the card", |tree| says(tree, TITLE)).await;
    press(&browser, "hide").await;
    press(&browser, "pill").await;
    press(&browser, "toggle").await;
    browser
        .wait_for("the pill again", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("pill").is_some())
        })
        .await;
    still(&browser, By::Reader, &format!("{why}: pill and card")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_card_at_the_bottom() {
    an_outage("", false, 1280).await;
    an_outage("", false, 360).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_card_at_the_top_and_in_the_corner() {
    an_outage("data-position=top", false, 1280).await;
    an_outage("data-position=corner", false, 1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_plain_card() {
    an_outage("", true, 1280).await;
    an_outage("data-position=top", true, 360).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_card_in_a_place_of_the_pages_own() {
    an_outage("data-position=inline data-target='#here'", false, 1280).await;
}
