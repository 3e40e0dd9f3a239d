//! HTTP in general: redirects, content codings, entity tags, HSTS, the health check.

use std::{
    fs,
    io::Read,
    thread,
    time::{Duration, Instant},
};

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions, Site, outage};
use flate2::read::GzDecoder;
use serde_json::json;

fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = server.request(method, path);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    request.send().unwrap()
}

fn decompress(answer: &Answer) -> String {
    let mut text = String::new();
    GzDecoder::new(answer.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn other_spellings_of_a_path_redirect_to_the_canonical_one() {
    let site = Site::empty();
    let id = site.publish(&outage());
    let incident = format!("/s/acme/incidents/{id}");
    // A secret keeps its case.
    let link = format!("/s/acme/on-call/{}", "aB".repeat(21) + "c");
    for (path, expected) in [
        (
            format!("/S/Acme{}/", &link["/s/acme".len()..]).as_str(),
            link.as_str(),
        ),
        ("/s/acme/", "/s/acme"),
        ("//s//acme", "/s/acme"),
        ("/S/ACME", "/s/acme"),
        ("/s/acme/?lang=de&x=%2F", "/s/acme?lang=de&x=%2F"),
        ("/s/acme/History/", "/s/acme/history"),
        ("/s/acme/CARD", "/s/acme/card"),
        (&format!("/s/Acme/Incidents/{id}/"), &incident),
        (&format!("{incident}.ICS"), &format!("{incident}.ics")),
        ("/healthz/", "/healthz"),
        ("/HealthZ", "/healthz"),
        ("/V1/Sites/ACME/Feed/", "/v1/sites/acme/feed"),
        ("/v1/sites/", "/v1/sites"),
        ("/v1/sites/acme/incidents/", "/v1/sites/acme/incidents"),
        ("//", "/"),
        ("/docs/", "/docs"),
        ("/DOCS", "/docs"),
        ("/Docs/Embed/", "/docs/embed"),
        ("/console/", "/console"),
        ("/Console", "/console"),
        ("/demo", "/demo/"),
        ("/Demo/", "/demo/"),
        ("/EMBED.js", "/embed.js"),
        ("/embed.js/", "/embed.js"),
        ("/pages//page.css", "/pages/page.css"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&site.server, method, path, &[]);
            assert_eq!(answer.status, 308, "{method} {path}");
            assert_eq!(answer.header("location"), Some(expected), "{path}");
            assert!(answer.header("cache-control").is_some(), "{path}");
        }
    }
    for path in [
        "//evil.example",
        "///evil.example/%2e%2e",
        "//evil.example/s/acme/x/",
        "/\\evil.example",
        "/nothing/",
        "/NOTHING",
        "/s/acme/nothing/",
        "/embed/",
    ] {
        let answer = ask(&site.server, "GET", path, &[]);
        assert_eq!(
            (answer.status, answer.header("location")),
            (404, None),
            "{path}"
        );
    }
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let request = site.server.request(method, "/v1/sites/acme/incidents/");
        let answer = request.token(&site.token).json(&outage()).send().unwrap();
        assert_eq!(answer.status, 404, "{method}");
    }
}

