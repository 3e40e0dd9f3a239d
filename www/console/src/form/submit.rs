//! Sends forms and actions to the server. A form is executed once, however often it is sent.

use gloo_net::http::Method;
use notice::journal::key_digest;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle};

use super::{draft::Draft, sending::Sending};
use crate::{
    browser::focus,
    context::Context,
    server::{
        documents::{Collection, JournalEntry},
        failure::{Failure, Problem},
        request::{self, Answer, Payload},
    },
};

/// The destination of a request.
#[derive(Clone, Debug)]
pub struct Target {
    pub method: Method,
    /// Path below the site.
    pub path: String,
    /// Entity tag of the version that the request changes.
    pub if_match: Option<String>,
    /// The `Idempotency-Key` of an action. A form uses its draft's key instead.
    pub key: Option<String>,
}

impl Target {
    pub fn post(path: impl Into<String>) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            if_match: None,
            key: None,
        }
    }

    /// A `PATCH` of the version with this entity tag.
    pub fn patch(path: impl Into<String>, etag: Option<String>) -> Self {
        Self {
            method: Method::PATCH,
            path: path.into(),
            if_match: etag,
            key: None,
        }
    }
}

/// Sends a draft. `build` returns the request body, or the failure to show. On success the stored draft is removed and `done` is
/// called; any failure keeps the draft and is set in `sending`.
pub fn submit<T>(
    context: &Context,
    draft: &Draft<T>,
    sending: &UseStateHandle<Sending>,
    target: Target,
    build: impl FnOnce(&T) -> Result<String, Failure>,
    done: Callback<Answer>,
) where
    T: Clone + PartialEq + Serialize + 'static,
{
    if sending.is_busy() {
        return;
    }
    let body = match draft.sent_body() {
        Some(body) => Ok(body),
        None => build(&draft.value()),
    };
    let body = match body {
        Ok(body) => body,
        Err(failure) => {
            sending.set(Sending::Failed(failure));
            return focus::focus_first_error();
        }
    };
    sending.set(Sending::Busy);
    let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
    spawn_local(async move {
        let path = context.session.path(&target.path);
        let token = &context.session.token;
        if draft.is_in_doubt_with_other_token(token) {
            match is_in_journal(&context, &draft.key()).await {
                Ok(false) => {}
                Ok(true) => {
                    draft.renew_key();
                    sending.set(Sending::Failed(Failure::Refused(already_executed())));
                    context.reload.emit(());
                    return focus::focus_first_error();
                }
                Err(Failure::SignedOut) => return context.on_session_end.emit(()),
                Err(failure) => return sending.set(Sending::Failed(failure)),
            }
        }
        let sent = send_draft(&draft, target.method, &path, token, target.if_match, body);
        match sent.await {
            Ok(answer) => {
                context.reload.emit(());
                done.emit(answer);
            }
            Err(Failure::SignedOut) => context.on_session_end.emit(()),
            Err(failure) => {
                let is_conflict = failure == Failure::Conflict;
                sending.set(Sending::Failed(failure));
                if is_conflict {
                    // Once the newer version is loaded, the view shows both versions and focuses their heading.
                    context.reload.emit(());
                } else {
                    focus::focus_first_error();
                }
            }
        }
    });
}

/// The HTML id of the message that a conflict is unresolved.
pub const UNRESOLVED_ID: &str = "unsettled";

/// Returns whether an unresolved conflict blocks sending, and if so focuses the message about it.
pub fn is_blocked_by_conflict(sending: &UseStateHandle<Sending>) -> bool {
    let attempts = match **sending {
        Sending::Failed(Failure::Conflict) => 1,
        Sending::Unresolved(attempts) => attempts.saturating_add(1),
        _ => return false,
    };
    sending.set(Sending::Unresolved(attempts));
    focus::focus_id(UNRESOLVED_ID);
    true
}

/// Returns whether the journal has an entry with this `Idempotency-Key`, from any token. Reads the newest 100 entries only,
/// because between the lost answer and the next attempt the operator only signs in again.
async fn is_in_journal(context: &Context, key: &str) -> Result<bool, Failure> {
    let (newest, _) = context
        .session
        .get::<Collection<JournalEntry>>("/journal?limit=100")
        .await?;
    let key = Some(key_digest(key));
    Ok(newest.items.iter().any(|entry| entry.row.key == key))
}

/// The problem of a form whose earlier attempt was executed, although its answer was lost.
fn already_executed() -> Problem {
    Problem {
        status: 422,
        code: "idempotency_mismatch".to_owned(),
        detail: "your earlier attempt was received, without the changes that you made since; look at its result first, and send \
                 this only if something is missing"
            .to_owned(),
        errors: Vec::new(),
    }
}

/// Sends a draft's body under its key. On success the stored draft is removed; any failure keeps it.
///
/// # Errors
/// See [`Failure`]. A key that was used for another body is [`Failure::Refused`] with `idempotency_mismatch`.
pub async fn send_draft<T>(
    draft: &Draft<T>,
    method: Method,
    path: &str,
    token: &str,
    if_match: Option<String>,
    body: String,
) -> Result<Answer, Failure>
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let was_in_doubt = draft.is_in_doubt();
    draft.mark_sent(&body, token);
    let payload = Payload {
        body: Some(body),
        if_match,
        key: Some(draft.key()),
    };
    match request::send(method, path, Some(token), &payload).await {
        Ok(answer) => {
            draft.forget();
            Ok(answer)
        }
        Err(Failure::SignedOut) => {
            // An ended session says nothing about an earlier request that is in doubt.
            if !was_in_doubt {
                draft.mark_refused();
            }
            Err(Failure::SignedOut)
        }
        Err(failure) => Err(record_failure(draft, failure)),
    }
}

/// Records in the draft whether the request may have been executed. Returns the failure to show.
fn record_failure<T>(draft: &Draft<T>, failure: Failure) -> Failure
where
    T: Clone + PartialEq + Serialize + 'static,
{
    match failure {
        Failure::Refused(problem) if problem.code == "idempotency_mismatch" => {
            draft.renew_key();
            Failure::Refused(already_executed())
        }
        Failure::Refused(problem) => {
            draft.mark_refused();
            Failure::Refused(problem)
        }
        Failure::Conflict => {
            draft.mark_refused();
            Failure::Conflict
        }
        in_doubt => in_doubt,
    }
}

/// Sends an action that has no form, such as a button's. On success `done` is called.
pub fn send_action(
    context: &Context,
    sending: &UseStateHandle<Sending>,
    target: Target,
    body: Option<String>,
    done: Callback<Answer>,
) {
    if sending.is_busy() {
        return;
    }
    sending.set(Sending::Busy);
    let payload = Payload {
        body,
        if_match: target.if_match,
        key: target.key,
    };
    let (context, sending) = (context.clone(), sending.clone());
    spawn_local(async move {
        let path = context.session.path(&target.path);
        let token = Some(context.session.token.as_str());
        match request::send(target.method, &path, token, &payload).await {
            Ok(answer) => {
                sending.set(Sending::Idle);
                context.reload.emit(());
                done.emit(answer);
            }
            Err(Failure::SignedOut) => context.on_session_end.emit(()),
            Err(failure) => {
                if failure == Failure::Conflict {
                    context.reload.emit(());
                }
                sending.set(Sending::Failed(failure));
            }
        }
    });
}
