//! The pages that people land on from the card, a mail or a chat.

mod story;

use std::{
    fs,
    os::unix::fs::symlink,
    process::{Command, Stdio},
};

use e2e::{Answer, Browser, ROOT_TOKEN, Server, ServerOptions};
use serde_json::{Value, json};
use story::Site;
use xtask::workspace;

/// What a page may weigh, compressed, whatever happens.
const BUDGET: usize = 20_000;

fn change(site: &Site, fields: &Value) {
    let read = site.server.get_as(&site.token, &site.path(""));
    let request = site.server.request("PATCH", &site.path(""));
    let changed = request
        .token(&site.token)
        .header("if-match", read.header("etag").unwrap())
        .json(fields)
        .send()
        .unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
}

/// Bytes after brotli, by Node's own.
fn brotli(text: &str) -> usize {
    use std::io::Write;
    let script = "let all=[];process.stdin.on('data',part=>all.push(part)).on('end',()=>console.log(require('node:zlib').brotliCompressSync(Buffer.concat(all)).length))";
    let mut node = Command::new("node")
        .args(["-e", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let said = node.wait_with_output().unwrap().stdout;
    String::from_utf8(said).unwrap().trim().parse().unwrap()
}

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
        .split_once("<main")
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
fn what_lately_was_is_told_however_much_was_written_since() {
    let site = Site::new("acme", "Acme SMS", &[]);
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
        page.contains("Messages were late") && !page.contains("Nothing in the last 30 days."),
        "{page}"
    );
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
fn who_comes_by_a_wrong_link_reads_a_page_that_leads_on() {
    let site = Site::new("acme", "Acme SMS", &[]);
    change(&site, &json!({ "languages": ["en", "de"] }));
    for (path, home, said) in [
        (
            "/s/acme/incidents/inc_none",
            Some("/s/acme"),
            "There is no such page",
        ),
        (
            "/s/acme/incidents/inc_none?lang=de",
            Some("/s/acme?lang=de"),
            "Diese Seite gibt es nicht",
        ),
        ("/s/acme/nothing?lang=de", None, "Diese Seite gibt es nicht"),
        ("/s/nobody", None, "There is no such page"),
        ("/s/nobody?lang=fr", None, "There is no such page"),
        ("/", None, "There is no such page"),
        ("/nothing", None, "There is no such page"),
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
        "<h1>Diese Seite lässt sich gerade nicht zeigen</h1>",
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

#[test]
fn times_are_in_the_sites_own_zone() {
    let site = Site::new("acme", "Acme SMS", &[]);
    change(&site, &json!({ "time_zone": "Australia/Sydney" }));
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
    // Planned work is told in UTC as well.
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
    // So is the month that it is counted to.
    let february = site.server.get("/s/acme/history?month=2026-02");
    assert!(february.text().contains("<h2>February 2026</h2>"));
    assert_eq!(site.server.get("/s/acme/history?month=2026-01").status, 404);
}

#[test]
fn each_language_is_a_page_of_its_own_and_unknown_ones_are_the_sites_own() {
    let site = Site::new("acme", "Acme SMS", &[]);
    change(
        &site,
        &json!({ "languages": ["en", "de", "ar"], "time_zone": "Europe/Berlin" }),
    );
    let id = site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b",
        "started_at": "2026-03-05T08:00:00Z", "text": { "de": { "title": "Nachrichten verzögert" } }
    }));
    let read = |path: &str| site.server.get(path);
    let german = read("/s/acme?lang=de-AT").text();
    for said in [
        "<html lang=\"de\"",
        "Acme SMS hat eine große Störung.",
        "Nachrichten verzögert",
        "5. März 2026, 09:00",
        &format!("/s/acme/incidents/{id}?lang=de"),
    ] {
        assert!(german.contains(said), "{said}: {german}");
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
fn the_largest_page_weighs_little_and_says_its_rules() {
    let site = Site::new("acme", "Acme SMS", &[]);
    for number in 0..60 {
        let made = site.post(
            "/components",
            &json!({ "name": format!("Part {number}"), "group": format!("Group {}", number / 8) }),
        );
        assert_eq!(made.status, 201);
    }
    // Words that do not compress well: every one another.
    let words = |seed: u64, count: u64| -> String {
        let mut state = seed + 1;
        let mut text = String::new();
        for _ in 0..count {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(&format!("{:x} ", (state >> 44) & 0xf_ffff));
        }
        text
    };
    for number in 0..20_u64 {
        let id = site.publish(&json!({ "kind": "incident", "title": format!("Trouble {number}"), "impact": "major", "body": words(number, 400),
            "advice": words(number + 100, 200), "works": ["This", "That"], "broken": ["Something"],
            "components": [{ "id": format!("part-{number}"), "status": "partial_outage" }], "next_update_at": e2e::in_minutes(30) }));
        for more in 0..2 {
            site.update(&id, &json!({ "body": words(number * 10 + more, 400), "next_update_at": e2e::in_minutes(30) }));
        }
    }
    let feed = site.feed();
    assert!(feed.body.len() > 50 * 1024, "{}", feed.body.len());
    for path in ["/s/acme", "/s/acme/card", "/s/acme/history"] {
        let page = site.server.get(path);
        assert_eq!(page.status, 200);
        let size = brotli(&page.text());
        println!("{path}: {size} bytes of {BUDGET}");
        assert!(size < BUDGET, "{path}: {size}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'")
                && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(
            policy.contains("frame-ancestors *"),
            "apps show the card in a frame"
        );
        for (name, value) in [
            (
                "cache-control",
                "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400",
            ),
            ("cache-tag", "site-acme"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(page.header(name), Some(value), "{path}");
        }
        assert!(page.header("allclear-confirmed-at").is_some());
        let head = site.server.request("HEAD", path).send().unwrap();
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
}

#[test]
fn whoever_has_no_scripts_loads_the_page_again() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let page = site.server.get("/s/acme").text();
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
    // The only scripts and styles there are, are files of ours.
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/pages/page.js\" defer></script>"));
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
}

#[test]
fn a_posted_link_shows_the_state() {
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
        "Working again: Messages are &quot;delayed&quot; · Acme SMS",
    );
    has("description", "Working again. All sent.");
    let made = site.post(
        &format!("/incidents/{id}/withdraw"),
        &json!({ "reason": "A test." }),
    );
    assert_eq!(made.status, 200, "{}", made.text());
    has(
        "title",
        "Withdrawn: Messages are &quot;delayed&quot; · Acme SMS",
    );
}

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
            .contains("Other is working.")
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
