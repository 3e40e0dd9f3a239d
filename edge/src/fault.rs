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
    /// An object or service did not answer in time.
    #[error("{0} did not answer in time")]
    Late(&'static str),
    /// No random bits.
    #[error("random bits: {0}")]
    Random(String),
}
