//! Declarations of a host page, and their effect on its card.

use super::*;

/// Opens the page and waits for the feed.
async fn open_with_feed(page: &Page) -> Browser {
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let fed = "return Boolean(window.Allclear?.state?.feed)";
    browser
        .wait_for_script("the feed", fed, |there| *there == json!(true))
        .await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_the_guides_content_policy_shows_the_card() {
    let site = site();
    let incident = site.publish(&outage());
    let page = app("");
    let html = format!(
        "<!doctype html><html lang=en><title>App</title>{}",
        Example::Tag.on(&site)
    );
    let policy = format!("default-src 'none'; {}", Example::Csp.on(&site));
    page.put(
        "/strict",
        Reply::html(&html).header("content-security-policy", &policy),
    );
    let browser = card_on(&format!("{}strict", page.url()), &incident).await;
    let tree = browser.pierce().await;
    let plain = tree.find(|node| node.name == "section" && node.has_part("card"));
    assert!(plain.is_none(), "the widget draws the card, not `plain.js`");
    // With a second origin in `data-api` and in the content policy, the feed comes from the second
    // when the first one fails.
    let away = "http://127.0.0.1:9";
    let html = html.replace(
        " data-site",
        &format!(" data-api=\"{away} {}\" data-site", site.server.url()),
    );
    let policy_for_both =
        policy.replace(&site.server.url(), &format!("{away} {}", site.server.url()));
    let html = Reply::html(&html);
    page.put(
        "/two",
        html.header("content-security-policy", &policy_for_both),
    );
    card_on(&format!("{}two", page.url()), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_segments_decide_which_notices_show() {
    let site = site();
    site.change_settings(&json!({ "segments": [{ "slug": "eu", "label": "European customers" }, { "slug": "us", "label": "US customers" }] }));
    let ours = site.publish(&outage_with(
        &json!({ "audience": { "segments": ["eu"], "undeclared": "hide" } }),
    ));
    let others = site.publish(&outage_with(
        &json!({ "audience": { "segments": ["us"], "undeclared": "show" } }),
    ));
    for example in [Example::Declare, Example::DeclareLater] {
        let browser = card_on(&app(&example.on(&site)).url(), &ours).await;
        let tree = browser.pierce().await;
        assert!(tree.notice(&others).is_none(), "{example:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_change_shows_the_notices_of_the_route() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "audience": { "paths": ["/share/**"] } }),
    ));
    let page = app(&(Example::Tag.on(&site) + Example::Route.on(&site).as_str()));
    let browser = open_with_feed(&page).await;
    e2e::assert_not_shown(&browser, &incident).await;
    browser.run("routeChanged('/share/1', ['sharing'])").await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headless_page_draws_the_feed_itself() {
    let site = site();
    let page = app(&Example::Headless.on(&site));
    let browser = open_with_feed(&page).await;
    let line = "return document.getElementById('trouble').hidden ? '' : document.getElementById('trouble').textContent";
    assert_eq!(browser.run(line).await, "");
    let incident = site.publish(&outage());
    poll_until(&browser, "the page's own line", |tree| {
        tree.text().contains("Messages are delayed")
    })
    .await;
    browser
        .assert_eventually("the page's own line", line, json!("Messages are delayed"))
        .await;
    let tree = browser.pierce().await;
    assert!(tree.notice(&incident).is_none(), "nothing of ours is drawn");
    site.update(&incident, &json!({ "body": "Sent.", "status": "resolved" }));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("no announcement", line, |announced| announced == "")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn theme_properties_place_and_style_the_card() {
    let site = site();
    let incident = site.publish(&outage());
    let page = app(&(Example::Tag.on(&site) + Example::Theme.on(&site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    let tree = browser.pierce().await;
    let window = browser.run("return innerHeight").await.as_f64().unwrap();
    let card = tree.notice(&incident).unwrap().part("card").unwrap();
    browser
        .wait_for_rectangle("the offset", card, |[_, top, _, height]| {
            window - top - height >= 64.0
        })
        .await;
    let order = browser
        .run("return getComputedStyle(document.querySelector('allclear-banner')).zIndex")
        .await;
    assert_eq!(order, "900");
    let title = tree.notice(&incident).unwrap().part("title").unwrap();
    let node = browser
        .devtools(
            "DOM.pushNodesByBackendIdsToFrontend",
            json!({ "backendNodeIds": [title.backend_id] }),
        )
        .await;
    browser.devtools("CSS.enable", json!({})).await;
    let style = browser
        .devtools(
            "CSS.getComputedStyleForNode",
            json!({ "nodeId": node["nodeIds"][0] }),
        )
        .await;
    let family = style["computedStyle"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "font-family")
        .unwrap();
    assert_eq!(family["value"], "Georgia, serif");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_event_opens_the_hosts_chat() {
    let site = site();
    let incident = site.publish(&outage_with(&json!({ "contacts": [{ "kind": "chat", "label": "Chat with us", "value": "https://chat.example/" }] })));
    let chat = "<script>function openMyChat() { window.chatted = true; }</script>";
    let page = app(&(Example::Tag.on(&site) + chat + Example::Events.on(&site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    let tree = e2e::expand(&browser, &incident).await;
    let contact = e2e::part(&tree, &incident, "contact");
    browser.click(&contact).await;
    browser
        .wait_for_script(
            "the host's chat",
            "return window.chatted === true",
            |opened| *opened == json!(true),
        )
        .await;
    assert_eq!(
        browser.run("return location.href").await,
        page.url().as_str()
    );
}
