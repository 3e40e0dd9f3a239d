//! The outcome of a request to a site's object: whether it may have been stored, the answer to its caller, and the caches to
//! invalidate.

use notice::{rejection::Rejection, wire::ids::Slug};
use worker::Env;

use crate::{
    answer::Answer,
    cache::{self, feed, purge},
    fault::Fault,
    http::credential::Credential,
    rpc::site_client::Reply,
    runtime::request_context::RequestContext,
};

/// Logs a fault that ended a write, and returns the answer to the write.
pub fn log_and_answer(context: &RequestContext, fault: &Fault) -> Answer {
    context.log(fault);
    fault_answer(fault)
}

/// Logs a fault of a write of which a part is already stored, and returns [`unknown_outcome`].
pub fn log_unknown_outcome(context: &RequestContext, fault: &Fault) -> Answer {
    context.log(fault);
    unknown_outcome()
}

/// The answer to a write that ended with a fault. It tells the caller whether the write may have
/// been stored.
pub fn fault_answer(fault: &Fault) -> Answer {
    if fault.has_written_nothing() {
        return Answer::unavailable(
            "unavailable",
            "The server failed before it changed anything; try again.",
        );
    }
    unknown_outcome()
}

pub fn unknown_outcome() -> Answer {
    Answer::unavailable(
        "outcome_unknown",
        "The server could not finish this request, so this change may or may not have been made. Repeat it with the same Idempotency-Key.",
    )
}

/// The rejection of a request for a site that does not exist. Only root gets a 404: other callers
/// cannot tell whether a site exists.
pub fn unknown_site(credential: &Credential) -> Rejection {
    match credential {
        Credential::Root => Rejection::NotFound,
        Credential::Token { .. } | Credential::Nobody => Rejection::Unauthorized,
    }
}

/// Whether a write may have been stored, so that caches must be invalidated. A rejected write
/// leaves the caches valid: it must not cause fetches from the object.
pub fn may_have_happened(reply: &Result<Reply, Fault>) -> bool {
    match reply {
        Ok(reply) => reply.answer.status < 300,
        Err(fault) => !fault.has_written_nothing(),
    }
}

/// Invalidates a site's caches. If the object has answered the write, the caches' backoff is reset.
pub fn invalidate(context: &RequestContext, env: &Env, site: &Slug, reply: &Result<Reply, Fault>) {
    cache::invalidate(site);
    if reply.is_ok() {
        cache::reset_backoff(site);
    }
    purge::purge(context, env, &feed::cache_tag(site));
}

#[cfg(test)]
mod tests {
    use super::{fault_answer, may_have_happened};
    use crate::fault::Fault;

    /// An object reports a fault after its rollback, so nothing is stored; other faults may follow the write.
    #[test]
    fn only_doubtful_writes_are_answered_as_outcome_unknown() {
        let failed = Fault::ObjectFailed {
            object: "the site",
            detail: String::new(),
        };
        for (fault, code) in [
            (failed, "unavailable"),
            (Fault::TimedOut("the site"), "outcome_unknown"),
            (Fault::Sql("disk full".to_owned()), "outcome_unknown"),
        ] {
            let answer = fault_answer(&fault);
            assert_eq!(answer.status, 503);
            assert!(answer.header("retry-after").is_some());
            assert!(
                answer.body.contains(&format!("\"code\":\"{code}\"")),
                "{fault}"
            );
            let in_doubt = code == "outcome_unknown";
            assert_eq!(may_have_happened(&Err(fault)), in_doubt);
        }
    }
}
