//! `GET /s/{site}/embed.js`: the loader of a site.

use std::{thread, time::Duration};

use e2e::{Answer, Hanging, HangingServer, ROOT_TOKEN, Site, outage, outage_with};
use serde_json::{Value, json};

const LOADER: &str = "/s/acme/embed.js";

/// Requests a path with these headers.
fn read(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = site.server.request("GET", path);
    let with = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    with.send().unwrap()
}

/// The first JSON text that a script contains. The tests' texts have no escapes of their own.
fn json_in(script: &str) -> Value {
    let (_, rest) = script.split_once("JSON.parse('").expect("a feed");
    let (text, _) = rest.split_once("')").unwrap();
    serde_json::from_str(&text.replace("\\\\", "\\")).unwrap()
}

#[test]
fn a_quiet_loader_contains_the_feed_and_is_revalidated() {
    let site = Site::empty();
    let first = site.server.get(LOADER);
    assert_eq!(first.status, 200);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        (
            "cache-control",
            "public, max-age=30, stale-while-revalidate=604800",
        ),
        (
            "cdn-cache-control",
            "public, max-age=5, stale-while-revalidate=30",
        ),
        ("cache-tag", "site-acme"),
        ("timing-allow-origin", "*"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(first.header(name), Some(value), "{name}");
    }
    assert!(first.body.is_ascii());
    assert_eq!(json_in(&first.text()), site.feed().json);
    let etag = first.header("etag").unwrap();
    // The script in the page reads the query; the server ignores it.
    for path in [LOADER, "/s/acme/embed.js?lang=de", "/s/acme/embed.js?x=%20"] {
        let again = site.server.get(path);
        assert_eq!((again.status, &again.body), (200, &first.body), "{path}");
        let revalidated = read(&site, path, &[("if-none-match", etag)]);
        assert_eq!(
            (revalidated.status, revalidated.body.len()),
            (304, 0),
            "{path}"
        );
        for (name, value) in &first.headers {
            if !matches!(name.as_str(), "date" | "content-length") {
                assert_eq!(
                    revalidated.header(name),
                    Some(value.as_str()),
                    "{name} of the 304"
                );
            }
        }
    }
    // The answer does not depend on the time or on the reader.
    thread::sleep(Duration::from_millis(1100));
    let later = read(
        &site,
        LOADER,
        &[("accept-language", "de"), ("cookie", "a=b")],
    );
    assert_eq!(
        (later.header("etag"), &later.body),
        (Some(etag), &first.body)
    );

    let gzip = read(&site, LOADER, &[("accept-encoding", "gzip, br")]);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(gzip.header("vary"), Some("Accept-Encoding"));
    assert!(gzip.body.len() < first.body.len());
    let weak = gzip.header("etag").unwrap();
    let revalidated = read(
        &site,
        LOADER,
        &[("accept-encoding", "gzip"), ("if-none-match", weak)],
    );
    assert_eq!(revalidated.status, 304);

    let head = site.server.request("HEAD", LOADER).send().unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), Some(etag));
}

#[test]
fn a_loader_with_notices_has_the_time_and_is_never_304() {
    let site = Site::empty();
    let quiet = site.server.get(LOADER);
    site.publish(&outage());
    let open = site.server.get(LOADER);
    assert_eq!(
        open.header("cache-control"),
        Some("public, max-age=10, stale-while-revalidate=604800")
    );
    assert_eq!(open.header("etag"), None);
    assert_eq!(json_in(&open.text()), json!([site.feed().json]));
    for tag in [quiet.header("etag").unwrap(), "*"] {
        let revalidated = read(&site, LOADER, &[("if-none-match", tag)]);
        assert_eq!(revalidated.status, 200, "{tag}");
        assert!(!revalidated.body.is_empty());
    }
    let composed_at = |answer: &Answer| -> u64 {
        let text = answer.text();
        let (_, rest) = text.split_once(",at:").unwrap();
        rest.split(',').next().unwrap().parse().unwrap()
    };
    let first = composed_at(&open);
    thread::sleep(Duration::from_millis(1100));
    let later = composed_at(&site.server.get(LOADER));
    assert!((1000..60_000).contains(&(later - first)), "{first} {later}");
    let gzip = read(&site, LOADER, &[("accept-encoding", "gzip")]);
    assert_eq!(
        (gzip.header("content-encoding"), gzip.header("etag")),
        (Some("gzip"), None)
    );

    // The all-clear is a notice too.
    let incident = site.feed().json["notices"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    site.update(
        &incident,
        &json!({ "body": "It works again.", "status": "resolved" }),
    );
    let resolved = site.server.get(LOADER);
    assert_eq!(
        resolved.header("cache-control"),
        Some("public, max-age=30, stale-while-revalidate=604800")
    );
    assert_eq!(
        json_in(&resolved.text())[0]["notices"][0]["kind"],
        "restored"
    );
}

#[test]
fn a_loader_has_the_notices_in_all_languages() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["de", "en", "fr"] }));
    let titles = |text: &str| -> Value {
        json_in(text)
            .as_array()
            .unwrap()
            .iter()
            .map(|feed| feed["notices"][0]["title"].clone())
            .collect()
    };
    let post = outage_with(
        &json!({ "title": "Verzögert", "text": { "fr": { "title": "En retard" }, "en": { "title": "Late" } } }),
    );
    let incident = site.publish(&post);
    // The feed is read first, so that the loader is composed from the feed in memory.
    site.feed();
    let script = site.server.get(LOADER).text();
    assert_eq!(titles(&script), json!(["Verzögert", "Late", "En retard"]));
    assert!(script.contains("JSON.parse('[\"de\",\"en\",\"fr\"]')"));
    assert!(script.contains("{'de':'"), "the texts of the plain card");
    site.update(
        &incident,
        &json!({ "body": "x", "text": { "fr": { "body": "y" } } }),
    );
    let feeds = json_in(&site.server.get(LOADER).text());
    assert_eq!(feeds.as_array().unwrap().len(), 3);
    let revisions: Vec<&Value> = feeds
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| &feed["rev"])
        .collect();
    assert!(
        revisions.iter().all(|rev| **rev == site.feed().json["rev"]),
        "{revisions:?}"
    );
}

