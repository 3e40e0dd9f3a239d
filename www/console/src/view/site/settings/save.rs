//! Saves the changes of one section.

use notice::wire::site::Site;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle};

use super::{Form, JustSaved, Outcome, Section, fields::Fields};
use crate::{
    browser::focus,
    context::Context,
    form::{
        draft::Draft,
        sending::Sending,
        submit::{self, Target},
    },
    server::{failure::Failure, request::Answer},
    time::zones,
    view::site::settings::{
        errors,
        setting::{self, SaveState},
    },
};

/// Returns the callback of the save button. It reads the settings first: changes that another operator saved meanwhile are
/// merged, or shown as a conflict.
pub fn save(
    context: &Context,
    draft: &Draft<Form>,
    sending: &UseStateHandle<Sending>,
    section: Section,
    outcome: &UseStateHandle<Outcome>,
    just_saved: &UseStateHandle<Option<JustSaved>>,
) -> Callback<()> {
    let (context, draft) = (context.clone(), draft.clone());
    let (sending, outcome) = (sending.clone(), outcome.clone());
    let just_saved = just_saved.clone();
    Callback::from(move |()| {
        if sending.is_busy() {
            return;
        }
        sending.set(Sending::Busy);
        let (context, draft) = (context.clone(), draft.clone());
        let states = States {
            sending: sending.clone(),
            outcome: outcome.clone(),
            just_saved: just_saved.clone(),
        };
        let sending = sending.clone();
        spawn_local(async move {
            match context.session.get_tagged::<Site>("").await {
                Ok((site, etag)) => send(&context, &draft, &states, section, &site, etag),
                Err(Failure::SignedOut) => context.on_session_end.emit(()),
                Err(failure) => sending.set(Sending::Failed(failure)),
            }
        });
    })
}

/// The states that the view shows.
#[derive(Clone)]
struct States {
    sending: UseStateHandle<Sending>,
    outcome: UseStateHandle<Outcome>,
    just_saved: UseStateHandle<Option<JustSaved>>,
}

fn send(
    context: &Context,
    draft: &Draft<Form>,
    states: &States,
    section: Section,
    site: &Site,
    etag: String,
) {
    let States {
        sending,
        outcome,
        just_saved,
    } = states;
    let saved = Fields::of(site);
    let mut form = setting::rebase(&draft.value(), &saved, section);
    if let Some(zone) = zones::canonical(&form.fields.time_zone) {
        form.fields.time_zone = zone;
    }
    let has_any = |state: SaveState| {
        setting::in_section(section).any(|setting| setting.state(&form, &saved) == state)
    };
    if has_any(SaveState::Conflict) {
        let attempts = match **outcome {
            Outcome::Unresolved(attempts) => attempts.saturating_add(1),
            _ => 1,
        };
        sending.set(Sending::Idle);
        outcome.set(Outcome::Unresolved(attempts));
        return context.reload.emit(());
    }
    if !has_any(SaveState::Unsaved) {
        // The server has all values of the form. If the draft is in doubt, an earlier attempt saved them and its answer was lost.
        let was_saved_before = draft.is_in_doubt();
        draft.reset(form);
        sending.set(Sending::Idle);
        outcome.set(if was_saved_before {
            Outcome::Saved
        } else {
            Outcome::Unchanged
        });
        return context.reload.emit(());
    }
    let errors = errors::of_section(&form, &saved, section, context.slug());
    if !errors.is_empty() {
        sending.set(Sending::Idle);
        outcome.set(Outcome::Invalid);
        return focus::focus_first_error();
    }
    if draft.value() != form {
        draft.edit(|stored| stored.clone_from(&form));
    }
    sending.set(Sending::Idle);
    let done = {
        let (draft, sending, outcome) = (draft.clone(), sending.clone(), outcome.clone());
        let just_saved = just_saved.clone();
        let replaces = [context.snapshot.site_etag.clone(), Some(etag.clone())];
        let sent = form.fields.clone();
        Callback::from(move |answer: Answer| {
            let saved = answer
                .read::<Site>()
                .map_or_else(|_| sent.clone(), |site| Fields::of(&site));
            draft.reset(Form {
                base: saved.clone(),
                fields: saved.clone(),
            });
            just_saved.set(Some(JustSaved {
                replaces: replaces.clone(),
                fields: saved,
            }));
            sending.set(Sending::Idle);
            outcome.set(Outcome::Saved);
        })
    };
    let build = |form: &Form| Ok(setting::patch(form, &saved, section).to_string());
    submit::submit(
        context,
        draft,
        sending,
        Target::patch("", Some(etag)),
        build,
        done,
    );
}
