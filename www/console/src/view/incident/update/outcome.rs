//! The outcome of an update by the rules: the preview, the errors, and suggestions.

use std::rc::Rc;

use notice::{
    notify::default_notify,
    state::State,
    wire::{
        enums::{Kind, Status},
        incident::Incident,
    },
};
use yew::{Html, html};

use super::Work;
use crate::{
    form::{self, unfinished},
    route::{Route, Task, UpdateStep},
    rules::{
        self,
        receivers::{self, Change, Receivers},
    },
    server::failure::{Failure, FieldError},
    text::{self, language},
    time::{clock, date_field},
    ui::preview::Preview,
    view::fields::{blockers, date_time, notify},
};

/// The state before the update, and the result of the dry run: the state after it, and whether the notice is shown again to
/// people who hid it.
pub type Outcome = (Rc<State>, Result<(Rc<State>, bool), Failure>);

pub fn dry_run(work: &Work<'_>) -> Outcome {
    let now = clock::now();
    let mut state = rules::dry_run::state_of(&work.context.snapshot, Some(work.incident), now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let mut input = work.form.request(work.incident, work.interval_s, now);
    if input.body.is_empty() {
        "…".clone_into(&mut input.body);
    }
    let after = rules::dry_run::update(&state, &work.incident.id, input, now)
        .map(|(after, is_shown_again)| (Rc::new(after), is_shown_again))
        .map_err(|rejection| Failure::from(&rejection));
    (Rc::new(state), after)
}

/// Returns whether chat and subscribers are notified: the choice, or else the default. `None` if the rules reject the update, or if
/// the incident has not appeared: then the incident's own switch decides.
pub fn notifies(work: &Work<'_>, (before, after): &Outcome) -> Option<bool> {
    let (after, _) = after.as_ref().ok()?;
    let incident = |state: &State| state.incidents.get(&work.incident.id).cloned();
    let before = incident(before).filter(Incident::has_appeared)?;
    let default = default_notify::of_update(&before, &incident(after)?);
    Some(work.form.notify.unwrap_or(default))
}

/// Counts the chats and webhooks that are notified. `None` if that is not known.
pub fn count_receivers(work: &Work<'_>) -> Option<Receivers> {
    let now = clock::now();
    let mut input = work.form.request(work.incident, work.interval_s, now);
    if input.body.is_empty() {
        "…".clone_into(&mut input.body);
    }
    receivers::count(
        &work.context.snapshot,
        work.webhooks.as_deref(),
        Change::Update(work.incident, Box::new(input)),
        now,
    )
}

/// Renders the preview. If `shows_change`, the card changes from the state before.
pub fn preview((before, after): &Outcome, shows_change: bool) -> Html {
    match after {
        Ok((after, _)) => {
            let before = shows_change.then(|| Rc::clone(before));
            html! { <Preview {before} after={Rc::clone(after)} /> }
        }
        Err(_) => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    }
}

/// Returns the errors of the fields, including unfinished texts. An empty message is not an error here.
pub fn errors(work: &Work<'_>, outcome: &Outcome) -> Vec<FieldError> {
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
    let ends = form.ends(work.incident);
    for (name, detail) in unfinished::errors(&resulting_texts(work, ends)) {
        let pointer = match name {
            "check" | "back" | "still" => format!("/restored/{name}"),
            name => format!("/{name}"),
        };
        add(&pointer, Some(detail));
    }
    for (language, texts) in &form.text {
        for (name, detail) in unfinished::errors(texts) {
            add(&format!("/text/{language}/{name}"), Some(detail));
        }
    }
    if !ends {
        let estimated = form.estimate.clone().unwrap_or_default();
        let now = clock::now();
        let promised = promised_time(form);
        for (pointer, text) in [
            ("/next_update_at", promised),
            ("/estimated_end_at", estimated.as_str()),
        ] {
            let past = date_field::parse(text).filter(|at| *at <= now);
            let past = past.map(|_| "Choose a time in the future.".to_owned());
            add(pointer, date_time::error(text).or(past));
        }
    }
    let is_new = |error: &&FieldError| !errors.iter().any(|one| one.pointer == error.pointer);
    let rejected: Vec<FieldError> = match &outcome.1 {
        Err(failure) => failure.errors().iter().filter(is_new).cloned().collect(),
        Ok(_) => Vec::new(),
    };
    errors.extend(rejected);
    errors
}

/// Returns the text of the date field for the next update; empty if no time is set.
fn promised_time(form: &form::UpdateForm) -> &str {
    match &form.promise {
        form::Promise::At(at) => at,
        _ => "",
    }
}

/// Returns the texts to check for errors: those that the form sets, and the incident's unchanged lists, because a new text may
/// contradict them.
fn resulting_texts(work: &Work<'_>, ends: bool) -> form::Texts {
    let (form, incident) = (work.form, work.incident);
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    let list = |text: &Option<String>, current: &[String]| match text {
        Some(text) => text.clone(),
        None => current.join("\n"),
    };
    let body = form.body.clone();
    if ends {
        return form::Texts {
            body,
            back: form.back.clone(),
            check: form.check.clone(),
            still: form.still.clone(),
            ..form::Texts::default()
        };
    }
    form::Texts {
        body,
        advice: typed(&form.advice),
        works: list(&form.works, &incident.works),
        broken: list(&form.broken, &incident.broken),
        ..form::Texts::default()
    }
}

/// Renders the section below the preview on a phone.
pub fn summary(work: &Work<'_>, outcome: &Outcome, errors: &[FieldError]) -> Html {
    let missing: Vec<String> = work
        .context
        .snapshot
        .site
        .languages
        .iter()
        .skip(1)
        .filter(|language| {
            work.form
                .text
                .get(*language)
                .is_none_or(|texts| *texts == form::Texts::default())
        })
        .map(|language| format!("The {} translation is missing.", language::name(language)))
        .collect();
    let is_shown_again = matches!(&outcome.1, Ok((_, true)));
    html! {
        <>
            { blockers::list(&blocking(work, errors)) }
            <p class="soft">{ if is_shown_again { "Shown again to people who hid it." } else { "Stays hidden for people who hid it." } }</p>
            { notify::statement(count_receivers(work), None) }
            if work.form.ends(work.incident) && work.incident.kind != Kind::Announcement && work.form.check.trim().is_empty() {
                <p class="note">{ "Tell users what to check. If nothing was lost, say so." }</p>
            }
            { for missing.into_iter().map(|text| html! { <p class="note">{ text }</p> }) }
        </>
    }
}

/// Returns the errors that block posting, with links to the fields.
fn blocking(work: &Work<'_>, errors: &[FieldError]) -> Vec<blockers::Blocker> {
    let resolves = work.form.status.is_some_and(Status::is_over);
    let task = match work.resolves {
        true => Task::Resolve(UpdateStep::Write),
        false => Task::Update(UpdateStep::Write),
    };
    let href = work
        .context
        .href(&Route::Incident(work.incident.id.clone(), task));
    let missing = work.form.body.trim().is_empty().then(|| FieldError {
        pointer: "/body".to_owned(),
        detail: if resolves {
            "say what was wrong and that it is over"
        } else {
            "say what is new"
        }
        .to_owned(),
    });
    let all = missing.iter().chain(errors);
    all.map(|error| blockers::Blocker {
        message: text::errors::labelled(error),
        href: href.clone(),
        field: field_id(&error.pointer),
    })
    .collect()
}

/// Returns the HTML id of the field at a JSON pointer.
fn field_id(pointer: &str) -> String {
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
