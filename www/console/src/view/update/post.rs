//! Posting, unless somebody else was faster.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    project::view::{self, IncidentView},
    wire::words::Kind,
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle};

use super::{Work, check};
use crate::{
    api::{self, Failure, FieldError, Given},
    clock,
    desk::Facts,
    form::{self, Say as Form},
    outcome,
    reach::{self, Pages},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::blockers,
};

/// Reads the incident again, and posts unless somebody else has posted since, or a field has an error. `writes`: the fields
/// are in view.
pub fn post(
    work: &Work<'_>,
    sending: &UseStateHandle<Sending>,
    fresh: &UseStateHandle<Option<Rc<IncidentView>>>,
    writes: bool,
) -> Callback<()> {
    let (desk, draft, sending, fresh) = (
        work.desk.clone(),
        work.draft.clone(),
        sending.clone(),
        fresh.clone(),
    );
    let (incident, usual_s) = (work.incident.clone(), work.usual_s);
    let facts = Rc::clone(&work.desk.facts);
    let wrong = check::wrong(work, &check::outcome(work));
    Callback::from(move |()| {
        if sending.is_busy() {
            return;
        }
        let is_empty = draft.value().body.trim().is_empty();
        // What was sent before is sent again as it was: it may have arrived.
        if draft.sent_body().is_none() && (is_empty || !wrong.is_empty()) {
            let mut errors = wrong.clone();
            if is_empty {
                errors.push(FieldError {
                    pointer: "/body".to_owned(),
                    detail: "Write a message.".to_owned(),
                });
            }
            if !writes {
                return submit::point_at(blockers::ID);
            }
            sending.set(Sending::Failed(submit::refusal(errors)));
            return submit::point_at_errors();
        }
        let (desk, draft, sending, fresh) =
            (desk.clone(), draft.clone(), sending.clone(), fresh.clone());
        let (incident, facts) = (incident.clone(), Rc::clone(&facts));
        // From the first tap on: on a slow line reading takes as long as posting.
        sending.set(Sending::Busy);
        spawn_local(async move {
            let path = format!("/incidents/{}", incident.id);
            let address = desk.session.path(&path);
            // What was sent before may be the newest by now; the key sees to that.
            if !draft.is_in_doubt() {
                let read = api::send(
                    Method::GET,
                    &address,
                    Some(&desk.session.token),
                    &Given::default(),
                )
                .await;
                let now: Result<IncidentView, Failure> = read.and_then(|answer| answer.read());
                match now {
                    Ok(now)
                        if now.newest().map(|update| &update.id) != draft.value().seen.as_ref() =>
                    {
                        sending.set(Sending::Idle);
                        fresh.set(Some(Rc::new(now)));
                        return submit::point_at_errors();
                    }
                    Ok(_) => {}
                    Err(Failure::SignedOut) => return desk.ended.emit(()),
                    Err(failure) => return sending.set(Sending::Failed(failure)),
                }
            }
            let build = |form: &Form| {
                let now = clock::now();
                let mut form = form.clone();
                form::forget_gone(&mut form.components, &facts.components);
                let input = form.request(&incident, usual_s, now);
                let state = outcome::state_of(&facts, Some(&incident), now);
                outcome::updated(&state, &incident.id, input.clone(), now)
                    .map_err(|rejection| submit::objection(&rejection))?;
                serde_json::to_string(&input).map_err(|_| Failure::Unreachable)
            };
            let (then, id) = (desk.clone(), incident.id.clone());
            let over = draft.value().is_over(&incident).then_some(incident.kind);
            let pages = Pages::of(&facts, &after(&facts, &draft.value(), &incident, usual_s));
            let done = Callback::from(move |_| {
                let what = match over {
                    Some(Kind::Announcement) => "Announcement ended.",
                    Some(Kind::Maintenance) => "Maintenance completed.",
                    Some(_) => "Resolved.",
                    None => "Update posted.",
                };
                let shown = reach::shown(&then.facts, pages, clock::now());
                then.say.emit(format!("{what} {shown}"));
                then.go(&Route::Incident(id.clone(), Task::Read));
            });
            sending.set(Sending::Idle);
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::post(format!("{path}/updates")),
                build,
                done,
            );
        });
    })
}

/// The incident after the update, which may change how it is shown.
fn after(facts: &Facts, form: &Form, incident: &IncidentView, usual_s: u32) -> IncidentView {
    let now = clock::now();
    let state = outcome::state_of(facts, Some(incident), now);
    let input = form.request(incident, usual_s, now);
    let after = outcome::updated(&state, &incident.id, input, now).ok();
    after
        .and_then(|(state, _)| view::incident(&state, &incident.id, ""))
        .unwrap_or_else(|| incident.clone())
}
