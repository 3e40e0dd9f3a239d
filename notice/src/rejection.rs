//! Why a request is refused: the caller's mistake, said so that the caller can put it right.

use serde::Serialize;

/// One bad field of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// `invalid_field` or `unknown_field`.
    pub code: &'static str,
    /// What to change.
    pub detail: String,
}

impl FieldError {
    /// A field whose value does not fit.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: "invalid_field",
            detail: detail.into(),
        }
    }

    /// A field nobody knows.
    pub fn unknown(pointer: impl Into<String>) -> Self {
        let pointer = pointer.into();
        let detail = format!("there is no field {pointer} here; remove it or correct its name");
        Self {
            pointer,
            code: "unknown_field",
            detail,
        }
    }
}

/// The caller's mistake. Nothing has been written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// 400: the body is not JSON, or names something twice.
    #[error("the body cannot be read as JSON: {0}")]
    MalformedJson(String),
    /// 401: no credential, or one that opens nothing here. Does not say which.
    #[error("a valid bearer token is needed in the Authorization header")]
    Unauthorized,
    /// 403: the credential is good, its role is not enough.
    #[error("the token's role does not allow this")]
    Forbidden,
    /// 404: nothing is there, or nothing that this caller may know of.
    #[error("there is nothing here")]
    NotFound,
    /// 405, with the methods that are allowed.
    #[error("this address takes {0}")]
    MethodNotAllowed(&'static str),
    /// 409: a name or id in the body that the site does not have.
    #[error("{detail}")]
    UnknownReference {
        /// JSON pointer to it.
        pointer: String,
        /// What to change.
        detail: String,
    },
    /// 409: the incident cannot go from where it stands to there.
    #[error("{0}")]
    IllegalTransition(String),
    /// 409: another one has this slug.
    #[error("the slug {0} is taken; choose another")]
    SlugTaken(String),
    /// 409: another site has this host name, or nobody may.
    #[error("the host name {0} is taken; choose another")]
    HostnameTaken(String),
    /// 409: there is something in it that would be lost, or no room for more.
    #[error("{0}")]
    NotEmpty(String),
    /// 409: one more than there may be.
    #[error("{0}")]
    LimitReached(String),
    /// 412: it has changed since it was read.
    #[error("it has changed since you read it; read it again and decide anew")]
    PreconditionFailed,
    /// 413: the body is too large.
    #[error("the body is larger than {0} bytes")]
    ContentTooLarge(usize),
    /// 415: the body's type is not taken here.
    #[error("the body must be sent as {0}")]
    UnsupportedMediaType(&'static str),
    /// 422: an import that is not what an export holds.
    #[error("the import cannot be used: {0}")]
    UnusableImport(String),
    /// 422: fields a schema can object to.
    #[error("some fields do not fit; see errors")]
    Fields(Vec<FieldError>),
    /// 422: a header that cannot be used.
    #[error("{0}")]
    InvalidHeader(String),
    /// 422: the key was used for another request.
    #[error("this Idempotency-Key was used for another request; use a new key")]
    IdempotencyMismatch,
    /// 428: a change of what exists says what it changes.
    #[error("send If-Match with the ETag of what you read, so that nobody's change is lost")]
    PreconditionRequired,
    /// 429: too many in a minute.
    #[error("too many requests; try again in {retry_after_s} s")]
    TooManyRequests {
        /// Seconds until there is room.
        retry_after_s: u64,
        /// How many a minute there may be.
        limit: u32,
    },
}

impl Rejection {
    /// One field that does not fit.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError::invalid(pointer, detail)])
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::MalformedJson(_) => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::UnknownReference { .. }
            | Self::IllegalTransition(_)
            | Self::SlugTaken(_)
            | Self::HostnameTaken(_)
            | Self::NotEmpty(_)
            | Self::LimitReached(_) => 409,
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

    /// The stable code: what a program decides by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MalformedJson(_) => "malformed_json",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::UnknownReference { .. } => "unknown_reference",
            Self::IllegalTransition(_) => "illegal_transition",
            Self::SlugTaken(_) => "slug_taken",
            Self::HostnameTaken(_) => "hostname_taken",
            Self::NotEmpty(_) => "not_empty",
            Self::LimitReached(_) => "limit_reached",
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

    /// As an RFC 9457 problem.
    pub fn problem(&self) -> Problem {
        let errors = match self {
            Self::Fields(errors) => errors.clone(),
            Self::UnknownReference { pointer, detail } => vec![FieldError {
                pointer: pointer.clone(),
                code: "unknown_reference",
                detail: detail.clone(),
            }],
            _ => Vec::new(),
        };
        Problem {
            kind: "about:blank",
            title: title(self.status()),
            status: self.status(),
            code: self.code(),
            detail: self.to_string(),
            errors,
        }
    }
}

/// An error as it is sent: RFC 9457 `application/problem+json` with a stable `code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Always `about:blank`: the title is the status's own.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The HTTP status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What a program decides by.
    pub code: &'static str,
    /// What a person reads.
    pub detail: String,
    /// Every bad field.
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
