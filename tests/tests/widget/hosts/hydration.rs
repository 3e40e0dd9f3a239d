//! Pages whose whole document React renders on the server and hydrates in the browser, before or after the card is drawn. The
//! card must not add nodes between the elements that React hydrates.

use e2e::{
    Browser, Mirror, Page, Reply, TITLE, has_text,
    hosts::{self, React},
    mirror, press,
};
use serde_json::{Value, json};

/// The state of the page when the app's script arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// Nothing has been loaded or drawn.
    AtOnce,
    /// The card is drawn.
    Shown,
    /// The notice has been seen, and the feed requested once more.
    Seen,
    /// The card is drawn while the page is still being parsed.
    Parsing,
    /// The page was opened this many milliseconds ago.
    Late(u32),
}

/// Sets `window.framesUntilShown`: the number of frames from hydration until no other element covers the beginning of the card's
/// title. It counts frames, not time, because a slow machine draws fewer frames.
const FRAME_COUNTER: &str = "{
    let frames = 0;
    const look = () => {
        const title = document.querySelector('body > allclear-banner:last-child')?.shadowRoot.querySelector('[part=title]');
        const { left, top } = title?.getBoundingClientRect() ?? {};
        const isShown = title && title.contains(title.getRootNode().elementFromPoint(left + 4, top + 4));
        if (window.hydratedAt && isShown) return window.framesUntilShown = frames;
        if (window.hydratedAt) frames++;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}";
/// Two seconds at 60 frames per second.
const MOST_FRAMES: u64 = 120;

fn attributes(mirror: &Mirror, further: &Value) -> Value {
    let all = json!({ "data-site": "acme", "data-shadow": "open" });
    json!({ "src": format!("{}/embed.js", mirror.origin()), "attributes": e2e::with(all, further) })
}

async fn hydrate(version: React, moment: Moment, further: Value) {
    let why = format!("{version:?} {moment:?} {further}");
    let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
    let properties = attributes(&mirror, &further);
    let rendered = hosts::rendered(version, &properties);
    let script = Reply::script(&format!(
        "window.properties = {properties};{}",
        rendered.script
    ));
    let page = Page::host(&rendered.html);
    // This script in the middle of the page stops the parser until it is answered.
    page.put("/held.js", Reply::until_next_put());
    page.put("/app.js", Reply::until_next_put());
    let finish_parsing = || page.put("/held.js", Reply::script(""));
    let browser = Browser::watching().await;
    browser.before_each_page(FRAME_COUNTER).await;
    if moment != Moment::Parsing {
        finish_parsing();
    }
    if moment == Moment::AtOnce {
        page.put("/app.js", script.clone());
    }
    browser.begin(&page.url()).await;
    browser
        .wait_for_script(
            "the field",
            "return !!document.getElementById('typed')",
            |there| *there == true,
        )
        .await;
    browser
        .run("window.root = document.documentElement; window.field = document.getElementById('typed'); field.focus()")
        .await;
    browser
        .devtools("Input.insertText", json!({ "text": "half a sent" }))
        .await;
    if moment != Moment::AtOnce {
        browser
            .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
            .await;
    }
    if moment == Moment::Seen {
        e2e::wait_until_seen(&browser, "inc_1").await;
        let requests_before = mirror.feed_requests().len();
        browser
            .wait_until("one more request", || {
                mirror.feed_requests().len() > requests_before
            })
            .await;
    }
    if let Moment::Late(least) = moment {
        let age = "return performance.now()";
        browser
            .wait_for_script(&why, age, |age| age.as_f64() >= Some(f64::from(least)))
            .await;
    }
    if moment == Moment::Parsing {
        assert_eq!(
            browser.run("return document.readyState").await,
            json!("loading"),
            "{why}"
        );
        finish_parsing();
    }
    if moment != Moment::AtOnce {
        page.put("/app.js", script);
    }
    let frames = browser
        .eventually(
            "the card after hydration",
            "return window.framesUntilShown",
            Value::is_number,
        )
        .await;
    if moment != Moment::AtOnce {
        assert!(
            frames.as_u64() <= Some(MOST_FRAMES),
            "{why}: {frames} frames"
        );
    }
    browser
        .run("document.getElementById('count').click()")
        .await;
    browser
        .wait_for_script(
            "the app",
            "return document.getElementById('count').textContent",
            |count| count == "1",
        )
        .await;
    let page_state = "return [recovered, root === document.documentElement, field === document.activeElement, field.isConnected, field.value]";
    let undisturbed = json!([[], true, true, true, "half a sent"]);
    browser
        .assert_eventually(&why, page_state, undisturbed)
        .await;
    if further["data-reserve"].is_string() {
        let reserved = "return parseFloat(document.documentElement.style.paddingBottom) > 40";
        browser
            .wait_for_script("reserved space", reserved, |there| *there == true)
            .await;
    }
    press(&browser, "inc_1", "hide").await;
    browser
        .wait_for("the pill", |tree| e2e::is_pill(tree, "inc_1"))
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn react_18_hydrates_the_document_at_any_moment() {
    for moment in [Moment::AtOnce, Moment::Shown, Moment::Seen, Moment::Parsing] {
        hydrate(React::V18, moment, json!({})).await;
    }
    hydrate(React::V18, Moment::Shown, json!({ "data-reserve": "" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_18_hydrates_the_document_up_to_10_s_late() {
    for further in [json!({}), json!({ "data-reserve": "" })] {
        hydrate(React::V18, Moment::Late(3_500), further).await;
    }
    hydrate(React::V18, Moment::Late(10_000), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_19_hydrates_the_document_at_any_moment() {
    for moment in [Moment::AtOnce, Moment::Shown, Moment::Seen, Moment::Parsing] {
        hydrate(React::V19, moment, json!({})).await;
    }
}
