//! Pages that replace themselves, redirect or never finish loading.

use e2e::{Browser, Page, Reply, has_text, wait_until_seen};
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_replaces_its_body_keeps_the_card() {
    let (site, incident) = site_in_outage();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    browser
        .run(
            "for (let route = 0; route < 20; route++) {
                const body = document.createElement('body');
                body.textContent = 'Route ' + route;
                document.body.replaceWith(body);
                history.pushState(null, '', '/route/' + route);
              }",
        )
        .await;
    assert_shown_and_hide(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_finishes_loading_shows_the_card() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!(
        "<!doctype html><title>Host</title><h1>Host</h1><img src=/never width=10 height=10>{embed}"
    ));
    page.put("/never", Reply::hang());
    let browser = Browser::watching().await;
    browser.begin(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    let state = browser.run("return document.readyState").await;
    assert_eq!(
        state,
        json!("interactive"),
        "the page has not loaded, and the notice did not wait for it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_in_a_redirect_loop_show_the_card() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "");
    let page = Page::host("");
    for (here, there) in [("/login", "/app"), ("/app", "/login")] {
        // Each page redirects as soon as it has shown the notice, however long that takes.
        let redirect = format!(
            "<script>(window.Allclear ||= []).push(['on', 'show', ({{ id }}) => {{
                sessionStorage.shown = (sessionStorage.shown ?? '') + '{here} ' + id + ' ';
                location = '{there}';
            }}])</script>"
        );
        page.put(
            here,
            Reply::html(&format!(
                "<!doctype html><title>Host</title><h1>{here}</h1>{redirect}{embed}"
            )),
        );
    }
    let browser = Browser::start().await;
    browser.begin(&page.at("/login")).await;
    let three_rounds = format!("/login {incident} /app {incident} ").repeat(3);
    browser
        .eventually(
            "the notice on both pages",
            "return sessionStorage.shown ?? ''",
            |shown| {
                shown
                    .as_str()
                    .is_some_and(|shown| shown.starts_with(&three_rounds))
            },
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_the_back_forward_cache_shows_the_card() {
    let (site, incident) = site_in_outage();
    let page = site.page("");
    page.put(
        "/next",
        Reply::html("<!doctype html><title>Next</title><h1>Next</h1>"),
    );
    let browser = Browser::watching().await;
    browser
        .before_each_page(
            "addEventListener('pageshow', event => { window.fromCache = event.persisted })",
        )
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    // An update counts as new if the notice was seen before.
    wait_until_seen(&browser, &incident).await;
    browser.goto(&page.at("/next")).await;
    site.update(
        &incident,
        &json!({ "body": "A carrier refuses.", "status": "identified" }),
    );
    browser.run("history.back()").await;
    browser
        .wait_for_script(
            "the same page from the back/forward cache",
            "return window.fromCache ?? null",
            |kept| *kept == true,
        )
        .await;
    let tree = browser
        .wait_for("the newest update without a poll", |tree| {
            has_text(tree, &incident, "A carrier refuses.")
        })
        .await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert_eq!(tree.notices().len(), 1);
    assert_undisturbed(&browser).await;
}
