//! Talking to the server.

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use serde::{Deserialize, de::DeserializeOwned};
use web_sys::AbortController;

use crate::{clock, documents::Collection, session::Session};

/// How long a request may take, in milliseconds: past the server's own ten seconds.
const PATIENCE_MS: u32 = 15_000;

/// A bad field, as the server or `notice` says it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldError {
    /// JSON pointer to it.
    pub pointer: String,
    /// What to change.
    pub detail: String,
}

/// An RFC 9457 problem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What a program decides by.
    pub code: String,
    /// What a person reads.
    pub detail: String,
    /// Every bad field.
    #[serde(default)]
    pub errors: Vec<FieldError>,
}

/// Why there is no ordinary answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server was not reached, or its answer not heard.
    Unreachable,
    /// The session has ended.
    SignedOut,
    /// It may or may not have happened.
    Unknown,
    /// It has changed since it was read.
    Conflict,
    /// Refused, with a reason.
    Refused(Problem),
}

impl Failure {
    /// For a person, with what to do.
    pub fn words(&self) -> String {
        match self {
            Self::Unreachable if !is_online() => {
                "You are offline. What you typed is kept on this device; try again when you are connected.".to_owned()
            }
            Self::Unreachable => {
                "The server does not answer. What you typed is kept on this device; try again in a moment.".to_owned()
            }
            Self::SignedOut => "You are signed out. What you typed is kept.".to_owned(),
            Self::Unknown => {
                "The server did not confirm this in time. Send it again: nothing is posted twice.".to_owned()
            }
            Self::Conflict => "Somebody else changed this while you were editing. Compare both versions, then try again.".to_owned(),
            Self::Refused(problem) => match problem.status {
                403 => "Your role does not allow this. Ask an owner of the site.".to_owned(),
                404 => "Not found. It may have been deleted.".to_owned(),
                429 => "Too many changes in one minute. Wait a moment, then try again.".to_owned(),
                503 => "The server is not available, and nothing was changed. Try again in a moment.".to_owned(),
                _ if !problem.errors.is_empty() => "Please fix the fields marked below.".to_owned(),
                _ => sentence(&problem.detail),
            },
        }
    }
}

/// With a capital and a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let text = first.unwrap_or_default() + letters.as_str();
    if text.ends_with(['.', '?', ':']) {
        text
    } else {
        text + "."
    }
}

/// Whether this device believes that it has a network.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// What a request says beside its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The JSON body.
    pub body: Option<String>,
    /// Of what was read.
    pub if_match: Option<String>,
    /// So that a repeat happens once.
    pub key: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The entity tag.
    pub etag: Option<String>,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON. What cannot be read was not heard.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.text).map_err(|_| Failure::Unreachable)
    }
}

/// Sends a request; `token` is absent where the body carries the credential.
pub async fn send(
    method: Method,
    path: &str,
    token: Option<&str>,
    given: &Given,
) -> Result<Answer, Failure> {
    let unheard = |_| Failure::Unreachable;
    let controller = AbortController::new().map_err(|_| Failure::Unreachable)?;
    let signal = controller.signal();
    let _deadline = Timeout::new(PATIENCE_MS, move || controller.abort());
    let mut request = RequestBuilder::new(path)
        .method(method)
        .abort_signal(Some(&signal));
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    for (name, value) in [
        ("If-Match", &given.if_match),
        ("Idempotency-Key", &given.key),
    ] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let sent = match &given.body {
        Some(body) => {
            let request = request.header("Content-Type", "application/json");
            request.body(body.as_str()).map_err(unheard)?.send().await
        }
        None => request.send().await,
    };
    let response = sent.map_err(unheard)?;
    if let Some(date) = response.headers().get("date") {
        clock::learn(&date);
    }
    let text = response.text().await.map_err(unheard)?;
    if response.ok() {
        let etag = response.headers().get("etag");
        return Ok(Answer { etag, text });
    }
    Err(refusal(response.status(), &text))
}

/// How many entries of a list are asked for at once; the most that the server gives.
const PART: usize = 100;

/// Reads a whole list, part by part. `progress` is told how many entries have come.
pub async fn all<T: DeserializeOwned>(
    path: &str,
    token: &str,
    progress: impl Fn(usize),
) -> Result<Vec<T>, Failure> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let first = format!("{path}{joint}limit={PART}");
    let mut next = first.clone();
    let mut found = Vec::new();
    loop {
        let answer = send(Method::GET, &next, Some(token), &Given::default()).await?;
        let part: Collection<T> = answer.read()?;
        found.extend(part.items);
        let Some(cursor) = part.next else {
            return Ok(found);
        };
        progress(found.len());
        next = format!("{first}&cursor={cursor}");
    }
}

fn refusal(status: u16, text: &str) -> Failure {
    match status {
        401 => Failure::SignedOut,
        // What was thought to be the first of its kind is not.
        412 | 428 => Failure::Conflict,
        // A fault of the server says nothing about what has happened.
        500 => Failure::Unreachable,
        _ => match serde_json::from_str::<Problem>(text) {
            Ok(problem) if problem.code == "outcome_unknown" => Failure::Unknown,
            Ok(problem) => Failure::Refused(placed(problem)),
            Err(_) => Failure::Unreachable,
        },
    }
}

/// With its field, where only the code names it.
fn placed(mut problem: Problem) -> Problem {
    let pointer = match problem.code.as_str() {
        "slug_taken" => "/slug",
        "hostname_taken" => "/hostnames",
        _ => return problem,
    };
    if problem.errors.is_empty() {
        problem.errors.push(FieldError {
            pointer: pointer.to_owned(),
            detail: problem.detail.clone(),
        });
    }
    problem
}

impl Session {
    /// The address of something of this site.
    pub fn path(&self, path: &str) -> String {
        format!("/v1/sites/{}{path}", self.site)
    }

    /// Reads something of this site, as JSON with its entity tag.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(T, Option<String>), Failure> {
        let path = self.path(path);
        let answer = send(Method::GET, &path, Some(&self.token), &Given::default()).await?;
        Ok((answer.read()?, answer.etag))
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, refusal, sentence};

    #[test]
    fn refusals_are_told_apart() {
        let problem = |code: &str| {
            format!(r#"{{"status":409,"title":"x","code":"{code}","detail":"too late"}}"#)
        };
        assert_eq!(refusal(401, ""), Failure::SignedOut);
        assert_eq!(refusal(428, ""), Failure::Conflict);
        assert_eq!(refusal(412, ""), Failure::Conflict);
        assert_eq!(refusal(500, &problem("internal")), Failure::Unreachable);
        assert_eq!(refusal(503, &problem("outcome_unknown")), Failure::Unknown);
        assert_eq!(refusal(502, "<html>"), Failure::Unreachable);
        assert_eq!(
            refusal(409, &problem("illegal_transition")).words(),
            "Too late."
        );
    }

    #[test]
    fn a_name_that_is_taken_is_wrong_at_its_field() {
        for (code, pointer) in [("slug_taken", "/slug"), ("hostname_taken", "/hostnames")] {
            let text = format!(r#"{{"status":409,"code":"{code}","detail":"x is not available"}}"#);
            let Failure::Refused(problem) = refusal(409, &text) else {
                panic!("{code}");
            };
            assert_eq!(problem.errors.len(), 1);
            assert_eq!(problem.errors[0].pointer, pointer);
            assert_eq!(problem.errors[0].detail, "x is not available");
        }
    }

    #[test]
    fn a_detail_becomes_a_sentence() {
        assert_eq!(sentence("must be shorter"), "Must be shorter.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
