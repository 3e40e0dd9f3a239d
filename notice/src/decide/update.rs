//! Posts and corrects updates.

use std::collections::BTreeMap;

use super::{
    fields::{check_audience, check_future, check_languages, resolve_components, split_bodies},
    incident::{changed_translations, check_not_withdrawn, restored_while_open},
    undeclared::audience_defaults,
};
use crate::{
    body::{check, merge::MergePatch},
    decide::attention::{self, ChangedIncident},
    journal::sha256_hex,
    limits,
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        enums::{ComponentStatus, Kind, Status, StringEnum},
        event::{Event, IncidentChange},
        ids::{ComponentId, IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::{ComponentName, CorrectedUpdate, IncidentText, NewUpdate},
        language::Language,
        patch::Patch,
        time::Timestamp,
    },
};

/// Posts an update with its changes to the incident.
pub fn post(
    state: &State,
    incident: &IncidentId,
    id: UpdateId,
    input: NewUpdate,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    check::update(&input, incident.kind)?;
    check_not_withdrawn(incident)?;
    if incident.is_draft() {
        return Err(Rejection::IllegalTransition(
            "This incident is a draft; publish it first, with PATCH { \"draft\": false }."
                .to_owned(),
        ));
    }
    if incident.updates.len() >= limits::UPDATES {
        return Err(Rejection::LimitReached(format!(
            "An incident can have at most {} updates; publish a new incident and list this one as related.",
            limits::UPDATES
        )));
    }
    check_future("/next_update_at", input.next_update_at, now)?;
    check_future(
        "/estimated_end_at",
        input.estimated_end_at.value().copied(),
        now,
    )?;
    check_languages(state, &input.text)?;

    let status = input.status.unwrap_or(incident.status);
    let is_over = status.is_over();
    check_transition(incident, status)?;
    if input.restored.is_some() && !is_over {
        return Err(restored_while_open());
    }
    let estimate = match &input.estimated_end_at {
        Patch::Keep => incident.estimated_end_at,
        Patch::Clear => None,
        Patch::Set(at) => Some(*at),
    };
    if input.confidence.value().is_some() && estimate.is_none() {
        return Err(Rejection::field(
            "/confidence",
            "Requires an estimated end; give one as well.",
        ));
    }
    if incident.status.is_over() && !is_over {
        check_references(state, incident)?;
    }
    if input.next_update_at.is_some() && is_over {
        return Err(Rejection::field(
            "/next_update_at",
            "An incident that is over has no next update; omit it.",
        ));
    }
    Ok(vec![event(state, incident, id, input, status, now)?])
}

/// Checks a status transition. An incident may change to any status. A maintenance cannot be scheduled again, and a completed
/// maintenance and an ended announcement keep their status.
fn check_transition(incident: &Incident, status: Status) -> Result<(), Rejection> {
    let current = incident.status;
    let allowed = match incident.kind {
        Kind::Incident | Kind::Unknown => true,
        Kind::Maintenance => {
            current == status || (status != Status::Scheduled && current != Status::Completed)
        }
        Kind::Announcement => current == status || current == Status::Active,
    };
    if allowed {
        return Ok(());
    }
    Err(Rejection::IllegalTransition(format!(
        "The status cannot change from {} back to {}; publish a new incident.",
        current.as_str(),
        status.as_str()
    )))
}

/// Checks that an incident to reopen refers only to components and segments that still exist.
fn check_references(state: &State, incident: &Incident) -> Result<(), Rejection> {
    let missing = |what: &str| {
        Err(Rejection::IllegalTransition(format!(
            "{what} of this incident no longer exists; publish a new incident."
        )))
    };
    let known = |name: ComponentName| state.component(&name).is_some();
    let affected = incident.components.iter();
    if !affected
        .map(|component| ComponentName::Id(component.id.clone()))
        .all(known)
    {
        return missing("A component");
    }
    check_audience(state, incident.audience.as_ref()).or_else(|_| missing("A segment or component"))
}

