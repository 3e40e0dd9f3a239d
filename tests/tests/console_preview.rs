//! The preview: as a phone shows it first, whole above the bar, and with a warning when the advice is cut.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::Value;

/// The frame and the bar on the screen: the frame's left, width and bottom, the bar's top, and the scale.
const PLACES: &str = "
    const frame = document.querySelector('.stage iframe'), bar = document.querySelector('.actions');
    const { left, width, bottom } = frame.getBoundingClientRect();
    return { left, width, bottom, bar: bar.getBoundingClientRect().top, inner: frame.clientWidth, scrolled: scrollY }";

async fn at_preview(hand: &mut Hand, advice: &str) {
    hand.go("new/incident").await;
    hand.tap("Sending").await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Messages are delayed").await;
    hand.write("body", "Since 02:40 messages wait in a queue.")
        .await;
    hand.write("advice", advice).await;
    hand.tap(labels::PREVIEW).await;
    hand.browser
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
async fn a_phone_shows_the_whole_collapsed_card_above_the_bar() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    at_preview(&mut hand, "Do not resend.").await;
    for height in [720, 640] {
        hand.browser.set_viewport(360, height, 1.0).await;
        hand.browser.run("scrollTo(0, 0)").await;
        let places = hand.browser.run(PLACES).await;
        assert!(
            number(&places, "bottom") <= number(&places, "bar"),
            "{height}: {places}"
        );
        assert!((number(&places, "inner") - 360.0).abs() < 0.5, "{places}");
        assert!(number(&places, "left").abs() < 0.5, "{places}");
    }
    let tree = hand.browser.pierce().await;
    let frame = tree.element("iframe").unwrap();
    let toggle = frame.part("toggle").unwrap();
    assert_eq!(toggle.attribute("aria-expanded"), Some("false"));
}

#[tokio::test(flavor = "multi_thread")]
async fn phone_and_desktop_differ_on_a_phone() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    at_preview(&mut hand, "Do not resend.").await;
    hand.tap("Desktop").await;
    let wide = hand
        .browser
        .wait_for_script("a desktop", PLACES, |places| places["inner"] == 1024)
        .await;
    assert!(number(&wide, "width") <= 330.0, "{wide}");
    let page = hand
        .browser
        .run("return document.documentElement.scrollWidth")
        .await;
    assert_eq!(page, 360);
    hand.tap("Phone").await;
    hand.browser
        .wait_for_script("a phone", PLACES, |places| places["inner"] == 360)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_that_does_not_fit_is_warned_of() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    let long =
        "Do not resend your messages: they are queued and will be delivered later. ".repeat(4);
    at_preview(&mut hand, long.trim()).await;
    hand.sees("The collapsed card shows 3").await;
    hand.tap(labels::BACK).await;
    hand.write_anew("advice", "Do not resend.").await;
    hand.tap(labels::PREVIEW).await;
    hand.browser
        .wait_for_script(
            "no warning",
            "return document.querySelector('.stage iframe') !== null && !document.body.innerText.includes('collapsed card shows')",
            |is| is == true,
        )
        .await;
}
