//! A small blocking HTTP client for a server on this machine. It follows no redirect, takes every status as an
//! answer, and opens a connection per request, so that a server killed in between leaves nothing stale behind.

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use ureq::{Agent, http};

/// Larger than anything that is served, exports included.
const LARGEST_BODY: u64 = 64 << 20;

/// Speaks to one server.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    agent: Agent,
}

/// What a server said.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as received, not decompressed.
    pub body: Vec<u8>,
    /// The body read as JSON; `Null` when it is none.
    pub json: Value,
}

/// A request in the making.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct Request<'client> {
    client: &'client Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Client {
    /// A client for the server at this origin, such as `http://127.0.0.1:8787`; gives up on an answer after `patience`.
    pub fn new(base: &str, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            // A proxy named in the environment has no business between us and a server on this machine.
            .proxy(None)
            .timeout_global(Some(patience))
            .build();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            agent: config.into(),
        }
    }

    /// Begins a request.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request {
            client: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// A GET without a token.
    pub fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.request("GET", path).send()
    }
}

impl Request<'_> {
    /// Sends this operator's token.
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sends this `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends this header as well.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends JSON.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .bytes(body.to_string())
    }

    /// Sends these bytes as they are, with no content type of their own.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the request and reads the whole answer. Fails only when there is none.
    pub fn send(self) -> anyhow::Result<Answer> {
        let address = format!("{}{}", self.client.base, self.path);
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(&address);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.client.agent;
        let response = match self.body {
            Some(body) => agent.run(request.body(body)?),
            None => agent.run(request.body(())?),
        };
        let mut response =
            response.with_context(|| format!("no answer to {} {address}", self.method))?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        let body = response
            .body_mut()
            .with_config()
            .limit(LARGEST_BODY)
            .read_to_vec()
            .with_context(|| format!("the answer to {} {address} was cut off", self.method))?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers,
            json: serde_json::from_slice(&body).unwrap_or(Value::Null),
            body,
        })
    }
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text, whatever it is.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
