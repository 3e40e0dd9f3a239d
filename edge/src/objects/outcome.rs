//! The outcome of an operator's request to a site's object.

use super::jobs::Lease;
use crate::{
    answer::Answer,
    fault::Fault,
    refusal::{Refusal, answer_rejection},
    site::export::Export,
};

/// The outcome of an operator's request.
pub enum Outcome {
    Answer(Answer),
    /// An export to send as a file, with the lease of its job if it has one already.
    Export(Box<Export>, Option<Lease>),
}

/// Converts rejections and `Busy` into answers.
///
/// # Errors
/// The fault of the request.
pub fn answer_rejected_outcome(result: Result<Outcome, Refusal>) -> Result<Outcome, Fault> {
    match result {
        Ok(outcome) => Ok(outcome),
        Err(refusal) => answer_rejection(Err(refusal)).map(Outcome::Answer),
    }
}
