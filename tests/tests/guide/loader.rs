//! Hosts of the loader: a second one, a self-hosted copy, a pinned version.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_host_serves_the_loader_when_the_first_fails() {
    let readme = include_str!("../../../README.md");
    let snippet = Example::FailOver.text();
    assert!(readme.contains(&snippet), "the README has the same snippet");
    let site = site();
    let incident = site.publish(&outage());
    let refusing = RefusingHost::start();
    let hanging = Page::host("");
    hanging.put("/embed.js", Reply::hang());
    for first in [
        refusing.origin(),
        hanging.url().trim_end_matches('/').to_owned(),
    ] {
        let lines = Example::FailOver
            .on(&site)
            .replace(&site.server.url(), &first)
            .replace("https://status.example.net", &site.server.url());
        let browser = Browser::start().await;
        browser.begin(&app(&lines).url()).await;
        browser
            .wait_for(&first, |tree| {
                has_text(tree, &incident, "Messages are delayed")
            })
            .await;
    }
    // A working first host is used alone.
    let lines = Example::FailOver.on(&site);
    card_on(&app(&lines).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preloaded_feed_is_requested_once() {
    let site = site();
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>App</title>{}{}",
        Example::Preload.on(&site),
        site.server.embed("acme", "")
    ));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let confirmed = "return !!Allclear.state.confirmed_at";
    browser
        .wait_for_script("the feed", confirmed, |is| *is == true)
        .await;
    let requests = browser.network_requests().await;
    let feeds = requests.iter();
    let feeds: Vec<_> = feeds
        .filter(|request| request.url.contains("/feed?"))
        .collect();
    assert_eq!(feeds.len(), 1, "{feeds:?}");
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_of_a_site_draws_its_notices() {
    let site = site();
    let incident = site.publish(&outage());
    card_on(&app(&Example::OwnScript.on(&site)).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loader_can_be_self_hosted_or_pinned() {
    let site = site();
    let incident = site.publish(&outage());
    let page = app(&Example::SelfHost.on(&site));
    let get = Example::SelfHostGet.on(&site);
    let [_, _, file, address] = get.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{get}");
    };
    let path = address.strip_prefix(&site.server.url()).unwrap();
    page.put(
        &format!("/{file}"),
        Reply::script(&site.server.get(path).text()),
    );
    card_on(&page.url(), &incident).await;

    let named = site.server.get("/embed.json").json;
    let lines = Example::Pinned
        .on(&site)
        .replace("{version}", named["version"].as_str().unwrap())
        .replace("{integrity}", named["integrity"].as_str().unwrap());
    card_on(&app(&lines).url(), &incident).await;
    let forged = lines.replace("sha256-", "sha256-A");
    let browser = Browser::start().await;
    browser.goto(&app(&forged).url()).await;
    assert_eq!(
        browser.run("return window.Allclear === undefined").await,
        true
    );
}
