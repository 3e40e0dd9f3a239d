//! Answers operators' requests to a site: authenticate, replay, authorise, decide, save.

use notice::rejection::Rejection;

use super::{
    access::{Caller, admit, allow, authenticate},
    call::{Call, Claim, GrantedClaim, Upload, Write, WriteDecision, WriteKind},
    change::timestamp,
    cleaner::Cleaner,
    clock, credentials, delete,
    export::Export,
    hostnames,
    idempotency::{fingerprint, replay},
    import, invitations,
    job::{self, Job, Progress, Work},
    mend::with_mending,
    on_call, read,
    redact::Redactor,
    repair::Repairer,
    step::{Resumption, Step},
    verifier::Verifier,
    verify, webhooks, write,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::Credential,
        rate_limit::Remaining,
        site_call::{GuestCall, JournalCall, ReadCall, SiteCall},
    },
    refusal::Refusal,
    storage::{
        idempotency::{self, StoredAnswer},
        sql::Sql,
    },
};

/// Answers an operator's request, or returns the step that must be taken before it continues.
/// `resumed` is the result of the previous step.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails; nothing has been written then, except by
/// the earlier slices of a job.
pub fn operate(
    sql: &impl Sql,
    call: &Call<'_>,
    site_call: &SiteCall,
    resumed: Option<Resumption>,
) -> Result<Step, Refusal> {
    match resumed {
        Some(Resumption::Job(job)) => advance(sql, call, job),
        Some(Resumption::Claim(claimed)) => answer(sql, call, site_call, (Some(*claimed), None)),
        Some(Resumption::Import(upload)) => answer(sql, call, site_call, (None, Some(upload))),
        None => with_mending(sql, call.now_ms, || {
            answer(sql, call, site_call, (None, None))
        }),
    }
}

/// Answers a request: a new one, one whose host names were claimed, or one whose file was uploaded.
fn answer(
    sql: &impl Sql,
    call: &Call<'_>,
    site_call: &SiteCall,
    (claimed, upload): (Option<GrantedClaim>, Option<Upload>),
) -> Result<Step, Refusal> {
    let write = match site_call {
        SiteCall::Guest(GuestCall::ReadInvitation) => {
            return Ok(Step::Done(invitations::read_by_secret(sql, call)?));
        }
        SiteCall::Guest(GuestCall::Redeem) => {
            job::check_writable(call.running)?;
            return Ok(Step::Done(credentials::redeem(sql, call)?));
        }
        SiteCall::Read(ReadCall::Verify) => {
            let work = Work::Verify(Verifier::new(call.now_ms));
            return begin_read(sql, call, site_call, work);
        }
        SiteCall::Read(ReadCall::Export) => {
            let work = Work::Export(Export::new(&call.envelope.site));
            return begin_read(sql, call, site_call, work);
        }
        SiteCall::Read(read_call) => {
            let caller = admit(sql, call, site_call)?;
            return Ok(Step::Done(read::read(sql, call, &caller, read_call)?));
        }
        SiteCall::ConfirmHostname(name) => {
            let caller = admit(sql, call, site_call)?;
            let remaining = count_write(call, &caller)?;
            let answer = hostnames::find(sql, name)?;
            return Ok(Step::Done(match remaining {
                Some(remaining) => remaining.add_to(answer),
                None => answer,
            }));
        }
        SiteCall::Write(write_call) => WriteKind::Command(write_call),
        SiteCall::Credential(credential_call) => WriteKind::Credential(credential_call),
        SiteCall::Webhook(webhook_call) => WriteKind::Webhook(webhook_call),
        SiteCall::TestOnCall => WriteKind::TestOnCall,
        SiteCall::Journal(journal_call) => WriteKind::Journal(*journal_call),
    };
    let caller = authenticate(sql, &call.envelope.credential, timestamp(call.now_ms))?;
    let (fingerprint, staged) = match (&claimed, upload) {
        (Some(claimed), _) => (claimed.claim.fingerprint.clone(), None),
        (None, Some(upload)) => (upload.fingerprint, upload.staged),
        (None, None) => (fingerprint(call.envelope, call.body), None),
    };
    // A replay is answered before limits and preconditions are checked, which might reject it.
    if let Some(mut replay) = replay(sql, call, &caller, &fingerprint)? {
        if replay.status == 200 && replay.body.is_empty() {
            replay.body = read::reread_body(sql, call, &write)?;
        }
        return Ok(Step::Done(replay));
    }
    allow(&caller, site_call)?;
    job::check_writable(call.running)?;
    if let WriteKind::Journal(JournalCall::Import | JournalCall::Redact | JournalCall::Repair) =
        write
    {
        job::check_free(call.running)?;
    }
    let remaining = match &claimed {
        Some(claimed) => claimed.claim.remaining,
        None => count_write(call, &caller)?,
    };
    let begin = |work: Work| -> Result<Step, Refusal> {
        let job = Job {
            caller: caller.clone(),
            fingerprint: fingerprint.clone(),
            remaining,
            work,
        };
        advance(sql, call, Box::new(job))
    };
    let decided = match &write {
        WriteKind::Command(write_call) => write::write(sql, call, &caller, write_call, claimed)?,
        WriteKind::Credential(credential_call) => {
            WriteDecision::Write(credentials::write(sql, call, &caller, credential_call)?)
        }
        WriteKind::Webhook(webhook_call) => {
            WriteDecision::Write(webhooks::write(sql, call, webhook_call)?)
        }
        WriteKind::TestOnCall => WriteDecision::Write(on_call::drill::send(sql, call)?),
        WriteKind::Journal(JournalCall::Import) => {
            import::import(sql, call, &caller, staged, claimed)?
        }
        WriteKind::Journal(JournalCall::Delete) => {
            WriteDecision::Write(delete::delete(sql, call.now_ms))
        }
        WriteKind::Journal(JournalCall::Redact) => {
            verify::check_passed(sql)?;
            return begin(Work::Redact(Redactor::new(call, &caller)?));
        }
        WriteKind::Journal(JournalCall::Repair) => {
            return begin(Work::Repair(Repairer::default()));
        }
        WriteKind::Journal(JournalCall::CorrectClock) => {
            job::check_free(call.running)?;
            WriteDecision::Write(clock::correct(sql, call, &caller)?)
        }
    };
    let decided = match decided {
        WriteDecision::Write(write) => write,
        WriteDecision::NeedsHostnames(hostnames, input) => {
            return Ok(Step::Claim(Claim {
                hostnames,
                input,
                fingerprint,
                remaining,
            }));
        }
    };
    // A deletion drops the table of stored answers.
    let keeps_key = !matches!(write, WriteKind::Journal(JournalCall::Delete));
    let key = call.envelope.key.as_deref().filter(|_| keeps_key);
    let answer = carry_out(sql, call, &caller, key, fingerprint, decided)?;
    Ok(Step::Done(with_remaining(answer, remaining)))
}

