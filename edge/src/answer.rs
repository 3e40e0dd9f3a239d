//! An answer as data: what a handler returns, before it becomes a response of the runtime.

use notice::rejection::{Problem, Rejection, title};
use serde::{Deserialize, Serialize};

/// What a response says of keeping it.
pub const NO_STORE: &str = "no-store";

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// JSON that only its caller may see.
    ///
    /// # Errors
    /// When `value` cannot be written as JSON.
    pub fn json<T: Serialize>(status: u16, value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self {
            status,
            headers: Vec::new(),
            body: serde_json::to_string(value)?,
        }
        .with("content-type", "application/json")
        .with("cache-control", NO_STORE))
    }

    /// Done, and nothing to say.
    pub fn nothing() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: String::new(),
        }
        .with("cache-control", NO_STORE)
    }

    /// The caller's mistake, as RFC 9457.
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

    /// Our outage: the caller may try again. `code` is `unavailable`, or `outcome_unknown` where a write may have
    /// happened all the same.
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
            // Writing plain strings and numbers as JSON does not fail.
            body: serde_json::to_string(problem).unwrap_or_default(),
        }
        .with("content-type", "application/problem+json")
        .with("cache-control", NO_STORE)
    }

    /// The same with a header more, or with another value of it.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(standing, _)| standing != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(standing, _)| standing == name)
            .map(|(_, value)| value.as_str())
    }
}
