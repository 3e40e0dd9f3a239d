//! On-call targets in the console, received by a real HTTP server.

use e2e::{Behaviour, Operator, ServerOptions, Sink, Site};
use serde_json::json;
use xtask::workerd::Network;

#[tokio::test(flavor = "multi_thread")]
async fn a_test_shows_which_targets_were_reached() {
    let sink = Sink::start();
    sink.set("/night", Behaviour::Status(500));
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        ..ServerOptions::default()
    };
    let site = Site::with(&options, "acme", "Acme SMS", &["Sending"]);
    let targets = ["/day", "/night"].map(
        |path| json!({ "kind": "webhook", "value": sink.url(path), "name": path.trim_start_matches('/') }),
    );
    site.change_settings(&json!({ "on_call": targets }));
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator.tap("Test on-call").await;
    operator.wait_for_text("day (Webhook) was reached.").await;
    operator
        .wait_for_text("night (Webhook) was not reached. It answered with status 500.")
        .await;
    assert!(!sink.received("/day").is_empty() && !sink.received("/night").is_empty());
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_targets_has_no_test() {
    let site = Site::with_tiers();
    let operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator.wait_for_text("Add a target").await;
    let text = operator.browser.run("return document.body.innerText").await;
    assert!(!text.as_str().unwrap().contains("Test on-call"), "{text}");
}
