//! The steps of an operator's request. Separate from `call`, which `job` imports, because modules do not import each other.

use super::{
    call::{Claim, GrantedClaim, Upload},
    export::Export,
    job::Job,
};
use crate::answer::Answer;

/// The result of one step of a request.
#[derive(Debug)]
pub enum Step {
    Done(Answer),
    /// The directory must first give the site its host names. Nothing has been written.
    Claim(Claim),
    /// The request continues after other requests had a turn.
    Slice(Box<Job>),
    /// The answer is a file, which is sent in parts.
    Export(Box<Export>),
}

/// The input with which a request continues after a wait.
#[derive(Debug)]
pub enum Resumption {
    Claim(Box<GrantedClaim>),
    Job(Box<Job>),
    Import(Upload),
}
