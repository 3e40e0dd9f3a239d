//! The collapsed card on a phone.

mod line;
mod size;
mod text;

use crate::host::{Host, full_notice, open_card};
use e2e::{Browser, Motion, Scheme, mirror};
use serde_json::{Value, json};

const LONG_TITLE: &str =
    "Messages to two networks in the south of the country are delayed by up to forty minutes";

const LONG_ADVICE: &str = "Do not resend anything: your messages are queued and will arrive in the order in which you sent them, each of them once, also those with attachments and those to groups.";

fn critical(id: &str, title: &str) -> Value {
    let mut notice = full_notice(id, title);
    notice["impact"] = json!("critical");
    notice
}

fn maintenance(id: &str) -> Value {
    let mut notice = mirror::notice(id, "We move to new servers");
    for (name, value) in [
        ("kind", json!("maintenance")),
        ("status", json!("scheduled")),
        ("impact", json!("maintenance")),
        ("in_app", json!("pill")),
        ("started_at", json!(e2e::in_minutes(42 * 60 + 11))),
        ("ends_at", json!(e2e::in_minutes(43 * 60 + 11))),
    ] {
        notice[name] = value;
    }
    notice
}

fn restored(id: &str, title: &str, still: &[&str]) -> Value {
    mirror::restored(
        mirror::notice(id, title),
        &json!({ "at": e2e::in_minutes(-5), "seconds": 6000, "back": ["Sending", "Reports"], "check": "Check what you sent.",
                 "still": still, "returning_until": e2e::in_minutes(600), "everyone_until": e2e::in_minutes(600),
                 "expires_at": e2e::in_minutes(600) }),
    )
}

/// Opens the page on a phone, and waits until the card shows this text.
async fn open_on_phone(host: &Host, words: &str) -> Browser {
    let browser = Browser::start().await;
    // Without motion, so that the card is measured at its final position.
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.set_viewport(360, 740, 1.0).await;
    open_card(&browser, host, words).await;
    browser
}

/// Serves another feed and opens the page with it. The browser's storage says that the reader has
/// seen `inc_1` and `inc_4`, and the all-clear of `inc_4`.
async fn serve_and_open(browser: &Browser, host: &Host, rev: u64, lang: &str, notices: &[Value]) {
    let mut feed = mirror::feed(rev, notices);
    feed["lang"] = json!(lang);
    host.mirror.put_feed("acme", &feed);
    browser
        .run(
            "Object.keys(localStorage).filter(key => key.includes(':feed:')).forEach(key => delete localStorage[key]);
             localStorage.setItem('allclear:acme:seen', JSON.stringify({ inc_1: 1, inc_4: 1 }));
             localStorage.setItem('allclear:acme:cleared', JSON.stringify({ inc_4: 4e9 }))",
        )
        .await;
    browser.goto(&host.page.url()).await;
    let is_drawn = format!(
        "return window.Allclear?.state.feed?.rev === {rev} && !!document.querySelector('allclear-banner')?.shadowRoot.querySelector('.root[lang={lang}] [data-notice]')"
    );
    browser
        .wait_for_script("the feed", &is_drawn, |drawn| *drawn == json!(true))
        .await;
}
