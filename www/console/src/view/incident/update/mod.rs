//! Posting an update of an incident, and resolving it with one.

mod all_clear;
mod concurrent;
mod fields;
mod ongoing;
mod outcome;
mod post;

use std::rc::Rc;

use notice::{
    project::view::IncidentView,
    wire::{
        enums::{Kind, Status},
        ids::IncidentId,
    },
};
use yew::{Html, component, html, use_state};

use crate::{
    context::Context,
    form::{
        self, UpdateForm as Form,
        draft::{Draft, use_draft},
        sending::Sending,
    },
    route::{Route, Task, UpdateStep},
    templates::Placeholders,
    text::labels,
    time::{clock, format},
    ui::{self, wide_screen::use_is_wide},
    view::{
        fields::notify::{KnownWebhooks, use_webhooks},
        incident::load::use_incident,
    },
};

/// JSON pointers of the fields that show their own errors.
const POINTERS: &[&str] = &[
    "/body",
    "/advice",
    "/works",
    "/broken",
    "/next_update_at",
    "/estimated_end_at",
    "/components",
    "/status",
    "/impact",
    "/restored",
    "/text",
];

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: IncidentId,
    /// Whether the update ends the incident.
    pub resolves: bool,
    pub step: UpdateStep,
}

#[component]
pub fn Update(props: &Props) -> Html {
    match use_incident(&props.context, &props.id) {
        Ok(loaded) if loaded.is_pending => ui::loading_view(),
        Ok(loaded) => {
            html! { <UpdateEditor context={props.context.clone()} incident={Rc::new(loaded.incident)} resolves={props.resolves} step={props.step} /> }
        }
        Err(placeholder) => placeholder,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct UpdateEditorProps {
    context: Context,
    incident: Rc<IncidentView>,
    resolves: bool,
    step: UpdateStep,
}

/// The data that the modules of this view share.
struct Work<'a> {
    context: &'a Context,
    incident: &'a IncidentView,
    draft: &'a Draft<Form>,
    form: &'a Form,
    /// The state of sending, with the errors of the fields as typed.
    sending: &'a Sending,
    /// Whether the view is for the update that ends the incident.
    resolves: bool,
    /// The incident's update interval, in seconds.
    interval_s: u32,
    webhooks: &'a KnownWebhooks,
}

fn end_status(kind: Kind) -> Status {
    match kind {
        Kind::Incident | Kind::Unknown => Status::Resolved,
        Kind::Maintenance => Status::Completed,
        Kind::Announcement => Status::Ended,
    }
}

#[component]
fn UpdateEditor(props: &UpdateEditorProps) -> Html {
    let UpdateEditorProps {
        context,
        incident,
        resolves,
        step,
    } = props;
    let task = if *resolves { "resolve" } else { "update" };
    let draft = use_draft(context.slug(), &format!("{task}:{}", incident.id), || {
        initial_form(incident, *resolves)
    });
    let sending = use_state(|| Sending::Idle);
    // A version with another operator's update, found just before posting.
    let newer = use_state(|| None::<Rc<IncidentView>>);
    let incident = newer.as_ref().unwrap_or(incident);
    let webhooks = use_webhooks(context, true);
    let is_wide = use_is_wide();
    clock::use_passing_time();
    let mut form = draft.value();
    form::remove_deleted(&mut form.components, &context.snapshot.components);
    let work = Work {
        context,
        incident,
        draft: &draft,
        form: &form,
        sending: &sending,
        resolves: *resolves,
        interval_s: interval_s(context, incident, &form),
        webhooks: &webhooks,
    };
    let ends = form.ends(incident);
    // On a phone the preview has a step of its own.
    let is_editing = is_wide || *step == UpdateStep::Write;
    let unseen = concurrent::unseen_updates(&work);
    let outcome = outcome::dry_run(&work);
    let errors = outcome::errors(&work, &outcome);
    let shown = sending.with_errors(errors.clone());
    let work = Work {
        sending: &shown,
        ..work
    };
    // The preview shows the card changing only on resolution.
    let card = || outcome::preview(&outcome, ends);
    let to = |task| context.href(&Route::Incident(incident.id.clone(), task));
    let task_at = |step| match resolves {
        true => Task::Resolve(step),
        false => Task::Update(step),
    };
    let label = match (unseen.is_empty(), ends, incident.kind) {
        (false, ..) => "Review the published update",
        (true, true, _) => labels::end_action(incident.kind),
        (true, false, _) => "Post update",
    };
    let publish = || {
        let post = post::post(&work, &sending, &newer, is_editing);
        ui::primary(label, sending.is_busy(), post)
    };
    let actions = match (is_wide, is_editing) {
        (true, _) => ui::action_bar(Some((to(Task::Read), "Cancel")), publish()),
        (false, true) => ui::action_bar(
            Some((to(Task::Read), "Cancel")),
            html! { <a class="button primary" href={to(task_at(UpdateStep::Preview))}>{ "Preview" }</a> },
        ),
        (false, false) => ui::action_bar(Some((to(task_at(UpdateStep::Write)), "Back")), publish()),
    };
    let title = match (is_editing, resolves) {
        (false, _) => "Preview",
        (true, true) => labels::end_action(incident.kind),
        (true, false) => "Post an update",
    };
    html! {
        <main class={if is_wide { "work" } else { "column" }}>
            <div class="writing">
                { ui::heading(title, Some(&incident.title)) }
                { ui::failure(&sending, POINTERS) }
                { concurrent::render(&work, &unseen) }
                if is_editing { { fields::render(&work, *resolves, &outcome) } } else { { card() } { outcome::summary(&work, &outcome, &errors) } }
                { actions }
            </div>
            if is_wide { <aside class="beside">{ card() }</aside> }
        </main>
    }
}

/// Returns the incident's update interval, in seconds.
fn interval_s(context: &Context, incident: &IncidentView, form: &Form) -> u32 {
    let affected = incident.components.iter().map(|affected| &affected.id);
    let selected = form.components.iter().map(|selected| &selected.id);
    let all: Vec<_> = affected.chain(selected).cloned().collect();
    incident.cadence_s.unwrap_or_else(|| {
        form::interval_s(&context.snapshot.site, &context.snapshot.components, &all)
    })
}

/// Returns a new form. On resolution, what did not work is listed as working again.
fn initial_form(incident: &IncidentView, resolves: bool) -> Form {
    let mut form = Form::new(incident, resolves.then(|| end_status(incident.kind)));
    if resolves {
        form.back = match incident.broken.as_slice() {
            [] => {
                let names: Vec<&str> = incident
                    .components
                    .iter()
                    .map(|affected| affected.name.as_str())
                    .collect();
                names.join("\n")
            }
            broken => broken.join("\n"),
        };
    } else if incident.status.is_over() {
        form.status = Some(Status::Investigating);
    }
    form
}

/// Returns the values of placeholders in templates.
fn placeholders(work: &Work<'_>) -> Placeholders {
    let affected = work.incident.components.iter();
    let zone = work.context.snapshot.site.time_zone.as_str();
    Placeholders {
        components: affected.map(|affected| affected.name.clone()).collect(),
        site: work.context.snapshot.site.name.clone(),
        start: format::with_zone_in(work.incident.started_at, zone),
        end: format::with_zone_in(clock::now(), zone),
    }
}
