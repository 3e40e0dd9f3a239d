//! Missing pages, and pages that cannot be rendered.

use std::{fs, os::unix::fs::symlink};

use e2e::{ROOT_TOKEN, Server, ServerOptions, Site};
use serde_json::json;
use xtask::workspace;

#[test]
fn missing_pages_give_404() {
    let site = Site::empty();
    let draft = site.post(
        "/incidents",
        &json!({
            "kind": "incident", "title": "t", "impact": "major", "body": "b", "draft": true
        }),
    );
    let draft = format!("/s/acme/incidents/{}", draft.json["id"].as_str().unwrap());
    for path in [
        "/s/nobody",
        "/s/not_a_slug",
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
fn the_404_page_links_to_the_status_page() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "de"] }));
    for (path, home, expected) in [
        (
            "/s/acme/incidents/inc_none",
            Some("/s/acme"),
            "Page not found",
        ),
        (
            "/s/acme/incidents/inc_none?lang=de",
            Some("/s/acme?lang=de"),
            "Seite nicht gefunden",
        ),
        ("/s/acme/nothing?lang=de", None, "Seite nicht gefunden"),
        ("/s/nobody", None, "Page not found"),
        ("/s/nobody?lang=fr", None, "Page not found"),
        ("/nothing", None, "Page not found"),
    ] {
        let request = site.server.request("GET", path);
        let answer = request
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .send()
            .unwrap();
        assert_eq!(answer.status, 404, "{path}");
        let page = answer.text();
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
                && page.contains(&format!("<h1>{expected}</h1>")),
            "{path}: {page}"
        );
        let leads = home.map(|home| format!("<a href=\"{home}\">"));
        assert_eq!(
            leads.map(|link| page.contains(&link)),
            home.map(|_| true),
            "{path}: {page}"
        );
        // The page is in a language that exists, whatever was requested.
        assert!(!page.contains("lang=\"fr\""), "{path}");
    }
    // A request for a file gets an answer for machines.
    let file = site.server.get("/nothing.js");
    assert_eq!(
        (file.status, file.header("content-type")),
        (404, Some("application/problem+json"))
    );
}

#[test]
fn error_pages_follow_accept_language() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "de"] }));
    let german = "Seite nicht gefunden";
    let english = "Page not found";
    for (path, accepted, expected) in [
        ("/s/nobody", "de", german),
        ("/s/nobody", "de-CH, en;q=0.8", german),
        ("/s/nobody", "en;q=0.5, de;q=0.9", german),
        ("/s/nobody", "fr, de;q=0", english),
        ("/s/nobody", "xx", english),
        ("/s/nobody?lang=en", "de", english),
        ("/s/acme/nothing", "de", german),
        ("/s/acme/incidents/inc_none", "ger", german),
        ("/s/acme/incidents/inc_none", "xx", english),
        ("/s/acme/incidents/inc_none?lang=en", "de", english),
        ("/s/acme/history?month=x", "de", german),
        ("/nothing", "de", german),
    ] {
        let request = site.server.request("GET", path);
        let request = request.header("accept-language", accepted);
        let answer = request.header("accept", "text/html").send().unwrap();
        let text = answer.text();
        assert_eq!(answer.status, 404, "{path}");
        assert!(text.contains(expected), "{path} {accepted}: {text}");
        let vary = answer.header("vary").unwrap();
        assert!(vary.contains("Accept-Language"), "{path}: {vary}");
    }
    // Other pages have an address for each language.
    let request = site.server.request("GET", "/s/acme");
    let page = request.header("accept-language", "de").send().unwrap();
    assert!(page.text().contains("<html lang=\"en\""));
}

#[test]
fn a_server_error_gives_a_page_that_retries() {
    // A build without one of its pages.
    let folder = tempfile::tempdir().unwrap();
    for name in ["asset-table.json", "worker", "workerd.capnp"] {
        symlink(workspace::dist().join(name), folder.path().join(name)).unwrap();
    }
    fs::create_dir(folder.path().join("assets")).unwrap();
    let server = Server::with(&ServerOptions {
        dist: Some(folder.path().to_owned()),
        ..ServerOptions::default()
    });
    let read = |accepted: &str| {
        let request = server.request("GET", "/docs/embed?lang=de");
        request.header("accept", accepted).send().unwrap()
    };
    let page = read("text/html");
    assert_eq!((page.status, page.header("retry-after")), (503, Some("2")));
    let text = page.text();
    for expected in [
        "<h1>Diese Seite ist vorübergehend nicht verfügbar</h1>",
        "<meta http-equiv=\"refresh\" content=\"5\">",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let machine = read("application/json");
    assert_eq!(
        (machine.status, &machine.json["code"]),
        (503, &json!("unavailable"))
    );
}
