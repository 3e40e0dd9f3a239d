//! The plain card: drawn on pages whose content policy forbids wasm, with the same texts, part names and stored values as the
//! widget's card.

mod colours;
mod host;
mod state;
mod story;

use e2e::{Browser, Page, Site};

/// A page that allows our scripts and our feed, but no wasm.
fn page(site: &Site, attributes: &str) -> Page {
    let origin = site.server.url();
    let embed = site.server.embed(site.slug, attributes);
    let policy = format!(
        "default-src 'none'; script-src {origin}; connect-src {origin}; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    Page::with_policy(&embed, Some(&policy))
}

/// Waits until the loader has the newest feed.
async fn wait_for_newest_feed(site: &Site, browser: &Browser) {
    let rev = site.feed().json["rev"].as_u64();
    browser
        .wait_for_script(
            "the feed",
            "window.Allclear?.refresh(); return window.Allclear?.state.feed?.rev",
            |seen| seen.as_u64() == rev,
        )
        .await;
}
