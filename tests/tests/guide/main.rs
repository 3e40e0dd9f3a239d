//! The embed guide, followed word by word: every example is taken from the guide's own text and run in a real browser.

mod builder;
mod elsewhere;
mod loader;
mod page;
mod readme;
mod slots;
#[path = "../story/mod.rs"]
mod story;
mod vite;

use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
};

use e2e::{Browser, Node, Page, Reply, Server, Tree};
use serde_json::{Value, json};
use story::{Site, says, see};
use xtask::{node, process, workspace};

const GUIDE: &str = include_str!("../../../www/site/docs/embed.html");

/// An example of the guide, by its id, with this server in place of the one that it names.
fn example(id: &str, site: &Site) -> String {
    let begin = format!("<code id=\"{id}\">");
    let (_, rest) = GUIDE
        .split_once(&begin)
        .unwrap_or_else(|| panic!("the guide has no {id}"));
    let (text, _) = rest.split_once("</code>").unwrap();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert!(text.contains("status.example.com") || !text.contains("embed.js"));
    text.replace("https://status.example.com", &site.server.url())
}

/// A page of somebody's app with these lines in it.
fn app(lines: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>App</title><h1>App</h1>{lines}"
    ))
}

fn site() -> Site {
    Site::new("acme", "Acme SMS", &["Sending", "Sharing", "Signing in"])
}

fn outage(fields: &Value) -> Value {
    let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "advice": "Do not resend." });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Opens the page and waits until the card of this incident is on it, drawn by the widget, with nothing refused.
async fn card_on(page: &str, incident: &str) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(page).await;
    browser
        .wait_for("the card", |tree| {
            says(tree, incident, "Messages are delayed")
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );
    browser
}

/// Waits until a preview is there.
async fn previewed(browser: &Browser) {
    let shown = |tree: &Tree| {
        let banner = tree.banner();
        banner.is_some_and(|banner| banner.part("title").is_some())
    };
    browser.wait_for("the preview", shown).await;
}

#[test]
fn no_example_is_left_untried() {
    let here = [
        include_str!("main.rs"),
        include_str!("builder.rs"),
        include_str!("elsewhere.rs"),
        include_str!("loader.rs"),
        include_str!("page.rs"),
        include_str!("slots.rs"),
        include_str!("vite.rs"),
    ]
    .concat();
    let mut ids = Vec::new();
    for rest in GUIDE.split("<code id=\"").skip(1) {
        ids.push(rest.split('"').next().unwrap());
    }
    assert!(ids.len() > 20, "{ids:?}");
    for id in ids {
        assert!(here.contains(&format!("\"{id}\"")), "{id}");
    }
}
