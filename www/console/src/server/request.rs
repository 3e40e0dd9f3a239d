//! HTTP requests to the server.

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::AbortController;

use super::{
    documents::Collection,
    failure::{Failure, parse_error},
    session::Session,
};
use crate::time::clock;

/// Timeout of a request, in milliseconds: longer than the server's own deadline of 10 s.
const TIMEOUT_MS: u32 = 15_000;

/// The body and the headers of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    pub body: Option<String>,
    /// Entity tag of the version that the request changes.
    pub if_match: Option<String>,
    /// `Idempotency-Key`: the server executes a repeated request once.
    pub key: Option<String>,
}

impl Payload {
    /// A JSON body without headers.
    ///
    /// # Errors
    /// [`Failure::Unwritable`] if the value has no JSON form.
    pub fn json(value: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self {
            body: Some(to_json(value)?),
            ..Self::default()
        })
    }
}

/// Serialises a request body.
///
/// # Errors
/// [`Failure::Unwritable`] if the value has no JSON form.
pub fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Failure::Unwritable)
}

/// A response with a success status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub etag: Option<String>,
    pub text: String,
}

impl Answer {
    /// Parses the body.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if it is not the expected JSON, as after an update of the server.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.text).map_err(|_| Failure::Unreadable)
    }

    /// Parses the body of a resource, and returns it with its entity tag.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the body is not the expected JSON or the entity tag is missing: without the tag a change
    /// could overwrite another one unseen.
    pub fn read_tagged<T: DeserializeOwned>(self) -> Result<(T, String), Failure> {
        let value = self.read()?;
        Ok((value, self.etag.ok_or(Failure::Unreadable)?))
    }
}

/// Sends a request. `token` is absent where the body carries the credential.
///
/// # Errors
/// See [`Failure`]. The body of a success is not parsed here: [`Answer::read`] does that.
pub async fn send(
    method: Method,
    path: &str,
    token: Option<&str>,
    payload: &Payload,
) -> Result<Answer, Failure> {
    let unreachable = |_| Failure::Unreachable;
    let controller = AbortController::new().map_err(|_| Failure::Unwritable)?;
    let signal = controller.signal();
    let _timeout = Timeout::new(TIMEOUT_MS, move || controller.abort());
    let mut request = RequestBuilder::new(path)
        .method(method)
        .abort_signal(Some(&signal));
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    for (name, value) in [
        ("If-Match", &payload.if_match),
        ("Idempotency-Key", &payload.key),
    ] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let sent = match &payload.body {
        Some(body) => {
            let request = request.header("Content-Type", "application/json");
            let request = request.body(body.as_str());
            request.map_err(|_| Failure::Unwritable)?.send().await
        }
        None => request.send().await,
    };
    let response = sent.map_err(unreachable)?;
    if let Some(date) = response.headers().get("date") {
        clock::synchronise(&date);
    }
    let text = response.text().await.map_err(unreachable)?;
    if response.ok() {
        let etag = response.headers().get("etag");
        return Ok(Answer { etag, text });
    }
    Err(parse_error(response.status(), &text))
}

/// Entries per page of a list: the server's maximum.
const PAGE_SIZE: usize = 100;

/// Reads all pages of a list. After each page but the last, calls `on_progress` with the number of entries read so far.
///
/// # Errors
/// The failure of the first page that could not be read.
pub async fn read_all<T: DeserializeOwned>(
    path: &str,
    token: &str,
    on_progress: impl Fn(usize),
) -> Result<Vec<T>, Failure> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let first = format!("{path}{separator}limit={PAGE_SIZE}");
    let mut next = first.clone();
    let mut entries = Vec::new();
    loop {
        let answer = send(Method::GET, &next, Some(token), &Payload::default()).await?;
        let page: Collection<T> = answer.read()?;
        entries.extend(page.items);
        let Some(cursor) = page.next else {
            return Ok(entries);
        };
        on_progress(entries.len());
        next = format!("{first}&cursor={cursor}");
    }
}

impl Session {
    /// Returns the URL path of a resource of the site.
    pub fn path(&self, path: &str) -> String {
        format!("/v1/sites/{}{path}", self.site)
    }

    /// Reads a resource of the site, with its entity tag if it has one.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(T, Option<String>), Failure> {
        let answer = self.read(path).await?;
        Ok((answer.read()?, answer.etag))
    }

    /// Reads a resource of the site that is to be changed, with its entity tag.
    ///
    /// # Errors
    /// See [`Failure`]; [`Failure::Unreadable`] also if the entity tag is missing.
    pub async fn get_tagged<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(T, String), Failure> {
        self.read(path).await?.read_tagged()
    }

    async fn read(&self, path: &str) -> Result<Answer, Failure> {
        let path = self.path(path);
        send(Method::GET, &path, Some(&self.token), &Payload::default()).await
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, to_json};
    use crate::server::failure::Failure;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn answer(etag: Option<&str>, text: &str) -> Answer {
        Answer {
            etag: etag.map(str::to_owned),
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_answer_that_is_not_json_is_unreadable() {
        let read = answer(None, "<html>").read::<Value>();
        assert_eq!(read, Err(Failure::Unreadable));
    }

    #[test]
    fn a_resource_without_an_etag_is_unreadable() {
        let read = answer(None, "{}").read_tagged::<Value>();
        assert_eq!(read, Err(Failure::Unreadable));
        let read = answer(Some("\"1\""), "{}").read_tagged::<Value>();
        assert_eq!(read, Ok((json!({}), "\"1\"".to_owned())));
    }

    #[test]
    fn a_body_without_a_json_form_is_unwritable() {
        let keyed_by_a_list = BTreeMap::from([(vec![1], 2)]);
        assert_eq!(to_json(&keyed_by_a_list), Err(Failure::Unwritable));
    }

    #[test]
    fn local_failures_do_not_blame_the_server() {
        for failure in [Failure::Unreadable, Failure::Unwritable] {
            let message = failure.message();
            assert!(!message.contains("does not answer"), "{message}");
            assert!(message.contains("Reload the page"), "{message}");
        }
    }
}
