//! The requests to the directory's object, and its client. Every call has a deadline.

use std::time::Duration;

use notice::{rejection::Rejection, wire::ids::Slug};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use worker::{Env, Method, Request, RequestInit};

use crate::{
    answer::Answer,
    fault::Fault,
    http::rate_limit::Remaining,
    refusal::Refusal,
    runtime::deadline::within,
    storage::{
        directory_tables::{ClaimResult, ConfirmResult, Listing},
        root_key_table::KeyState,
    },
};

/// Deadline for the list, for which readers wait.
const LIST_DEADLINE: Duration = Duration::from_secs(1);
/// Deadline for claims of a site's object; shorter than an operator's deadline for the object.
const CLAIM_DEADLINE: Duration = Duration::from_secs(4);
/// Deadline for changes of the list and for the root token's keys.
const DEADLINE: Duration = Duration::from_secs(10);

/// A request to the directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryRequest {
    /// All sites and host names; answered with a [`Listing`].
    List,
    /// Adds a site; answered with `null`.
    Add(Slug),
    /// Removes a site and frees its host names; answered with `null`.
    Remove(Slug),
    /// Replaces all host names of a site; answered with [`ClaimResult`].
    Claim(Slug, Vec<String>),
    /// Confirms that a host name belongs to a site; answered with [`ConfirmResult`].
    Confirm(Slug, String),
    /// A call about a write with the root token.
    RootKey(RootKeyCall),
}

/// A call about a write with the root token: its `Idempotency-Key` and the rate limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RootKeyCall {
    /// Starts a write; answered with [`Admission`].
    Begin {
        /// The `Idempotency-Key`, if any.
        key: Option<String>,
        /// Digest of the request.
        fingerprint: String,
        /// Limit of writes per minute; 0 means no limit.
        write_limit: u32,
    },
    /// Finds the answer to the deletion of a site by its own token; answered with an `Option<Answer>`.
    FindAnswer {
        key: String,
        /// Digest of the request.
        fingerprint: String,
    },
    /// Stores the answer of a write that was stored; answered with `null`.
    Finish {
        key: String,
        /// The answer for replays.
        answer: Answer,
    },
    /// Frees the key of a write that was not stored; answered with `null`.
    Release { key: String },
}

/// The directory's decision about a write with the root token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// The write is within the limit, or the key was used before.
    Allowed {
        /// The state of the key.
        key_state: KeyState,
        /// The remaining writes; `None` if the write was not counted.
        remaining: Option<Remaining>,
    },
    /// The write is over the limit. Has the answer for the caller.
    RateLimited(Answer),
}

/// Fetches all sites and host names.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn list(env: &Env) -> Result<Listing, Fault> {
    ask(env, LIST_DEADLINE, &DirectoryRequest::List).await
}

/// Adds a site. Idempotent.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn add(env: &Env, site: &Slug) -> Result<(), Fault> {
    ask(env, DEADLINE, &DirectoryRequest::Add(site.clone())).await
}

/// Removes a site. Idempotent.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn remove(env: &Env, site: &Slug) -> Result<(), Fault> {
    ask(env, DEADLINE, &DirectoryRequest::Remove(site.clone())).await
}

/// Replaces all host names of a site.
///
/// # Errors
/// [`Rejection::HostnameTaken`] if another site has confirmed one of them, `Fault` if the directory fails or misses its deadline.
pub async fn claim(env: &Env, site: &Slug, hostnames: &[String]) -> Result<(), Refusal> {
    let request = DirectoryRequest::Claim(site.clone(), hostnames.to_vec());
    match ask(env, CLAIM_DEADLINE, &request).await? {
        ClaimResult::Granted => Ok(()),
        ClaimResult::Taken(name) => Err(Rejection::HostnameTaken(name).into()),
    }
}

/// Confirms that a host name belongs to a site, which then serves it. Idempotent.
///
/// # Errors
/// [`Rejection::HostnameTaken`] if another site has confirmed it, [`Rejection::NotFound`] if the site does not list it,
/// `Fault` if the directory fails or misses its deadline.
pub async fn confirm(env: &Env, site: &Slug, hostname: &str) -> Result<(), Refusal> {
    let request = DirectoryRequest::Confirm(site.clone(), hostname.to_owned());
    match ask(env, CLAIM_DEADLINE, &request).await? {
        ConfirmResult::Confirmed => Ok(()),
        ConfirmResult::Taken => Err(Rejection::HostnameTaken(hostname.to_owned()).into()),
        ConfirmResult::Unlisted => Err(Rejection::NotFound.into()),
    }
}

/// Sends a call about a write with the root token.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn root_key<T: DeserializeOwned>(env: &Env, call: RootKeyCall) -> Result<T, Fault> {
    ask(env, DEADLINE, &DirectoryRequest::RootKey(call)).await
}

async fn ask<T: DeserializeOwned>(
    env: &Env,
    deadline: Duration,
    request: &DirectoryRequest,
) -> Result<T, Fault> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(serde_json::to_string(request)?.into()));
    let request = Request::new_with_init("http://directory/", &init)?;
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    within(deadline, "the directory", async {
        let mut response = directory.fetch_with_request(request).await?;
        let text = response.text().await?;
        match response.status_code() {
            200 => Ok(serde_json::from_str(&text)?),
            _ => Err(Fault::ObjectFailed {
                object: "the directory",
                detail: text,
            }),
        }
    })
    .await
}
