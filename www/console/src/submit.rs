//! Sending a form: once, however often it is tried.

use gloo_net::http::Method;
use gloo_timers::future::TimeoutFuture;
use notice::journal::key_digest;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::{Callback, UseStateHandle};

use crate::{
    api::{self, Answer, Failure, FieldError, Given, Problem},
    desk::Desk,
    documents::{Collection, JournalEntry},
    draft::Draft,
    field_names, route,
};

/// Where sending stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Nothing is under way.
    Idle,
    /// Under way.
    Busy,
    /// It failed.
    Failed(Failure),
    /// It failed because of a conflict, and was tried again before that was settled: so many times.
    Unsettled(u32),
}

impl Sending {
    /// What is wrong with the field at this pointer, or below it.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors_at(|at| {
            let rest = at.strip_prefix(pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// What is wrong with the field at this pointer as a whole, not with its parts.
    pub fn error_exactly(&self, pointer: &str) -> Option<String> {
        self.errors_at(|at| at == pointer)
    }

    fn errors_at(&self, is_there: impl Fn(&str) -> bool) -> Option<String> {
        let Self::Failed(Failure::Refused(problem)) = self else {
            return None;
        };
        let at = |error: &&FieldError| is_there(&error.pointer);
        let told = |error: &FieldError| api::sentence(&field_names::detail(error));
        let found = each_once(problem.errors.iter().filter(at).map(told));
        (!found.is_empty()).then(|| found.join(" "))
    }

    /// What is wrong with fields that are at none of these pointers.
    pub fn elsewhere(&self, pointers: &[&str]) -> Vec<String> {
        let Self::Failed(Failure::Refused(problem)) = self else {
            return Vec::new();
        };
        let is_elsewhere = |error: &&FieldError| {
            !pointers
                .iter()
                .any(|pointer| error.pointer.starts_with(pointer))
        };
        each_once(problem.errors.iter().filter(is_elsewhere).map(listed))
    }

    /// With the errors of the fields as they are typed now, which replace those that the server returned for the same fields.
    pub fn with(&self, now: Vec<FieldError>) -> Self {
        let problem = match self {
            Self::Failed(Failure::Refused(problem)) => problem.clone(),
            Self::Idle | Self::Busy | Self::Failed(_) | Self::Unsettled(_) if now.is_empty() => {
                return self.clone();
            }
            Self::Idle | Self::Busy | Self::Failed(_) | Self::Unsettled(_) => Problem::default(),
        };
        let is_anew = |error: &FieldError| now.iter().any(|one| one.pointer == error.pointer);
        let mut errors = problem.errors;
        errors.retain(|error| !is_anew(error));
        errors.extend(now);
        Self::Failed(Failure::Refused(Problem { errors, ..problem }))
    }

    /// Whether there is a conflict to settle.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Failed(Failure::Conflict) | Self::Unsettled(_))
    }

    /// Whether it is under way.
    pub fn is_busy(&self) -> bool {
        *self == Self::Busy
    }
}

/// The sentences in their order, without repeats: two lines of a list may be wrong in the same way.
fn each_once(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in sentences {
        if !found.contains(&sentence) {
            found.push(sentence);
        }
    }
    found
}

/// A wrong field as a sentence that names it.
pub fn listed(error: &FieldError) -> String {
    let detail = field_names::detail(error);
    let name = field_names::of(&error.pointer);
    match detail.starts_with(&name) {
        true => api::sentence(&detail),
        false => api::sentence(&format!("{name}: {detail}")),
    }
}

/// A refusal of these fields.
pub fn refusal(errors: Vec<FieldError>) -> Failure {
    Failure::Refused(Problem {
        status: 422,
        code: "invalid_field".to_owned(),
        errors,
        ..Problem::default()
    })
}

/// The field errors of a failure.
pub fn errors(failure: &Failure) -> &[FieldError] {
    match failure {
        Failure::Refused(problem) => &problem.errors,
        _ => &[],
    }
}

/// What `notice` objects to before anything is sent, as the server would say it.
pub fn objection(rejection: &notice::rejection::Rejection) -> Failure {
    let problem = rejection.problem();
    Failure::Refused(Problem {
        status: problem.status,
        code: problem.code.to_owned(),
        detail: problem.detail,
        errors: problem
            .errors
            .into_iter()
            .map(|error| FieldError {
                pointer: error.pointer,
                detail: error.detail,
            })
            .collect(),
    })
}

