//! The error type of request handlers: the caller's mistake, or a fault of the server.

use notice::rejection::Rejection;

use crate::{answer::Answer, fault::Fault};

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The caller's mistake: shown to the caller.
    #[error(transparent)]
    Rejection(#[from] Rejection),
    /// The server is at a limit: the text is shown, and the caller may try again.
    #[error("{0}")]
    Busy(&'static str),
    /// A failure of the server: logged, never shown.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Converts rejections and `Busy` into answers.
///
/// # Errors
/// [`Refusal::Fault`], unchanged.
pub fn answer_rejection(result: Result<Answer, Refusal>) -> Result<Answer, Fault> {
    match result {
        Ok(answer) => Ok(answer),
        Err(Refusal::Rejection(rejection)) => Ok(Answer::rejection(&rejection)),
        Err(Refusal::Busy(detail)) => Ok(Answer::unavailable("unavailable", detail)),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}
