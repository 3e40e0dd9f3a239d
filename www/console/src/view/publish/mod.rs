//! Publishing an incident, maintenance or an announcement in three steps: components and severity, the message, the preview.
//! The severity of an incident has no default: the operator chooses it.

mod issues;
mod message;
mod preview;
mod scope;

use std::rc::Rc;

use notice::project::view::IncidentView;
use notice::{
    state::State,
    wire::enums::{Kind, StringEnum},
};
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    browser::focus,
    context::Context,
    form::{
        self, PublishForm as Form,
        draft::{Draft, use_draft},
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Step, Task},
    rules::{
        dry_run, reach,
        receivers::{self, Change},
    },
    server::{
        failure::{Failure, FieldError},
        request::{self, Answer},
    },
    time::{clock, format},
    ui::{self, preview::Preview, wide_screen::use_is_wide},
    view::fields::{
        blockers,
        notify::{KnownWebhooks, use_webhooks},
    },
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub kind: Kind,
    pub step: Step,
}

/// The data that the steps share.
struct Work<'a> {
    context: &'a Context,
    draft: &'a Draft<Form>,
    form: &'a Form,
    /// The state of sending, with the errors of the fields as typed.
    sending: &'a Sending,
    /// The issues that block publishing.
    issues: &'a [issues::Issue],
    /// The update interval, in seconds.
    interval_s: u32,
    webhooks: &'a KnownWebhooks,
}

#[component]
pub fn Publish(props: &Props) -> Html {
    let Props {
        context,
        kind,
        step,
    } = props;
    let draft = use_draft(context.slug(), &format!("new:{}", kind.as_str()), || {
        Form::new(*kind)
    });
    let sending = use_state(|| Sending::Idle);
    let webhooks = use_webhooks(context, *step == Step::Preview);
    let is_wide = use_is_wide();
    clock::use_passing_time();
    let snapshot = &context.snapshot;
    let mut form = draft.value();
    form::remove_deleted(&mut form.components, &snapshot.components);
    let interval_s = update_interval_s(context, &form);
    let issues = issues::find(&form, snapshot, interval_s, clock::now());
    let typed = issues.iter().filter(|issue| !issue.is_empty);
    let typed = typed.map(|issue| FieldError {
        pointer: issue.pointer.clone(),
        detail: issue.detail.clone(),
    });
    let shown = sending.with_errors(typed.collect());
    let work = Work {
        context,
        draft: &draft,
        form: &form,
        sending: &shown,
        issues: &issues,
        interval_s,
        webhooks: &webhooks,
    };
    let to = |step| context.href(&Route::Publish(*kind, step));
    let (title, number, content, actions) = match step {
        Step::Scope => (
            Route::Publish(*kind, *step).title(),
            "Step 1 of 3",
            scope::step(&work),
            ui::action_bar(
                Some((context.href(&Route::Home), "Cancel")),
                html! { <a class="button primary" href={to(Step::Message)}>{ "Next: message" }</a> },
            ),
        ),
        Step::Message => (
            "Write the message",
            "Step 2 of 3",
            message::step(&work),
            ui::action_bar(
                Some((to(Step::Scope), "Back")),
                html! { <a class="button primary" href={to(Step::Preview)}>{ "Preview" }</a> },
            ),
        ),
        Step::Preview => (
            "Preview",
            "Step 3 of 3",
            preview::step(&work),
            actions(&work, &sending, to(Step::Message)),
        ),
    };
    // Errors of fields in other steps are listed at the top.
    let pointers = match step {
        Step::Scope => scope::POINTERS,
        Step::Message => message::POINTERS,
        Step::Preview => &[],
    };
    // On a phone the preview is a step of its own.
    let shown = is_wide || *step == Step::Preview;
    html! {
        <main class={if is_wide { "work" } else { "column" }}>
            <div class="writing">
                { ui::heading(title, Some(number)) }
                { ui::failure(&sending, pointers) }
                if *step == Step::Preview && !is_wide { { preview_card(&work) } }
                { content }
                { actions }
            </div>
            if is_wide && shown { <aside class="beside">{ preview_card(&work) }</aside> }
        </main>
    }
}

/// Returns the form's update interval, or else that of the selected components, in seconds.
fn update_interval_s(context: &Context, form: &Form) -> u32 {
    let snapshot = &context.snapshot;
    form::minutes_s(&form.overrides.cadence).unwrap_or_else(|| {
        form::interval_s(&snapshot.site, &snapshot.components, &form.component_ids())
    })
}

