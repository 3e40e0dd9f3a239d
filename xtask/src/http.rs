//! A blocking HTTP client for a server on this machine. It follows no redirects, and returns an
//! answer for every status. It opens a connection for each request, so that no stale connection is
//! left when a server is killed; for measurements it can reuse connections.

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use ureq::{Agent, http};

/// Maximum size of an answer, in bytes: 64 MiB, more than any export in the tests.
const MAX_BODY: u64 = 64 << 20;

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    agent: Agent,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Header names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as received, not decompressed.
    pub body: Vec<u8>,
    /// The body as JSON; `Null` when it is not JSON.
    pub json: Value,
}

/// A request that is being built.
#[derive(Clone, Debug)]
#[must_use = "the request is sent by `send`"]
pub struct Request<'client> {
    client: &'client Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Client {
    /// `base` is the server's origin, such as `http://127.0.0.1:8787`; `timeout` is that of each request.
    pub fn new(base: &str, timeout: Duration) -> Self {
        Self::build(base, timeout, 0)
    }

    /// Like [`Client::new`], but reuses connections, so that measurements do not include connecting.
    pub fn with_kept_connections(base: &str, timeout: Duration) -> Self {
        Self::build(base, timeout, 8)
    }

    fn build(base: &str, timeout: Duration, idle_connections: usize) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(idle_connections)
            // A proxy from the environment must not be used for a server on this machine.
            .proxy(None)
            .timeout_global(Some(timeout))
            .build();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            agent: config.into(),
        }
    }

    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request {
            client: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Sends a GET request without a token.
    pub fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.request("GET", path).send()
    }
}

impl Request<'_> {
    /// Adds an operator's bearer token.
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds an `Idempotency-Key` header.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .bytes(body.to_string())
    }

    /// Sets a body without a content type.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the request and reads the whole answer.
    ///
    /// # Errors
    /// When there is no answer, or the answer is cut off. An answer with an error status is not an error.
    pub fn send(self) -> anyhow::Result<Answer> {
        let mut answer = self.receive()?;
        answer.json = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        Ok(answer)
    }

    /// Sends the request and reads the whole answer, without parsing it as JSON, which would slow down measurements.
    ///
    /// # Errors
    /// As [`Request::send`].
    pub fn receive(self) -> anyhow::Result<Answer> {
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
            .limit(MAX_BODY)
            .read_to_vec()
            .with_context(|| format!("the answer to {} {address} was cut off", self.method))?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers,
            json: Value::Null,
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

    /// The body as text; invalid UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
