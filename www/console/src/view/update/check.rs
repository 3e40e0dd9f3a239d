//! The outcome of an update, as the rules decide it: the preview, the errors, and suggestions.

use std::rc::Rc;

use notice::{
    state::State,
    wire::words::{Kind, Status},
};
use yew::{Html, html};

use super::Work;
use crate::{
    api::{Failure, FieldError},
    clock, form, outcome,
    preview::Preview,
    route::{Route, Stage, Task},
    submit, unfinished,
    view::{blockers, when, written},
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
        Err(_) => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    }
}

/// The errors of the fields as they are typed, unfinished texts included. An empty message is not an error yet.
pub fn wrong(work: &Work<'_>, outcome: &Outcome) -> Vec<FieldError> {
    let form = work.form;
    let mut errors = Vec::new();
    let mut add = |pointer: &str, detail: Option<String>| {
        if let Some(detail) = detail {
            errors.push(FieldError {
                pointer: pointer.to_owned(),
                detail,
            });
        }
    };
    let over = form.is_over(work.incident);
    for (name, detail) in unfinished::wrong(&words(work, over)) {
        let pointer = match name {
            "check" | "back" | "still" => format!("/restored/{name}"),
            name => format!("/{name}"),
        };
        add(&pointer, Some(detail));
    }
    for (language, words) in &form.text {
        for (name, detail) in unfinished::wrong(words) {
            add(&format!("/text/{language}/{name}"), Some(detail));
        }
    }
    if !over {
        let estimated = form.estimate.clone().unwrap_or_default();
        let now = clock::now();
        let promised = promised(form);
        for (pointer, text) in [
            ("/next_update_at", promised),
            ("/estimated_end_at", estimated.as_str()),
        ] {
            let past = clock::from_input(text).filter(|at| *at <= now);
            let past = past.map(|_| "Choose a time in the future.".to_owned());
            add(pointer, when::wrong(text).or(past));
        }
    }
    let is_new = |error: &&FieldError| !errors.iter().any(|one| one.pointer == error.pointer);
    let objections: Vec<FieldError> = match &outcome.1 {
        Err(failure) => submit::errors(failure)
            .iter()
            .filter(is_new)
            .cloned()
            .collect(),
        Ok(_) => Vec::new(),
    };
    errors.extend(objections);
    errors
}

/// The set time of the next update, if one is typed.
fn promised(form: &form::Say) -> &str {
    match &form.promise {
        form::Promise::At(at) => at,
        _ => "",
    }
}

/// The words that the update leads to. A text that stays as it is published counts only beside one that changes.
fn words(work: &Work<'_>, over: bool) -> form::Words {
    let (form, incident) = (work.form, work.incident);
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    let list = |text: &Option<String>, stands: &[String]| match text {
        Some(text) => text.clone(),
        None => stands.join("\n"),
    };
    let body = form.body.clone();
    if over {
        return form::Words {
            body,
            back: form.back.clone(),
            check: form.check.clone(),
            still: form.still.clone(),
            ..form::Words::default()
        };
    }
    form::Words {
        body,
        advice: typed(&form.advice),
        works: list(&form.works, &incident.works),
        broken: list(&form.broken, &incident.broken),
        ..form::Words::default()
    }
}

/// The section below the preview on a phone.
pub fn summary(work: &Work<'_>, outcome: &Outcome, wrong: &[FieldError]) -> Html {
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
        .map(|language| format!("The {} translation is missing.", written::name(language)))
        .collect();
    let again = matches!(&outcome.1, Ok((_, true)));
    html! {
        <>
            { blockers::list(&listed(work, wrong)) }
            <p class="soft">{ if again { "Shown again to people who hid it." } else { "Stays hidden for people who hid it." } }</p>
            if work.form.is_over(work.incident) && work.incident.kind != Kind::Announcement && work.form.check.trim().is_empty() {
                <p class="note">{ "Tell users what to check. If nothing was lost, say so." }</p>
            }
            { for missing.into_iter().map(|words| html! { <p class="note">{ words }</p> }) }
        </>
    }
}

/// The errors that block posting, with links to the fields.
fn listed(work: &Work<'_>, wrong: &[FieldError]) -> Vec<blockers::Blocker> {
    let resolves = work.form.status.is_some_and(Status::is_over);
    let task = match work.resolves {
        true => Task::Resolve(Stage::Write),
        false => Task::Update(Stage::Write),
    };
    let href = work
        .desk
        .href(&Route::Incident(work.incident.id.clone(), task));
    let empty = work.form.body.trim().is_empty().then(|| FieldError {
        pointer: "/body".to_owned(),
        detail: if resolves {
            "say what was wrong and that it is over"
        } else {
            "say what is new"
        }
        .to_owned(),
    });
    let all = empty.iter().chain(wrong);
    all.map(|error| blockers::Blocker {
        words: submit::listed(error),
        href: href.clone(),
        field: field(&error.pointer),
    })
    .collect()
}

/// The id of the field at a pointer.
fn field(pointer: &str) -> String {
    match pointer.trim_start_matches('/') {
        "next_update_at" => "promise-at".to_owned(),
        "estimated_end_at" => "estimate".to_owned(),
        pointer => {
            let name = pointer.strip_prefix("restored/").unwrap_or(pointer);
            match name.starts_with("text/") {
                true => name.replace('/', "-"),
                false => name.split('/').next().unwrap_or_default().to_owned(),
            }
        }
    }
}