fn preview_card(work: &Work<'_>) -> Html {
    let form = work.form;
    if form.kind == Kind::Incident && form.impact.is_none() {
        let severity = work.context.href(&Route::Publish(form.kind, Step::Scope));
        return html! {
            <div class="note">
                <p>{ "The preview appears once you " }<a href={severity}>{ "choose a severity" }</a>{ "." }</p>
            </div>
        };
    }
    match state_after(work) {
        Some(after) => html! { <Preview {after} /> },
        None => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    }
}

/// Returns the state after publishing, with missing fields filled in. `None` if the rules reject the form.
fn state_after(work: &Work<'_>) -> Option<Rc<State>> {
    let now = clock::now();
    let mut state = dry_run::state_of(&work.context.snapshot, None, now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let input = dry_run::complete_for_preview(work.form.request(work.interval_s, now), now);
    dry_run::publish(&state, input, now).ok().map(Rc::new)
}

fn actions(work: &Work<'_>, sending: &UseStateHandle<Sending>, back: String) -> Html {
    let is_busy = sending.is_busy();
    let publish = on_submit(work, sending, Submission::Publish);
    let label = match (&work.form.publish_at.is_empty(), work.form.drill) {
        (false, _) => "Schedule publication",
        (_, true) => "Start drill",
        _ => "Publish",
    };
    let save_draft = on_submit(work, sending, Submission::SaveDraft);
    html! {
        <>
            <p class="aside">{ ui::secondary("Save as draft", save_draft) }</p>
            { ui::action_bar(Some((back, "Back")), ui::primary(label, is_busy, publish)) }
        </>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Submission {
    Publish,
    /// Saves the form as a draft on the server.
    SaveDraft,
}

/// Returns the callback that submits the form. If errors block the submission, the callback focuses the list of errors.
fn on_submit(
    work: &Work<'_>,
    sending: &UseStateHandle<Sending>,
    submission: Submission,
) -> Callback<()> {
    let is_draft = submission == Submission::SaveDraft;
    let (context, draft, sending) = (work.context.clone(), work.draft.clone(), sending.clone());
    let (interval_s, webhooks) = (work.interval_s, work.webhooks.clone());
    Callback::from(move |()| {
        let mut form = draft.value();
        form::remove_deleted(&mut form.components, &context.snapshot.components);
        let issues = issues::find(&form, &context.snapshot, interval_s, clock::now());
        let blocks = |issue: &issues::Issue| !(is_draft && issue.is_allowed_in_draft);
        // A request in doubt is repeated unchanged.
        if draft.sent_body().is_none() && issues.iter().any(blocks) {
            return focus::focus_id(blockers::ID);
        }
        draft.edit(|form| form.is_draft = is_draft);
        let snapshot = context.snapshot.clone();
        let build = move |form: &Form| {
            let now = clock::now();
            let mut form = form.clone();
            form::remove_deleted(&mut form.components, &snapshot.components);
            let input = form.request(interval_s, now);
            let state = dry_run::state_of(&snapshot, None, now);
            dry_run::publish(&state, input.clone(), now)
                .map_err(|rejection| Failure::from(&rejection))?;
            request::to_json(&input)
        };
        let (done_context, webhooks) = (context.clone(), webhooks.clone());
        let done = Callback::from(move |answer: Answer| {
            show_result(&done_context, &answer, is_draft, &webhooks);
        });
        submit::submit(
            &context,
            &draft,
            &sending,
            Target::post("/incidents"),
            build,
            done,
        );
    })
}

/// Shows the published incident, or the list if the answer is unreadable.
fn show_result(context: &Context, answer: &Answer, is_draft: bool, webhooks: &KnownWebhooks) {
    let Ok(incident) = answer.read::<IncidentView>() else {
        return context.go(&Route::Home);
    };
    context
        .notify
        .emit(match (is_draft, incident.draft, incident.publish_at) {
            (true, _, Some(at)) => {
                format!(
                    "Draft saved. It will be published at {}.",
                    format::with_zone(at)
                )
            }
            (true, ..) => "Draft saved.".to_owned(),
            (_, true, Some(at)) => {
                format!(
                    "Scheduled. It will be published at {}.",
                    format::with_zone(at)
                )
            }
            _ => {
                let now = clock::now();
                let confirmation = reach::confirmation(&context.snapshot, &incident, now);
                let change = Change::Published(&incident);
                let queued = receivers::count(&context.snapshot, webhooks.as_deref(), change, now);
                receivers::with_queued(&confirmation, queued)
            }
        });
    context.go(&Route::Incident(incident.id, Task::Read));
}
