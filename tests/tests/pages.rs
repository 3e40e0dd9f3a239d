//! The pages that people land on from the card, a mail or a chat.

mod story;

use e2e::{Browser, ROOT_TOKEN};
use serde_json::json;
use story::Site;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_card_links_to_is_there_and_tells_all() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Reports"]);
    let incident = site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "queue ".repeat(1000),
        "components": [{ "id": "sending" }], "advice": "Do not resend."
    }));
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["updates"][0]["truncated"], true);
    let url = notice["url"].as_str().unwrap();
    let path = url.strip_prefix(&site.server.url()).unwrap();
    let page = site.server.get(path);
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let (_, content) = page
        .text()
        .split_once("<main>")
        .map(|(head, main)| (head.to_owned(), main.to_owned()))
        .unwrap();
    assert_eq!(content.matches("queue").count(), 1000, "the whole body");
    let etag = page.header("etag").unwrap();
    let same = site
        .server
        .request("GET", path)
        .header("if-none-match", etag)
        .send()
        .unwrap();
    assert_eq!(same.status, 304);

    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(url).await;
    let tree = browser.pierce().await;
    assert!(tree.text().contains("Do not resend."));
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );

    // A publish is seen at once.
    site.update(
        &incident,
        &json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    assert!(site.server.get(path).text().contains("Working again since"));
    let status = site.server.get("/s/acme").text();
    assert!(status.contains("Acme SMS is working.") && status.contains("Messages are delayed"));
}

#[test]
fn what_is_not_there_is_not_found() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let draft = site.post(
        "/incidents",
        &json!({
            "kind": "incident", "title": "t", "impact": "major", "body": "b", "draft": true
        }),
    );
    let draft = format!("/s/acme/incidents/{}", draft.json["id"].as_str().unwrap());
    for path in [
        "/s/nobody",
        "/s/Not-A-Slug",
        "/s/acme/nothing",
        "/s/acme/incidents/inc_none",
        &draft,
    ] {
        assert_eq!(site.server.get(path).status, 404, "{path}");
    }
    assert_eq!(
        site.server
            .request("POST", "/s/acme")
            .token(ROOT_TOKEN)
            .send()
            .unwrap()
            .status,
        405
    );
}

#[test]
fn times_are_in_the_sites_own_zone() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let etag = site
        .server
        .get_as(&site.token, &site.path(""))
        .header("etag")
        .unwrap()
        .to_owned();
    let set = site
        .server
        .request("PATCH", &site.path(""))
        .token(&site.token)
        .header("if-match", &etag)
        .json(&json!({ "time_zone": "Australia/Sydney" }))
        .send()
        .unwrap();
    assert_eq!(set.status, 200, "{}", set.text());
    site.publish(&json!({
        "kind": "incident", "title": "t", "impact": "major", "body": "b", "started_at": "2026-01-15T20:30:00Z"
    }));
    let page = site.server.get("/s/acme").text();
    assert!(page.contains("Times are in Australia/Sydney."));
    let feed = site.feed().json;
    let url = feed["notices"][0]["url"].as_str().unwrap();
    let page = site
        .server
        .get(url.strip_prefix(&site.server.url()).unwrap())
        .text();
    assert!(page.contains("16 Jan 2026, 07:30"), "{page}");
}
