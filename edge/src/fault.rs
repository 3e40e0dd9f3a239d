//! Our own mistakes and outages. Logged once, where they are made; never shown.

/// Something of ours went wrong. The caller learns only that, and whether to try again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused a statement.
    #[error("sql: {0}")]
    Sql(String),
    /// What is stored cannot be read as what it should be.
    #[error("stored {what} cannot be read: {detail}")]
    Stored {
        /// Which table or document.
        what: &'static str,
        /// Why.
        detail: String,
    },
    /// A value of ours cannot be written as JSON.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// The runtime refused or failed.
    #[error("runtime: {0}")]
    Runtime(#[from] worker::Error),
    /// An object of ours failed, and said so: it has rolled back what it was doing. Its own log says why.
    #[error("{0} failed")]
    Failed(&'static str),
    /// An object or service did not answer in time.
    #[error("{0} did not answer in time")]
    Late(&'static str),
    /// No random bits.
    #[error("random bits: {0}")]
    Random(String),
}

impl Fault {
    /// Whether a write that ended so is certain not to have happened.
    pub fn has_written_nothing(&self) -> bool {
        match self {
            // It said so, or it was never asked.
            Self::Failed(_) | Self::Json(_) => true,
            Self::Sql(_)
            | Self::Stored { .. }
            | Self::Runtime(_)
            | Self::Late(_)
            | Self::Random(_) => false,
        }
    }
}
