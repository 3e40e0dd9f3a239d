//! Saying something new of an incident, and correcting it.

use std::collections::BTreeMap;

use super::{
    fields::{future, known_audience, languages, resolve_components, split_bodies},
    incident::{anew, belongs_to_the_end, not_withdrawn},
    undeclared::audience_defaults,
};
use crate::{
    attention::{self, Rise},
    check,
    journal::sha256_hex,
    limits,
    merge::MergePatch,
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        event::{Event, IncidentChange},
        ids::{ComponentId, IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::{ComponentName, CorrectedUpdate, IncidentText, NewUpdate},
        language::Language,
        patch::Patch,
        time::Timestamp,
        words::{ComponentStatus, Kind, Status, Word},
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
    check::update(&input, incident.kind)?;
    not_withdrawn(incident)?;
    if incident.is_draft() {
        return Err(Rejection::IllegalTransition(
            "This incident is a draft; publish it first, with PATCH { \"draft\": false }."
                .to_owned(),
        ));
    }
    if incident.updates.len() >= limits::UPDATES {
        return Err(Rejection::LimitReached(format!(
            "An incident can have at most {} updates; publish a new one and list this one as related.",
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
    may_go(incident, status)?;
    if input.restored.is_some() && !over {
        return Err(belongs_to_the_end());
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
    if incident.status.is_over() && !over {
        nothing_is_gone(state, incident)?;
    }
    if input.next_update_at.is_some() && over {
        return Err(Rejection::field(
            "/next_update_at",
            "An incident that is over has no next update; omit it.",
        ));
    }
    Ok(vec![event(state, incident, id, input, status, now)?])
}

/// Incidents go anywhere; planned work and announcements only forward.
fn may_go(incident: &Incident, status: Status) -> Result<(), Rejection> {
    let stands = incident.status;
    let allowed = match incident.kind {
        Kind::Incident | Kind::Unknown => true,
        Kind::Maintenance => {
            stands == status || (status != Status::Scheduled && stands != Status::Completed)
        }
        Kind::Announcement => stands == status || stands == Status::Active,
    };
    if allowed {
        return Ok(());
    }
    Err(Rejection::IllegalTransition(format!(
        "The status cannot change from {} back to {}; publish a new incident.",
        stands.as_str(),
        status.as_str()
    )))
}

/// What begins again must still be about, and for, what it was.
fn nothing_is_gone(state: &State, incident: &Incident) -> Result<(), Rejection> {
    let gone = |what: &str| {
        Err(Rejection::IllegalTransition(format!(
            "{what} of this incident no longer exists; publish a new incident."
        )))
    };
    let known = |name: ComponentName| state.component(&name).is_some();
    let touched = incident.components.iter();
    if !touched
        .map(|component| ComponentName::Id(component.id.clone()))
        .all(known)
    {
        return gone("A component");
    }
    known_audience(state, incident.audience.as_ref()).or_else(|_| gone("A segment or component"))
}

fn event(
    state: &State,
    incident: &Incident,
    id: UpdateId,
    input: NewUpdate,
    status: Status,
    now: Timestamp,
) -> Result<Event, Rejection> {
    let over = status.is_over();
    let impact = input.impact.unwrap_or(incident.impact);
    let said = resolve_components(state, &input.components, impact, status)?;
    let components = components_after(state, incident, &said, over, now);
    let rise = Rise {
        before: incident,
        status,
        impact,
        components: &components,
        advice: input.advice.clone(),
    };
    let attention = attention::after(&rise, input.renotify);
    let anew = SaidAnew::of(incident, &input);
    let (text, bodies) = split_bodies(input.text);
    let begun_again = incident.status.is_over() && !over;
    let ended = !incident.status.is_over() && over;
    // Planned work begins when it does, not when it was to.
    let begins = incident.status == Status::Scheduled && status != Status::Scheduled;
    // What is over is shown by the worst that it was.
    let shown = if over {
        incident.worst_impact.max(impact)
    } else {
        impact
    };
    let is_shown_anew = impact != incident.impact || shown != incident.worst_or_current();

    let update = Update {
        id,
        status,
        body: input.body,
        text: bodies,
        at: now,
        next_update_at: input.next_update_at,
        corrected_at: None,
    };
    let change = IncidentChange {
        status: input.status.filter(|status| *status != incident.status),
        impact: input.impact.filter(|impact| *impact != incident.impact),
        attention: (attention != incident.attention).then_some(attention),
        components: (components != incident.components).then_some(components),
        started_at: begins.then_some(now),
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        next_update_at: input.next_update_at.map_or(Patch::Clear, Patch::Set),
        confidence: if over || input.estimated_end_at == Patch::Clear {
            Patch::Clear
        } else {
            input.confidence
        },
        estimated_end_at: if over {
            Patch::Clear
        } else {
            input.estimated_end_at
        },
        before_end: ended.then(|| incident.components.clone()),
        audience_defaults: is_shown_anew.then(|| audience_defaults(state, incident.kind, shown)),
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
        text: texts_after(incident, text, &anew, begun_again),
    };
    Ok(Event::IncidentUpdated {
        incident: incident.id.clone(),
        update,
        change: Box::new(change),
    })
}

/// What time brings about is said in a few words of ours; its id follows from what it says, so that saying it twice
/// would be the same.
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
        restored: None,
        text: BTreeMap::new(),
    };
    event(state, incident, id, input, status, now).ok()
}

/// Other words for what was said; the old ones stay in the journal.
pub fn correct(
    state: &State,
    incident: &IncidentId,
    id: &UpdateId,
    patch: MergePatch,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    let said = incident
        .updates
        .iter()
        .find(|update| update.id == *id)
        .ok_or(Rejection::NotFound)?;
    let standing = corrected(said);
    let input: CorrectedUpdate = patch.over(&standing)?;
    check::correction(&input)?;
    languages(state, &anew(&input.text, &standing.text))?;
    if input == standing {
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
        update: id.clone(),
        body: input.body,
        text,
    }])
}

/// An update's words as a body would say them.
fn corrected(update: &Update) -> CorrectedUpdate {
    let text = update.text.iter().map(|(language, body)| {
        let words = IncidentText {
            body: Some(body.clone()),
            ..IncidentText::default()
        };
        (language.clone(), words)
    });
    CorrectedUpdate {
        body: update.body.clone(),
        text: text.collect(),
    }
}

/// When it is over, everything it touched is back; else what was said is merged in.
fn components_after(
    state: &State,
    incident: &Incident,
    said: &[(ComponentId, ComponentStatus)],
    over: bool,
    now: Timestamp,
) -> Vec<IncidentComponent> {
    // What begins again is as broken as it was, unless something else is said.
    let again: Vec<(ComponentId, ComponentStatus)> = incident
        .before_end
        .iter()
        .filter(|_| incident.status.is_over() && !over)
        .filter(|before| {
            state
                .component(&ComponentName::Id(before.id.clone()))
                .is_some()
        })
        .map(|before| (before.id.clone(), before.status))
        .collect();
    let standing = merge_components(&incident.components, &again, now);
    let merged = merge_components(&standing, said, now);
    if !over {
        return merged;
    }
    let back: Vec<(ComponentId, ComponentStatus)> = merged
        .iter()
        .map(|component| (component.id.clone(), ComponentStatus::Operational))
        .collect();
    merge_components(&merged, &back, now)
}

/// Of what has translations, what an update says anew in the site's own language.
struct SaidAnew {
    advice: bool,
    works: bool,
    broken: bool,
    restored: bool,
}

impl SaidAnew {
    fn of(incident: &Incident, input: &NewUpdate) -> Self {
        let list = |said: &Patch<Vec<String>>, standing: &Vec<String>| match said {
            Patch::Keep => false,
            Patch::Clear => true,
            Patch::Set(list) => list != standing,
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

/// The incident's texts in other languages after some are said anew, field by field; `None` when nothing changes. A
/// translation of what no longer holds goes: old advice in one's own language is worse than the new one in another.
fn texts_after(
    incident: &Incident,
    said: BTreeMap<Language, IncidentText>,
    anew: &SaidAnew,
    begun_again: bool,
) -> Option<BTreeMap<Language, IncidentText>> {
    let mut after = incident.text.clone();
    for words in after.values_mut() {
        words.advice.take_if(|_| anew.advice);
        words.works.take_if(|_| anew.works);
        words.broken.take_if(|_| anew.broken);
        words.restored.take_if(|_| anew.restored || begun_again);
    }
    for (language, words) in said {
        let standing = after.entry(language).or_default();
        standing.title = words.title.or(standing.title.take());
        standing.advice = words.advice.or(standing.advice.take());
        standing.works = words.works.or(standing.works.take());
        standing.broken = words.broken.or(standing.broken.take());
        standing.restored = words.restored.or(standing.restored.take());
    }
    after.retain(|_, words| *words != IncidentText::default());
    (after != incident.text).then_some(after)
}
