//! Rendered pages: size, content policy and headers.

use e2e::Site;
use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::json;

/// Greatest size of a page, compressed, in bytes.
const BUDGET: usize = 20_000;

/// Size after brotli by Node's implementation, in bytes.
fn brotli(text: &str) -> usize {
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
    let output = node.wait_with_output().unwrap().stdout;
    String::from_utf8(output).unwrap().trim().parse().unwrap()
}

#[test]
fn pages_with_20_incidents_fit_the_budget_and_have_headers() {
    let site = Site::empty();
    for number in 0..60 {
        let created = site.post(
            "/components",
            &json!({ "name": format!("Part {number}"), "group": format!("Group {}", number / 8) }),
        );
        assert_eq!(created.status, 201);
    }
    // Texts of pseudo-random words, which compress badly.
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
        let id = site.publish(&json!({ "kind": "incident", "title": format!("Trouble {number}"), "impact": "major", "body": words(1000 + number, 400),
            "advice": words(2000 + number, 200), "works": ["This", "That"], "broken": ["Something"],
            "components": [{ "id": format!("part-{number}"), "status": "partial_outage" }], "next_update_at": e2e::in_minutes(30) }));
        for more in 0..2 {
            site.update(&id, &json!({ "body": words(3000 + number * 10 + more, 400), "next_update_at": e2e::in_minutes(30) }));
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
fn without_scripts_pages_refresh_by_meta_element() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let page = site.server.get("/s/acme").text();
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
}

#[test]
fn pages_have_no_inline_scripts_or_styles() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let page = site.server.get("/s/acme").text();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/pages/page.js\" defer></script>"));
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
}
