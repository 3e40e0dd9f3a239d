//! Publishing an incident, maintenance or an announcement in three steps: components and severity, the message, the preview.
//! Nothing is chosen for the operator but the next update's time, and nothing typed is lost.

mod check;
mod issues;
mod pick;
mod say;

use std::rc::Rc;

use notice::project::view::IncidentView;
use notice::{
    state::State,
    wire::words::{Kind, Word},
};
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    api::{Answer, Failure, FieldError},
    clock,
    desk::Desk,
    draft::{Draft, use_draft},
    form::{self, Publish as Form},
    outcome,
    preview::Preview,
    reach,
    route::{Route, Step, Task},
    submit::{self, Sending, Target},
    view::{self, blockers, wide::use_is_wide},
};

pub use pick::{statuses, title, usual};

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// What is published.
    pub kind: Kind,
    /// How far it has come.
    pub step: Step,
}

/// What the steps work with.
struct Work<'a> {
    desk: &'a Desk,
    draft: &'a Draft<Form>,
    form: &'a Form,
    /// The state of sending, with the errors of the fields as they are typed.
    sending: &'a Sending,
    /// The issues that block publishing.
    issues: &'a [issues::Issue],
    usual_s: u32,
}

/// The view.
#[component]
pub fn Publish(props: &Props) -> Html {
    let Props { desk, kind, step } = props;
    let draft = use_draft(desk.slug(), &format!("new:{}", kind.as_str()), || {
        Form::new(*kind)
    });
    let sending = use_state(|| Sending::Idle);
    let wide = use_is_wide();
    clock::use_passing_time();
    let facts = &desk.facts;
    let mut form = draft.value();
    form::forget_gone(&mut form.components, &facts.components);
    let usual_s = usual_s(desk, &form);
    let issues = issues::of(&form, facts, usual_s, clock::now());
    let typed = issues.iter().filter(|issue| !issue.is_empty);
    let typed = typed.map(|issue| FieldError {
        pointer: issue.pointer.clone(),
        detail: issue.detail.clone(),
    });
    let shown = sending.with(typed.collect());
    let work = Work {
        desk,
        draft: &draft,
        form: &form,
        sending: &shown,
        issues: &issues,
        usual_s,
    };
    let to = |step| desk.href(&Route::Publish(*kind, step));
    let (title, number, content, actions) = match step {
        Step::What => (
            pick::title(*kind),
            "Step 1 of 3",
            pick::step(&work),
            view::bar(
                Some((desk.href(&Route::Home), "Cancel")),
                html! { <a class="button primary" href={to(Step::Say)}>{ "Next: message" }</a> },
            ),
        ),
        Step::Say => (
            "Write the message",
            "Step 2 of 3",
            say::step(&work),
            view::bar(
                Some((to(Step::What), "Back")),
                html! { <a class="button primary" href={to(Step::Check)}>{ "Preview" }</a> },
            ),
        ),
        Step::Check => (
            "Preview",
            "Step 3 of 3",
            check::step(&work),
            actions(&work, &sending, to(Step::Say)),
        ),
    };
    // What is wrong with a field that is not in view is said above.
    let pointers = match step {
        Step::What => pick::POINTERS,
        Step::Say => say::POINTERS,
        Step::Check => &[],
    };
    // On a phone the card has a step of its own.
    let shown = wide || *step == Step::Check;
    html! {
        <main class={if wide { "work" } else { "column" }}>
            <div class="writing">
                { view::heading(title, Some(number)) }
                { view::failure(&sending, pointers) }
                if *step == Step::Check && !wide { { card(&work) } }
                { content }
                { actions }
            </div>
            if wide && shown { <aside class="beside">{ card(&work) }</aside> }
        </main>
    }
}

/// Seconds between updates: as the form says, else as the site's settings do for what is selected.
fn usual_s(desk: &Desk, form: &Form) -> u32 {
    let facts = &desk.facts;
    form::minutes_s(&form.own.cadence)
        .unwrap_or_else(|| form::usual_s(&facts.site, &facts.components, &form.picked()))
}

