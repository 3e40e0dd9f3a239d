//! Pages that speak when the app cannot.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_that_speak_when_the_app_cannot() {
    let site = site();
    let incident = site.publish(&outage(
        &json!({ "components": [{ "id": "signing-in", "status": "major_outage" }] }),
    ));
    // Where people end who cannot sign in.
    let login = Page::host(&example("login", &site));
    card_on(&login.url(), &incident).await;
    // What a proxy serves in the place of an app that is down.
    let proxy = Page::host("");
    let error = Reply::html(&example("error-page", &site)).status(503);
    proxy.put("/broken", error);
    let browser = Browser::start().await;
    browser.goto(&format!("{}broken", proxy.url())).await;
    let tree = browser
        .wait_for("the card on the error page", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    let text = tree.text();
    assert!(text.contains("We are having trouble"));
    let card = tree.notice(&incident).unwrap();
    let [_, top, ..] = browser.rectangle(card).await.unwrap();
    let place = "return document.querySelector('#notices').getBoundingClientRect().top";
    let place = browser.run(place).await.as_f64().unwrap();
    assert!(
        (top - place).abs() < 40.0,
        "it stands in the page: {top}, {place}"
    );
    // During maintenance, without a script of ours in the page.
    let maintenance = site.publish(&json!({ "kind": "maintenance", "title": "New servers", "body": "Until noon.", "status": "in_progress",
        "scheduled_for": e2e::in_minutes(-5), "scheduled_until": e2e::in_minutes(60) }));
    let page = Page::host("");
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; {}",
        example("csp-frame", &site)
    );
    let html = Reply::html(&example("maintenance-page", &site));
    page.put("/soon", html.header("content-security-policy", &policy));
    let browser = Browser::start().await;
    browser.goto(&format!("{}soon", page.url())).await;
    browser
        .wait_for("the card in its frame", |tree| {
            tree.find(|node| node.attribute("id") == Some(&maintenance))
                .is_some_and(|article| article.text().contains("New servers"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_native_app_shows_the_cards_page_or_reads_the_feed() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "components": [{ "id": "sending" }] })));
    let address = example("webview", &site);
    for snippet in ["swift", "kotlin"] {
        assert!(example(snippet, &site).contains(&address), "{snippet}");
    }
    let browser = Browser::start().await;
    browser.set_viewport(360, 300, 2.0).await;
    browser.goto(&address).await;
    let shown = browser
        .run(&format!(
            "return document.getElementById('{incident}').checkVisibility()"
        ))
        .await;
    assert_eq!(shown, true);
    let curl = example("native", &site);
    let path = curl
        .strip_prefix(&format!("curl {}", site.server.url()))
        .unwrap();
    let feed = site.server.get(path).json;
    assert!(
        feed["poll_after_s"]
            .as_u64()
            .is_some_and(|seconds| seconds > 0)
    );
}
