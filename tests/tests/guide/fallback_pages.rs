//! Pages that inform users when the app itself cannot.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn login_error_and_maintenance_pages_show_the_card() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "components": [{ "id": "signing-in", "status": "major_outage" }] }),
    ));
    // The login page.
    let login = Page::host(&Example::Login.on(&site));
    card_on(&login.url(), &incident).await;
    // The error page that a proxy serves instead of the app.
    let proxy = Page::host("");
    let error = Reply::html(&Example::ErrorPage.on(&site)).status(503);
    proxy.put("/broken", error);
    let browser = Browser::start().await;
    browser.goto(&format!("{}broken", proxy.url())).await;
    let tree = browser
        .wait_for("the card on the error page", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    let text = tree.text();
    assert!(text.contains("We are having trouble"));
    let card = tree.notice(&incident).unwrap();
    let place = "return document.querySelector('#notices').getBoundingClientRect().top";
    let place = browser.run(place).await.as_f64().unwrap();
    browser
        .wait_for_rectangle("the card at its element", card, |[_, top, ..]| {
            (top - place).abs() < 40.0
        })
        .await;
    // A maintenance page without our script.
    let maintenance = site.publish(&json!({ "kind": "maintenance", "title": "New servers", "body": "Until noon.", "status": "in_progress",
        "scheduled_for": e2e::in_minutes(-5), "scheduled_until": e2e::in_minutes(60) }));
    let page = Page::host("");
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; {}",
        Example::CspFrame.on(&site)
    );
    let html = Reply::html(&Example::MaintenancePage.on(&site));
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
async fn native_apps_show_the_card_page_or_read_the_feed() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "components": [{ "id": "sending" }] }),
    ));
    let address = Example::Webview.on(&site);
    for snippet in [Example::Swift, Example::Kotlin] {
        assert!(snippet.on(&site).contains(&address), "{snippet:?}");
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
    let curl = Example::Native.on(&site);
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