/// Where a form goes.
#[derive(Clone, Debug)]
pub struct Target {
    /// How.
    pub method: Method,
    /// Below the site.
    pub path: String,
    /// Of what was read.
    pub if_match: Option<String>,
    /// So that a repeat happens once. Forms have one of their own.
    pub key: Option<String>,
}

impl Target {
    /// A `POST`.
    pub fn post(path: impl Into<String>) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            if_match: None,
            key: None,
        }
    }

    /// A `PATCH` of what was read with this entity tag.
    pub fn patch(path: impl Into<String>, etag: Option<String>) -> Self {
        Self {
            method: Method::PATCH,
            path: path.into(),
            if_match: etag,
            key: None,
        }
    }
}

/// Sends a draft. When the server has it the draft is forgotten and `done` is told; until then it is kept.
pub fn submit<T>(
    desk: &Desk,
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
            return point_at_errors();
        }
    };
    sending.set(Sending::Busy);
    let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
    spawn_local(async move {
        let path = desk.session.path(&target.path);
        let token = &desk.session.token;
        if draft.is_in_doubt_of_another(token) {
            match has_arrived(&desk, &draft.key()).await {
                Ok(false) => {}
                Ok(true) => {
                    draft.begin_anew();
                    sending.set(Sending::Failed(Failure::Refused(arrived())));
                    desk.reload.emit(());
                    return point_at_errors();
                }
                Err(Failure::SignedOut) => return desk.ended.emit(()),
                Err(failure) => return sending.set(Sending::Failed(failure)),
            }
        }
        let sent = deliver(&draft, target.method, &path, token, target.if_match, body);
        match sent.await {
            Ok(answer) => {
                desk.reload.emit(());
                done.emit(answer);
            }
            Err(Failure::SignedOut) => desk.ended.emit(()),
            Err(failure) => {
                let conflicts = failure == Failure::Conflict;
                sending.set(Sending::Failed(failure));
                if conflicts {
                    // Both texts come into view once they are there.
                    desk.reload.emit(());
                } else {
                    point_at_errors();
                }
            }
        }
    });
}

/// The id of what is said of a conflict that is not settled.
pub const UNSETTLED: &str = "unsettled";

/// Whether there is a conflict to settle before a form can be sent, which is then said.
pub fn has_to_settle(sending: &UseStateHandle<Sending>) -> bool {
    let tries = match **sending {
        Sending::Failed(Failure::Conflict) => 1,
        Sending::Unsettled(tries) => tries.saturating_add(1),
        _ => return false,
    };
    sending.set(Sending::Unsettled(tries));
    point_at(UNSETTLED);
    true
}

/// Whether what was sent under a key is in the journal, whoever sent it. Only its newest entries are looked at: between what
/// nobody knows to have arrived and the next try there is a signing in.
async fn has_arrived(desk: &Desk, key: &str) -> Result<bool, Failure> {
    let (newest, _) = desk
        .session
        .get::<Collection<JournalEntry>>("/journal?limit=100")
        .await?;
    let key = Some(key_digest(key));
    Ok(newest.items.iter().any(|entry| entry.row.key == key))
}

/// What was sent before was acknowledged to nobody, and has happened.
fn arrived() -> Problem {
    Problem {
        status: 422,
        code: "idempotency_mismatch".to_owned(),
        detail: "what you sent before did arrive after all, as it was then; look at it first, and send this only if something \
                 is left to say"
            .to_owned(),
        errors: Vec::new(),
    }
}

/// Sends a draft's body under its key. When the server has it the draft is forgotten; until then it is kept.
///
/// # Errors
/// What came instead, and what it means for the draft.
pub async fn deliver<T>(
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
    // A session that has ended says nothing about what was sent before it had.
    let was_in_doubt = draft.is_in_doubt();
    draft.sending(&body, token);
    let given = Given {
        body: Some(body),
        if_match,
        key: Some(draft.key()),
    };
    match api::send(method, path, Some(token), &given).await {
        Ok(answer) => {
            draft.forget();
            Ok(answer)
        }
        Err(Failure::SignedOut) => {
            if !was_in_doubt {
                draft.refused();
            }
            Err(Failure::SignedOut)
        }
        Err(failure) => Err(judge(draft, failure)),
    }
}

