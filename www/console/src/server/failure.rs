//! Failures of requests, and what operators read about them.

use notice::rejection::Rejection;
use serde::Deserialize;

use crate::browser;

/// A field that the server or `notice` rejects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldError {
    /// JSON pointer to the field.
    pub pointer: String,
    /// The instruction that fixes it.
    pub detail: String,
}

/// A problem document as in RFC 9457.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Problem {
    pub status: u16,
    /// Stable code for programs.
    pub code: String,
    pub detail: String,
    #[serde(default)]
    pub errors: Vec<FieldError>,
}

/// The reason why a request has no usable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer arrived: the server was not reached, or it failed.
    Unreachable,
    /// An answer arrived, but its body or headers could not be read.
    Unreadable,
    /// The browser could not write the request. It was not sent.
    Unwritable,
    /// The token is not valid any more.
    SignedOut,
    /// The server cannot tell whether the change was made.
    Unknown,
    /// The resource has changed since it was read.
    Conflict,
    /// The server refused the request and gave a reason.
    Refused(Problem),
}

impl Failure {
    /// A refusal of these fields, as the server would send it.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::Refused(Problem {
            status: 422,
            code: "invalid_field".to_owned(),
            errors,
            ..Problem::default()
        })
    }

    /// Returns the rejected fields.
    pub fn errors(&self) -> &[FieldError] {
        match self {
            Self::Refused(problem) => &problem.errors,
            _ => &[],
        }
    }

    /// Returns a message for operators that says what to do.
    pub fn message(&self) -> String {
        match self {
            Self::Unreachable if !browser::is_online() => {
                "You are offline. What you typed is kept on this device; try again when you are connected.".to_owned()
            }
            Self::Unreachable => {
                "The server does not answer. What you typed is kept on this device; try again in a moment.".to_owned()
            }
            Self::Unreadable => {
                "The server's answer could not be read. Reload the page; what you typed is kept on this device.".to_owned()
            }
            Self::Unwritable => {
                "Your entry could not be sent. Reload the page; what you typed is kept on this device.".to_owned()
            }
            Self::SignedOut => "You are signed out. What you typed is kept.".to_owned(),
            Self::Unknown => {
                "The server did not confirm this in time. Send it again: nothing is posted twice.".to_owned()
            }
            Self::Conflict => "Somebody else changed this while you were editing. Compare both versions, then try again.".to_owned(),
            Self::Refused(problem) => match problem.status {
                403 => "Your role does not allow this. Ask an owner of the site.".to_owned(),
                404 if problem.detail == Rejection::NotFound.to_string() => "Not found. It may have been deleted.".to_owned(),
                429 => "Too many changes in one minute. Wait a moment, then try again.".to_owned(),
                503 => "The server is not available, and nothing was changed. Try again in a moment.".to_owned(),
                _ if !problem.errors.is_empty() => "Please fix the fields marked below.".to_owned(),
                _ => sentence(&problem.detail),
            },
        }
    }
}

/// Adds a capital at the beginning and a full stop at the end.
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

impl From<&Rejection> for Failure {
    /// Converts a rejection by `notice` into the refusal that the server would send.
    fn from(rejection: &Rejection) -> Self {
        let problem = rejection.problem();
        let errors = problem.errors.into_iter().map(|error| FieldError {
            pointer: error.pointer,
            detail: error.detail,
        });
        Self::Refused(Problem {
            status: problem.status,
            code: problem.code.to_owned(),
            detail: problem.detail,
            errors: errors.collect(),
        })
    }
}

impl Problem {
    /// Adds the error of the field that the problem's code implies, if the server lists no field errors.
    fn with_field(mut self) -> Self {
        let pointer = match self.code.as_str() {
            "slug_taken" => "/slug",
            "hostname_taken" => "/hostnames",
            _ => return self,
        };
        if self.errors.is_empty() {
            self.errors.push(FieldError {
                pointer: pointer.to_owned(),
                detail: self.detail.clone(),
            });
        }
        self
    }
}

/// Reads the failure out of an error response.
pub fn parse_error(status: u16, body: &str) -> Failure {
    match status {
        401 => Failure::SignedOut,
        // 428: the request was meant to create a resource that exists already.
        412 | 428 => Failure::Conflict,
        // After a fault of the server it is unknown whether the change was made.
        500 => Failure::Unreachable,
        _ => match serde_json::from_str::<Problem>(body) {
            Ok(problem) if problem.code == "outcome_unknown" => Failure::Unknown,
            Ok(problem) => Failure::Refused(problem.with_field()),
            // A proxy answered in place of the server.
            Err(_) => Failure::Unreachable,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, parse_error, sentence};

    #[test]
    fn error_statuses_map_to_failures() {
        let problem = |code: &str| {
            format!(r#"{{"status":409,"title":"x","code":"{code}","detail":"too late"}}"#)
        };
        assert_eq!(parse_error(401, ""), Failure::SignedOut);
        assert_eq!(parse_error(428, ""), Failure::Conflict);
        assert_eq!(parse_error(412, ""), Failure::Conflict);
        assert_eq!(parse_error(500, &problem("internal")), Failure::Unreachable);
        assert_eq!(
            parse_error(503, &problem("outcome_unknown")),
            Failure::Unknown
        );
        assert_eq!(parse_error(502, "<html>"), Failure::Unreachable);
        assert_eq!(
            parse_error(409, &problem("illegal_transition")).message(),
            "Too late."
        );
    }

    #[test]
    fn a_taken_name_is_an_error_of_its_field() {
        for (code, pointer) in [("slug_taken", "/slug"), ("hostname_taken", "/hostnames")] {
            let text = format!(r#"{{"status":409,"code":"{code}","detail":"x is not available"}}"#);
            let Failure::Refused(problem) = parse_error(409, &text) else {
                panic!("{code}");
            };
            assert_eq!(problem.errors.len(), 1);
            assert_eq!(problem.errors[0].pointer, pointer);
            assert_eq!(problem.errors[0].detail, "x is not available");
        }
    }

    #[test]
    fn sentence_adds_a_capital_and_a_full_stop() {
        assert_eq!(sentence("must be shorter"), "Must be shorter.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
