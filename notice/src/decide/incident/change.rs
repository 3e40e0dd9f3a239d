//! Changes incidents by merge patch.

use std::collections::BTreeMap;

use super::{
    check_not_withdrawn, effective_impact, restored_while_open,
    times::{announce_from, check_future_times, check_times},
};
use crate::{
    body::{check, merge::MergePatch},
    decide::{
        attention::{self, ChangedIncident},
        fields::{check_audience, check_languages, check_related, resolve_components},
        undeclared::audience_defaults,
    },
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        enums::Status,
        event::Event,
        ids::IncidentId,
        incident::Incident,
        input::{IncidentText, NewIncident},
        language::Language,
        patch::Patch,
        time::Timestamp,
    },
};

/// Changes fields of an incident without posting an update. `draft: false` publishes a draft.
pub fn change(
    state: &State,
    id: &IncidentId,
    mut patch: MergePatch,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let current = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    check_not_withdrawn(current)?;
    patch.reject(
        "kind",
        "The kind cannot be changed; publish a new incident instead.",
    )?;
    patch.reject("status", "Post an update to change the status.")?;
    patch.reject("body", "PATCH the update to correct its text.")?;
    let renotify: Option<bool> = patch.take::<Option<bool>>("renotify")?.flatten();
    let has_confidence = patch.contains("confidence");
    let has_promise = patch.contains("next_update_at");
    // A missed announcement stays missed until `announce_from` itself changes.
    let may_announce = current.is_draft()
        || patch.contains("announce_from")
        || (patch.contains("scheduled_for") && current.missed_at.is_none());
    let has_schedule = patch.contains("scheduled_for") || patch.contains("announce_from");
    let patched = PatchedFields::of(&patch);
    let mut input: NewIncident = patch.apply_to(&NewIncident::from(current))?;
    if input.estimated_end_at.is_none() && !has_confidence {
        input.confidence = None;
    }
    remove_cleared_translations(&mut input, current);
    check::incident(&mut input)?;
    check_times(current, &input, now)?;
    if input.draft && !current.is_draft() {
        return Err(Rejection::IllegalTransition(
            "A published incident cannot become a draft again; withdraw it instead.".to_owned(),
        ));
    }
    // If a published incident became a drill, every page would lose the notice without an all-clear.
    if input.drill && !current.drill && !current.is_draft() {
        return Err(Rejection::IllegalTransition(
            "An incident that users have seen cannot become a drill; withdraw it instead."
                .to_owned(),
        ));
    }
    if input.restored.is_some() && !current.status.is_over() {
        return Err(restored_while_open());
    }
    let publishes = current.is_draft() && !input.draft;
    check_future_times(current, &input, now)?;
    // Fields that the patch does not contain are kept, even if they refer to things that were deleted since.
    if patched.text {
        check_languages(state, &changed_translations(&input.text, &current.text))?;
    }
    if patched.audience {
        check_audience(state, input.audience.as_ref())?;
    }
    if patched.related {
        check_related(state, id, &input.related)?;
    }
    let impact = effective_impact(&input);
    let components = if patched.components {
        let statuses = resolve_components(state, &input.components, impact, current.status)?;
        merge_components(&current.components, &statuses, now)
            .into_iter()
            .filter(|component| statuses.iter().any(|(id, _)| component.id == *id))
            .collect()
    } else {
        current.components.clone()
    };
    let changed_incident = ChangedIncident {
        before: current,
        status: current.status,
        impact,
        components: &components,
        advice: input.advice.clone().map_or(Patch::Clear, Patch::Set),
    };
    let attention = if current.is_draft() {
        current.attention
    } else {
        attention::next(&changed_incident, renotify)
    };
    let is_scheduled = current.status == Status::Scheduled;
    let announce_from = if has_schedule {
        announce_from(&input)
    } else {
        current.announce_from
    };
    let mut changed = Incident {
        impact,
        worst_impact: current.worst_impact.max(impact),
        in_app: input.in_app,
        hold: input.hold,
        drill: input.drill,
        attention,
        title: input.title,
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        components,
        audience: input.audience,
        contacts: input.contacts,
        related: input.related,
        publish_at: input.publish_at.filter(|_| current.is_draft()),
        started_at: match input.scheduled_for {
            Some(planned) if is_scheduled => planned,
            _ => input.started_at.unwrap_or(current.started_at),
        },
        ended_at: input.ended_at,
        scheduled_for: input.scheduled_for,
        scheduled_until: input.scheduled_until,
        announce_from,
        announce_until: input.announce_until,
        auto_start: input.auto_start.unwrap_or(true),
        auto_complete: input.auto_complete.unwrap_or(true),
        // A later date does not take back an announcement that users have seen.
        announced: current.announced || (may_announce && announce_from.is_none_or(|at| at <= now)),
        imminent: current.imminent && !has_schedule,
        next_update_at: input.next_update_at,
        estimated_end_at: input.estimated_end_at,
        confidence: input.confidence,
        cadence_s: input.cadence_s,
        notify: input.notify,
        reminded: current.reminded.filter(|_| !has_promise),
        acknowledged: current.acknowledged.clone(),
        restored: input.restored,
        text: input.text,
        updated_at: now,
        updates: Vec::new(),
        ..current.clone()
    };
    let (kind, shown_impact) = (changed.kind, changed.worst_or_current());
    if !current.is_draft() && shown_impact != current.worst_or_current() {
        changed.audience_defaults = Some(audience_defaults(state, kind, shown_impact));
    }
    let is_unchanged = Incident {
        updated_at: current.updated_at,
        updates: current.updates.clone(),
        ..changed.clone()
    } == *current;
    let mut events = Vec::new();
    if !is_unchanged {
        events.push(Event::IncidentChanged {
            incident: Box::new(changed),
        });
    }
    if publishes {
        events.push(Event::IncidentPublished {
            incident: id.clone(),
            audience_defaults: Some(audience_defaults(state, kind, shown_impact)),
        });
    }
    Ok(events)
}

