//! Fetches from a site's object.

use std::time::Duration;

use notice::wire::{ids::Slug, language::Language};
use worker::Env;

use super::{resource::Resource, snapshot::Document};
use crate::{
    fault::Fault,
    rpc::site_client::{self as rpc, Body},
    runtime::{deadline::within, respond::read_text, server_clock},
};

/// Deadline for a fetch; as long as a lease.
const DEADLINE: Duration = Duration::from_secs(1);

/// A document fetched from the object.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub document: Document,
    /// The site's languages, its own first.
    pub languages: Vec<Language>,
}

/// Fetches a document; `None` if the object answers 404.
///
/// # Errors
/// `Fault` if the object fails or misses the deadline.
pub async fn fetch(env: &Env, site: &Slug, resource: &Resource) -> Result<Option<Fresh>, Fault> {
    within(DEADLINE, "the site", fetch_from_object(env, site, resource)).await
}

async fn fetch_from_object(
    env: &Env,
    site: &Slug,
    resource: &Resource,
) -> Result<Option<Fresh>, Fault> {
    let request = resource.request();
    let mut response = rpc::fetch(env, site, &request, Body::Bytes(&[])).await?;
    match response.status_code() {
        200 => {}
        404 => return Ok(None),
        _ => {
            return Err(Fault::ObjectFailed {
                object: "the site",
                detail: response.text().await?,
            });
        }
    }
    let header = |name: &str| response.headers().get(name);
    let etag = header("etag")?.unwrap_or_default();
    let languages = header(rpc::LANGUAGES)?.unwrap_or_default();
    Ok(Some(Fresh {
        languages: languages.split(',').filter_map(Language::parse).collect(),
        document: Document {
            body: read_text(response).await?.into(),
            etag,
            confirmed_ms: server_clock::now_ms(env),
        },
    }))
}
