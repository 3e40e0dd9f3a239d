//! Publishing: what is broken, what to say, and what users will see. Nothing is chosen for the operator but the next
//! promise, and nothing typed is lost.

mod check;
mod pick;
mod say;

use std::rc::Rc;

use notice::project::view::IncidentView;
use notice::{state::State, wire::words::Kind};
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    api::{Answer, Failure},
    clock,
    desk::Desk,
    draft::{Draft, use_draft},
    form::{self, Publish as Form},
    outcome,
    preview::Preview,
    route::{Route, Step, Task},
    submit::{self, Sending, Target},
    view::{self, wide::use_is_wide},
    words,
};

pub use pick::{statuses, usual};

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
    sending: &'a Sending,
    usual_s: u32,
}

/// The view.
#[component]
pub fn Publish(props: &Props) -> Html {
    let Props { desk, kind, step } = props;
    let draft = use_draft(
        desk.slug(),
        &format!("new:{}", notice::wire::words::Word::as_str(*kind)),
        || Form::new(*kind),
    );
    let sending = use_state(|| Sending::Idle);
    let wide = use_is_wide();
    clock::use_passing_time();
    let facts = &desk.facts;
    let mut form = draft.value();
    form::forget_gone(&mut form.components, &facts.components);
    let usual_s = form::minutes_s(&form.own.cadence)
        .unwrap_or_else(|| form::usual_s(&facts.site, &facts.components, &form.picked()));
    let work = Work {
        desk,
        draft: &draft,
        form: &form,
        sending: &sending,
        usual_s,
    };
    let to = |step| desk.href(&Route::Publish(*kind, step));
    let (title, content, actions) = match step {
        Step::What => (
            pick::title(*kind),
            pick::step(&work),
            view::bar(
                Some((desk.href(&Route::Home), "Cancel")),
                html! { <a class="button primary" href={to(Step::Say)}>{ "Next: the words" }</a> },
            ),
        ),
        Step::Say => (
            "Say it",
            say::step(&work),
            view::bar(
                Some((to(Step::What), "Back")),
                html! { <a class="button primary" href={to(Step::Check)}>{ "See it as users will" }</a> },
            ),
        ),
        Step::Check => (
            "As users will see it",
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
                { view::heading(title, None) }
                { view::failure(&sending, pointers) }
                if *step == Step::Check && !wide { { card(&work) } }
                { content }
                { actions }
            </div>
            if wide && shown { <aside class="beside">{ card(&work) }</aside> }
        </main>
    }
}

fn card(work: &Work<'_>) -> Html {
    match after(work) {
        Some(after) => html! { <Preview {after} /> },
        None => {
            html! { <p class="note">{ "The card can be shown once what is marked below fits." }</p> }
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
        (false, _) => "Publish then",
        (_, true) => "Begin the drill",
        _ => "Publish",
    };
    let keep = self::publish(work, sending, true);
    html! {
        <>
            <p class="aside">
                { view::secondary("Keep as a draft for other operators", keep) }
            </p>
            { view::bar(Some((back, "Back")), view::primary(label, busy, publish)) }
        </>
    }
}

fn publish(work: &Work<'_>, sending: &UseStateHandle<Sending>, held: bool) -> Callback<()> {
    let (desk, draft, sending) = (work.desk.clone(), work.draft.clone(), sending.clone());
    let usual_s = work.usual_s;
    Callback::from(move |()| {
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
    let what = words::kind(incident.kind);
    desk.say
        .emit(match (held, incident.draft, incident.publish_at) {
            (true, _, Some(at)) => format!(
                "{what} kept as a draft. It publishes itself {}.",
                clock::time(at)
            ),
            (true, ..) => format!("{what} kept as a draft."),
            (_, true, Some(at)) => format!("{what} will be published {}.", clock::time(at)),
            _ => "Published. Open pages show it within ten seconds.".to_owned(),
        });
    desk.go(&Route::Incident(incident.id, Task::Read));
}
