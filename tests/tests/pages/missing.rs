//! Pages that are not there, and pages that cannot be shown.

use std::{fs, os::unix::fs::symlink};

use e2e::{ROOT_TOKEN, Server, ServerOptions};
use serde_json::json;
use xtask::workspace;

use super::story::Site;

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
fn who_comes_by_a_wrong_link_reads_a_page_that_leads_on() {
    let site = Site::new("acme", "Acme SMS", &[]);
    site.change(&json!({ "languages": ["en", "de"] }));
    for (path, home, said) in [
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
        ("/", None, "Page not found"),
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
                && page.contains(&format!("<h1>{said}</h1>")),
            "{path}: {page}"
        );
        let leads = home.map(|home| format!("<a href=\"{home}\">"));
        assert_eq!(
            leads.map(|link| page.contains(&link)),
            home.map(|_| true),
            "{path}: {page}"
        );
        // In words that there are, whatever was asked for.
        assert!(!page.contains("lang=\"fr\""), "{path}");
    }
    // Who asks for a file is told in the way of machines.
    let file = site.server.get("/nothing.js");
    assert_eq!(
        (file.status, file.header("content-type")),
        (404, Some("application/problem+json"))
    );
}

#[test]
fn what_fails_for_a_reader_is_a_page_that_asks_again() {
    // A build one of whose pages is lost.
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
    for said in [
        "<h1>Diese Seite ist vorübergehend nicht verfügbar</h1>",
        "<meta http-equiv=\"refresh\" content=\"5\">",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let machine = read("application/json");
    assert_eq!(
        (machine.status, &machine.json["code"]),
        (503, &json!("unavailable"))
    );
}