#[test]
fn a_redirect_has_the_cors_headers_of_its_target() {
    let site = Site::empty();
    let id = site.publish(&outage());
    for (path, is_shared) in [
        ("/v1/sites/ACME/feed", true),
        ("/v1/sites/acme/feed/?lang=de", true),
        ("//V1/sites/acme/Feed", true),
        ("/s/Acme/embed.js/", true),
        ("/EMBED.js", true),
        ("/embed.json/", true),
        (&format!("/s/acme/incidents/{id}.ICS"), true),
        ("/s/acme/", false),
        ("/s/acme/Card", false),
        ("/Console", false),
        ("/DOCS", false),
        ("/pages//page.css", false),
        ("/HealthZ", false),
        ("/v1/sites/", false),
        ("/V1/sites/acme/incidents", false),
    ] {
        let cors = |answer: &Answer| answer.header("access-control-allow-origin") == Some("*");
        let origin = [("origin", "https://shop.example")];
        let redirect = ask(&site.server, "GET", path, &origin);
        assert_eq!(
            (redirect.status, cors(&redirect)),
            (308, is_shared),
            "{path}"
        );
        let target = redirect.header("location").unwrap();
        let answer = ask(&site.server, "GET", target, &origin);
        if answer.status == 200 {
            assert_eq!(cors(&answer), is_shared, "{target}");
        }
        let headers = [
            ("origin", "https://shop.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "traceparent"),
        ];
        let preflight = ask(&site.server, "OPTIONS", path, &headers);
        let is_operators = path.to_lowercase().starts_with("/v1/") && !is_shared;
        match is_operators {
            true => assert!(preflight.status >= 400 && !cors(&preflight), "{path}"),
            false => assert!(preflight.status == 204 && cors(&preflight), "{path}"),
        }
    }
}

#[test]
fn index_pages_link_only_to_pages_that_exist() {
    let server = Server::start();
    for path in ["/", "/docs"] {
        let page = ask(&server, "GET", path, &[("accept", "*/*")]);
        assert_eq!(page.status, 200);
        let media_type = page.header("content-type");
        assert_eq!(media_type, Some("text/html; charset=utf-8"));
        let text = page.text();
        let links: Vec<&str> = text.split("<a href=\"").skip(1).collect();
        assert!(links.len() > 1, "{text}");
        for link in links {
            let link = link.split('"').next().unwrap();
            assert_eq!(server.get(link).status, 200, "{link}");
        }
        let tag = page.header("etag").unwrap();
        let known = ask(&server, "GET", path, &[("if-none-match", tag)]);
        assert_eq!(known.status, 304);
        assert_eq!(ask(&server, "POST", path, &[]).status, 405);
    }
}

#[test]
fn feeds_and_pages_are_compressed_for_clients_that_accept_gzip() {
    let site = Site::empty();
    site.publish(&outage());
    for path in [
        "/v1/sites/acme/feed",
        "/v1/sites/acme/feed?x=1",
        "/s/acme",
        "/s/acme/history",
        "/s/acme/card",
        "/",
    ] {
        let plain = site.server.get(path);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        assert_eq!(plain.header("vary"), Some("Accept-Encoding"), "{path}");
        let tag = plain.header("etag").unwrap();
        assert!(tag.starts_with('"'), "{tag}");
        for (accepted, is_packed) in [
            ("gzip", true),
            ("GZIP;q=0.5", true),
            ("br, gzip;q=0.1", true),
            ("*", true),
            ("x-gzip", true),
            ("identity;q=0", true),
            ("gzip;q=0", false),
            ("gzip;Q=0.000", false),
            ("*;q=0", false),
            ("gzip;q=abc", false),
            ("br;q=abc", false),
            ("br", false),
            ("identity, gzip;q=0.5", false),
            ("", false),
        ] {
            // Twice, because the second answer comes from memory.
            for _ in 0..2 {
                let what = format!("{path} {accepted}");
                let given = [("accept-encoding", accepted)];
                let answer = ask(&site.server, "GET", path, &given);
                assert_eq!(answer.status, 200, "{what}");
                assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{what}");
                let coding = answer.header("content-encoding");
                assert_eq!(coding, is_packed.then_some("gzip"), "{what}");
                let own = answer.header("etag").unwrap();
                assert_eq!(own.trim_start_matches("W/"), tag, "{what}");
                assert_eq!(own.starts_with("W/"), is_packed, "{what}");
                let text = if is_packed {
                    decompress(&answer)
                } else {
                    answer.text()
                };
                assert_eq!(text, plain.text(), "{what}");
                let head = ask(&site.server, "HEAD", path, &given);
                let length = answer.body.len().to_string();
                assert_eq!(
                    head.header("content-length"),
                    Some(length.as_str()),
                    "{what}"
                );
                assert_eq!(head.header("etag"), Some(own), "{what}");
                for known in [
                    tag.to_owned(),
                    format!("W/{tag}"),
                    format!("\"x\", W/{tag}"),
                ] {
                    let headers = [("accept-encoding", accepted), ("if-none-match", &known)];
                    let same = ask(&site.server, "GET", path, &headers);
                    assert_eq!((same.status, same.body.len()), (304, 0), "{what}");
                    assert_eq!(same.header("etag"), Some(own), "{what}");
                    assert_eq!(same.header("vary"), Some("Accept-Encoding"), "{what}");
                    assert_eq!(same.header("content-encoding"), None, "{what}");
                }
            }
        }
    }
}

#[test]
fn hsts_is_sent_by_https_only() {
    let hsts = Some("max-age=31536000");
    for (trust_proxy, cases) in [
        (false, [("https", None), ("http", None), ("", None)]),
        (
            true,
            [("http, https", hsts), ("https, http", None), ("", None)],
        ),
    ] {
        let server = Server::with(&ServerOptions {
            public_url: Some("https://status.example.com".to_owned()),
            trust_proxy,
            ..ServerOptions::default()
        });
        server.create_site(&json!({ "slug": "acme", "name": "acme" }));
        for path in [
            "/",
            "/s/acme",
            "/s/nobody",
            "/s/acme/",
            "/embed.js",
            "/console",
            "/healthz",
            "/nothing",
            "/v1/sites",
            "/v1/sites/acme/feed",
            "/v1/sites/acme/feed",
            "/v1/sites/nobody/feed",
            "/s/acme/embed.js",
        ] {
            // Twice, because the second answers may come from memory.
            for (scheme, expected) in cases.iter().chain(&cases) {
                let answer = match *scheme {
                    "" => server.get(path),
                    scheme => ask(&server, "GET", path, &[("x-forwarded-proto", scheme)]),
                };
                let found = answer.header("strict-transport-security");
                assert_eq!(found, *expected, "{path} {scheme:?} {trust_proxy}");
            }
        }
    }
}

/// Makes the settings of a site unreadable on disk, and the event from which they could be rebuilt.
fn spoil(server: &Server, slug: &str) {
    let mut spoiled = 0;
    for entry in fs::read_dir(server.data().join("allclear-site")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|name| name == "sqlite") {
            let database = rusqlite::Connection::open(&path).unwrap();
            let spoil =
                "UPDATE site SET document = '{' WHERE document LIKE '%\"slug\":\"' || ? || '\"%'";
            let changed = database.execute(spoil, [slug]).unwrap_or(0);
            if changed == 1 {
                let spoil = "UPDATE journal SET event = '{' WHERE event LIKE '%site.created%'";
                database.execute(spoil, []).unwrap();
            }
            spoiled += changed;
        }
    }
    assert_eq!(spoiled, 1, "{slug}");
}

