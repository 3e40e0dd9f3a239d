//! Changing an incident's fields. What was said is corrected where it was said.

mod fields;
mod form;

use std::rc::Rc;

use notice::{
    project::view::IncidentView,
    rejection::Rejection,
    state::State,
    wire::{time::Timestamp, words::Kind},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yew::{Callback, Html, component, html, use_state};

pub use self::fields::Fields;
use crate::{
    api::FieldError,
    changes, clock,
    desk::Desk,
    draft::{Draft, use_draft},
    input::{self, Choice, Field},
    outcome,
    preview::Preview,
    route::{Route, Task},
    submit::{self, Sending, Target},
    unfinished,
    view::{
        self,
        conflict::{Difference, conflict, opened, settled},
        found::use_read_incident,
        incident::Props,
        rows,
        theirs::use_theirs,
        wide::use_is_wide,
    },
};

/// The fields as they were read, and as they are to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    etag: Option<String>,
    stood: Fields,
    fields: Fields,
    /// Whether those who hid it see it again; `None`: by what changes.
    #[serde(default)]
    renotify: Option<bool>,
}

impl Form {
    fn of(incident: &IncidentView, etag: &str) -> Self {
        Self {
            etag: Some(etag.to_owned()),
            stood: Fields::of(incident),
            fields: Fields::of(incident),
            renotify: None,
        }
    }

    /// The request.
    fn patch(&self) -> Value {
        let mut patch = changes::patch(self.fields.values(), self.stood.values());
        if let (Some(object), Some(renotify)) = (patch.as_object_mut(), self.renotify) {
            object.insert("renotify".to_owned(), json!(renotify));
        }
        patch
    }
}

