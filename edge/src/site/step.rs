//! The steps of an operator's request. They are not in `call`, because `job` imports `call`, and
//! modules must not import each other.

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
    /// The host names must first be claimed in the directory. Nothing has been written.
    Claim(Claim),
    /// The request continues after a pause, in which other requests run.
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