/// Creates the event of an update, with the changes that follow from it.
fn event(
    state: &State,
    incident: &Incident,
    id: UpdateId,
    input: NewUpdate,
    status: Status,
    now: Timestamp,
) -> Result<Event, Rejection> {
    let is_over = status.is_over();
    let impact = input.impact.unwrap_or(incident.impact);
    let statuses = resolve_components(state, &input.components, impact, status)?;
    let components = components_after(state, incident, &statuses, is_over, now);
    let changed_incident = ChangedIncident {
        before: incident,
        status,
        impact,
        components: &components,
        advice: input.advice.clone(),
    };
    let attention = attention::next(&changed_incident, input.renotify);
    let outdated = OutdatedTranslations::by(incident, &input);
    let (text, bodies) = split_bodies(input.text);
    let is_reopened = incident.status.is_over() && !is_over;
    let is_ended = !incident.status.is_over() && is_over;
    // A maintenance starts when its status changes, not at the planned time.
    let is_started = incident.status == Status::Scheduled && status != Status::Scheduled;
    // Once it is over, an incident is shown with its worst impact.
    let shown_impact = if is_over {
        incident.worst_impact.max(impact)
    } else {
        impact
    };
    let has_new_shown_impact =
        impact != incident.impact || shown_impact != incident.worst_or_current();

    let update = Update {
        id,
        status,
        body: input.body,
        text: bodies,
        at: now,
        next_update_at: input.next_update_at,
        notify: input.notify,
        corrected_at: None,
    };
    let change = IncidentChange {
        status: input.status.filter(|status| *status != incident.status),
        impact: input.impact.filter(|impact| *impact != incident.impact),
        attention: (attention != incident.attention).then_some(attention),
        components: (components != incident.components).then_some(components),
        started_at: is_started.then_some(now),
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        next_update_at: input.next_update_at.map_or(Patch::Clear, Patch::Set),
        confidence: if is_over || input.estimated_end_at == Patch::Clear {
            Patch::Clear
        } else {
            input.confidence
        },
        estimated_end_at: if is_over {
            Patch::Clear
        } else {
            input.estimated_end_at
        },
        before_end: is_ended.then(|| incident.components.clone()),
        audience_defaults: has_new_shown_impact
            .then(|| audience_defaults(state, incident.kind, shown_impact)),
        ended_at: match (is_ended, is_reopened) {
            (true, _) => Patch::Set(now),
            (_, true) => Patch::Clear,
            _ => Patch::Keep,
        },
        restored: match input.restored {
            Some(texts) => Patch::Set(texts),
            // The texts of the previous all-clear do not apply to the next one.
            None if is_reopened => Patch::Clear,
            None => Patch::Keep,
        },
        text: translations_after(incident, text, &outdated, is_reopened),
    };
    Ok(Event::IncidentUpdated {
        incident: incident.id.clone(),
        update,
        change: Box::new(change),
    })
}

/// Creates the update of a scheduled transition. Its id is derived from the incident, the status and the planned time, so
/// that creating it again is idempotent.
pub fn automatic(
    state: &State,
    incident: &Incident,
    status: Status,
    body: &str,
    planned: Timestamp,
    now: Timestamp,
) -> Option<Event> {
    let digest = sha256_hex(format!("{}\n{}\n{planned}", incident.id, status.as_str()).as_bytes());
    let id = UpdateId::parse(&format!("{}{}", UpdateId::PREFIX, digest.get(..20)?))?;
    let input = NewUpdate {
        body: body.to_owned(),
        status: Some(status),
        impact: None,
        components: Vec::new(),
        advice: Patch::Keep,
        works: Patch::Keep,
        broken: Patch::Keep,
        next_update_at: None,
        estimated_end_at: Patch::Keep,
        confidence: Patch::Keep,
        renotify: None,
        notify: incident.notify,
        restored: None,
        text: BTreeMap::new(),
    };
    event(state, incident, id, input, status, now).ok()
}

