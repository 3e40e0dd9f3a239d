//! Converts the result of an attempt into two forms: that from which `notice` decides about the
//! next attempt, and that which is stored and shown to operators.

use notice::{notify::retry, wire::time::Timestamp};

use crate::{
    messages::mail::outcome::Verdict,
    rpc::outbox_call::{Outcome, Report},
    storage::outbox::Attempt,
};

/// The attempt from which `notice` decides about the next one.
pub fn for_decision(outcome: &Outcome) -> retry::Attempt<'_> {
    match outcome {
        Outcome::Answered {
            status,
            retry_after,
            ..
        } => retry::Attempt::Answered {
            status: *status,
            retry_after: retry_after.as_deref(),
        },
        Outcome::Mailed(answer) => match answer.verdict {
            Verdict::Sent => retry::Attempt::Accepted,
            Verdict::Temporary => retry::Attempt::Deferred {
                retry_after: answer.retry_after.as_deref(),
            },
            Verdict::Bounced => retry::Attempt::Bounced,
        },
        Outcome::TimedOut | Outcome::Failed(_) => retry::Attempt::NoAnswer,
    }
}

/// The attempt that is stored and shown to operators.
pub fn for_storage(report: &Report, now: Timestamp) -> Attempt {
    let (status, answer, error) = match &report.outcome {
        Outcome::Answered { status, body, .. } => (Some(*status), Some(body.clone()), None),
        Outcome::Mailed(answer) => (Some(answer.status), Some(answer.text.clone()), None),
        Outcome::TimedOut => (None, None, Some("No answer within 15 s.".to_owned())),
        Outcome::Failed(reason) => (None, None, Some(reason.clone())),
    };
    Attempt {
        at: now,
        duration_ms: report.duration_ms,
        request: report.request.clone(),
        status,
        answer,
        error,
    }
}

/// The attempt to store for a message that cannot be sent, with the reason as a sentence.
pub fn not_sent(reason: String, now: Timestamp) -> Attempt {
    Attempt {
        at: now,
        duration_ms: 0,
        request: String::new(),
        status: None,
        answer: None,
        error: Some(reason),
    }
}
