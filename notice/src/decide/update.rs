//! Saying something new of an incident.

use std::collections::BTreeMap;

use super::incident::{future, languages, resolve_components, split_bodies};
use crate::{
    attention::{self, Rise},
    check, limits,
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        event::{Event, IncidentChange},
        ids::{ComponentId, IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::{IncidentText, NewUpdate},
        language::Language,
        patch::Patch,
        time::Timestamp,
        words::ComponentStatus,
    },
};

/// The update and what it changes.
pub fn post(
    state: &State,
    incident: &IncidentId,
    id: UpdateId,
    input: NewUpdate,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    check::new_update(&input, incident.kind)?;
    if incident.updates.len() >= limits::UPDATES {
        return Err(Rejection::LimitReached(format!(
            "an incident has at most {} updates; open a new one and name this as related",
            limits::UPDATES
        )));
    }
    future("/next_update_at", input.next_update_at, now)?;
    future(
        "/estimated_end_at",
        input.estimated_end_at.value().copied(),
        now,
    )?;
    languages(state, &input.text)?;

    let status = input.status.unwrap_or(incident.status);
    let over = status.is_over();
    if input.restored.is_some() && !over {
        return Err(Rejection::field(
            "/restored",
            "belongs to the status resolved",
        ));
    }
    if let (Some(_), true) = (input.next_update_at, over) {
        return Err(Rejection::field(
            "/next_update_at",
            "no next update is owed when it is over; leave it out",
        ));
    }
    let said = resolve_components(
        state,
        &input.components,
        input.impact.unwrap_or(incident.impact),
        status,
    )?;
    let components = components_after(incident, &said, over, now);
    let rise = Rise {
        before: incident,
        status,
        impact: input.impact.unwrap_or(incident.impact),
        components: &components,
        advice: input.advice.clone(),
    };
    let attention = attention::after(&rise, input.renotify);
    let (text, bodies) = split_bodies(input.text);
    let begun_again = incident.status.is_over() && !over;
    let ended = !incident.status.is_over() && over;

    let update = Update {
        id,
        status,
        body: input.body,
        text: bodies,
        at: now,
        next_update_at: input.next_update_at,
    };
    let change = IncidentChange {
        status: input.status.filter(|status| *status != incident.status),
        impact: input.impact.filter(|impact| *impact != incident.impact),
        attention: (attention != incident.attention).then_some(attention),
        components: (components != incident.components).then_some(components),
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        next_update_at: input.next_update_at.map_or(Patch::Clear, Patch::Set),
        estimated_end_at: if over {
            Patch::Clear
        } else {
            input.estimated_end_at
        },
        confidence: if over { Patch::Clear } else { input.confidence },
        ended_at: match (ended, begun_again) {
            (true, _) => Patch::Set(now),
            (_, true) => Patch::Clear,
            _ => Patch::Keep,
        },
        restored: match input.restored {
            Some(words) => Patch::Set(words),
            // What was said of the last end does not hold for the next one.
            None if begun_again => Patch::Clear,
            None => Patch::Keep,
        },
        text: texts_after(incident, text, begun_again),
    };
    Ok(vec![Event::IncidentUpdated {
        incident: incident.id.clone(),
        update,
        change: Box::new(change),
    }])
}

/// When it is over, everything it touched is back; else what was said is merged in.
fn components_after(
    incident: &Incident,
    said: &[(ComponentId, ComponentStatus)],
    over: bool,
    now: Timestamp,
) -> Vec<IncidentComponent> {
    let merged = merge_components(&incident.components, said, now);
    if !over {
        return merged;
    }
    let back: Vec<(ComponentId, ComponentStatus)> = merged
        .iter()
        .map(|component| (component.id.clone(), ComponentStatus::Operational))
        .collect();
    merge_components(&merged, &back, now)
}

/// The incident's texts in other languages after some are said anew, field by field; `None` when nothing changes.
fn texts_after(
    incident: &Incident,
    said: BTreeMap<Language, IncidentText>,
    begun_again: bool,
) -> Option<BTreeMap<Language, IncidentText>> {
    let mut after = incident.text.clone();
    if begun_again {
        for words in after.values_mut() {
            words.restored = None;
        }
    }
    for (language, words) in said {
        let standing = after.entry(language).or_default();
        standing.title = words.title.or(standing.title.take());
        standing.advice = words.advice.or(standing.advice.take());
        standing.works = words.works.or(standing.works.take());
        standing.broken = words.broken.or(standing.broken.take());
        standing.restored = words.restored.or(standing.restored.take());
    }
    (after != incident.text).then_some(after)
}