/// The view, once the incident is there with its entity tag.
#[component]
pub fn Edit(props: &Props) -> Html {
    match use_read_incident(&props.desk, &props.id) {
        Ok((incident, etag)) => {
            html! { <Changing desk={props.desk.clone()} incident={Rc::new(incident)} {etag} /> }
        }
        Err(shown) => shown,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct ChangingProps {
    desk: Desk,
    incident: Rc<IncidentView>,
    etag: String,
}

#[component]
fn Changing(props: &ChangingProps) -> Html {
    let ChangingProps {
        desk,
        incident,
        etag,
    } = props;
    let id = &incident.id;
    let draft = use_draft(desk.slug(), &format!("edit:{id}"), || {
        Form::of(incident, etag)
    });
    let form = draft.value();
    let sending = use_state(|| opened(&differences(&form, &Fields::of(incident))));
    let looks = use_state(|| false);
    let wide = use_is_wide();
    let theirs = use_theirs(desk, format!("/incidents/{id}"), &sending);
    let both = |now: &IncidentView, etag: &str| {
        let now = Rc::new(Form::of(now, etag));
        let found = differences(&form, &now.fields);
        let settled = settled(&draft, &sending, move |form: &mut Form, taken| {
            let pointers: Vec<&str> = taken
                .iter()
                .flat_map(|name| fields::pointers(name))
                .copied()
                .collect();
            form.fields = changes::merged(&form.stood, &form.fields, &now.fields, &pointers);
            form.stood.clone_from(&now.fields);
            form.etag.clone_from(&now.etag);
        });
        conflict(found, settled)
    };
    let after = after(desk, incident, &form);
    let card = || match &after {
        Ok((after, _)) => html! { <Preview after={Rc::clone(after)} /> },
        Err(_) => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    };
    let look = {
        let looks = looks.clone();
        Callback::from(move |()| looks.set(!*looks))
    };
    let back = desk.href(&Route::Incident(id.clone(), Task::Read));
    let title = match incident.kind {
        Kind::Incident | Kind::Unknown => "Edit incident",
        Kind::Maintenance => "Edit maintenance",
        Kind::Announcement => "Edit announcement",
    };
    let wrong = wrong(incident, &form, after.as_ref().err());
    // A contact that was just added is not wrong yet.
    let contacts = form.fields.own.contacts.as_deref().unwrap_or_default();
    let is_untried = *sending == Sending::Idle;
    let typed = wrong.into_iter();
    let typed =
        typed.filter(|error| !(is_untried && rows::is_missing(error, "/contacts", contacts)));
    let shown = sending.with(typed.collect());
    let save = save(desk, incident, &draft, &sending);
    html! {
        <main class={if wide { "work" } else { "column" }}>
            <div class="writing">
                { view::heading(title, Some(&incident.title)) }
                { theirs.shown(&sending, form::POINTERS, both) }
                { form::fields(desk, incident, &form.fields, &shown, &draft) }
                if let (Ok((_, raised)), true) = (&after, incident.is_open() && !incident.draft) { { renotify(*raised, &draft) } }
                if !wide {
                    { view::secondary(if *looks { "Hide preview" } else { "Show preview" }, look) }
                    if *looks { { card() } }
                }
                { view::bar(Some((back, "Cancel")), view::primary("Save changes", sending.is_busy() || theirs.is_reading(), save)) }
            </div>
            if wide { <aside class="beside">{ card() }</aside> }
        </main>
    }
}

/// The fields that the draft changed and that are published with other values by now.
fn differences(form: &Form, now: &Fields) -> Vec<Difference> {
    changes::differences(form.fields.values(), form.stood.values(), now.values())
}

/// The site after this, as `notice` decides it, and whether those who hid it see it again.
fn after(
    desk: &Desk,
    incident: &IncidentView,
    form: &Form,
) -> Result<(Rc<State>, bool), Rejection> {
    let now = clock::now();
    let mut state = outcome::state_of(&desk.facts, Some(incident), now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let (after, raised) = outcome::changed(&state, &incident.id, form.patch(), now)?;
    Ok((Rc::new(after), raised))
}

/// Whether people who hid the notice see it again: by the rules, unless the operator says otherwise.
fn renotify(raised: bool, draft: &Draft<Form>) -> Html {
    let field = Field::new("renotify", "Show again to people who hid it")
        .hint("Always shown again if severity rises or the advice changes.");
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    let on = draft.on(|form: &mut Form, on| form.renotify = Some(on));
    input::choice(&field, Some(&raised), choices, &on)
}

/// The errors of the fields as they are typed: unfinished texts, times, and the objections of the rules.
fn wrong(incident: &IncidentView, form: &Form, objection: Option<&Rejection>) -> Vec<FieldError> {
    let now = clock::now();
    let mut errors = form.fields.wrong(&form.stood, now);
    errors.extend(unfinished_message(incident, &form.fields, now));
    let failure = objection.map(submit::objection);
    let objections = failure.as_ref().map_or(&[][..], submit::errors);
    for error in objections {
        if !errors.iter().any(|one| one.pointer == error.pointer) {
            errors.push(error.clone());
        }
    }
    errors
}

/// The error of a publication time while the draft's message, which is corrected elsewhere, is unfinished.
fn unfinished_message(
    incident: &IncidentView,
    fields: &Fields,
    now: Timestamp,
) -> Option<FieldError> {
    if !incident.draft || !fields.publishes_itself(now) {
        return None;
    }
    let mut bodies = incident
        .updates
        .iter()
        .flat_map(|update| std::iter::once(&update.body).chain(update.text.values()));
    let reason = bodies.find_map(|body| unfinished::reason(body))?;
    Some(FieldError {
        pointer: "/publish_at".to_owned(),
        detail: format!("The message {reason} before you set a time."),
    })
}

fn save(
    desk: &Desk,
    incident: &Rc<IncidentView>,
    draft: &Draft<Form>,
    sending: &yew::UseStateHandle<Sending>,
) -> Callback<()> {
    let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
    let incident = Rc::clone(incident);
    Callback::from(move |()| {
        if submit::has_to_settle(&sending) {
            return;
        }
        let (then, to) = (desk.clone(), incident.id.clone());
        let done = Callback::from(move |_| {
            then.say.emit("Changes saved.".to_owned());
            then.go(&Route::Incident(to.clone(), Task::Read));
        });
        let build = |form: &Form| {
            let after = after(&desk, &incident, form);
            let wrong = wrong(&incident, form, after.as_ref().err());
            if !wrong.is_empty() {
                return Err(submit::refusal(wrong));
            }
            after.map_err(|rejection| submit::objection(&rejection))?;
            Ok(form.patch().to_string())
        };
        let target = Target::patch(format!("/incidents/{}", incident.id), draft.value().etag);
        submit::submit(&desk, &draft, &sending, target, build, done);
    })
}

#[cfg(test)]
mod tests {
    use super::{Fields, unfinished_message};
    use crate::testing::{incident, now};
    use serde_json::json;

    #[test]
    fn a_publication_time_is_refused_while_the_message_is_unfinished() {
        for (body, is_refused) in [("We are fixing it:", true), ("We are fixing it.", false)] {
            let draft = incident(&json!({ "draft": true, "body": body }));
            let mut fields = Fields::of(&draft);
            assert_eq!(unfinished_message(&draft, &fields, now()), None);
            fields.publish_at = "2026-11-21T10:00:00Z".to_owned();
            let error = unfinished_message(&draft, &fields, now());
            assert_eq!(error.is_some(), is_refused, "{body}");
        }
    }
}
