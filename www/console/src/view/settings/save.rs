//! Saving one section: what it changes of the settings as they are saved at that moment, and nothing else.

use notice::wire::site::Site;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle};

use super::{
    Answered, Form, Outcome, Section,
    fields::Fields,
    leaf::{self, Standing},
    problems,
};
use crate::{
    api::{Answer, Failure},
    desk::Desk,
    draft::Draft,
    submit::{self, Sending, Target},
    zones,
};

/// What the button does. The settings are read first: what somebody else saved meanwhile is merged, or has to be settled.
pub fn save(
    desk: &Desk,
    draft: &Draft<Form>,
    sending: &UseStateHandle<Sending>,
    section: Section,
    outcome: &UseStateHandle<Outcome>,
    answered: &UseStateHandle<Option<Answered>>,
) -> Callback<()> {
    let (desk, draft) = (desk.clone(), draft.clone());
    let (sending, outcome) = (sending.clone(), outcome.clone());
    let answered = answered.clone();
    Callback::from(move |()| {
        if sending.is_busy() {
            return;
        }
        sending.set(Sending::Busy);
        let (desk, draft) = (desk.clone(), draft.clone());
        let states = States {
            sending: sending.clone(),
            outcome: outcome.clone(),
            answered: answered.clone(),
        };
        let sending = sending.clone();
        spawn_local(async move {
            match desk.session.get::<Site>("").await {
                Ok((site, etag)) => send(&desk, &draft, &states, section, &site, etag),
                Err(Failure::SignedOut) => desk.ended.emit(()),
                Err(failure) => sending.set(Sending::Failed(failure)),
            }
        });
    })
}

/// What the view shows of saving.
#[derive(Clone)]
struct States {
    sending: UseStateHandle<Sending>,
    outcome: UseStateHandle<Outcome>,
    answered: UseStateHandle<Option<Answered>>,
}

fn send(
    desk: &Desk,
    draft: &Draft<Form>,
    states: &States,
    section: Section,
    site: &Site,
    etag: Option<String>,
) {
    let States {
        sending,
        outcome,
        answered,
    } = states;
    let now = Fields::of(site);
    let mut form = leaf::rebased(&draft.value(), &now, section);
    if let Some(zone) = zones::spelled(&form.fields.time_zone) {
        form.fields.time_zone = zone;
    }
    let standing =
        |wanted: Standing| leaf::of(section).any(|leaf| leaf.standing(&form, &now) == wanted);
    if standing(Standing::Conflict) {
        let tries = match **outcome {
            Outcome::Unsettled(tries) => tries.saturating_add(1),
            _ => 1,
        };
        sending.set(Sending::Idle);
        outcome.set(Outcome::Unsettled(tries));
        return desk.reload.emit(());
    }
    if !standing(Standing::Unsaved) {
        // Also where the answer to an earlier try was lost: it has arrived.
        let was_sent = draft.is_in_doubt();
        draft.reset(form);
        sending.set(Sending::Idle);
        outcome.set(if was_sent {
            Outcome::Saved
        } else {
            Outcome::Unchanged
        });
        return desk.reload.emit(());
    }
    let wrong = problems::of(&form, &now, section, desk.slug());
    if !wrong.is_empty() {
        sending.set(Sending::Idle);
        outcome.set(Outcome::Refused);
        return submit::point_at_errors();
    }
    if draft.value() != form {
        draft.edit(|kept| kept.clone_from(&form));
    }
    sending.set(Sending::Idle);
    let done = {
        let (draft, sending, outcome) = (draft.clone(), sending.clone(), outcome.clone());
        let answered = answered.clone();
        let instead_of = [desk.facts.site_etag.clone(), etag.clone()];
        let saved = form.fields.clone();
        Callback::from(move |answer: Answer| {
            let saved = answer
                .read::<Site>()
                .map_or_else(|_| saved.clone(), |site| Fields::of(&site));
            draft.reset(Form {
                stood: saved.clone(),
                fields: saved.clone(),
            });
            answered.set(Some(Answered {
                instead_of: instead_of.clone(),
                saved,
            }));
            sending.set(Sending::Idle);
            outcome.set(Outcome::Saved);
        })
    };
    let build = |form: &Form| Ok(leaf::patch(form, &now, section).to_string());
    submit::submit(desk, draft, sending, Target::patch("", etag), build, done);
}
