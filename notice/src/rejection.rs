//! Rejections: errors of the caller, each with a stable code and a text that says how to fix it.

use serde::Serialize;

use crate::limits;

/// Maximum length of a pointer in a problem, in characters. Names that the caller made up may be longer.
const POINTER: usize = 200;
/// Maximum length of a text in a problem, in characters. It may repeat a value of any length from the request.
const DETAIL: usize = 500;

/// An invalid field of a request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// `invalid_field`, `unknown_field` or `unknown_reference`.
    pub code: &'static str,
    /// Explanation for a person, with what to change.
    pub detail: String,
}

impl FieldError {
    /// An error about a field with an invalid value.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: "invalid_field",
            detail: detail.into(),
        }
    }

    /// An error about a field that does not exist.
    pub fn unknown(pointer: impl Into<String>) -> Self {
        let pointer = pointer.into();
        let name = shortened(&pointer, POINTER);
        let detail = format!("There is no field {name}; remove it or correct its name.");
        Self {
            pointer,
            code: "unknown_field",
            detail,
        }
    }
}

/// An error of the caller. Nothing has been written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// 400: the body is not JSON, or repeats a name within one object.
    #[error("The body is not valid JSON: {0}.")]
    MalformedJson(String),
    /// 401: no credential, or an invalid one. The text does not say which.
    #[error(
        "Missing or invalid credentials. Send a valid token in the header \"Authorization: Bearer …\"."
    )]
    Unauthorized,
    /// 403: the credential is valid, but its role is insufficient.
    #[error("The role of this token does not allow this request.")]
    Forbidden,
    /// 404: the resource does not exist, or this caller must not learn that it does.
    #[error("Not found.")]
    NotFound,
    /// 404: the resource existed and is not kept any more, with the reason.
    #[error("{0}")]
    NoLongerKept(&'static str),
    /// 405, with the allowed methods.
    #[error("This URL accepts only {0}.")]
    MethodNotAllowed(&'static str),
    /// 409: the body references an id or name that the site does not have.
    #[error("{detail}")]
    UnknownReference {
        /// JSON pointer to the reference.
        pointer: String,
        /// Explanation for a person, with what to change.
        detail: String,
    },
    /// 409: the current status does not allow this change.
    #[error("{0}")]
    IllegalTransition(String),
    /// 409: the slug is in use.
    #[error("The slug {0} is already in use; choose another.")]
    SlugTaken(String),
    /// 409: the host name is in use, or reserved.
    #[error("The host name {0} is not available; choose another.")]
    HostnameTaken(String),
    /// 409: it is not proved that the host name belongs to the site.
    #[error(
        "There is no DNS record that gives the host name to this site: add the TXT record {record} with the value {value}, and try again. A new record may take a few minutes."
    )]
    HostnameUnconfirmed {
        /// Name of the missing record.
        record: String,
        /// Value of the missing record.
        value: String,
    },
    /// 409: the resource is in use, or not empty.
    #[error("{0}")]
    NotEmpty(String),
    /// 409: the maximum number of entries is reached.
    #[error("{0}")]
    LimitReached(String),
    /// 409: another request works on the whole site; the text names it.
    #[error("{0}")]
    Busy(&'static str),
    /// 409: the stored data differs from the journal, with the first difference.
    #[error(
        "The stored data differs from the journal ({0}). Ask for a repair, or restore an export into a new site."
    )]
    VerifyFailed(String),
    /// 412: the resource has changed since it was read.
    #[error("This has changed since you read it. Read it again, then repeat your change.")]
    PreconditionFailed,
    /// 413: the body is too large.
    #[error("The body is larger than {0} bytes; send a smaller one.")]
    ContentTooLarge(usize),
    /// 415: the media type of the body is not supported, with the supported one.
    #[error("Send the body as {0}.")]
    UnsupportedMediaType(&'static str),
    /// 422: the imported file is not a valid export.
    #[error("This file cannot be imported: {0}.")]
    UnusableImport(String),
    /// 422: invalid or unknown fields.
    #[error("Some fields are invalid; see errors.")]
    Fields(Vec<FieldError>),
    /// 422: an invalid header.
    #[error("{0}")]
    InvalidHeader(String),
    /// 422: the `Idempotency-Key` was used for a different request.
    #[error("This Idempotency-Key was used for a different request; use a new key.")]
    IdempotencyMismatch,
    /// 428: a change of an existing resource lacks `If-Match`.
    #[error(
        "Send If-Match with the ETag you last read, so that you do not overwrite another change."
    )]
    PreconditionRequired,
    /// 429: the rate limit is exceeded.
    #[error("Too many requests; try again in {retry_after_s} s.")]
    TooManyRequests {
        /// Seconds until the next request is accepted.
        retry_after_s: u64,
        /// Number of accepted requests per minute.
        limit: u32,
    },
}

