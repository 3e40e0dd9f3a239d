//! The card in every state, on a host page.

use std::path::PathBuf;

use e2e::{Browser, BrowserOptions, Motion, Page, ROOT_TOKEN, Server};
use serde_json::{Value, json};
use xtask::workspace;

use crate::{
    looks::{LOOKS, Look, host_page},
    post,
    states::{STATES, State, Step},
};

/// The state and look of the picture in the README.
const BANNER: (&str, &str) = ("major-expanded", "banner");

/// Takes the pictures whose names contain one of these strings; all pictures if the list is empty.
pub async fn take(server: &Server, wanted: &[String]) {
    for look in LOOKS {
        let mut browser = None;
        for (index, state) in STATES.iter().enumerate() {
            let name = format!("{}-{}", state.name, look.name);
            let is_shown = !look.is_extra
                || state.extra.contains(&look.name)
                || (state.name, look.name) == BANNER;
            let is_wanted =
                wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
            if !is_shown || !is_wanted {
                continue;
            }
            // A script added for each new page cannot be removed again, so states that add one get a browser of their own.
            if browser.is_none() || !state.before.is_empty() {
                browser = Some(open(look).await);
            }
            if let Some(browser) = &browser {
                picture(
                    server,
                    browser,
                    &format!("shot-{index}-{}", look.name),
                    state,
                    look,
                )
                .await;
                eprintln!("  {name}.png");
            }
            if !state.before.is_empty() {
                browser = None;
            }
        }
    }
}

async fn open(look: &Look) -> Browser {
    let browser = Browser::with(BrowserOptions {
        arguments: vec!["--hide-scrollbars".to_owned()],
        ..BrowserOptions::default()
    })
    .await;
    let (width, height) = look.viewport;
    browser.set_viewport(width, height, look.pixel_ratio).await;
    // Without animations no picture shows a half-faded card.
    browser.set_media(look.scheme, Motion::Reduced).await;
    browser.set_time_zone("Australia/Sydney").await;
    browser
}

/// Creates a state on a site of its own, and takes the picture.
async fn picture(server: &Server, browser: &Browser, site: &str, state: &State, look: &Look) {
    make_site(server, site);
    // The page declares the state's components, which decide the notices that it shows.
    let attributes = format!(
        "data-components=\"{}\" {}",
        state.components, state.attributes
    );
    let embed = server.embed(site, &attributes);
    let page = Page::host(&host_page(&embed, state.page));
    if !state.before.is_empty() {
        browser.before_each_page(state.before).await;
    }
    let incidents = format!("/v1/sites/{site}/incidents");
    let mut ids = Vec::new();
    for incident in (state.incidents)() {
        let made = post(server, &incidents, &incident);
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    let id = ids.first().cloned().unwrap_or_default();
    for update in (state.updates)() {
        post(server, &format!("{incidents}/{id}/updates"), &update);
    }
    browser.goto(&page.at(state.address)).await;
    settle(browser, "a notice").await;
    for step in state.steps {
        match step {
            Step::Press(name) => {
                let tree = browser.pierce().await;
                let notice = tree.notices().into_iter().next().expect("a notice");
                let button = notice.part(name).expect("a button").clone();
                browser.click(&button).await;
            }
            Step::Post(update) => {
                wait_until_seen(browser, site, &id).await;
                post(server, &format!("{incidents}/{id}/updates"), &update());
                refresh(server, site, browser).await;
            }
            Step::Send(method, path, body) => {
                wait_until_seen(browser, site, &id).await;
                let path = format!("{incidents}/{id}/{path}");
                let request = server.request(method, &path).token(ROOT_TOKEN);
                let answer = request.json(&body()).send().expect("an answer");
                assert!(answer.status < 300, "{path}: {}", answer.text());
                refresh(server, site, browser).await;
            }
            Step::Run(script) => {
                browser.run(script).await;
            }
            Step::Offline(offline) => browser.set_offline(*offline).await,
            Step::Wait(part) => {
                browser
                    .wait_for(part, |tree| tree.part(part).is_some())
                    .await;
            }
        }
        settle(browser, "a notice after the step").await;
    }
    for path in paths(state, look) {
        browser.screenshot(&path).await;
    }
    browser.set_offline(false).await;
    browser.goto("about:blank").await;
}

/// Waits until this browser counts the notice as seen, which takes a second: only then does it get the all-clear.
/// Continues after three seconds, because some states never show the title.
async fn wait_until_seen(browser: &Browser, site: &str, id: &str) {
    let seen = format!(
        "return new Promise(done => {{
            const from = performance.now();
            const look = () => localStorage['allclear:{site}:seen']?.includes('{id}') || performance.now() > from + 3000
                ? done() : requestAnimationFrame(look);
            look();
        }})"
    );
    browser.run(&seen).await;
}

/// Waits until the widget has drawn everything.
async fn settle(browser: &Browser, what: &str) {
    browser
        .wait_for(what, |tree| !tree.notices().is_empty())
        .await;
    browser
        .run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        .await;
}

/// Makes the page poll, and waits until it has the newest feed.
async fn refresh(server: &Server, site: &str, browser: &Browser) {
    let feed = server.get(&format!("/v1/sites/{site}/feed")).json;
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script(
            "the newest feed",
            "return window.Allclear.state.feed.rev",
            |rev| *rev == feed["rev"],
        )
        .await;
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
    let named = json!({ "slug": site, "name": "Acme SMS", "languages": ["en", "de", "ar"],
        "segments": [{ "slug": "eu", "label": "European customers" }] });
    post(server, "/v1/sites", &named);
    for (name, slug) in [
        ("Sending", "sending"),
        ("Receiving", "receiving"),
        ("Reports", "reports"),
    ] {
        let component: Value = json!({ "name": name, "slug": slug });
        post(server, &format!("/v1/sites/{site}/components"), &component);
    }
}