#[test]
fn a_paused_site_has_a_quiet_loader() {
    let site = Site::empty();
    site.publish(&outage());
    assert_eq!(site.server.get(LOADER).header("etag"), None);
    site.change_settings(&json!({ "paused": true }));
    let paused = site.server.get(LOADER);
    let feed = json_in(&paused.text());
    assert_eq!(
        (&feed["paused"], &feed["notices"]),
        (&json!(true), &json!([]))
    );
    assert!(paused.header("etag").is_some());
}

#[test]
fn an_unknown_site_has_no_loader() {
    let site = Site::empty();
    let feed = site.server.get("/v1/sites/nobody/feed");
    let loader = site.server.get("/s/nobody/embed.js");
    assert_eq!((loader.status, &loader.body), (404, &feed.body));
    for name in [
        "content-type",
        "cache-control",
        "access-control-allow-origin",
    ] {
        assert_eq!(loader.header(name), feed.header(name), "{name}");
    }
    for (method, path, status) in [
        ("GET", "/s/A/embed.js", 404),
        ("GET", "/site.js", 404),
        ("POST", LOADER, 405),
        ("OPTIONS", LOADER, 204),
        ("GET", "/S/Acme/Embed.js/", 308),
    ] {
        let answer = site.server.request(method, path).send().unwrap();
        assert_eq!(answer.status, status, "{method} {path}");
    }
    let deleted = site
        .server
        .request("DELETE", "/v1/sites/acme")
        .token(ROOT_TOKEN)
        .send();
    assert_eq!(deleted.unwrap().status, 204);
    assert_eq!(site.server.get(LOADER).status, 404);
}

#[test]
fn a_sites_loader_is_site_js_on_its_own_host_name() {
    let site = Site::empty();
    site.change_settings(&json!({ "hostnames": ["status.acme.com"] }));
    site.server.confirm_hostname("acme", "status.acme.com");
    let loader = site.server.get(LOADER);
    let read_own_host = |path: &str| read(&site, path, &[("host", "status.acme.com")]);
    let own = read_own_host("/site.js");
    assert_eq!((own.status, &own.body), (200, &loader.body));
    assert_eq!(own.header("etag"), loader.header("etag"));
    assert_eq!(read_own_host(LOADER).body, loader.body);
    let revalidated = read(
        &site,
        "/site.js",
        &[
            ("host", "status.acme.com"),
            ("if-none-match", own.header("etag").unwrap()),
        ],
    );
    assert_eq!(revalidated.status, 304);
}

#[test]
fn a_cold_isolate_without_its_object_sends_a_feedless_loader() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    server.create_site(&json!({ "slug": "acme", "name": "Acme SMS" }));
    hanging.hang(Hanging::Site);
    let cold = server.get(LOADER);
    assert_eq!(cold.status, 200, "{}", cold.text());
    assert!(cold.text().contains("{site:\"acme\"}"));
    for name in ["cache-control", "cdn-cache-control"] {
        assert_eq!(cold.header(name), Some("public, max-age=5"), "{name}");
    }
    hanging.recover(Hanging::Site);
    assert!(
        server
            .get(LOADER)
            .text()
            .contains("{site:\"acme\",feed:JSON.parse(")
    );

    // While the object hangs again, the loader contains the last feed until 5 s after its
    // confirmation.
    hanging.hang(Hanging::Site);
    thread::sleep(Duration::from_millis(1100));
    assert!(server.get(LOADER).text().contains("feed:JSON.parse("));
    thread::sleep(Duration::from_secs(5));
    assert!(server.get(LOADER).text().contains("{site:\"acme\"}"));
}
