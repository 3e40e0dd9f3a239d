//! The embed guide: every example is taken from the guide's own text and run in a real browser.

mod examples;
mod fallback_pages;
mod host_page;
mod loader;
mod readme;
mod slots;
mod tag_builder;
mod vite;

use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
};

use e2e::{
    Browser, Node, Page, RefusingHost, Reply, Server, Site, Tree, has_text, outage, outage_with,
    poll_until,
};
use examples::Example;
use serde_json::json;
use xtask::{node, process, workspace};

/// Serves an app's page with this HTML after its heading.
fn app(body_html: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>App</title><h1>App</h1>{body_html}"
    ))
}

fn site() -> Site {
    Site::new("acme", "Acme SMS", &["Sending", "Sharing", "Signing in"])
}

/// Opens the page and waits for the widget's card of this incident. Asserts that there is no error and no violation of the
/// content policy.
async fn card_on(page: &str, incident: &str) -> Browser {
    let browser = Browser::watching().await;
    browser.goto(page).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, incident, "Messages are delayed")
        })
        .await;
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
    browser
}

/// Waits until the banner shows a card with a title.
async fn wait_for_preview(browser: &Browser) {
    let shown = |tree: &Tree| {
        let banner = tree.banner();
        banner.is_some_and(|banner| banner.part("title").is_some())
    };
    browser.wait_for("the preview", shown).await;
}
