//! A host of one's own that answers as Allclear does, with a feed in the test's hands: what a second origin is, or one
//! that has been tampered with.

use std::fs;

use serde_json::{Value, json};
use xtask::workspace::dist;

use crate::page::{Page, Reply};

/// Such a host. What it is asked for is in [`Page::requests`].
#[derive(Debug)]
pub struct Mirror {
    page: Page,
}

impl Mirror {
    /// A host with every file of the build, as the table of static files says, and no feed yet.
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

    /// The host itself, to put other answers there.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Its origin.
    pub fn origin(&self) -> String {
        self.page.at("")
    }

    /// Answers a site's feed with this from now on, confirmed at its `confirmed_at` or now.
    pub fn put_feed(&self, site: &str, feed: &Value) {
        let now = crate::in_minutes(0);
        let confirmed_at = feed["confirmed_at"].as_str().unwrap_or(&now);
        let reply = Reply::new("application/json", feed.to_string())
            .header("access-control-allow-origin", "*")
            .header(
                "access-control-expose-headers",
                "ETag, Date, Retry-After, Allclear-Confirmed-At",
            )
            .header("allclear-confirmed-at", confirmed_at);
        self.page.put(&feed_path(site), reply);
    }

    /// Answers `OPTIONS` as on Cloudflare, where the Worker answers for a site's feed, and the layer that serves the files
    /// refuses it.
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

    /// Refuses a site's feed from now on.
    pub fn refuse_feed(&self, site: &str, retry_after_s: u32) {
        let reply = Reply::new("application/json", "{}")
            .status(503)
            .header("access-control-allow-origin", "*")
            .header("access-control-expose-headers", "Retry-After")
            .header("retry-after", &retry_after_s.to_string());
        self.page.put(&feed_path(site), reply);
    }

    /// Takes questions for a site's feed from now on, and never answers.
    pub fn hang_feed(&self, site: &str) {
        self.page.put(&feed_path(site), Reply::hang());
    }

    /// The addresses, with their queries, under which feeds were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
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

fn feed_path(site: &str) -> String {
    format!("/v1/sites/{site}/feed")
}

/// A feed with these notices; polls are welcome every second.
pub fn feed(rev: u64, notices: &[Value]) -> Value {
    json!({ "v": 1, "site": "acme", "name": "Acme SMS", "lang": "en", "rev": rev, "poll_after_s": 1,
            "status_url": "https://status.example.com/s/acme", "subscribe": [], "notices": notices })
}

/// An open major incident, as a feed has it.
pub fn outage(id: &str, title: &str) -> Value {
    json!({ "id": id, "kind": "incident", "status": "identified", "impact": "major", "in_app": "bar", "hold": false,
            "drill": false, "attention": 1, "title": title, "advice": null, "works": [], "broken": [],
            "started_at": crate::in_minutes(-30), "ends_at": null, "next_update_at": null, "overdue_after_s": 300,
            "estimated_end_at": null, "confidence": null, "components": [],
            "updates": [{ "id": "upd_1", "status": "identified", "body": "We are on it.", "at": crate::in_minutes(-10) }],
            "updates_more": 0, "contacts": [],
            "audience": { "segments": [], "paths": [], "components": [], "undeclared": "show" },
            "restored": null, "url": "https://status.example.com/s/acme/incidents/x" })
}
