//! A change of what stands: a merge patch over the fields of a body.

use std::collections::BTreeMap;

use super::{
    belongs_to_the_end, impact_of, not_withdrawn,
    times::{announce_from, lies_ahead, may_change},
};
use crate::{
    attention::{self, Rise},
    check,
    decide::{
        fields::{known_audience, known_related, languages, resolve_components},
        undeclared::audience_defaults,
    },
    merge::MergePatch,
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        event::Event,
        ids::IncidentId,
        incident::Incident,
        input::{IncidentText, NewIncident},
        language::Language,
        patch::Patch,
        time::Timestamp,
        words::Status,
    },
};

/// Other fields; what was said stays. `draft: false` publishes what was held back.
pub fn change(
    state: &State,
    id: &IncidentId,
    mut patch: MergePatch,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    not_withdrawn(standing)?;
    patch.refuse(
        "kind",
        "The kind cannot be changed; publish a new incident instead.",
    )?;
    patch.refuse("status", "Post an update to change the status.")?;
    patch.refuse("body", "PATCH the update to correct its text.")?;
    let renotify: Option<bool> = patch.take::<Option<bool>>("renotify")?.flatten();
    let confidence_anew = patch.names("confidence");
    let promises_anew = patch.names("next_update_at");
    let plans_anew = patch.names("scheduled_for") || patch.names("announce_from");
    let named = Named::of(&patch);
    let mut input: NewIncident = patch.over(&NewIncident::of(standing))?;
    if input.estimated_end_at.is_none() && !confidence_anew {
        input.confidence = None;
    }
    forget_cleared(&mut input, standing);
    check::incident(&input)?;
    may_change(standing, &input, now)?;
    if input.draft && !standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "A published incident cannot become a draft again; withdraw it instead.".to_owned(),
        ));
    }
    // It would be gone from everybody's page without a word.
    if input.drill && !standing.drill && !standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "An incident that users have seen cannot become a drill; withdraw it instead."
                .to_owned(),
        ));
    }
    if input.restored.is_some() && !standing.status.is_over() {
        return Err(belongs_to_the_end());
    }
    let publishes = standing.is_draft() && !input.draft;
    lies_ahead(standing, &input, now)?;
    // What the patch does not name may be of things that are gone by now, and stays as it is.
    if named.text {
        languages(state, &anew(&input.text, &standing.text))?;
    }
    if named.audience {
        known_audience(state, input.audience.as_ref())?;
    }
    if named.related {
        known_related(state, id, &input.related)?;
    }
    let impact = impact_of(&input);
    let components = if named.components {
        let said = resolve_components(state, &input.components, impact, standing.status)?;
        merge_components(&standing.components, &said, now)
            .into_iter()
            .filter(|component| said.iter().any(|(id, _)| component.id == *id))
            .collect()
    } else {
        standing.components.clone()
    };
    let rise = Rise {
        before: standing,
        status: standing.status,
        impact,
        components: &components,
        advice: input.advice.clone().map_or(Patch::Clear, Patch::Set),
    };
    let attention = if standing.is_draft() {
        standing.attention
    } else {
        attention::after(&rise, renotify)
    };
    let not_begun = standing.status == Status::Scheduled;
    let announce_from = if plans_anew {
        announce_from(&input)
    } else {
        standing.announce_from
    };
    let mut changed = Incident {
        impact,
        worst_impact: standing.worst_impact.max(impact),
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
        publish_at: input.publish_at.filter(|_| standing.is_draft()),
        started_at: match input.scheduled_for {
            Some(planned) if not_begun => planned,
            _ => input.started_at.unwrap_or(standing.started_at),
        },
        ended_at: input.ended_at,
        scheduled_for: input.scheduled_for,
        scheduled_until: input.scheduled_until,
        announce_from,
        announce_until: input.announce_until,
        auto_start: input.auto_start.unwrap_or(true),
        auto_complete: input.auto_complete.unwrap_or(true),
        // Once users have heard of it, moving it does not unsay that.
        announced: standing.announced || announce_from.is_none_or(|at| at <= now),
        imminent: standing.imminent && !plans_anew,
        next_update_at: input.next_update_at,
        estimated_end_at: input.estimated_end_at,
        confidence: input.confidence,
        cadence_s: input.cadence_s,
        reminded: standing.reminded.filter(|_| !promises_anew),
        restored: input.restored,
        text: input.text,
        updated_at: now,
        updates: Vec::new(),
        ..standing.clone()
    };
    let (kind, shown) = (changed.kind, changed.worst_or_current());
    if !standing.is_draft() && shown != standing.worst_or_current() {
        changed.audience_defaults = Some(audience_defaults(state, kind, shown));
    }
    let same = Incident {
        updated_at: standing.updated_at,
        updates: standing.updates.clone(),
        ..changed.clone()
    } == *standing;
    let mut events = Vec::new();
    if !same {
        events.push(Event::IncidentChanged {
            incident: Box::new(changed),
        });
    }
    if publishes {
        events.push(Event::IncidentPublished {
            incident: id.clone(),
            audience_defaults: Some(audience_defaults(state, kind, shown)),
        });
    }
    Ok(events)
}

/// What is no longer said at all goes in other languages too, but for what the change says there anew.
fn forget_cleared(input: &mut NewIncident, standing: &Incident) {
    let advice = input.advice.is_none() && standing.advice.is_some();
    let works = input.works.is_empty() && !standing.works.is_empty();
    let broken = input.broken.is_empty() && !standing.broken.is_empty();
    let restored = input.restored.is_none() && standing.restored.is_some();
    for (language, words) in &mut input.text {
        let Some(stood) = standing.text.get(language) else {
            continue;
        };
        words
            .advice
            .take_if(|said| advice && stood.advice.as_ref() == Some(said));
        words
            .works
            .take_if(|said| works && stood.works.as_ref() == Some(said));
        words
            .broken
            .take_if(|said| broken && stood.broken.as_ref() == Some(said));
        words
            .restored
            .take_if(|said| restored && stood.restored.as_ref() == Some(said));
    }
}

/// What a patch speaks of, among the things that can be gone.
struct Named {
    text: bool,
    audience: bool,
    related: bool,
    components: bool,
}

impl Named {
    fn of(patch: &MergePatch) -> Self {
        Self {
            text: patch.names("text"),
            audience: patch.names("audience"),
            related: patch.names("related"),
            components: patch.names("components"),
        }
    }
}

/// The texts that differ from those that stand.
pub fn anew(
    given: &BTreeMap<Language, IncidentText>,
    standing: &BTreeMap<Language, IncidentText>,
) -> BTreeMap<Language, IncidentText> {
    given
        .iter()
        .filter(|(language, words)| standing.get(*language) != Some(*words))
        .map(|(language, words)| (language.clone(), words.clone()))
        .collect()
}
