//! A host that serves the build's files and a feed set by the test: a second origin, or one whose files were changed.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use xtask::workspace::dist;

use crate::page::{Page, Reply};

/// The host. Its requests are in [`Page::requests`].
#[derive(Debug)]
pub struct Mirror {
    page: Page,
}

impl Mirror {
    /// Starts a host with the asset table's files under `/embed…`, and no feed yet.
    #[track_caller]
    pub fn start() -> Self {
        let table = fs::read(dist().join("asset-table.json")).expect("run `cargo xtask build`");
        let table: Value = serde_json::from_slice(&table).expect("a table");
        let mirror = Self {
            page: Page::host(""),
        };
        for (path, entry) in table.as_object().expect("a table is an object") {
            if !path.starts_with("/embed") {
                continue;
            }
            let word = |key: &str| entry[key].as_str().unwrap_or_default();
            let bytes = fs::read(dist().join("assets").join(word("file"))).expect("a file");
            let reply = Reply::new(word("type"), bytes)
                .header("cache-control", word("cache"))
                .header("access-control-allow-origin", "*");
            mirror.page.put(path, reply);
        }
        mirror
    }

    /// Starts a host whose feed of the site `acme` has these notices.
    #[track_caller]
    pub fn with_notices(notices: &[Value]) -> Self {
        let mirror = Self::start();
        mirror.put_feed("acme", &feed(5, notices));
        mirror
    }

    /// The underlying host, to serve other answers.
    pub fn page(&self) -> &Page {
        &self.page
    }

    pub fn origin(&self) -> String {
        self.page.at("")
    }

    /// A content policy that allows this host's scripts and feed, but no wasm: the plain card is drawn.
    pub fn policy_without_wasm(&self) -> String {
        let origin = self.origin();
        format!("default-src 'none'; script-src {origin}; connect-src {origin}")
    }

    /// Serves this feed of a site from now on, confirmed at the feed's `confirmed_at`, default now.
    pub fn put_feed(&self, site: &str, feed: &Value) {
        self.page.put(&feed_path(site), feed_reply(feed));
    }

    /// Serves this feed of a site to requests in one language.
    pub fn put_feed_in(&self, site: &str, language: &str, feed: &Value) {
        let path = format!("{}?lang={language}", feed_path(site));
        self.page.put(&path, feed_reply(feed));
    }

    /// Serves this feed, with a `Date` this many seconds from now.
    pub fn put_feed_dated(&self, site: &str, feed: &Value, seconds: u64) {
        let at = SystemTime::now() + Duration::from_secs(seconds);
        let reply = feed_reply(feed).header("date", &httpdate::fmt_http_date(at));
        self.page.put(&feed_path(site), reply);
    }

    /// Answers `OPTIONS` as Cloudflare does: the Worker allows it for a site's feed, static files refuse it.
    pub fn answer_options_as_cloudflare(&self, site: &str) {
        let table = fs::read(dist().join("asset-table.json")).expect("run `cargo xtask build`");
        let table: Value = serde_json::from_slice(&table).expect("a table");
        for path in table.as_object().expect("a table is an object").keys() {
            self.page
                .put_options(path, Reply::new("text/plain", "").status(405));
        }
        let allowed = Reply::new("text/plain", "")
            .status(204)
            .header("access-control-allow-origin", "*")
            .header("access-control-allow-headers", "baggage, traceparent");
        self.page.put_options(&feed_path(site), allowed);
    }

    /// Answers a site's feed with 503 from now on.
    pub fn refuse_feed(&self, site: &str, retry_after_s: u32) {
        let reply = Reply::new("application/json", "{}")
            .status(503)
            .header("access-control-allow-origin", "*")
            .header("access-control-expose-headers", "Retry-After")
            .header("retry-after", &retry_after_s.to_string());
        self.page.put(&feed_path(site), reply);
    }

    /// Accepts requests for a site's feed from now on without answering.
    pub fn hang_feed(&self, site: &str) {
        self.page.put(&feed_path(site), Reply::hang());
    }

    /// The requested feed addresses with their queries, in order.
    pub fn feed_requests(&self) -> Vec<String> {
        let requests = self.page.requests().into_iter();
        let paths = requests.map(|request| request.path);
        paths.filter(|path| path.contains("/feed?")).collect()
    }

    /// The script tag that a host pastes, with these further attributes.
    pub fn embed(&self, site: &str, attributes: &str) -> String {
        let origin = self.origin();
        format!(
            "<script async src=\"{origin}/embed.js\" data-site=\"{site}\" {attributes}></script>"
        )
    }
}

/// A feed, confirmed at its `confirmed_at`, default now.
fn feed_reply(feed: &Value) -> Reply {
    let now = crate::in_minutes(0);
    let confirmed_at = feed["confirmed_at"].as_str().unwrap_or(&now);
    Reply::new("application/json", feed.to_string())
        .header("access-control-allow-origin", "*")
        .header(
            "access-control-expose-headers",
            "ETag, Date, Retry-After, Allclear-Confirmed-At",
        )
        .header("allclear-confirmed-at", confirmed_at)
}

fn feed_path(site: &str) -> String {
    format!("/v1/sites/{site}/feed")
}

/// A feed with these notices and a poll interval of one second.
pub fn feed(rev: u64, notices: &[Value]) -> Value {
    json!({ "v": 1, "site": "acme", "name": "Acme SMS", "lang": "en", "rev": rev, "poll_after_s": 1,
            "status_url": "https://status.example.com/s/acme", "subscribe": [], "notices": notices })
}

/// The notice of an open major incident.
pub fn notice(id: &str, title: &str) -> Value {
    json!({ "id": id, "kind": "incident", "status": "identified", "impact": "major", "in_app": "bar", "hold": false,
            "drill": false, "attention": 1, "title": title, "advice": null, "works": [], "broken": [],
            "started_at": crate::in_minutes(-30), "ends_at": null, "next_update_at": null, "overdue_after_s": 300,
            "estimated_end_at": null, "confidence": null, "components": [],
            "updates": [{ "id": "upd_1", "status": "identified", "body": "We are on it.", "at": crate::in_minutes(-10) }],
            "updates_more": 0, "contacts": [],
            "audience": { "segments": [], "paths": [], "components": [], "undeclared": "show" },
            "restored": null, "url": "https://status.example.com/s/acme/incidents/x" })
}

/// The notice of a resolved incident; `fields` replace those of its `restored`.
pub fn restored(notice: Value, fields: &Value) -> Value {
    let restored = json!({ "at": crate::in_minutes(-1), "seconds": 1740, "back": ["Sending"], "check": null, "still": [],
                           "returning_until": null, "everyone_until": null, "expires_at": crate::in_minutes(4000),
                           "withdrawn": null, "postmortem": null });
    let changed = json!({ "kind": "restored", "status": "resolved", "attention": 2, "restored": crate::with(restored, fields) });
    crate::with(notice, &changed)
}
