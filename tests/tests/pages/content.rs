//! The content of pages, their time zone and language.

use e2e::{Browser, Site};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_incident_page_shows_everything_the_card_links_to() {
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
        .split_once("<main")
        .map(|(head, main)| (head.to_owned(), main.to_owned()))
        .unwrap();
    assert_eq!(content.matches("queue").count(), 1000, "the complete body");
    let etag = page.header("etag").unwrap();
    let same = site
        .server
        .request("GET", path)
        .header("if-none-match", etag)
        .send()
        .unwrap();
    assert_eq!(same.status, 304);

    let browser = Browser::watching().await;
    browser.goto(url).await;
    let tree = browser.pierce().await;
    assert!(tree.text().contains("Do not resend."));
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );

    // A publish is visible at once.
    site.update(
        &incident,
        &json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    assert!(site.server.get(path).text().contains("Resolved:"));
    let status = site.server.get("/s/acme").text();
    assert!(status.contains("No known problems") && status.contains("Messages are delayed"));
}

#[test]
fn a_recent_incident_stays_listed_after_31_newer_drafts() {
    let site = Site::empty();
    let outage = json!({ "kind": "incident", "title": "Messages were late", "impact": "major", "body": "b" });
    let incident = site.publish(&outage);
    for _ in 0..31 {
        let mut draft = outage.clone();
        draft["draft"] = json!(true);
        assert_eq!(site.post("/incidents", &draft).status, 201);
    }
    site.update(&incident, &json!({ "body": "b", "status": "resolved" }));
    let page = site.server.get("/s/acme").text();
    assert!(
        page.contains("Messages were late") && !page.contains("No incidents in the last 30 days."),
        "{page}"
    );
}

#[test]
fn times_are_rendered_in_the_sites_time_zone() {
    let site = Site::empty();
    site.change_settings(&json!({ "time_zone": "Australia/Sydney" }));
    let id = site.publish(&json!({
        "kind": "incident", "title": "t", "impact": "major", "body": "b", "started_at": "2026-01-31T20:30:00Z"
    }));
    let page = site.server.get("/s/acme").text();
    assert!(page.contains("Times are in Australia/Sydney."));
    let page = site.server.get(&format!("/s/acme/incidents/{id}")).text();
    assert!(
        page.contains("<time datetime=\"2026-01-31T20:30:00Z\">1 Feb 2026, 07:30</time>"),
        "{page}"
    );
    // Maintenance shows UTC as well.
    let planned = site.publish(
        &json!({ "kind": "maintenance", "title": "New servers", "body": "b",
        "scheduled_for": "2100-01-31T20:30:00Z", "scheduled_until": "2100-01-31T22:00:00Z" }),
    );
    let page = site
        .server
        .get(&format!("/s/acme/incidents/{planned}"))
        .text();
    assert!(
        page.contains(">1 Feb 2100, 07:30</time>") && page.contains(">09:00</time>"),
        "{page}"
    );
    assert!(
        page.contains("UTC: From 31 Jan 2100, 20:30 to 22:00"),
        "{page}"
    );
    // The history's months are those of this time zone too.
    let february = site.server.get("/s/acme/history?month=2026-02");
    assert!(february.text().contains("<h2>February 2026</h2>"));
    assert_eq!(site.server.get("/s/acme/history?month=2026-01").status, 404);
}

#[test]
fn each_language_has_a_page_and_unknown_ones_the_default() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "de", "ar"], "time_zone": "Europe/Berlin" }));
    let id = site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b",
        "started_at": "2026-03-05T08:00:00Z", "text": { "de": { "title": "Nachrichten verzögert" } }
    }));
    let read = |path: &str| site.server.get(path);
    let german = read("/s/acme?lang=de-AT").text();
    for sentence in [
        "<html lang=\"de\"",
        "Acme SMS hat eine große Störung.",
        "Nachrichten verzögert",
        "5. März 2026, 09:00",
        &format!("/s/acme/incidents/{id}?lang=de"),
    ] {
        assert!(german.contains(sentence), "{sentence}: {german}");
    }
    assert!(
        read("/s/acme?lang=ar")
            .text()
            .contains("<html lang=\"ar\" dir=\"rtl\"")
    );
    let own = read("/s/acme");
    for odd in [
        "?lang=",
        "?lang=fr",
        "?lang=%00",
        "?lang=en",
        "?x=y",
        "?lang=../..",
        "?month=x&theme=dark",
    ] {
        let answer = read(&format!("/s/acme{odd}"));
        assert_eq!(answer.header("etag"), own.header("etag"), "{odd}");
    }
    assert_eq!(read("/s/acme/history?month=x").status, 404);
}

#[test]
fn link_previews_carry_title_status_and_description() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id = site.publish(&json!({ "kind": "incident", "title": "Messages are \"delayed\"", "impact": "critical", "body": "We **look** into it." }));
    let path = format!("/s/acme/incidents/{id}");
    let has = |name: &str, content: &str| {
        let page = site.server.get(&path).text();
        let tag = format!("<meta property=\"og:{name}\" content=\"{content}\">");
        assert!(page.contains(&tag), "{tag}: {page}");
    };
    has(
        "title",
        "Critical problem: Messages are &quot;delayed&quot; · Acme SMS",
    );
    has("description", "We are looking into it. We look into it.");
    has("url", &format!("{}{path}", site.server.url()));
    site.update(&id, &json!({ "body": "All sent.", "status": "resolved" }));
    has(
        "title",
        "Resolved: Messages are &quot;delayed&quot; · Acme SMS",
    );
    has("description", "Resolved. All sent.");
    let created = site.post(
        &format!("/incidents/{id}/withdraw"),
        &json!({ "reason": "A test." }),
    );
    assert_eq!(created.status, 200, "{}", created.text());
    has(
        "title",
        "Withdrawn: Messages are &quot;delayed&quot; · Acme SMS",
    );
}

#[test]
fn months_without_incidents_are_not_found() {
    let site = Site::empty();
    site.publish(&json!({
        "kind": "incident", "title": "t", "impact": "minor", "body": "b", "status": "resolved",
        "started_at": "2026-03-05T08:00:00Z"
    }));
    for (query, expected) in [
        ("month=2026-03", 200),
        ("month=2026-03&lang=de", 200),
        ("month=2026-02", 404),
        ("month=1970-01", 404),
        ("month=1969-12", 404),
        ("month=0000-01", 404),
        ("month=9999-12", 404),
        ("month=2026-00", 404),
        ("month=2026-03&before=inc_unknown", 404),
        ("month=2026-03&before=x", 404),
    ] {
        let answer = site.server.get(&format!("/s/acme/history?{query}"));
        assert_eq!(answer.status, expected, "{query}");
    }
}

#[test]
fn a_month_of_30_incidents_has_two_pages() {
    let site = Site::empty();
    for number in 0..30 {
        site.publish(&json!({
            "kind": "incident", "title": format!("Number {number}"), "impact": "minor", "body": "b",
            "status": "resolved", "started_at": format!("2026-03-05T08:00:{number:02}Z")
        }));
    }
    let first = site.server.get("/s/acme/history").text();
    assert!(
        first.contains("Number 29") && first.contains("Number 5<"),
        "{first}"
    );
    assert!(!first.contains("Number 4<"), "{first}");
    let (_, link) = first.split_once("<a rel=\"prev\" href=\"").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    let second = site.server.get(&link.replace("&amp;", "&")).text();
    assert!(
        second.contains("Number 4<") && second.contains("Number 0<"),
        "{second}"
    );
    assert!(
        second.contains("href=\"/s/acme/history?month=2026-03\""),
        "{second}"
    );
}
