//! Where everything that is read comes from: the site's object.

use std::time::Duration;

use notice::wire::ids::Slug;
use worker::Env;

use super::snapshot::Feed;
use crate::{
    fault::Fault,
    runtime::{clock, deadline::within},
};

/// How long the holder of a ticket waits for it.
const DEADLINE: Duration = Duration::from_secs(1);
/// Carries a site's languages, its own first, from its object to the Worker.
pub const LANGUAGES_HEADER: &str = "allclear-languages";

/// What the object tells, just now confirmed.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// The body, whatever was asked for.
    pub feed: Feed,
    /// The site's languages, its own first.
    pub languages: Vec<String>,
}

/// Asks for what lies at `path`; `None` where the object knows of no such thing.
///
/// # Errors
/// When it fails, or does not answer in time.
pub async fn ask(env: &Env, site: &Slug, path: &str) -> Result<Option<Fresh>, Fault> {
    within(DEADLINE, "the site", tell(env, site, path)).await
}

async fn tell(env: &Env, site: &Slug, path: &str) -> Result<Option<Fresh>, Fault> {
    let stub = env.durable_object("SITE")?.get_by_name(site.as_str())?;
    let mut response = stub.fetch_with_str(&format!("http://site{path}")).await?;
    match response.status_code() {
        200 => {}
        404 => return Ok(None),
        _ => return Err(Fault::Failed("the site")),
    }
    let header = |name: &str| response.headers().get(name);
    let etag = header("etag")?.unwrap_or_default();
    let languages = header(LANGUAGES_HEADER)?.unwrap_or_default();
    Ok(Some(Fresh {
        languages: languages.split(',').map(str::to_owned).collect(),
        feed: Feed {
            body: response.text().await?.into(),
            etag,
            confirmed_ms: clock::now_ms(env),
        },
    }))
}
