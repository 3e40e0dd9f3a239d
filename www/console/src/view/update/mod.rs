//! Posting an update of an incident, and resolving it.

mod all_clear;
mod check;
mod going_on;
mod meanwhile;
mod post;
mod write;

use std::rc::Rc;

use notice::{
    project::view::IncidentView,
    wire::{
        ids::IncidentId,
        words::{Kind, Status},
    },
};
use yew::{Html, component, html, use_state};

use crate::{
    clock,
    desk::Desk,
    draft::{Draft, use_draft},
    form::{self, Say as Form},
    ready_made::StandIns,
    route::{Route, Stage, Task},
    submit::Sending,
    view::{self, found::use_incident, wide::use_is_wide},
    words,
};

/// The fields that show themselves what is wrong with them.
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

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Of which incident.
    pub id: IncidentId,
    /// It is to be over.
    pub resolves: bool,
    /// How far it has come.
    pub stage: Stage,
}

/// The view, once the incident is there.
#[component]
pub fn Update(props: &Props) -> Html {
    match use_incident(&props.desk, &props.id) {
        Ok(found) if found.is_to_come => view::reading(),
        Ok(found) => {
            html! { <Writing desk={props.desk.clone()} incident={Rc::new(found.incident)} resolves={props.resolves} stage={props.stage} /> }
        }
        Err(shown) => shown,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct WritingProps {
    desk: Desk,
    incident: Rc<IncidentView>,
    resolves: bool,
    stage: Stage,
}

/// What the parts work with.
struct Work<'a> {
    desk: &'a Desk,
    incident: &'a IncidentView,
    draft: &'a Draft<Form>,
    form: &'a Form,
    /// The state of sending, with the errors of the fields as they are typed.
    sending: &'a Sending,
    /// Whether the view is for the update that ends it.
    resolves: bool,
    usual_s: u32,
}

fn end_of(kind: Kind) -> Status {
    match kind {
        Kind::Incident | Kind::Unknown => Status::Resolved,
        Kind::Maintenance => Status::Completed,
        Kind::Announcement => Status::Ended,
    }
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let WritingProps {
        desk,
        incident,
        resolves,
        stage,
    } = props;
    let task = if *resolves { "resolve" } else { "update" };
    let draft = use_draft(desk.slug(), &format!("{task}:{}", incident.id), || {
        begin(incident, *resolves)
    });
    let sending = use_state(|| Sending::Idle);
    // What somebody else has said meanwhile, found just before posting.
    let fresh = use_state(|| None::<Rc<IncidentView>>);
    let incident = fresh.as_ref().unwrap_or(incident);
    let wide = use_is_wide();
    clock::use_passing_time();
    let mut form = draft.value();
    form::forget_gone(&mut form.components, &desk.facts.components);
    let work = Work {
        desk,
        incident,
        draft: &draft,
        form: &form,
        sending: &sending,
        resolves: *resolves,
        usual_s: usual_s(desk, incident, &form),
    };
    let over = form.is_over(incident);
    // On a phone the preview has a step of its own.
    let writes = wide || *stage == Stage::Write;
    let others = meanwhile::said(&work);
    let outcome = check::outcome(&work);
    let wrong = check::wrong(&work, &outcome);
    let shown = sending.with(wrong.clone());
    let work = Work {
        sending: &shown,
        ..work
    };
    // Only the all-clear is something that a card turns into.
    let card = || check::preview(&outcome, over);
    let to = |task| desk.href(&Route::Incident(incident.id.clone(), task));
    let writing = |stage| match resolves {
        true => Task::Resolve(stage),
        false => Task::Update(stage),
    };
    let label = match (others.is_empty(), over, incident.kind) {
        (false, ..) => "Review the published update",
        (true, true, _) => words::end(incident.kind),
        (true, false, _) => "Post update",
    };
    let publish = || {
        let post = post::post(&work, &sending, &fresh, writes);
        view::primary(label, sending.is_busy(), post)
    };
    let actions = match (wide, writes) {
        (true, _) => view::bar(Some((to(Task::Read), "Cancel")), publish()),
        (false, true) => view::bar(
            Some((to(Task::Read), "Cancel")),
            html! { <a class="button primary" href={to(writing(Stage::Check))}>{ "Preview" }</a> },
        ),
        (false, false) => view::bar(Some((to(writing(Stage::Write)), "Back")), publish()),
    };
    let title = match (writes, resolves) {
        (false, _) => "Preview",
        (true, true) => words::end(incident.kind),
        (true, false) => "Post an update",
    };
    html! {
        <main class={if wide { "work" } else { "column" }}>
            <div class="writing">
                { view::heading(title, Some(&incident.title)) }
                { view::failure(&sending, POINTERS) }
                { meanwhile::both(&work, &others) }
                if writes { { write::fields(&work, *resolves, &outcome) } } else { { card() } { check::summary(&work, &outcome, &wrong) } }
                { actions }
            </div>
            if wide { <aside class="beside">{ card() }</aside> }
        </main>
    }
}

/// How often a word is owed of it, in seconds.
fn usual_s(desk: &Desk, incident: &IncidentView, form: &Form) -> u32 {
    let touched = incident.components.iter().map(|touched| &touched.id);
    let picked = form.components.iter().map(|picked| &picked.id);
    let all: Vec<_> = touched.chain(picked).cloned().collect();
    incident
        .cadence_s
        .unwrap_or_else(|| form::usual_s(&desk.facts.site, &desk.facts.components, &all))
}

/// A new form; of what is over, what was broken is what is back.
fn begin(incident: &IncidentView, resolves: bool) -> Form {
    let mut form = Form::new(incident, resolves.then(|| end_of(incident.kind)));
    if resolves {
        form.back = match incident.broken.as_slice() {
            [] => {
                let names: Vec<&str> = incident
                    .components
                    .iter()
                    .map(|touched| touched.name.as_str())
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

/// What stands in ready words for what only the operator knows.
fn stand_ins(work: &Work<'_>) -> StandIns {
    let touched = work.incident.components.iter();
    let zone = work.desk.facts.site.time_zone.as_str();
    StandIns {
        parts: touched.map(|touched| touched.name.clone()).collect(),
        site: work.desk.facts.site.name.clone(),
        start: clock::zoned_in(work.incident.started_at, zone),
        end: clock::zoned_in(clock::now(), zone),
    }
}
