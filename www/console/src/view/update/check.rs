//! What would follow, as the rules decide it: the card, and what is said beside it on a phone.

use std::rc::Rc;

use notice::{state::State, wire::words::Kind};
use yew::{Html, html};

use super::Work;
use crate::{
    api::Failure,
    clock, form, outcome,
    preview::Preview,
    submit::{self, Sending},
    view::{self, written},
};

/// The site after this, as `notice` decides it; or what it objects to.
pub type Outcome = (Rc<State>, Result<(Rc<State>, bool), Failure>);

pub fn outcome(work: &Work<'_>) -> Outcome {
    let now = clock::now();
    let mut state = outcome::state_of(&work.desk.facts, Some(work.incident), now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let mut input = work.form.request(work.incident, work.usual_s, now);
    if input.body.is_empty() {
        "…".clone_into(&mut input.body);
    }
    let after = outcome::updated(&state, &work.incident.id, input, now)
        .map(|(after, raised)| (Rc::new(after), raised))
        .map_err(|rejection| submit::objection(&rejection));
    (Rc::new(state), after)
}

/// The card; for an all-clear, as it turns into it.
pub fn preview((before, after): &Outcome, turns: bool) -> Html {
    match after {
        Ok((after, _)) => {
            let before = turns.then(|| Rc::clone(before));
            html! { <Preview {before} after={Rc::clone(after)} /> }
        }
        Err(_) => html! { <p class="note">{ "The card can be shown once everything fits." }</p> },
    }
}

/// What is said beside the card on a phone.
pub fn summary(work: &Work<'_>, outcome: &Outcome) -> Html {
    let missing: Vec<String> = work
        .desk
        .facts
        .site
        .languages
        .iter()
        .skip(1)
        .filter(|language| {
            work.form
                .text
                .get(*language)
                .is_none_or(|words| *words == form::Words::default())
        })
        .map(|language| format!("A translation is missing: {}.", written::name(language)))
        .collect();
    let again = matches!(&outcome.1, Ok((_, true)));
    let wrong = match &outcome.1 {
        Err(failure) => view::failure(&Sending::Failed(failure.clone()), &[]),
        Ok(_) => Html::default(),
    };
    html! {
        <>
            { wrong }
            if work.form.body.trim().is_empty() { <p class="warning">{ "It says nothing yet: go back and write what is new." }</p> }
            <p class="soft">{ if again { "People who hid this will see it again." } else { "People who hid this will not be disturbed." } }</p>
            if work.form.is_over(work.incident) && work.incident.kind != Kind::Announcement && work.form.check.trim().is_empty() {
                <p class="note">{ "It does not say what to check. That nothing is lost is an answer too: go back and say it." }</p>
            }
            { for missing.into_iter().map(|words| html! { <p class="note">{ words }</p> }) }
        </>
    }
}
