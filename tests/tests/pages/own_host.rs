//! A site's own host name.

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions};
use serde_json::json;

#[test]
fn a_sites_own_host_shows_its_pages_at_the_root_and_nothing_of_operators() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    for (slug, name) in [("acme", "Acme SMS"), ("other", "Other")] {
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": slug, "name": name, "hostnames": [format!("status.{slug}.com")] }),
        );
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let incident = server.post(
        "/v1/sites/acme/incidents",
        ROOT_TOKEN,
        &json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" }),
    );
    let id = incident.json["id"].as_str().unwrap();
    let at = |host: &str, method: &str, path: &str| -> Answer {
        let request = server.request(method, path).token(ROOT_TOKEN);
        request.header("host", host).send().unwrap()
    };
    let status = at("status.acme.com", "GET", "/");
    assert_eq!(status.status, 200);
    let text = status.text();
    assert!(text.contains("Acme SMS has a major problem."));
    // Links stay on this host; what is permanent is the deployment's.
    assert!(
        text.contains(&format!("href=\"/incidents/{id}\"")) && text.contains("href=\"/history\"")
    );
    assert!(text.contains("<link rel=\"canonical\" href=\"https://status.example.com/s/acme\">"));
    for path in [
        "/history",
        "/card",
        &format!("/incidents/{id}"),
        "/?lang=de",
        "/s/acme",
        "/pages/page.css",
        "/embed.js",
    ] {
        assert_eq!(at("status.acme.com", "GET", path).status, 200, "{path}");
    }
    assert!(
        at("Status.Other.com", "GET", "/")
            .text()
            .contains(">Other</a></header>")
    );
    assert_eq!(
        at("status.other.com", "GET", &format!("/incidents/{id}")).status,
        404
    );
    for (method, path) in [
        ("GET", "/v1/sites"),
        ("POST", "/v1/sites"),
        ("GET", "/v1/sites/acme"),
        ("GET", "/v1/sites/acme/incidents"),
        ("GET", "/v1/sites/acme/journal"),
        ("GET", "/v1/sites/acme/export"),
        ("POST", "/v1/sites/acme/invitations"),
        ("GET", "/console"),
        ("GET", "/console/"),
        // What is the deployment's own is no site's.
        ("GET", "/docs/embed"),
        ("GET", "/demo/"),
        ("GET", "/demo/headless/"),
        // Nor does one site's host name show another's pages.
        ("GET", "/s/other"),
        ("GET", "/s/other/history"),
    ] {
        assert_eq!(
            at("status.acme.com", method, path).status,
            404,
            "{method} {path}"
        );
    }
    for path in ["/docs/embed", "/demo/"] {
        assert_eq!(at("status.example.com", "GET", path).status, 200, "{path}");
    }
    // The deployment's own host has no site at its root, nor has a stranger's.
    for host in ["status.example.com", "nobody.example"] {
        for path in ["/", "/history", &format!("/incidents/{id}")] {
            assert_eq!(at(host, "GET", path).status, 404, "{host}{path}");
        }
    }
}
