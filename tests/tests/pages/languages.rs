//! The language of the feed and of pages, for the tags that pages and browsers have.

use std::collections::BTreeMap;

use e2e::{Server, outage, source};
use serde_json::{Value, json};

fn rows() -> Vec<Value> {
    let table = include_str!("../../../notice/vectors/languages.json");
    serde_json::from_str(table).unwrap()
}

/// The language of a page's root element.
fn language_of(page: &str) -> &str {
    let (_, root) = page.split_once("<html lang=\"").unwrap();
    root.split_once('"').unwrap().0
}

#[test]
fn feed_and_pages_have_the_language_of_the_table() {
    let mut server = Server::start();
    let mut slugs: BTreeMap<String, String> = BTreeMap::new();
    for row in rows() {
        let number = slugs.len();
        let slug = slugs.entry(row["site"].to_string()).or_insert_with(|| {
            let slug = format!("site-{number}");
            server.create_site(&json!({ "slug": slug, "name": "Acme", "languages": row["site"] }));
            slug
        });
        let tag = row["tag"].as_str().unwrap();
        let feed = server.get(&format!("/v1/sites/{slug}/feed?lang={tag}"));
        assert_eq!(
            (feed.status, &feed.json["lang"]),
            (200, &row["language"]),
            "{row}"
        );
        let page = server.get(&format!("/s/{slug}?lang={tag}"));
        assert_eq!(
            (page.status, language_of(&page.text())),
            (200, row["language"].as_str().unwrap()),
            "{row}"
        );
    }
    // After a restart the Worker does not know the sites' languages yet.
    server.restart();
    for row in rows().iter().rev() {
        let slug = &slugs[&row["site"].to_string()];
        let tag = row["tag"].as_str().unwrap();
        let feed = server.get(&format!("/v1/sites/{slug}/feed?lang={tag}"));
        assert_eq!(feed.json["lang"], row["language"], "after a restart: {row}");
    }
}

#[test]
fn pages_learn_the_languages_of_a_site_from_the_first_answer() {
    let mut server = Server::start();
    server.create_site(
        &json!({ "slug": "acme", "name": "Acme", "languages": ["en", "de", "zh-Hant"] }),
    );
    server.restart();
    for (tag, expected) in [
        ("zh-HK", "zh-Hant"),
        ("de-CH-1996", "de"),
        ("fr", "en"),
        ("", "en"),
    ] {
        let page = server.get(&format!("/s/acme?lang={tag}"));
        assert_eq!(language_of(&page.text()), expected, "{tag}");
    }
}

#[test]
fn tags_share_the_cache_entry_of_their_language() {
    let server = Server::start();
    let body = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
    let token = server.create_site(&body);
    let mut incident = outage();
    incident["text"] = json!({ "de": { "title": "Nachrichten verzögert" } });
    server.post("/v1/sites/acme/incidents", &token, &incident);
    let read = |tag: &str| server.get(&format!("/v1/sites/acme/feed?lang={tag}"));
    let (own, german) = (read("en"), read("de"));
    assert_ne!(own.header("etag"), german.header("etag"));
    let started = std::time::Instant::now();
    let mut from_object = 0;
    for number in 0..150 {
        for (tag, expected) in [
            (format!("de-x-a{number}"), &german),
            (format!("fr-x-a{number}"), &own),
        ] {
            let answer = read(&tag);
            assert_eq!(answer.header("etag"), expected.header("etag"), "{tag}");
            from_object += u64::from(source(&answer) == "object");
        }
    }
    let seconds = started.elapsed().as_secs();
    assert!(
        from_object <= 2 * (seconds + 2),
        "{from_object} of 300 reads asked the object in {seconds} s; at most one per second and language"
    );
}