/// Begins a read that works in slices.
fn begin_read(
    sql: &impl Sql,
    call: &Call<'_>,
    site_call: &SiteCall,
    work: Work,
) -> Result<Step, Refusal> {
    let caller = admit(sql, call, site_call)?;
    job::check_free(call.running)?;
    let job = Job {
        caller,
        fingerprint: String::new(),
        remaining: None,
        work,
    };
    advance(sql, call, Box::new(job))
}

/// Works on the next slice of a job.
fn advance(sql: &impl Sql, call: &Call<'_>, mut job: Box<Job>) -> Result<Step, Refusal> {
    let write = match job.work.step(sql, call, &job.caller)? {
        Progress::More => return Ok(Step::Slice(job)),
        Progress::Answered(answer) => return Ok(Step::Done(answer)),
        Progress::Write(write) => write,
        Progress::Measured => {
            return Ok(match job.work {
                Work::Export(export) => Step::Export(Box::new(export)),
                Work::Verify(_) | Work::Redact(_) | Work::Clean(_) | Work::Repair(_) => {
                    Step::Slice(job)
                }
            });
        }
    };
    let key = call.envelope.key.as_deref();
    let fingerprint = std::mem::take(&mut job.fingerprint);
    let answer = carry_out(sql, call, &job.caller, key, fingerprint, write)?;
    let answer = with_remaining(answer, job.remaining);
    match job.work {
        Work::Redact(_) => {
            job.work = Work::Clean(Cleaner::new(answer));
            Ok(Step::Slice(job))
        }
        Work::Verify(_) | Work::Export(_) | Work::Clean(_) | Work::Repair(_) => {
            Ok(Step::Done(answer))
        }
    }
}

fn with_remaining(answer: Answer, remaining: Option<Remaining>) -> Answer {
    match remaining {
        Some(remaining) => remaining.add_to(answer),
        None => answer,
    }
}

/// Counts a write against the limit of its token. The directory counts writes with the root token,
/// over all sites.
fn count_write(call: &Call<'_>, caller: &Caller) -> Result<Option<Remaining>, Rejection> {
    match call.envelope.credential {
        Credential::Root => Ok(None),
        Credential::Token { .. } | Credential::Nobody => call
            .rate_limiter
            .borrow_mut()
            .count_write(&caller.actor, call.envelope.write_limit, call.now_ms),
    }
}

/// Stores a write, and its answer for replays if the request has a key, in one transaction. Returns
/// the answer.
fn carry_out(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    key: Option<&str>,
    fingerprint: String,
    write: Write<'_>,
) -> Result<Answer, Fault> {
    let mut stored = StoredAnswer {
        fingerprint,
        answer: write.replay.unwrap_or_else(|| write.answer.clone()),
    };
    // A body that is too large for a row is not stored: a replay reads the resource again.
    if stored.answer.body.len() > idempotency::MAX_BODY {
        stored.answer.body.clear();
    }
    sql.transaction(|| {
        (write.work)()?;
        match key {
            Some(key) => idempotency::store(sql, &caller.actor, key, &stored, call.now_ms),
            None => Ok(()),
        }
    })?;
    Ok(write.answer)
}
