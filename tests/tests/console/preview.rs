//! The preview shows the collapsed card as a phone does, whole above the bar of buttons, with a
//! warning when the advice is cut.

use e2e::{Operator, Site, labels};
use serde_json::Value;

/// A script that returns positions on the screen: the frame's left, width and bottom, the bar's
/// top, the frame's width in pixels of its own page, and the scroll position.
const PLACES: &str = "
    const frame = document.querySelector('.stage iframe'), bar = document.querySelector('.actions');
    const { left, width, bottom } = frame.getBoundingClientRect();
    return { left, width, bottom, bar: bar.getBoundingClientRect().top, inner: frame.clientWidth, scrolled: scrollY }";

async fn open_preview(operator: &mut Operator, advice: &str) {
    operator.navigate("new/incident").await;
    operator.tap("Sending").await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Messages are delayed").await;
    operator
        .type_into("body", "Since 02:40 messages wait in a queue.")
        .await;
    operator.type_into("advice", advice).await;
    operator.tap(labels::PREVIEW).await;
    operator
        .browser
        .wait_for("the card", |tree| {
            tree.element("iframe")
                .is_some_and(|frame| frame.part("card").is_some())
        })
        .await;
}

fn number(places: &Value, name: &str) -> f64 {
    places[name].as_f64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_shows_the_whole_collapsed_card_above_the_bar() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    open_preview(&mut operator, "Do not resend.").await;
    for height in [720, 640] {
        operator.browser.set_viewport(360, height, 1.0).await;
        operator.browser.run("scrollTo(0, 0)").await;
        // The frame follows the size of the window.
        let is_whole = |places: &Value| {
            number(places, "bottom") <= number(places, "bar")
                && (number(places, "inner") - 360.0).abs() < 0.5
                && number(places, "left").abs() < 0.5
        };
        operator
            .browser
            .eventually(&format!("{height}"), PLACES, is_whole)
            .await;
    }
    let tree = operator.browser.pierce().await;
    let frame = tree.element("iframe").unwrap();
    let toggle = frame.part("toggle").unwrap();
    assert_eq!(toggle.attribute("aria-expanded"), Some("false"));
}

#[tokio::test(flavor = "multi_thread")]
async fn phone_and_desktop_previews_differ_on_a_phone() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    open_preview(&mut operator, "Do not resend.").await;
    operator.tap("Desktop").await;
    let positions = operator
        .browser
        .wait_for_script("a desktop", PLACES, |places| places["inner"] == 1024)
        .await;
    assert!(number(&positions, "width") <= 330.0, "{positions}");
    let page = "return document.documentElement.scrollWidth";
    operator
        .browser
        .assert_eventually("the page's width", page, Value::from(360))
        .await;
    operator.tap("Phone").await;
    operator
        .browser
        .wait_for_script("a phone", PLACES, |places| places["inner"] == 360)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_that_will_be_cut_is_warned_about() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    let long =
        "Do not resend your messages: they are queued and will be delivered later. ".repeat(4);
    open_preview(&mut operator, long.trim()).await;
    operator.wait_for_text("The collapsed card shows 3").await;
    operator.tap(labels::BACK).await;
    operator.replace("advice", "Do not resend.").await;
    operator.tap(labels::PREVIEW).await;
    operator.browser
        .wait_for_script(
            "no warning",
            "return document.querySelector('.stage iframe') !== null && !document.body.innerText.includes('collapsed card shows')",
            |is| is == true,
        )
        .await;
}
