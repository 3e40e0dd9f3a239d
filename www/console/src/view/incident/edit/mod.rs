//! Editing an incident's fields. Messages are corrected in `correct`.

mod fields;
mod form;

use std::rc::Rc;

use notice::{
    project::view::IncidentView,
    rejection::Rejection,
    state::State,
    wire::{enums::Kind, time::Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yew::{Callback, Html, component, html, use_state};

pub use self::fields::Fields;
use crate::{
    conflict::{
        merge::{self, Difference},
        remote::use_remote,
        resolve::{initial_sending, on_resolved, resolution},
    },
    context::Context,
    form::{
        draft::{Draft, use_draft},
        sending::Sending,
        submit::{self, Target},
        unfinished,
    },
    route::{Route, Task},
    rules::{
        dry_run,
        receivers::{self, Change, Receivers},
    },
    server::failure::{Failure, FieldError},
    time::clock,
    ui::{
        self,
        input::{self, Choice, Field},
        preview::Preview,
        wide_screen::use_is_wide,
    },
    view::{
        IncidentProps,
        fields::{
            notify::{self, KnownWebhooks, use_webhooks},
            rows,
        },
        incident::load::use_tagged_incident,
    },
};

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    etag: Option<String>,
    /// The published version that the draft is based on.
    #[serde(rename = "stood")]
    base: Fields,
    fields: Fields,
    /// Whether people who hid the notice see it again; `None`: by the kind of change.
    #[serde(default)]
    renotify: Option<bool>,
}

impl Form {
    fn of(incident: &IncidentView, etag: &str) -> Self {
        Self {
            etag: Some(etag.to_owned()),
            base: Fields::of(incident),
            fields: Fields::of(incident),
            renotify: None,
        }
    }

    /// Converts to a merge patch.
    fn patch(&self) -> Value {
        let mut patch = merge::patch(self.fields.values(), self.base.values());
        if let (Some(object), Some(renotify)) = (patch.as_object_mut(), self.renotify) {
            object.insert("renotify".to_owned(), json!(renotify));
        }
        patch
    }
}

#[component]
pub fn Edit(props: &IncidentProps) -> Html {
    match use_tagged_incident(&props.context, &props.id) {
        Ok((incident, etag)) => {
            html! { <EditForm context={props.context.clone()} incident={Rc::new(incident)} {etag} /> }
        }
        Err(placeholder) => placeholder,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct EditFormProps {
    context: Context,
    incident: Rc<IncidentView>,
    etag: String,
}

#[component]
fn EditForm(props: &EditFormProps) -> Html {
    let EditFormProps {
        context,
        incident,
        etag,
    } = props;
    let id = &incident.id;
    let draft = use_draft(context.slug(), &format!("edit:{id}"), || {
        Form::of(incident, etag)
    });
    let form = draft.value();
    let sending = use_state(|| initial_sending(&conflicts(&form, &Fields::of(incident))));
    let shows_preview = use_state(|| false);
    let is_wide = use_is_wide();
    let remote = use_remote(context, format!("/incidents/{id}"), &sending);
    let webhooks = use_webhooks(context, !incident.draft);
    let resolve = |remote: &IncidentView, etag: &str| {
        let remote = Rc::new(Form::of(remote, etag));
        let conflicts = conflicts(&form, &remote.fields);
        let resolved = on_resolved(&draft, &sending, move |form: &mut Form, from_remote| {
            let pointers: Vec<&str> = from_remote
                .iter()
                .flat_map(|name| fields::pointers(name))
                .copied()
                .collect();
            form.fields = merge::merge(&form.base, &form.fields, &remote.fields, &pointers);
            form.base.clone_from(&remote.fields);
            form.etag.clone_from(&remote.etag);
        });
        resolution(conflicts, resolved)
    };
    let after = after(context, incident, &form);
    let card = || match &after {
        Ok((after, _)) => html! { <Preview after={Rc::clone(after)} /> },
        Err(_) => {
            html! { <p class="note">{ "The preview appears once the marked fields are fixed." }</p> }
        }
    };
    let toggle_preview = {
        let shows_preview = shows_preview.clone();
        Callback::from(move |()| shows_preview.set(!*shows_preview))
    };
    let back = context.href(&Route::Incident(id.clone(), Task::Read));
    let title = match incident.kind {
        Kind::Incident | Kind::Unknown => "Edit incident",
        Kind::Maintenance => "Edit maintenance",
        Kind::Announcement => "Edit announcement",
    };
    let errors = errors(incident, &form, after.as_ref().err());
    // An empty contact that was just added shows no error yet.
    let contacts = form
        .fields
        .overrides
        .contacts
        .as_deref()
        .unwrap_or_default();
    let is_untried = *sending == Sending::Idle;
    let typed = errors.into_iter();
    let typed =
        typed.filter(|error| !(is_untried && rows::is_missing(error, "/contacts", contacts)));
    let shown = sending.with_errors(typed.collect());
    let receivers = count_receivers(context, &webhooks, incident, &form);
    let save = save(context, incident, &draft, &sending, receivers);
    html! {
        <main class={if is_wide { "work" } else { "column" }}>
            <div class="writing">
                { ui::heading(title, Some(&incident.title)) }
                { remote.render(&sending, form::POINTERS, resolve) }
                { form::render(context, incident, &form.fields, &shown, &draft) }
                if let (Ok((_, is_shown_again)), true) = (&after, incident.is_open() && !incident.draft) { { renotify(*is_shown_again, &draft) } }
                if !is_wide {
                    { ui::secondary(if *shows_preview { "Hide preview" } else { "Show preview" }, toggle_preview) }
                    if *shows_preview { { card() } }
                }
                { notify::statement(receivers, None) }
                { ui::action_bar(Some((back, "Cancel")), ui::primary("Save changes", sending.is_busy() || remote.is_loading(), save)) }
            </div>
            if is_wide { <aside class="beside">{ card() }</aside> }
        </main>
    }
}

/// Returns the fields that both the draft and the published version changed.
fn conflicts(form: &Form, remote: &Fields) -> Vec<Difference> {
    merge::conflicts(form.fields.values(), form.base.values(), remote.values())
}

/// Returns the state after the change, and whether the notice is shown again to people who hid it.
fn after(
    context: &Context,
    incident: &IncidentView,
    form: &Form,
) -> Result<(Rc<State>, bool), Rejection> {
    let now = clock::now();
    let mut state = dry_run::state_of(&context.snapshot, Some(incident), now);
    if let Some(site) = &mut state.site {
        site.paused = false;
    }
    let (after, is_shown_again) = dry_run::change(&state, &incident.id, form.patch(), now)?;
    Ok((Rc::new(after), is_shown_again))
}

/// Counts the chats and webhooks that are notified of the changes. `None` if that is not known, or if there are no changes.
fn count_receivers(
    context: &Context,
    webhooks: &KnownWebhooks,
    incident: &IncidentView,
    form: &Form,
) -> Option<Receivers> {
    let patch = form.patch();
    let is_changed = patch.as_object().is_some_and(|fields| !fields.is_empty());
    let change = is_changed.then_some(Change::Fields(incident, patch))?;
    receivers::count(&context.snapshot, webhooks.as_deref(), change, clock::now())
}

/// Renders the choice whether people who hid the notice see it again. `is_shown_again` is the outcome of the rules.
fn renotify(is_shown_again: bool, draft: &Draft<Form>) -> Html {
    let field = Field::new("renotify", "Show again to people who hid it")
        .hint("Always shown again if severity rises or the advice changes.");
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    let on = draft.on(|form: &mut Form, on| form.renotify = Some(on));
    input::choice(&field, Some(&is_shown_again), choices, &on)
}

/// Returns the errors of the fields, and those of the dry run.
fn errors(incident: &IncidentView, form: &Form, rejection: Option<&Rejection>) -> Vec<FieldError> {
    let now = clock::now();
    let mut errors = form.fields.errors(&form.base, now);
    errors.extend(unfinished_message(incident, &form.fields, now));
    let failure = rejection.map(Failure::from);
    let rejected = failure.as_ref().map_or(&[][..], Failure::errors);
    for error in rejected {
        if !errors.iter().any(|one| one.pointer == error.pointer) {
            errors.push(error.clone());
        }
    }
    errors
}

/// Returns the error of a publication time while the draft's message is unfinished. The message is not part of this form.
fn unfinished_message(
    incident: &IncidentView,
    fields: &Fields,
    now: Timestamp,
) -> Option<FieldError> {
    if !incident.draft || !fields.has_publication_time(now) {
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
    context: &Context,
    incident: &Rc<IncidentView>,
    draft: &Draft<Form>,
    sending: &yew::UseStateHandle<Sending>,
    receivers: Option<Receivers>,
) -> Callback<()> {
    let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
    let incident = Rc::clone(incident);
    Callback::from(move |()| {
        if submit::is_blocked_by_conflict(&sending) {
            return;
        }
        let (done_context, to) = (context.clone(), incident.id.clone());
        let done = Callback::from(move |_| {
            done_context
                .notify
                .emit(receivers::with_queued("Changes saved.", receivers));
            done_context.go(&Route::Incident(to.clone(), Task::Read));
        });
        let build = |form: &Form| {
            let after = after(&context, &incident, form);
            let errors = errors(&incident, form, after.as_ref().err());
            if !errors.is_empty() {
                return Err(Failure::invalid(errors));
            }
            after.map_err(|rejection| Failure::from(&rejection))?;
            Ok(form.patch().to_string())
        };
        let target = Target::patch(format!("/incidents/{}", incident.id), draft.value().etag);
        submit::submit(&context, &draft, &sending, target, build, done);
    })
}

#[cfg(test)]
mod tests {
    use super::{Fields, Form, unfinished_message};
    use crate::testing::{incident, now};
    use serde_json::json;

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored = json!({ "etag": "\"1\"", "stood": { "title": "a", "own": { "cadence": "20" } },
            "fields": { "title": "b" } });
        let form: Form = serde_json::from_value(stored).unwrap();
        assert_eq!(form.base.title, "a");
        assert_eq!(form.base.overrides.cadence, "20");
        assert_eq!(form.fields.title, "b");
    }

    #[test]
    fn an_unfinished_message_forbids_a_publication_time() {
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
