//! `/dev/outbox`: the messages to webhooks and on-call targets, on servers that `cargo xtask dev` has started.

use notice::wire::ids::Slug;
use worker::Env;

use crate::{
    answer::{Answer, NO_STORE},
    cache::site_list,
    fault::Fault,
    pages::sent_page,
    rpc::site_client,
    runtime::{request_context::RequestContext, settings},
};

/// The address of the page.
pub const PATH: &str = "/dev/outbox";

/// Renders the page; `None` for other paths, and on servers without `DEV_OUTBOX`.
///
/// # Errors
/// `Fault` if the directory or a site's object fails.
pub async fn page(
    context: &RequestContext,
    env: &Env,
    path: &str,
) -> Result<Option<Answer>, Fault> {
    if path != PATH || !settings::shows_outbox(env) {
        return Ok(None);
    }
    let listing = site_list::refresh(context, env).await?;
    let mut sites = Vec::new();
    for site in listing.slugs.iter().filter_map(|slug| Slug::parse(slug)) {
        let sent = site_client::sent(env, &site).await?;
        sites.push((site, sent));
    }
    let answer = Answer {
        status: 200,
        headers: Vec::new(),
        body: sent_page::render(&sites),
    };
    Ok(Some(
        answer
            .with("content-type", "text/html; charset=utf-8")
            .with("cache-control", NO_STORE),
    ))
}
