//! The harness of the end-to-end tests: a real [`Server`], a host [`Page`] on another origin that embeds it, and a real
//! [`Browser`] that reads that page from outside, closed shadow roots included.
//!
//! ```no_run
//! # async fn example() {
//! use e2e::{Browser, Page, Server};
//! use serde_json::json;
//!
//! let server = Server::start();
//! server.post("/v1/sites", e2e::ROOT_TOKEN, &json!({ "slug": "acme", "name": "Acme" }));
//! let page = Page::host(&format!("<h1>Acme</h1>{}", server.embed("acme", "")));
//! let browser = Browser::start().await;
//! browser.goto(&page.url()).await;
//! let tree = browser.wait_for("the card", |tree| tree.part("card").is_some()).await;
//! browser.click(tree.part("hide").unwrap()).await;
//! # }
//! ```
//!
//! Each test starts its own server, page and browser; dropping them ends them. The harness panics when it cannot do what a
//! test asks, and prints the page. It needs `dist/`: run `cargo xtask build` first.

pub mod axe;
pub mod browser;
pub mod card;
mod child;
pub mod chromedriver;
pub mod doh;
pub mod emulation;
pub mod engine;
pub mod front;
pub mod hanging;
pub mod hosts;
pub mod labels;
pub mod logs;
pub mod mirror;
pub mod operator;
pub mod page;
pub mod pointer;
pub mod refusing;
pub mod server;
mod session;
pub mod sink;
pub mod site;
pub mod tabs;
pub mod tree;
mod wait;
pub mod watch;

use std::time::{SystemTime, UNIX_EPOCH};

use notice::wire::time::Timestamp;

pub use axe::AxeScope;
pub use browser::Browser;
pub use card::{
    Witness, assert_no_card, assert_not_shown, expand, has_text, is_expanded, is_pill, part,
    poll_until, press, wait_until_seen, witness,
};
pub use doh::{DnsStyle, Resolver};
pub use emulation::{Motion, Scheme};
pub use engine::{Engine, EngineBrowser};
pub use front::{Caching, Front};
pub use hanging::{Hanging, HangingServer};
pub use mirror::Mirror;
pub use operator::Operator;
pub use page::{Page, Reply};
pub use refusing::RefusingHost;
pub use server::{Options as ServerOptions, ROOT_TOKEN, Server, code, source};
pub use session::Options as BrowserOptions;
pub use sink::{BEGINNING, Behaviour, Received, Sink};
pub use site::{Site, TITLE, full_outage, outage, outage_with, sending_outage, with};
pub use tabs::Tab;
pub use tree::{Node, Tree};
pub use xtask::http::{Answer, Client, Request};

/// The time this many minutes from now, in the past when negative, as RFC 3339.
pub fn in_minutes(minutes: i64) -> String {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since_epoch.expect("a clock past 1970").as_secs();
    let now =
        Timestamp::from_seconds(i64::try_from(seconds).expect("a clock before the year 9999"));
    now.plus_seconds(minutes * 60).to_string()
}

/// Whether the tests that take minutes run too: `cargo xtask test --long`.
pub fn long() -> bool {
    std::env::var_os("ALLCLEAR_LONG").is_some()
}