impl Rejection {
    /// A rejection of one invalid field.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError::invalid(pointer, detail)])
    }

    /// The HTTP status of the response.
    pub fn status(&self) -> u16 {
        match self {
            Self::MalformedJson(_) => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound | Self::NoLongerKept(_) => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::UnknownReference { .. }
            | Self::IllegalTransition(_)
            | Self::SlugTaken(_)
            | Self::HostnameTaken(_)
            | Self::HostnameUnconfirmed { .. }
            | Self::NotEmpty(_)
            | Self::LimitReached(_)
            | Self::Busy(_)
            | Self::VerifyFailed(_) => 409,
            Self::PreconditionFailed => 412,
            Self::ContentTooLarge(_) => 413,
            Self::UnsupportedMediaType(_) => 415,
            Self::Fields(_)
            | Self::InvalidHeader(_)
            | Self::UnusableImport(_)
            | Self::IdempotencyMismatch => 422,
            Self::PreconditionRequired => 428,
            Self::TooManyRequests { .. } => 429,
        }
    }

    /// The stable code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MalformedJson(_) => "malformed_json",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound | Self::NoLongerKept(_) => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::UnknownReference { .. } => "unknown_reference",
            Self::IllegalTransition(_) => "illegal_transition",
            Self::SlugTaken(_) => "slug_taken",
            Self::HostnameTaken(_) => "hostname_taken",
            Self::HostnameUnconfirmed { .. } => "hostname_unconfirmed",
            Self::NotEmpty(_) => "not_empty",
            Self::LimitReached(_) => "limit_reached",
            Self::Busy(_) => "busy",
            Self::VerifyFailed(_) => "verify_failed",
            Self::ContentTooLarge(_) => "content_too_large",
            Self::UnsupportedMediaType(_) => "unsupported_media_type",
            Self::Fields(errors) => {
                if errors.iter().all(|error| error.code == "unknown_field") {
                    "unknown_field"
                } else {
                    "invalid_field"
                }
            }
            Self::InvalidHeader(_) => "invalid_header",
            Self::UnusableImport(_) => "unusable_import",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::PreconditionFailed => "precondition_failed",
            Self::PreconditionRequired => "precondition_required",
            Self::TooManyRequests { .. } => "too_many_requests",
        }
    }

    /// Converts the rejection into an RFC 9457 problem. Parts of the request that it repeats are shortened.
    pub fn problem(&self) -> Problem {
        let shown = |pointer: &str, code: &'static str, detail: &str| FieldError {
            pointer: shortened(pointer, POINTER),
            code,
            detail: shortened_sentence(detail),
        };
        let errors = match self {
            Self::Fields(errors) => {
                let errors = errors.iter().take(limits::ERRORS);
                errors
                    .map(|error| shown(&error.pointer, error.code, &error.detail))
                    .collect()
            }
            Self::UnknownReference { pointer, detail } => {
                vec![shown(pointer, "unknown_reference", detail)]
            }
            _ => Vec::new(),
        };
        Problem {
            kind: "about:blank",
            title: title(self.status()),
            status: self.status(),
            code: self.code(),
            detail: shortened_sentence(&self.to_string()),
            errors,
        }
    }
}