#[test]
fn one_unreadable_site_does_not_fail_the_health_check() {
    let mut server = Server::start();
    for slug in ["aaa", "bbb", "zzz"] {
        server.create_site(&json!({ "slug": slug, "name": slug }));
    }
    let health = |server: &Server| {
        let health = server.get("/healthz");
        let unreadable = health.json["checks"]["unreadable_sites"].as_u64();
        (health.status, unreadable)
    };
    assert_eq!(health(&server), (200, Some(0)));
    for (slug, unreadable) in [("aaa", 1), ("zzz", 2)] {
        server.kill();
        spoil(&server, slug);
        server.start_again();
        assert_eq!(health(&server), (200, Some(unreadable)));
        assert_eq!(server.get("/v1/sites/bbb/feed").status, 200);
    }
    // Readers, and so the health check, get the last known feed for a limited time.
    spoil(&server, "bbb");
    let deadline = Instant::now() + Duration::from_secs(120);
    while health(&server) != (503, Some(3)) {
        assert!(Instant::now() < deadline, "the health check still passes");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_problem_lists_at_most_50_errors() {
    let site = Site::empty();
    let fields: Vec<String> = (0..10_000)
        .map(|number| format!("\"x{number}\":1"))
        .collect();
    let body = format!("{{{}}}", fields.join(","));
    let request = site.server.request("POST", &site.path("/incidents"));
    let request = request
        .token(ROOT_TOKEN)
        .header("content-type", "application/json");
    let answer = request.bytes(body.as_bytes()).send().unwrap();
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json["errors"].as_array().unwrap().len(), 50);
    assert!(answer.body.len() < 20_000);
}
