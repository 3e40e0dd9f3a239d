//! The requests to a site's object, and its client.

use std::time::Duration;

use notice::{
    body::check::endpoint_url::Network,
    wire::{ids::Slug, language::LanguageTag},
};
use serde::{Deserialize, Serialize};
use worker::{Env, Headers, Method, Request, RequestInit, RequestRedirect, Response};

use super::{
    outbox_call::{Exchange, Work},
    sent_message::SentMessage,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{credential::Credential, link_call::LinkCall, page_call::PageCall, site_call::SiteCall},
    runtime::{deadline::within, respond::read_answer},
};

/// The header of a request to a site's object; its value is a [`SiteRequest`] as JSON.
pub const REQUEST: &str = "allclear-request";
/// The header of an answer to an operator; its value is [`Effects`] as JSON.
pub const EFFECTS: &str = "allclear-effects";
/// The header of a feed or page; its value is the site's languages, the primary one first,
/// separated by commas.
pub const LANGUAGES: &str = "allclear-languages";

/// Deadline for an operator's request, after which its outcome is unknown.
const DEADLINE: Duration = Duration::from_secs(10);
/// Deadline for work on a whole site, such as an import, whose body may still be in transit: 30 min.
const LONG_DEADLINE: Duration = Duration::from_secs(1800);

/// A request to a site's object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteRequest {
    /// The public feed for a reader's language; `None` selects the site's primary language.
    Feed(Option<LanguageTag>),
    Page(PageCall),
    /// Checks a token and does nothing else; answered with 204 or 401.
    Authenticate(Credential),
    /// Creates the site. The body is that of the operator's request.
    Create(Envelope),
    /// An operator's call. The body is that of the operator's request.
    Operate(SiteCall, Envelope),
    /// A link in a message to an on-call target; answered with a page or a redirect.
    OnCallLink(LinkCall),
    /// How late the site's work is; answered with seconds, or 404 if the site does not exist.
    AlarmDelay,
    /// The messages to webhooks and on-call targets, for development; answered with `SentMessage`s.
    Sent,
    /// The courier's results and its request for work. The body is an [`Exchange`], the answer [`Work`], or 404 if the site does
    /// not exist.
    Outbox,
}

impl SiteRequest {
    fn deadline(&self) -> Duration {
        match self {
            Self::Operate(call, _) if call.is_long() => LONG_DEADLINE,
            Self::Feed(_)
            | Self::Page(_)
            | Self::Authenticate(_)
            | Self::Create(_)
            | Self::Operate(..)
            | Self::OnCallLink(_)
            | Self::AlarmDelay
            | Self::Sent
            | Self::Outbox => DEADLINE,
        }
    }
}

/// An operator's request as parsed by the Worker, except for the call and the body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// The site that the request is about.
    pub site: Slug,
    pub credential: Credential,
    /// The method, in upper case; for the fingerprint of idempotency keys.
    pub method: String,
    /// The path, without its query; for the fingerprint and for `Location`.
    pub path: String,
    /// The query string, without the question mark.
    pub query: String,
    /// The header `Idempotency-Key`, if the request has one.
    pub key: Option<String>,
    pub if_match: Option<String>,
    /// The origin of this deployment, without a slash at the end.
    pub public_url: String,
    /// The limit of writes per minute and token; 0 means no limit.
    pub write_limit: u32,
    /// Whether URLs of webhooks may lead to private addresses.
    pub allows_private: bool,
    /// Whether this deployment sends mail.
    pub sends_mail: bool,
}

impl Envelope {
    /// The addresses that webhooks may have.
    pub fn network(&self) -> Network {
        network(self.allows_private)
    }
}

/// The addresses to which requests may be sent.
pub fn network(allows_private: bool) -> Network {
    match allows_private {
        true => Network::PublicAndPrivate,
        false => Network::Public,
    }
}

/// Side effects of an operator's request that the Worker must handle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// Whether the site exists after the request.
    pub site_exists: bool,
    /// Whether the request changed the site's host names.
    pub changed_hostnames: bool,
}

/// An object's answer to an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub answer: Answer,
    pub effects: Effects,
}