/// Removes the translations of texts that the patch clears, except for translations that the patch itself sets.
fn remove_cleared_translations(input: &mut NewIncident, current: &Incident) {
    let advice = input.advice.is_none() && current.advice.is_some();
    let works = input.works.is_empty() && !current.works.is_empty();
    let broken = input.broken.is_empty() && !current.broken.is_empty();
    let restored = input.restored.is_none() && current.restored.is_some();
    for (language, texts) in &mut input.text {
        let Some(translation) = current.text.get(language) else {
            continue;
        };
        texts
            .advice
            .take_if(|text| advice && translation.advice.as_ref() == Some(text));
        texts
            .works
            .take_if(|text| works && translation.works.as_ref() == Some(text));
        texts
            .broken
            .take_if(|text| broken && translation.broken.as_ref() == Some(text));
        texts
            .restored
            .take_if(|text| restored && translation.restored.as_ref() == Some(text));
    }
}

/// Whether a patch contains the fields that refer to other resources, which may have been deleted.
struct PatchedFields {
    text: bool,
    audience: bool,
    related: bool,
    components: bool,
}

impl PatchedFields {
    fn of(patch: &MergePatch) -> Self {
        Self {
            text: patch.contains("text"),
            audience: patch.contains("audience"),
            related: patch.contains("related"),
            components: patch.contains("components"),
        }
    }
}

/// Returns the translations that differ from the current ones.
pub fn changed_translations(
    given: &BTreeMap<Language, IncidentText>,
    current: &BTreeMap<Language, IncidentText>,
) -> BTreeMap<Language, IncidentText> {
    given
        .iter()
        .filter(|(language, texts)| current.get(*language) != Some(*texts))
        .map(|(language, texts)| (language.clone(), texts.clone()))
        .collect()
}
