//! Host names belong to one site each: the directory says so before a site takes one.

use notice::{
    rejection::Rejection,
    wire::{event::Event, ids::Slug},
};
use serde::Deserialize;
use serde_json::{Value as Json, value::RawValue};
use worker::{Env, Method, Request};

use super::operate::Refusal;
use crate::{fault::Fault, runtime::settings};

/// The host names a body asks for; `None` where it says nothing of them, or nothing that can be read, which is
/// complained about where the whole body is.
pub fn wanted(body: &[u8]) -> Option<Vec<String>> {
    let body: Json = serde_json::from_slice(body).ok()?;
    match body.get("hostnames")? {
        // A merge patch clears them so.
        Json::Null => Some(Vec::new()),
        names => serde_json::from_value(names.clone()).ok(),
    }
}

/// The host names of the site in an import, as its last settings have them; none where the file cannot be read, which is
/// complained about where the whole of it is.
pub fn imported(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        event: &'a RawValue,
    }
    // Few lines are of settings, and of a large file only these are read.
    let of_settings = |line: &&str| line.contains("\"hostnames\"");
    let text = str::from_utf8(body).unwrap_or_default();
    let events = text.lines().filter(of_settings).filter_map(|line| {
        let line: Line<'_> = serde_json::from_str(line).ok()?;
        serde_json::from_str(line.event.get()).ok()
    });
    let mut settings = events.filter_map(|event: Event| match event {
        Event::SiteCreated { site } | Event::SiteChanged { site } => Some(site.hostnames),
        _ => None,
    });
    settings.next_back().unwrap_or_default()
}

/// Claims exactly these names for a site.
///
/// # Errors
/// [`Rejection::HostnameTaken`] when one is another site's, or the deployment's own; ours when the directory fails.
pub async fn claim(env: &Env, site: &Slug, names: &[String]) -> Result<(), Refusal> {
    let own = settings::public_host(env);
    if let Some(name) = names
        .iter()
        .find(|name| own.as_deref() == Some(name.as_str()))
    {
        return Err(Rejection::HostnameTaken(name.clone()).into());
    }
    let query: Vec<String> = names
        .iter()
        .map(|name| format!("name={}", js_sys::encode_uri_component(name)))
        .collect();
    let url = format!("http://directory/claim/{site}?{}", query.join("&"));
    let request = Request::new(&url, Method::Post).map_err(Fault::from)?;
    let directory = env
        .durable_object("DIRECTORY")
        .and_then(|namespace| namespace.get_by_name("directory"))
        .map_err(Fault::from)?;
    let mut answer = directory
        .fetch_with_request(request)
        .await
        .map_err(Fault::from)?;
    match answer.status_code() {
        204 => Ok(()),
        409 => {
            let taken: String = answer.json().await.map_err(Fault::from)?;
            Err(Rejection::HostnameTaken(taken).into())
        }
        _ => Err(Fault::Failed("the directory").into()),
    }
}
