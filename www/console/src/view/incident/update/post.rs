//! Posting an update, unless another operator has posted one meanwhile.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    project::view::{self, IncidentView},
    wire::enums::Kind,
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle};

use super::Work;
use crate::{
    browser::focus,
    context::Snapshot,
    form::{
        self, UpdateForm as Form,
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Task},
    rules::{
        dry_run,
        reach::{self, Pages},
        receivers::{self, Change},
    },
    server::{
        failure::{Failure, FieldError},
        request::{self, Payload},
    },
    time::clock,
    view::{fields::blockers, incident::update::outcome},
};

/// Returns the callback that posts the update. It reads the incident first: if another operator has posted since, `newer` is set
/// instead. `is_editing` says whether the fields are in view.
pub fn post(
    work: &Work<'_>,
    sending: &UseStateHandle<Sending>,
    newer: &UseStateHandle<Option<Rc<IncidentView>>>,
    is_editing: bool,
) -> Callback<()> {
    let (context, draft, sending, newer) = (
        work.context.clone(),
        work.draft.clone(),
        sending.clone(),
        newer.clone(),
    );
    let (incident, interval_s) = (work.incident.clone(), work.interval_s);
    let (snapshot, webhooks) = (Rc::clone(&work.context.snapshot), work.webhooks.clone());
    let errors = outcome::errors(work, &outcome::dry_run(work));
    Callback::from(move |()| {
        if sending.is_busy() {
            return;
        }
        let is_empty = draft.value().body.trim().is_empty();
        // A request in doubt is repeated unchanged.
        if draft.sent_body().is_none() && (is_empty || !errors.is_empty()) {
            let mut errors = errors.clone();
            if is_empty {
                errors.push(FieldError {
                    pointer: "/body".to_owned(),
                    detail: "Write a message.".to_owned(),
                });
            }
            if !is_editing {
                return focus::focus_id(blockers::ID);
            }
            sending.set(Sending::Failed(Failure::invalid(errors)));
            return focus::focus_first_error();
        }
        let (context, draft, sending, newer) = (
            context.clone(),
            draft.clone(),
            sending.clone(),
            newer.clone(),
        );
        let (incident, snapshot) = (incident.clone(), Rc::clone(&snapshot));
        let webhooks = webhooks.clone();
        // Busy from the click on, while the incident is read.
        sending.set(Sending::Busy);
        spawn_local(async move {
            let path = format!("/incidents/{}", incident.id);
            let address = context.session.path(&path);
            // After a request in doubt the newest update may be this draft's; the key prevents a duplicate.
            if !draft.is_in_doubt() {
                let read = request::send(
                    Method::GET,
                    &address,
                    Some(&context.session.token),
                    &Payload::default(),
                )
                .await;
                let now: Result<IncidentView, Failure> = read.and_then(|answer| answer.read());
                match now {
                    Ok(now)
                        if now.newest().map(|update| &update.id) != draft.value().seen.as_ref() =>
                    {
                        sending.set(Sending::Idle);
                        newer.set(Some(Rc::new(now)));
                        return focus::focus_first_error();
                    }
                    Ok(_) => {}
                    Err(Failure::SignedOut) => return context.on_session_end.emit(()),
                    Err(failure) => return sending.set(Sending::Failed(failure)),
                }
            }
            let build = |form: &Form| {
                let now = clock::now();
                let mut form = form.clone();
                form::remove_deleted(&mut form.components, &snapshot.components);
                let input = form.request(&incident, interval_s, now);
                let state = dry_run::state_of(&snapshot, Some(&incident), now);
                dry_run::update(&state, &incident.id, input.clone(), now)
                    .map_err(|rejection| Failure::from(&rejection))?;
                request::to_json(&input)
            };
            let (done_context, id) = (context.clone(), incident.id.clone());
            let ended_kind = draft.value().ends(&incident).then_some(incident.kind);
            let pages = Pages::of(
                &snapshot,
                &incident_after(&snapshot, &draft.value(), &incident, interval_s),
            );
            let now = clock::now();
            let input = draft.value().request(&incident, interval_s, now);
            let change = Change::Update(&incident, Box::new(input));
            let queued = receivers::count(&snapshot, webhooks.as_deref(), change, now);
            let done = Callback::from(move |_| {
                let what = match ended_kind {
                    Some(Kind::Announcement) => "Announcement ended.",
                    Some(Kind::Maintenance) => "Maintenance completed.",
                    Some(_) => "Resolved.",
                    None => "Update posted.",
                };
                let sentence = reach::sentence(&done_context.snapshot, pages, clock::now());
                let confirmation = format!("{what} {sentence}");
                done_context
                    .notify
                    .emit(receivers::with_queued(&confirmation, queued));
                done_context.go(&Route::Incident(id.clone(), Task::Read));
            });
            sending.set(Sending::Idle);
            submit::submit(
                &context,
                &draft,
                &sending,
                Target::post(format!("{path}/updates")),
                build,
                done,
            );
        });
    })
}

/// Returns the incident after the update, which may change the pages that show it.
fn incident_after(
    snapshot: &Snapshot,
    form: &Form,
    incident: &IncidentView,
    interval_s: u32,
) -> IncidentView {
    let now = clock::now();
    let state = dry_run::state_of(snapshot, Some(incident), now);
    let input = form.request(incident, interval_s, now);
    let after = dry_run::update(&state, &incident.id, input, now).ok();
    after
        .and_then(|(state, _)| view::incident(&state, &incident.id, ""))
        .unwrap_or_else(|| incident.clone())
}
