//! A site's own host name.

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions};
use serde_json::json;

#[test]
fn a_sites_host_name_serves_its_pages_and_no_operator_api() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    for (slug, name) in [("acme", "Acme SMS"), ("other", "Other")] {
        server.create_site(
            &json!({ "slug": slug, "name": name, "hostnames": [format!("status.{slug}.com")] }),
        );
        server.confirm_hostname(slug, &format!("status.{slug}.com"));
    }
    let incident = server.post(
        "/v1/sites/acme/incidents",
        ROOT_TOKEN,
        &json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" }),
    );
    let id = incident.json["id"].as_str().unwrap();
    let request_at = |host: &str, method: &str, path: &str| -> Answer {
        let request = server.request(method, path).token(ROOT_TOKEN);
        request.header("host", host).send().unwrap()
    };
    let status = request_at("status.acme.com", "GET", "/");
    assert_eq!(status.status, 200);
    let text = status.text();
    assert!(text.contains("Acme SMS has a major problem."));
    // Links stay on this host; permanent links use the deployment's host.
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
        assert_eq!(
            request_at("status.acme.com", "GET", path).status,
            200,
            "{path}"
        );
    }
    assert!(
        request_at("Status.Other.com", "GET", "/")
            .text()
            .contains(">Other</a></header>")
    );
    assert_eq!(
        request_at("status.other.com", "GET", &format!("/incidents/{id}")).status,
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
        // The deployment's own paths do not exist on a site's host.
        ("GET", "/docs"),
        ("GET", "/docs/embed"),
        ("GET", "/docs/api.md"),
        ("GET", "/demo/"),
        ("GET", "/demo/headless/"),
        // A site's host name does not serve another site's pages.
        ("GET", "/s/other"),
        ("GET", "/s/other/history"),
    ] {
        assert_eq!(
            request_at("status.acme.com", method, path).status,
            404,
            "{method} {path}"
        );
    }
    for path in ["/docs/embed", "/demo/"] {
        assert_eq!(
            request_at("status.example.com", "GET", path).status,
            200,
            "{path}"
        );
    }
    // The deployment's own host and unknown hosts serve no site at their root.
    for host in ["status.example.com", "nobody.example"] {
        for path in ["/history", &format!("/incidents/{id}")] {
            assert_eq!(request_at(host, "GET", path).status, 404, "{host}{path}");
        }
        assert!(!request_at(host, "GET", "/").text().contains("Acme SMS"));
    }
}
