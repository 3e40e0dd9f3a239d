//! Pages that replace the browser's own objects after the card was drawn: there is no error on the console, and nothing that is
//! over stays on the screen; with both cards.

use std::time::{Duration, Instant};

use e2e::{Browser, Mirror, Page, Reply, TITLE, mirror, page};
use serde_json::{Value, json};

use super::{
    both_cards::{POLICIES, notice},
    globals::{AT_ONCE, FRAMES, replaced_builtins, replaced_objects},
};

/// Maximum time until all frames have a card, on a busy machine.
const FIRST_CARDS: Duration = Duration::from_secs(60);
/// Maximum time until what is over has disappeared: a card is drawn again every 15 s.
const LAST_CARDS: Duration = Duration::from_secs(40);

/// What the loader cannot do without when it starts.
const NEEDED_AT_FIRST: [&str; 3] = [
    "Object.assign = () => ({})",
    "String.prototype.match = function () { return [] }",
    "String.prototype.replace = function () { return 'x' }",
];

/// Replaces something in each frame, and changes its document, so that the card looks at it.
const REPLACE: &str = "for (const frame of document.querySelectorAll('iframe')) {
    const { document } = frame.contentWindow;
    frame.contentWindow.replace();
    const slot = document.createElement('div');
    slot.setAttribute('data-allclear-slot', 'sending');
    document.body.append(slot);
    document.querySelector('allclear-banner')?.remove();
}";

/// A feed that is polled every second.
fn feed(rev: u64, notices: &[Value]) -> Value {
    let mut feed = mirror::feed(rev, notices);
    feed["poll_after_s"] = json!(1);
    feed
}

/// Waits until the title is in each frame, or in none. Returns whether it is in each.
async fn wait_for_titles(browser: &Browser, is_there: bool, patience: Duration) -> Vec<bool> {
    let since = Instant::now();
    loop {
        let tree = browser.pierce().await;
        let frames = tree.find_all(|node| node.name == "iframe").into_iter();
        let shown: Vec<bool> = frames.map(|frame| frame.text().contains(TITLE)).collect();
        if shown.iter().all(|shown| *shown == is_there) || since.elapsed() > patience {
            return shown;
        }
    }
}

/// Draws the card in a frame for each of these scripts, runs the scripts, and ends the outage. Returns what is wrong.
async fn replace_later(scripts: &[String], policy: Option<&str>) -> Vec<String> {
    let mirror = Mirror::start();
    let host = Page::host("");
    let mut body = String::new();
    for (number, script) in scripts.iter().enumerate() {
        let site = format!("acme-{number}");
        mirror.put_feed(&site, &feed(5, &[notice()]));
        let embed = mirror.embed(&site, "data-components=sending");
        let html = format!("<script>window.replace = () => {{ {script} }}</script>{embed}");
        let mut reply = Reply::html(&page::html(&html));
        if let Some(policy) = policy {
            reply = reply.header("content-security-policy", policy);
        }
        host.put(&format!("/{number}"), reply);
        body += &format!("<iframe src=/{number} width=400 height=600></iframe>");
    }
    host.put("/", Reply::html(&page::html(&body)));
    let browser = Browser::watching().await;
    browser.goto(&host.url()).await;
    let shown = wait_for_titles(&browser, true, FIRST_CARDS).await;
    assert!(!shown.contains(&false), "{shown:?}");

    browser.run(REPLACE).await;
    for number in 0..scripts.len() {
        mirror.put_feed(&format!("acme-{number}"), &feed(6, &[]));
    }
    let shown = wait_for_titles(&browser, false, LAST_CARDS).await;
    let mut failures = Vec::new();
    let watched = browser.run(FRAMES).await;
    for ((script, shown), watched) in scripts.iter().zip(shown).zip(watched.as_array().unwrap()) {
        if shown {
            failures.push(format!("{script}: it is over, and still shown"));
        }
        if *watched != json!([]) {
            failures.push(format!("{script}: {watched}"));
        }
    }
    let console = browser.console().await;
    let lines = console
        .iter()
        .filter(|line| !line.text.contains("Content Security Policy"));
    failures.extend(lines.map(|line| format!("one of these: {}", line.text)));
    failures
}

async fn assert_all_end(scripts: &[String], policy: Option<&str>) {
    let mut failures = Vec::new();
    for scripts in scripts.chunks(AT_ONCE) {
        failures.extend(replace_later(scripts, policy).await);
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

fn language() -> Vec<String> {
    let mut scripts = replaced_builtins();
    scripts.extend(NEEDED_AT_FIRST.map(str::to_owned));
    scripts
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_replaced_later_leave_nothing_that_is_over() {
    assert_all_end(&replaced_objects(), POLICIES[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_replaced_later_end_the_plain_card_too() {
    assert_all_end(&replaced_objects(), POLICIES[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_replaced_later_leaves_nothing_that_is_over() {
    assert_all_end(&language(), POLICIES[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_replaced_later_ends_the_plain_card_too() {
    assert_all_end(&language(), POLICIES[1]).await;
}
