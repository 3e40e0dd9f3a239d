//! Host pages on which it is hard to draw the card: it is drawn all the same, and the page sees no
//! exception, no violation of its content policy and no layout shift. The test binary `harness`
//! proves that such faults are noticed.

mod both_cards;
mod browsers;
mod content;
mod cost;
mod focus_traps;
mod frames;
mod globals;
mod hydration;
mod keys;
mod long_lived;
mod navigation;
mod outside_presses;
mod own_tag;
mod policies;
mod presses;
mod print;
mod replaced_later;
mod scroll_locks;
mod storage;
pub mod top_layer;

use e2e::{Browser, Site, TITLE, Tree, has_text, is_pill, outage, part, press};

/// A site with an outage.
fn site_in_outage() -> (Site, String) {
    let site = Site::empty();
    let incident = site.publish(&outage());
    (site, incident)
}

async fn assert_undisturbed(browser: &Browser) {
    let watched = browser.watched().await;
    watched
        .assert_no_errors()
        .assert_no_violations()
        .assert_no_shift();
}

/// Asserts that the card is in view and that its buttons work; hides the card.
async fn assert_shown_and_hide(browser: &Browser, incident: &str) {
    let tree = browser
        .wait_for("the card", |tree| has_text(tree, incident, TITLE))
        .await;
    assert_undisturbed(browser).await;
    for name in ["card", "title", "toggle", "hide"] {
        let node = part(&tree, incident, name);
        assert!(browser.is_shown(&node).await, "{name} is not shown");
    }
    assert_in_view(browser, &tree, incident).await;
    press(browser, incident, "hide").await;
    browser
        .wait_for("the pill of the hidden major notice", |tree| {
            is_pill(tree, incident)
        })
        .await;
}

/// Asserts that the whole card is within the window, and that its buttons are large enough for a
/// finger.
async fn assert_in_view(browser: &Browser, tree: &Tree, incident: &str) {
    let window = browser.run("return [innerWidth, innerHeight]").await;
    let (wide, high) = (window[0].as_f64().unwrap(), window[1].as_f64().unwrap());
    for name in ["card", "toggle", "hide"] {
        let node = part(tree, incident, name);
        let what = format!("{name} within {wide} × {high}");
        let is_inside = |[left, top, width, height]: [f64; 4]| {
            left > -0.5 && top > -0.5 && left + width < wide + 0.5 && top + height < high + 0.5
        };
        let [_, _, width, height] = browser.wait_for_rectangle(&what, &node, is_inside).await;
        // DevTools returns positions in single precision, off by a ten-thousandth of a pixel.
        assert!(
            height.round() >= 44.0 && width.round() >= 44.0,
            "{name}: {width} × {height}"
        );
    }
}
