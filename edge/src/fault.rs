//! Failures of the server. Logged once, where the request ends; never shown to callers.

/// A failure of the server. The caller learns only whether to try again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A SQL statement failed.
    #[error("sql: {0}")]
    Sql(String),
    /// Stored data cannot be parsed.
    #[error("stored {what} cannot be read: {detail}")]
    Stored {
        /// The table or document.
        what: &'static str,
        detail: String,
    },
    /// Rows of a projection cannot be parsed. They can be rebuilt from the journal.
    #[error("stored {table} cannot be read: {detail}")]
    Unreadable {
        table: &'static str,
        /// Ids of the incidents that the rows belong to, if any.
        incidents: Vec<String>,
        detail: String,
    },
    /// A value cannot be serialised as JSON.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// A call of the runtime failed.
    #[error("runtime: {0}")]
    Runtime(#[from] worker::Error),
    /// A Durable Object or service reported a failure. A Durable Object has then rolled back its
    /// transaction.
    #[error("{object} failed: {detail}")]
    ObjectFailed {
        /// The Durable Object or service.
        object: &'static str,
        /// The failure that the object or service reported.
        detail: String,
    },
    /// A Durable Object, service or job did not answer or end within its deadline.
    #[error("{0} did not finish in time")]
    TimedOut(&'static str),
    /// The runtime has no random bits.
    #[error("random bits: {0}")]
    Random(String),
}

impl Fault {
    /// The Durable Object, service or job that failed or timed out, if the fault is about one.
    pub fn object(&self) -> Option<&'static str> {
        match self {
            Self::ObjectFailed { object, .. } | Self::TimedOut(object) => Some(object),
            Self::Sql(_)
            | Self::Stored { .. }
            | Self::Unreadable { .. }
            | Self::Json(_)
            | Self::Runtime(_)
            | Self::Random(_) => None,
        }
    }

    /// Whether a write that ended with this fault is certain not to have been stored.
    pub fn has_written_nothing(&self) -> bool {
        match self {
            // The object has rolled back, or the request was never sent.
            Self::ObjectFailed { .. } | Self::Json(_) => true,
            Self::Sql(_)
            | Self::Stored { .. }
            | Self::Unreadable { .. }
            | Self::Runtime(_)
            | Self::TimedOut(_)
            | Self::Random(_) => false,
        }
    }
}
