//! A page in a frame: a notice counts as shown when the reader can see it on the screen, not when
//! it is drawn in the frame; with both cards.

use e2e::{Browser, Mirror, Page, Reply, TITLE, mirror, page};
use serde_json::{Value, json};

use super::both_cards::POLICIES;

/// The frame's script. Its answer to the outer page has the notices that are drawn, those that were
/// shown, and those that count as seen.
const INSIDE: &str = "<script>
    const shows = [];
    (window.Allclear ||= []).push(['on', 'show', ({ id }) => shows.push(id)]);
    addEventListener('message', ({ source }) =>
        source.postMessage([window.Allclear.state?.shown ?? [], shows, Object.keys(JSON.parse(localStorage['allclear:acme:seen'] || '{}'))], '*'));
</script>";

/// The outer page's script, which returns the frame's answer.
const ASK: &str = "return new Promise((resolve) => {
    addEventListener('message', ({ data }) => resolve(data), { once: true });
    frames[0].postMessage('', '*');
})";

struct Host {
    _mirror: Mirror,
    page: Page,
}

/// A page with a frame far below its first screen, from its own origin or another one.
fn host(policy: Option<&str>, is_own_origin: bool) -> Host {
    let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
    let inside = page::html(&format!("{INSIDE}{}", mirror.embed("acme", "")));
    let page = Page::host("");
    let mut reply = Reply::html(&inside);
    if let Some(policy) = policy {
        reply = reply.header("content-security-policy", policy);
    }
    page.put("/frame", reply);
    let address = if is_own_origin {
        page.at("/frame")
    } else {
        page.at_localhost("/frame")
    };
    let outside = format!(
        "<div style='height: 3000px'></div><iframe src='{address}' style='width: 90%; height: 500px'></iframe><div style='height: 1000px'></div>"
    );
    page.put("/", Reply::html(&page::html(&outside)));
    Host {
        _mirror: mirror,
        page,
    }
}

async fn ask(browser: &Browser, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    browser.wait_for_script(what, ASK, is_so).await
}

/// Scrolls so that this many pixels of the frame are on the screen, and waits until the browser has drawn it.
async fn scroll_to(browser: &Browser, pixels: u32) {
    browser
        .run(&format!(
            "const {{ top }} = document.querySelector('iframe').getBoundingClientRect();
             scrollBy(0, top - innerHeight + {pixels});
             return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_in_a_frame_is_shown_once_it_is_on_the_screen() {
    for policy in POLICIES {
        for is_own_origin in [true, false] {
            let host = host(policy, is_own_origin);
            let browser = Browser::watching().await;
            browser.goto(&host.page.url()).await;
            let drawn = json!([["inc_1"], [], []]);
            ask(&browser, "the card in the frame", |answer| {
                answer[0] == drawn[0]
            })
            .await;
            // Only the upper part of the frame is on the screen; the card is at the frame's lower
            // edge.
            scroll_to(&browser, 150).await;
            assert_eq!(ask(&browser, "an answer", Value::is_array).await, drawn);
            scroll_to(&browser, 500).await;
            ask(&browser, "the event and the stored attention", |answer| {
                *answer == json!([["inc_1"], ["inc_1"], ["inc_1"]])
            })
            .await;
            browser.watched().await.assert_no_errors();
        }
    }
}
