use notice::wire::ids::Slug;

use super::{answer, composition::Composition};

fn composition(etag: Option<&str>, has_feed: bool) -> Composition {
    Composition {
        body: "run();".into(),
        etag: etag.map(str::to_owned),
        max_age_s: 30,
        has_feed,
    }
}

#[test]
fn only_scripts_without_notices_are_revalidated() {
    let site = Slug::parse("acme").unwrap();
    let status = |etag: Option<&str>, known: Option<&str>| {
        let answer = answer(&composition(etag, true), &site, known);
        let body = if answer.status == 304 { "" } else { "run();" };
        assert_eq!(answer.body, body);
        assert_eq!(answer.header("etag"), etag);
        answer.status
    };
    assert_eq!(status(Some("\"a\""), None), 200);
    assert_eq!(status(Some("\"a\""), Some("\"b\"")), 200);
    assert_eq!(status(Some("\"a\""), Some("W/\"a\"")), 304);
    assert_eq!(status(None, Some("\"a\"")), 200);
    assert_eq!(status(None, Some("*")), 200);
}

#[test]
fn a_304_has_all_headers_of_the_200() {
    let site = Slug::parse("acme").unwrap();
    let composition = composition(Some("\"a\""), true);
    let full = answer(&composition, &site, None);
    assert_eq!(
        answer(&composition, &site, Some("\"a\"")).headers,
        full.headers
    );
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
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(full.header(name), Some(value), "{name}");
    }
}

#[test]
fn a_script_without_a_feed_is_not_served_stale() {
    let site = Slug::parse("acme").unwrap();
    let answer = answer(&composition(Some("\"a\""), false), &site, None);
    for name in ["cache-control", "cdn-cache-control"] {
        assert_eq!(answer.header(name), Some("public, max-age=30"), "{name}");
    }
}
