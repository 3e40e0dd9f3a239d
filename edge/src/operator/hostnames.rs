//! Confirms host names of sites. The site's object authorises the request; the directory stores the
//! confirmation.

use notice::rejection::Rejection;
use worker::Env;

use crate::{
    answer::Answer,
    cache::site_list,
    http::credential::Credential,
    refusal::Refusal,
    rpc::{directory_client, site_client::Envelope},
    runtime::{dns, request_context::RequestContext},
    site::hostnames::{self, ListedName},
};

/// Adds the directory's confirmations to a list of host names from the site's object.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn list(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    answer: &Answer,
) -> Result<Answer, Refusal> {
    let listing = site_list::refresh(context, env).await?;
    let owner = |host: &str| listing.hostnames.get(host).map(String::as_str);
    let site = envelope.site.as_str();
    Ok(hostnames::with_confirmations(answer, |host| {
        owner(host) == Some(site)
    })?)
}

/// Confirms a host name that the object has found among those of the site. Root confirms without a
/// check; other callers need the host name's TXT record.
///
/// # Errors
/// [`Rejection::HostnameUnconfirmed`] without the record, [`Rejection::Forbidden`] where only root can confirm,
/// [`Rejection::HostnameTaken`] if another site has confirmed it, `Fault` if the resolver or the directory fails.
pub async fn confirm(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    answer: Answer,
) -> Result<Answer, Refusal> {
    let mut name: ListedName = serde_json::from_str(&answer.body)?;
    let site = &envelope.site;
    let listing = site_list::refresh(context, env).await?;
    let owner = listing.hostnames.get(&name.host);
    let is_confirmed = owner.is_some_and(|owner| owner == site.as_str());
    if !is_confirmed {
        if envelope.credential != Credential::Root {
            check_record(env, &name).await?;
        }
        directory_client::confirm(env, site, &name.host).await?;
        site_list::invalidate();
    }
    name.confirmed = true;
    Ok(Answer {
        body: serde_json::to_string(&name)?,
        ..answer
    })
}

/// Checks that the DNS has the TXT record of a host name.
async fn check_record(env: &Env, name: &ListedName) -> Result<(), Refusal> {
    let record = &name.record;
    let values = dns::txt_records(env, &record.name).await?;
    let values = values.ok_or(Rejection::Forbidden)?;
    if values.contains(&record.value) {
        return Ok(());
    }
    Err(Rejection::HostnameUnconfirmed {
        record: record.name.clone(),
        value: record.value.clone(),
    }
    .into())
}