/// What a failure means for the draft.
fn judge<T>(draft: &Draft<T>, failure: Failure) -> Failure
where
    T: Clone + PartialEq + Serialize + 'static,
{
    match failure {
        Failure::Refused(problem) if problem.code == "idempotency_mismatch" => {
            draft.begin_anew();
            Failure::Refused(arrived())
        }
        Failure::Refused(problem) => {
            draft.refused();
            Failure::Refused(problem)
        }
        Failure::Conflict => {
            draft.refused();
            Failure::Conflict
        }
        in_doubt => in_doubt,
    }
}

/// Brings what is wrong into view, once it has been drawn: the first field that does not fit has the focus.
pub fn point_at_errors() {
    spawn_local(async {
        TimeoutFuture::new(50).await;
        let document = web_sys::window().and_then(|window| window.document());
        let find = |selector| document.as_ref()?.query_selector(selector).ok()?;
        if let Some(field) = find("[aria-invalid=true]") {
            // What cannot have the focus is no field; then there is nothing to do.
            let _ = field.unchecked_into::<HtmlElement>().focus();
        } else if let Some(alert) = find("[role=alert]") {
            alert.scroll_into_view();
        }
    });
}

/// Gives the focus to the field or section with this id, once it has been drawn, and brings it into view. Folds around it
/// are opened.
pub fn point_at(id: &str) {
    let id = id.to_owned();
    spawn_local(async move {
        TimeoutFuture::new(50).await;
        route::reveal(&id);
    });
}

/// Something done without a form: a button.
pub fn act(
    desk: &Desk,
    sending: &UseStateHandle<Sending>,
    target: Target,
    body: Option<String>,
    done: Callback<Answer>,
) {
    if sending.is_busy() {
        return;
    }
    sending.set(Sending::Busy);
    let given = Given {
        body,
        if_match: target.if_match,
        key: target.key,
    };
    let (desk, sending) = (desk.clone(), sending.clone());
    spawn_local(async move {
        let path = desk.session.path(&target.path);
        match api::send(target.method, &path, Some(&desk.session.token), &given).await {
            Ok(answer) => {
                sending.set(Sending::Idle);
                desk.reload.emit(());
                done.emit(answer);
            }
            Err(Failure::SignedOut) => desk.ended.emit(()),
            Err(failure) => {
                if failure == Failure::Conflict {
                    desk.reload.emit(());
                }
                sending.set(Sending::Failed(failure));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Sending, objection, refusal};
    use crate::api::FieldError;
    use notice::rejection::Rejection;

    #[test]
    fn errors_stand_at_their_fields() {
        let rejection = Rejection::field("/components/0/id", "is named twice");
        let sending = Sending::Failed(objection(&rejection));
        assert_eq!(
            sending.error("/components").as_deref(),
            Some("Is named twice.")
        );
        assert_eq!(sending.error("/component"), None);
        assert!(sending.elsewhere(&["/components"]).is_empty());
        assert_eq!(
            sending.elsewhere(&["/title"]),
            ["Components 1: is named twice."]
        );
    }

    fn wrong(pointer: &str, detail: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn two_lines_wrong_in_the_same_way_give_one_sentence() {
        let detail = "Must start with / or #/.";
        let sending = Sending::Failed(refusal(vec![
            wrong("/audience/paths/0", detail),
            wrong("/audience/paths/2", detail),
            wrong("/audience/paths/3", "Must not be blank."),
        ]));
        assert_eq!(
            sending.error("/audience/paths").as_deref(),
            Some("Must start with / or #/. Must not be blank.")
        );
        let blank = "Must not be blank.";
        let sending = Sending::Failed(refusal(vec![
            wrong("/contacts/0/label", blank),
            wrong("/contacts/0/value", blank),
        ]));
        let elsewhere = sending.elsewhere(&["/title"]);
        assert_eq!(elsewhere, ["Support contacts 1: Must not be blank."]);
    }
}