/// Returns a text in at most `most` characters: the whole text, or its beginning and an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let beginning = text.chars().take(most.saturating_sub(1));
    beginning.chain(['…']).collect()
}

fn shortened_sentence(text: &str) -> String {
    let short = shortened(text, DETAIL);
    if short.len() == text.len() {
        return short;
    }
    format!("{short}.")
}

/// An error as it is sent: RFC 9457 `application/problem+json` with a stable `code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Always `about:blank`: the title is that of the HTTP status.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The reason phrase of the HTTP status.
    pub title: &'static str,
    /// The HTTP status, equal to the response's.
    pub status: u16,
    /// Stable code, for programs.
    pub code: &'static str,
    /// Explanation for a person.
    pub detail: String,
    /// The invalid fields of the request body, at most [`limits::ERRORS`] of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// The reason phrase of an HTTP status (RFC 9110 and RFC 6585).
pub fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldError, Rejection};
    use crate::{body::read::read, limits, wire::input::NewSite};

    #[test]
    fn a_problem_lists_at_most_50_errors() {
        let body = |count: usize| {
            let fields: Vec<String> = (0..count).map(|n| format!("\"x{n}\":1")).collect();
            let body = format!(
                "{{\"slug\":\"acme\",\"name\":\"Acme\",{}}}",
                fields.join(",")
            );
            read::<NewSite>(body.as_bytes()).unwrap_err().problem()
        };
        assert_eq!(body(limits::ERRORS).errors.len(), 50);
        let problem = body(10_000);
        assert_eq!((problem.errors.len(), problem.code), (50, "unknown_field"));
        // The code covers all errors, also those that are not listed.
        let mut errors = vec![FieldError::unknown("/x"); 60];
        errors.push(FieldError::invalid("/name", "Must not be blank."));
        assert_eq!(Rejection::Fields(errors).problem().code, "invalid_field");
    }

    #[test]
    fn a_problem_repeats_little_of_a_long_request() {
        let long = "ü".repeat(100_000);
        let read = |body: String| read::<NewSite>(body.as_bytes()).unwrap_err();
        for rejection in [
            read(format!(r#"{{"slug":"acme","name":"Acme","{long}":1}}"#)),
            read(format!(
                r#"{{"slug":"acme","name":"Acme","{long}":1,"{long}":2}}"#
            )),
            read(format!(
                r#"{{"slug":"acme","name":"Acme","paused":"{long}"}}"#
            )),
            Rejection::UnknownReference {
                pointer: format!("/{long}"),
                detail: format!("There is no component {long}."),
            },
            Rejection::SlugTaken(long.clone()),
            Rejection::VerifyFailed(long.clone()),
            Rejection::UnusableImport(long.clone()),
        ] {
            let problem = rejection.problem();
            let text = serde_json::to_string(&problem).unwrap();
            assert!(text.chars().count() < 2000, "{}", problem.code);
            assert!(problem.detail.ends_with('.'), "{}", problem.detail);
        }
        // Many long errors are shortened as well.
        let errors = vec![FieldError::unknown(format!("/{long}")); 60];
        let text = serde_json::to_string(&Rejection::Fields(errors).problem()).unwrap();
        assert!(text.chars().count() < 30_000);
    }

    #[test]
    fn texts_of_usual_length_are_repeated_whole() {
        let pointer = format!("/{}", "x".repeat(199));
        let error = FieldError::unknown(pointer.clone());
        let problem = Rejection::Fields(vec![error]).problem();
        assert_eq!(problem.errors[0].pointer, pointer);
        assert!(problem.errors[0].detail.contains(&pointer));
        assert!(!problem.errors[0].detail.contains('…'));
    }
}