/// The body of a request to an object.
#[derive(Debug)]
pub enum Body<'a> {
    Bytes(&'a [u8]),
    /// The operator's request, whose body is streamed through.
    Stream(&'a Request),
}

/// Sends a request to a site's object.
///
/// # Errors
/// `Fault::Runtime` if the request cannot be sent.
pub async fn fetch(
    env: &Env,
    site: &Slug,
    request: &SiteRequest,
    body: Body<'_>,
) -> Result<Response, Fault> {
    let headers = Headers::new();
    headers.set(REQUEST, &serde_json::to_string(request)?)?;
    let body = match body {
        Body::Bytes(bytes) => Some(js_sys::Uint8Array::from(bytes).into()),
        Body::Stream(request) => request.inner().body().map(Into::into),
    };
    let mut init = RequestInit::new();
    // The browser, not this request, follows the redirect after a press of a link's button.
    init.with_method(Method::Post)
        .with_redirect(RequestRedirect::Manual)
        .with_headers(headers)
        .with_body(body);
    let request = Request::new_with_init("http://site/", &init)?;
    let stub = env.durable_object("SITE")?.get_by_name(site.as_str())?;
    Ok(stub.fetch_with_request(request).await?)
}

/// Sends an operator's request to a site's object.
///
/// # Errors
/// [`Fault::ObjectFailed`] if the object failed and has rolled back; [`Fault::TimedOut`] if the outcome is unknown.
pub async fn operate(
    env: &Env,
    site: &Slug,
    request: &SiteRequest,
    body: Body<'_>,
) -> Result<Reply, Fault> {
    within(request.deadline(), "the site", async {
        split_reply(read_answer(fetch(env, site, request, body).await?).await?)
    })
    .await
}

/// Whether a site has a token. The caller sets the deadline, because it may have waited before.
///
/// # Errors
/// `Fault` if the object fails or misses the deadline.
pub async fn authenticate(
    env: &Env,
    site: &Slug,
    credential: &Credential,
    deadline: Duration,
) -> Result<bool, Fault> {
    let request = SiteRequest::Authenticate(credential.clone());
    within(deadline, "the site", async {
        let response = fetch(env, site, &request, Body::Bytes(&[])).await?;
        let reply = split_reply(read_answer(response).await?)?;
        Ok(reply.answer.status < 300)
    })
    .await
}

/// Reports the results of attempts to a site's object, and asks it for work; `None` if the site does not exist.
///
/// # Errors
/// `Fault` if the object fails or misses the deadline. The reports must be sent again.
pub async fn exchange(env: &Env, site: &Slug, exchange: &Exchange) -> Result<Option<Work>, Fault> {
    let body = serde_json::to_vec(exchange)?;
    let request = SiteRequest::Outbox;
    within(request.deadline(), "the site", async {
        let response = fetch(env, site, &request, Body::Bytes(&body)).await?;
        let answer = split_reply(read_answer(response).await?)?.answer;
        match answer.status {
            200 => Ok(Some(serde_json::from_str(&answer.body)?)),
            _ => Ok(None),
        }
    })
    .await
}

/// How late a site's work is, in seconds; 0 for a site that does not exist.
///
/// # Errors
/// `Fault` if the object fails or misses the deadline.
pub async fn alarm_delay(env: &Env, site: &Slug) -> Result<u64, Fault> {
    let request = SiteRequest::AlarmDelay;
    within(request.deadline(), "the site", async {
        let response = fetch(env, site, &request, Body::Bytes(&[])).await?;
        let answer = split_reply(read_answer(response).await?)?.answer;
        match answer.status {
            200 => Ok(serde_json::from_str(&answer.body)?),
            _ => Ok(0),
        }
    })
    .await
}

/// The messages that a site has sent, for development.
///
/// # Errors
/// `Fault` if the object fails or misses the deadline.
pub async fn sent(env: &Env, site: &Slug) -> Result<Vec<SentMessage>, Fault> {
    let request = SiteRequest::Sent;
    within(request.deadline(), "the site", async {
        let response = fetch(env, site, &request, Body::Bytes(&[])).await?;
        let answer = split_reply(read_answer(response).await?)?.answer;
        match answer.status {
            200 => Ok(serde_json::from_str(&answer.body)?),
            _ => Ok(Vec::new()),
        }
    })
    .await
}

/// Sends an operator's request whose answer may be a file; returns the answer, with the file as a stream.
///
/// # Errors
/// [`Fault::ObjectFailed`] if the object failed, [`Fault::TimedOut`] if it has not begun to answer in time.
pub async fn open(env: &Env, site: &Slug, request: &SiteRequest) -> Result<Response, Fault> {
    let response = within(request.deadline(), "the site", async {
        fetch(env, site, request, Body::Bytes(&[])).await
    });
    let mut response = response.await?;
    if response.status_code() == 500 {
        return Err(Fault::ObjectFailed {
            object: "the site",
            detail: response.text().await?,
        });
    }
    Ok(response)
}

/// Splits an object's answer into the caller's answer and the side effects.
fn split_reply(mut answer: Answer) -> Result<Reply, Fault> {
    if answer.status == 500 {
        return Err(Fault::ObjectFailed {
            object: "the site",
            detail: answer.body,
        });
    }
    let effects = match answer.header(EFFECTS) {
        Some(effects) => serde_json::from_str(effects)?,
        None => Effects::default(),
    };
    answer.headers.retain(|(name, _)| name != EFFECTS);
    Ok(Reply { answer, effects })
}

#[cfg(test)]
mod tests {
    use super::{EFFECTS, Effects, split_reply};
    use crate::{answer::Answer, fault::Fault};

    #[test]
    fn a_failed_object_is_reported_as_failed() {
        let failed = Answer {
            status: 500,
            body: "sql: disk full".to_owned(),
            ..Answer::no_content()
        };
        assert!(matches!(
            split_reply(failed),
            Err(Fault::ObjectFailed { detail, .. }) if detail == "sql: disk full"
        ));
    }

    #[test]
    fn effects_are_removed_from_the_answer() {
        let effects = Effects {
            site_exists: true,
            changed_hostnames: false,
        };
        let sent = Answer::no_content().with(EFFECTS, &serde_json::to_string(&effects).unwrap());
        let reply = split_reply(sent).unwrap();
        assert_eq!(reply.effects, effects);
        assert_eq!(reply.answer, Answer::no_content());
    }
}
