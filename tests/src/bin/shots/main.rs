//! Takes the pictures in `docs/` and `target/shots/`: every state of [`states::STATES`] in every look of
//! [`looks::LOOKS`], and every page of [`pages`], as a real browser shows them. Started by `cargo xtask shots`.

mod console;
mod looks;
mod pages;
mod states;

use std::path::PathBuf;

use e2e::{Browser, BrowserOptions, Motion, Page, ROOT_TOKEN, Server};
use serde_json::{Value, json};
use xtask::workspace;

use crate::{
    looks::{LOOKS, Look},
    states::{STATES, State, View},
};

/// The picture in the README: this state in this look.
const BANNER: (&str, &str) = ("major-expanded", "light");

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    console::take(&wanted).await;
    let server = Server::start();
    pages::take(&server, &wanted).await;
    for (index, state) in STATES.iter().enumerate() {
        for look in LOOKS {
            let name = format!("{}-{}", state.name, look.name);
            if wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str())) {
                take(&server, &format!("shot-{index}-{}", look.name), state, look).await;
                eprintln!("  {name}.png");
            }
        }
    }
}

async fn take(server: &Server, site: &str, state: &State, look: &Look) {
    make_site(server, site);
    // Declared, since lesser notices are for pages that use what they name.
    let uses = "data-components=\"sending receiving reports\"";
    let page = Page::host(&looks::host_page(&server.embed(site, uses)));
    let browser = Browser::with(BrowserOptions {
        arguments: vec!["--hide-scrollbars".to_owned()],
        ..BrowserOptions::default()
    })
    .await;
    let (width, height) = look.viewport;
    browser.set_viewport(width, height, 2.0).await;
    // Nothing fades, so that no picture shows half of it.
    browser.set_media(look.scheme, Motion::Reduced).await;
    browser.set_time_zone("Australia/Sydney").await;

    let incidents = format!("/v1/sites/{site}/incidents");
    let made = post(server, &incidents, &(state.incident)());
    let id = made["id"].as_str().expect("an id").to_owned();
    for update in (state.updates)() {
        post(server, &format!("{incidents}/{id}/updates"), &update);
    }
    browser.goto(&page.url()).await;
    browser
        .wait_for("the notice", |tree| tree.notice(&id).is_some())
        .await;
    if let Some(restored) = state.restored {
        // This browser has seen the incident; it gets the full card of those who were hit.
        post(server, &format!("{incidents}/{id}/updates"), &restored());
        browser.reload().await;
        browser
            .wait_for("the all-clear", |tree| {
                let notice = tree.notice(&id);
                notice.is_some_and(|notice| notice.attribute("data-kind") == Some("restored"))
            })
            .await;
    }
    if state.view == View::Expanded {
        let tree = browser.pierce().await;
        let toggle = tree.notice(&id).and_then(|notice| notice.part("toggle"));
        browser.click(toggle.expect("a button to expand it")).await;
        browser
            .wait_for("the timeline", |tree| tree.part("advice").is_some())
            .await;
    }
    for path in paths(state, look) {
        browser.screenshot(&path).await;
    }
}

fn paths(state: &State, look: &Look) -> Vec<PathBuf> {
    let name = format!("{}-{}.png", state.name, look.name);
    let mut paths = vec![workspace::target().join("shots").join(name)];
    if (state.name, look.name) == BANNER {
        paths.push(workspace::root().join("docs/banner.png"));
    }
    paths
}

fn make_site(server: &Server, site: &str) {
    let named = json!({ "slug": site, "name": "Acme SMS" });
    post(server, "/v1/sites", &named);
    for (name, slug) in [
        ("Sending", "sending"),
        ("Receiving", "receiving"),
        ("Reports", "reports"),
    ] {
        let component = json!({ "name": name, "slug": slug });
        post(server, &format!("/v1/sites/{site}/components"), &component);
    }
}

fn post(server: &Server, path: &str, body: &Value) -> Value {
    let answer = server.post(path, ROOT_TOKEN, body);
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json
}
