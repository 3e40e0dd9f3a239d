//! The answer of a handler as data, before it becomes a response of the runtime.

use notice::rejection::{Problem, Rejection, title};
use serde::{Deserialize, Serialize};

/// The `Cache-Control` value of answers that must not be cached.
pub const NO_STORE: &str = "no-store";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// A JSON answer for its caller only: `Cache-Control: no-store`.
    ///
    /// # Errors
    /// If `value` cannot be serialised as JSON.
    pub fn json<T: Serialize>(status: u16, value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::json_text(status, serde_json::to_string(value)?))
    }

    /// A JSON answer from a value that is already serialised.
    pub fn json_text(status: u16, body: String) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
        }
        .with("content-type", "application/json")
        .with("cache-control", NO_STORE)
    }

    /// A 204 without a body.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: String::new(),
        }
        .with("cache-control", NO_STORE)
    }

    /// A rejection as a problem document (RFC 9457).
    pub fn rejection(rejection: &Rejection) -> Self {
        let answer = Self::problem(&rejection.problem());
        match rejection {
            Rejection::MethodNotAllowed(allow) => answer.with("allow", allow),
            Rejection::Unauthorized => answer.with("www-authenticate", "Bearer"),
            Rejection::TooManyRequests {
                retry_after_s,
                limit,
            } => answer
                .with("retry-after", &retry_after_s.to_string())
                .with("ratelimit-policy", &format!("\"minute\";q={limit};w=60"))
                .with("ratelimit", &format!("\"minute\";r=0;t={retry_after_s}")),
            _ => answer,
        }
    }

    /// A 503 that may be retried. `code` is `unavailable`, or `outcome_unknown` where a write may have been stored.
    pub fn unavailable(code: &'static str, detail: &str) -> Self {
        Self::problem(&Problem {
            kind: "about:blank",
            title: title(503),
            status: 503,
            code,
            detail: detail.to_owned(),
            errors: Vec::new(),
        })
        .with("retry-after", "2")
    }

    fn problem(problem: &Problem) -> Self {
        Self {
            status: problem.status,
            headers: Vec::new(),
            // Serialising plain strings and numbers does not fail.
            body: serde_json::to_string(problem).unwrap_or_default(),
        }
        .with("content-type", "application/problem+json")
        .with("cache-control", NO_STORE)
    }

    /// Allows pages of all origins to read the answer, without credentials, and to measure it.
    #[must_use]
    pub fn for_all_origins(self) -> Self {
        self.with("access-control-allow-origin", "*")
            .with("cross-origin-resource-policy", "cross-origin")
            .with("timing-allow-origin", "*")
    }

    /// Adds or replaces a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(existing, _)| existing != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a header, and returns its value.
    pub fn without(mut self, name: &str) -> (Self, Option<String>) {
        let place = self
            .headers
            .iter()
            .position(|(existing, _)| existing == name);
        let removed = place.map(|place| self.headers.remove(place).1);
        (self, removed)
    }

    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(existing, _)| existing == name)
            .map(|(_, value)| value.as_str())
    }
}
