//! Jobs: work on a whole site that a request does in slices. Other requests are answered between
//! the slices.

use notice::rejection::Rejection;

use super::{
    access::Caller,
    call::{Call, JobKind, Write},
    cleaner::Cleaner,
    export::Export,
    redact::{self, Redactor},
    repair::{self, Repairer},
    verifier::Verifier,
    verify,
};
use crate::{answer::Answer, http::rate_limit::Remaining, refusal::Refusal, storage::sql::Sql};

/// A job in progress, with the data of its request.
#[derive(Debug)]
pub struct Job {
    pub caller: Caller,
    /// The fingerprint of a write, with which its answer is stored; empty for a read.
    pub fingerprint: String,
    /// The writes that the token has left in this minute, after this one. `None` if they are not
    /// limited or not counted.
    pub remaining: Option<Remaining>,
    pub work: Work,
}

/// The work of a job.
#[derive(Debug)]
pub enum Work {
    Verify(Verifier),
    Export(Export),
    Redact(Redactor),
    /// The cleaning after a redaction.
    Clean(Cleaner),
    Repair(Repairer),
}

/// The result of a slice.
pub enum Progress<'a> {
    More,
    Answered(Answer),
    /// The last slice is decided: the write to store.
    Write(Write<'a>),
    /// The export is measured, and can be sent.
    Measured,
}

impl Work {
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Verify(_) => JobKind::Verify,
            Self::Export(_) => JobKind::Export,
            Self::Redact(_) | Self::Clean(_) => JobKind::Redact,
            Self::Repair(_) => JobKind::Repair,
        }
    }

    /// Works on the next slice.
    ///
    /// # Errors
    /// `Rejection` if the request is not possible, `Fault` if the server fails.
    pub fn step<'a>(
        &mut self,
        sql: &'a impl Sql,
        call: &Call<'a>,
        caller: &Caller,
    ) -> Result<Progress<'a>, Refusal> {
        Ok(match self {
            Self::Verify(verifier) => match verifier.step(sql)? {
                None => Progress::More,
                Some(verification) => {
                    verify::store(sql, &verification, verifier.site())?;
                    Progress::Answered(Answer::json(200, &verification)?)
                }
            },
            Self::Export(export) => match export.measure(sql)? {
                false => Progress::More,
                true => Progress::Measured,
            },
            Self::Redact(redactor) => match redactor.step(sql, call.now_ms)? {
                redact::Progress::More => Progress::More,
                redact::Progress::Last(write) => Progress::Write(write),
            },
            Self::Clean(cleaner) => match cleaner.step(sql)? {
                None => Progress::More,
                Some(answer) => Progress::Answered(answer),
            },
            Self::Repair(repairer) => match repairer.step(sql, call, caller)? {
                repair::Progress::More => Progress::More,
                repair::Progress::Last(write) => Progress::Write(write),
            },
        })
    }
}

/// Checks that no other job is in progress.
///
/// # Errors
/// [`Rejection::Busy`] if there is one.
pub fn check_free(running: Option<JobKind>) -> Result<(), Rejection> {
    match running {
        None => Ok(()),
        Some(JobKind::Import) => Err(IMPORTING),
        Some(JobKind::Verify | JobKind::Export | JobKind::Redact | JobKind::Repair) => Err(BUSY),
    }
}

/// Checks that no import is in progress, during which nothing may be written.
///
/// # Errors
/// [`Rejection::Busy`] if there is one.
pub fn check_writable(running: Option<JobKind>) -> Result<(), Rejection> {
    match running {
        Some(JobKind::Import) => Err(IMPORTING),
        Some(JobKind::Verify | JobKind::Export | JobKind::Redact | JobKind::Repair) | None => {
            Ok(())
        }
    }
}

const IMPORTING: Rejection =
    Rejection::Busy("An import into this site is in progress; try again when it has ended.");
/// The rejection while another job of the site is in progress.
pub const BUSY: Rejection = Rejection::Busy(
    "A verification, export, redaction or repair of this site is in progress; try again in a moment.",
);