fn card(work: &Work<'_>) -> Html {
    let form = work.form;
    if form.kind == Kind::Incident && form.impact.is_none() {
        let severity = work.desk.href(&Route::Publish(form.kind, Step::What));
        return html! {
            <div class="note">
                <p>{ "The preview appears once you " }<a href={severity}>{ "choose a severity" }</a>{ "." }</p>
            </div>
        };
    }
    match after(work) {
        Some(after) => html! { <Preview {after} /> },
        None => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    }
}

/// The site as it will be, with dots where something is still to be said.
fn after(work: &Work<'_>) -> Option<Rc<State>> {
    let now = clock::now();
    let mut state = outcome::state_of(&work.desk.facts, None, now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let input = outcome::sketch(work.form.request(work.usual_s, now), now);
    outcome::published(&state, input, now).ok().map(Rc::new)
}

fn actions(work: &Work<'_>, sending: &UseStateHandle<Sending>, back: String) -> Html {
    let busy = sending.is_busy();
    let publish = publish(work, sending, false);
    let label = match (&work.form.publish_at.is_empty(), work.form.drill) {
        (false, _) => "Schedule publication",
        (_, true) => "Start drill",
        _ => "Publish",
    };
    let keep = self::publish(work, sending, true);
    html! {
        <>
            <p class="aside">{ view::secondary("Save as draft", keep) }</p>
            { view::bar(Some((back, "Back")), view::primary(label, busy, publish)) }
        </>
    }
}

/// Publishes the form, or saves it as a draft; while something keeps it from that, leads to the list of what does.
fn publish(work: &Work<'_>, sending: &UseStateHandle<Sending>, held: bool) -> Callback<()> {
    let (desk, draft, sending) = (work.desk.clone(), work.draft.clone(), sending.clone());
    let usual_s = work.usual_s;
    Callback::from(move |()| {
        let mut form = draft.value();
        form::forget_gone(&mut form.components, &desk.facts.components);
        let issues = issues::of(&form, &desk.facts, usual_s, clock::now());
        let blocks = |issue: &issues::Issue| !(held && issue.may_wait);
        // What was sent before is sent again as it was: it may have arrived.
        if draft.sent_body().is_none() && issues.iter().any(blocks) {
            return submit::point_at(blockers::ID);
        }
        draft.edit(|form| form.held = held);
        let facts = desk.facts.clone();
        let build = move |form: &Form| {
            let now = clock::now();
            let mut form = form.clone();
            form::forget_gone(&mut form.components, &facts.components);
            let input = form.request(usual_s, now);
            let state = outcome::state_of(&facts, None, now);
            outcome::published(&state, input.clone(), now)
                .map_err(|rejection| submit::objection(&rejection))?;
            serde_json::to_string(&input).map_err(|_| Failure::Unreachable)
        };
        let then = desk.clone();
        let done = Callback::from(move |answer: Answer| published(&then, &answer, held));
        submit::submit(
            &desk,
            &draft,
            &sending,
            Target::post("/incidents"),
            build,
            done,
        );
    })
}

fn published(desk: &Desk, answer: &Answer, held: bool) {
    let Ok(incident) = answer.read::<IncidentView>() else {
        return desk.go(&Route::Home);
    };
    desk.say
        .emit(match (held, incident.draft, incident.publish_at) {
            (true, _, Some(at)) => {
                format!("Draft saved. It will be published at {}.", clock::zoned(at))
            }
            (true, ..) => "Draft saved.".to_owned(),
            (_, true, Some(at)) => {
                format!("Scheduled. It will be published at {}.", clock::zoned(at))
            }
            _ => reach::published(&desk.facts, &incident, clock::now()),
        });
    desk.go(&Route::Incident(incident.id, Task::Read));
}