/// Corrects the text of an update. The old text stays in the journal.
pub fn correct(
    state: &State,
    incident: &IncidentId,
    id: &UpdateId,
    patch: MergePatch,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    let update = incident
        .updates
        .iter()
        .find(|update| update.id == *id)
        .ok_or(Rejection::NotFound)?;
    let current = correction_of(update);
    let input: CorrectedUpdate = patch.apply_to(&current)?;
    check::correction(&input)?;
    check_languages(state, &changed_translations(&input.text, &current.text))?;
    if input == current {
        return Ok(Vec::new());
    }
    let (others, text) = split_bodies(input.text);
    if let Some(language) = others.keys().next() {
        return Err(Rejection::field(
            format!("/text/{language}"),
            "Only the body of an update can be translated here; PATCH the incident to translate its other texts.",
        ));
    }
    Ok(vec![Event::UpdateCorrected {
        incident: incident.id.clone(),
        update: update.id.clone(),
        body: input.body,
        text,
    }])
}

/// Converts an update into the document that a merge patch applies to.
fn correction_of(update: &Update) -> CorrectedUpdate {
    let text = update.text.iter().map(|(language, body)| {
        let texts = IncidentText {
            body: Some(body.clone()),
            ..IncidentText::default()
        };
        (language.clone(), texts)
    });
    CorrectedUpdate {
        body: update.body.clone(),
        text: text.collect(),
    }
}

/// Returns the components after an update: the merged ones, or all operational if the incident is over.
fn components_after(
    state: &State,
    incident: &Incident,
    statuses: &[(ComponentId, ComponentStatus)],
    is_over: bool,
    now: Timestamp,
) -> Vec<IncidentComponent> {
    // Reopening restores the statuses before the end, unless the update sets others.
    let reopened: Vec<(ComponentId, ComponentStatus)> = incident
        .before_end
        .iter()
        .filter(|_| incident.status.is_over() && !is_over)
        .filter(|before| {
            state
                .component(&ComponentName::Id(before.id.clone()))
                .is_some()
        })
        .map(|before| (before.id.clone(), before.status))
        .collect();
    let current = merge_components(&incident.components, &reopened, now);
    let merged = merge_components(&current, statuses, now);
    if !is_over {
        return merged;
    }
    let operational: Vec<(ComponentId, ComponentStatus)> = merged
        .iter()
        .map(|component| (component.id.clone(), ComponentStatus::Operational))
        .collect();
    merge_components(&merged, &operational, now)
}

/// Texts that an update changes in the primary language. Their translations become outdated.
struct OutdatedTranslations {
    advice: bool,
    works: bool,
    broken: bool,
    restored: bool,
}

impl OutdatedTranslations {
    fn by(incident: &Incident, input: &NewUpdate) -> Self {
        let list = |patch: &Patch<Vec<String>>, current: &Vec<String>| match patch {
            Patch::Keep => false,
            Patch::Clear => true,
            Patch::Set(list) => list != current,
        };
        Self {
            advice: match &input.advice {
                Patch::Keep => false,
                Patch::Clear => true,
                Patch::Set(advice) => incident.advice.as_ref() != Some(advice),
            },
            works: list(&input.works, &incident.works),
            broken: list(&input.broken, &incident.broken),
            restored: input.restored.is_some() && input.restored != incident.restored,
        }
    }
}

/// Returns the translations after an update; `None` if they do not change. Outdated translations are removed: old
/// advice in the reader's language is worse than new advice in another language.
fn translations_after(
    incident: &Incident,
    new: BTreeMap<Language, IncidentText>,
    outdated: &OutdatedTranslations,
    is_reopened: bool,
) -> Option<BTreeMap<Language, IncidentText>> {
    let mut after = incident.text.clone();
    for texts in after.values_mut() {
        texts.advice.take_if(|_| outdated.advice);
        texts.works.take_if(|_| outdated.works);
        texts.broken.take_if(|_| outdated.broken);
        texts.restored.take_if(|_| outdated.restored || is_reopened);
    }
    for (language, text) in new {
        let current = after.entry(language).or_default();
        current.title = text.title.or(current.title.take());
        current.advice = text.advice.or(current.advice.take());
        current.works = text.works.or(current.works.take());
        current.broken = text.broken.or(current.broken.take());
        current.restored = text.restored.or(current.restored.take());
    }
    after.retain(|_, texts| *texts != IncidentText::default());
    (after != incident.text).then_some(after)
}
