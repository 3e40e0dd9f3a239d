//! Publishing, changing and taking back incidents of every kind.

use std::collections::BTreeMap;

use super::fields::{
    future, known_audience, known_related, languages, resolve_components, split_bodies,
};
use crate::{
    attention::{self, Rise},
    check,
    merge::MergePatch,
    rejection::Rejection,
    state::{State, merge_components},
    wire::{
        event::Event,
        ids::{IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::{IncidentText, NewIncident, Withdrawal},
        language::Language,
        patch::Patch,
        time::Timestamp,
        words::{Impact, Kind, Status},
    },
};

/// Seconds that an operator's clock may be ahead of ours.
const CLOCK_SKEW_S: i64 = 60;
/// How long before planned work users hear of it, unless said otherwise: 48 h.
const ANNOUNCED_BEFORE_S: i64 = 48 * 3600;

/// The incident as asked for, with every default filled in.
pub fn create(
    state: &State,
    id: IncidentId,
    update: UpdateId,
    input: NewIncident,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::incident(&input)?;
    if input.body.is_none() && input.kind != Kind::Maintenance {
        return Err(Rejection::field("/body", "this field is required"));
    }
    let status = input.status.unwrap_or(first_status(input.kind));
    if input.restored.is_some() && !status.is_over() {
        return Err(belongs_to_the_end());
    }
    if input
        .started_at
        .is_some_and(|at| at > now.plus_seconds(CLOCK_SKEW_S))
    {
        return Err(Rejection::field("/started_at", "lies in the future"));
    }
    if input.ended_at.is_some() && !status.is_over() {
        return Err(Rejection::field(
            "/ended_at",
            "belongs to the end: give it with the status resolved or completed",
        ));
    }
    for (pointer, at) in [
        ("/next_update_at", input.next_update_at),
        ("/estimated_end_at", input.estimated_end_at),
        ("/publish_at", input.publish_at),
        ("/announce_until", input.announce_until),
    ] {
        future(pointer, at, now)?;
    }
    // Planned work that goes on must not be over by its own plan: it would end the moment it is published.
    if !status.is_over() {
        future("/scheduled_until", input.scheduled_until, now)?;
    }
    languages(state, &input.text)?;
    known_audience(state, input.audience.as_ref())?;
    known_related(state, &id, &input.related)?;

    let over = status.is_over();
    let held = input.draft || input.publish_at.is_some();
    let impact = impact_of(&input);
    // Planned work that has not begun is dated by its plan.
    let started_at = match (input.started_at, input.scheduled_for) {
        (Some(at), _) => at,
        (None, Some(planned)) if status == Status::Scheduled => planned,
        (None, Some(planned)) => planned.min(now),
        _ => now,
    };
    let ended_at = over.then(|| input.ended_at.unwrap_or(now));
    if let Some(ended_at) = ended_at {
        may_end(started_at, ended_at, now)?;
    }
    let components = resolve_components(state, &input.components, impact, status)?
        .into_iter()
        .map(|(id, status)| IncidentComponent {
            id,
            status,
            since: ended_at.unwrap_or(started_at),
        })
        .collect();
    let announce_from = announce_from(&input);
    let (text, bodies) = split_bodies(input.text);
    let first = input.body.map(|body| Update {
        id: update,
        status,
        body,
        text: bodies,
        at: now,
        next_update_at: input.next_update_at.filter(|_| !over),
        corrected_at: None,
    });
    let incident = Incident {
        id,
        kind: input.kind,
        status,
        impact,
        worst_impact: impact,
        in_app: input.in_app,
        hold: input.hold,
        drill: input.drill,
        attention: 1,
        title: input.title,
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        components,
        audience: input.audience,
        contacts: input.contacts,
        related: input.related,
        published_at: (!held).then_some(now),
        publish_at: input.publish_at,
        started_at,
        ended_at,
        scheduled_for: input.scheduled_for,
        scheduled_until: input.scheduled_until,
        announce_from,
        announce_until: input.announce_until,
        auto_start: input.auto_start.unwrap_or(true),
        auto_complete: input.auto_complete.unwrap_or(true),
        announced: announce_from.is_none_or(|at| at <= now),
        imminent: false,
        next_update_at: input.next_update_at.filter(|_| !over),
        estimated_end_at: input.estimated_end_at.filter(|_| !over),
        confidence: input.confidence.filter(|_| !over),
        cadence_s: input.cadence_s,
        reminded: None,
        before_end: Vec::new(),
        restored: input.restored.filter(|_| over),
        withdrawn: None,
        postmortem: None,
        text,
        expired: false,
        created_at: now,
        updated_at: now,
        updates: first.into_iter().collect(),
    };
    Ok(vec![Event::IncidentCreated {
        incident: Box::new(incident),
    }])
}

/// Other fields; what was said stays. `draft: false` publishes what was held back.
pub fn change(
    state: &State,
    id: &IncidentId,
    mut patch: MergePatch,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    not_withdrawn(standing)?;
    patch.refuse("kind", "a kind never changes")?;
    patch.refuse("status", "a status changes with an update; post one")?;
    patch.refuse(
        "body",
        "what was said is corrected where it was said: PATCH the update",
    )?;
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
            "what is published cannot become a draft again; withdraw it instead".to_owned(),
        ));
    }
    // It would be gone from everybody's page without a word.
    if input.drill && !standing.drill && !standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "what users have seen cannot become a drill; withdraw it instead".to_owned(),
        ));
    }
    if input.restored.is_some() && !standing.status.is_over() {
        return Err(belongs_to_the_end());
    }
    let publishes = standing.is_draft() && !input.draft;
    for (pointer, given, stood) in [
        (
            "/next_update_at",
            input.next_update_at,
            standing.next_update_at,
        ),
        (
            "/estimated_end_at",
            input.estimated_end_at,
            standing.estimated_end_at,
        ),
        ("/publish_at", input.publish_at, standing.publish_at),
        (
            "/scheduled_until",
            input.scheduled_until.filter(|_| standing.is_open()),
            standing.scheduled_until,
        ),
        (
            "/announce_until",
            input.announce_until.filter(|_| standing.is_open()),
            standing.announce_until,
        ),
    ] {
        // A draft's plan must still lie ahead when it is published. A promise that has passed is dropped then: words
        // that are needed now must not wait for somebody to see to it.
        let is_plan = pointer.ends_with("_until");
        if given != stood || (publishes && is_plan) {
            future(pointer, given, now)?;
        }
    }
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
    let changed = Incident {
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

/// The end comes after the beginning, and not after now.
fn may_end(began: Timestamp, ended: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if ended > now.plus_seconds(CLOCK_SKEW_S) {
        return Err(Rejection::field("/ended_at", "lies in the future"));
    }
    // Both may be said by a clock that is a little ahead of ours.
    if ended.plus_seconds(CLOCK_SKEW_S) < began {
        return Err(Rejection::field(
            "/ended_at",
            "must not come before started_at",
        ));
    }
    Ok(())
}

/// What a change says of time must fit where the incident stands.
fn may_change(standing: &Incident, input: &NewIncident, now: Timestamp) -> Result<(), Rejection> {
    let waits = standing.status == Status::Scheduled;
    let ahead = now.plus_seconds(CLOCK_SKEW_S);
    let wrong = |pointer: &str, detail: &str| Err(Rejection::field(pointer, detail));
    if input.started_at.is_some_and(|at| at > ahead)
        && input.started_at != Some(standing.started_at)
    {
        return wrong("/started_at", "lies in the future");
    }
    match (standing.ended_at, input.ended_at) {
        (None, Some(_)) => {
            return wrong(
                "/ended_at",
                "it is not over; post an update with the status resolved or completed first",
            );
        }
        (Some(_), None) => return wrong("/ended_at", "what is over has an end"),
        (Some(stood), Some(ended)) if ended != stood => {
            may_end(input.started_at.unwrap_or(standing.started_at), ended, now)?;
        }
        (Some(ended), Some(_)) if input.started_at.is_some_and(|began| began > ended) => {
            return wrong("/started_at", "must not come after the end");
        }
        _ => {}
    }
    if input.next_update_at.is_some() && !standing.is_open() {
        return wrong(
            "/next_update_at",
            "no next update is owed when it is over; leave it out",
        );
    }
    if input.scheduled_for != standing.scheduled_for && !waits {
        return wrong("/scheduled_for", "it has begun already");
    }
    if input.publish_at.is_some() && !standing.is_draft() {
        return wrong("/publish_at", "it is published already");
    }
    Ok(())
}

/// Only what nobody has seen.
pub fn delete(state: &State, id: IncidentId) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    if !standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "only drafts can be deleted; withdraw what was published by mistake".to_owned(),
        ));
    }
    Ok(vec![Event::IncidentDeleted { incident: id }])
}

/// Those who saw it read why, once.
pub fn withdraw(state: &State, id: IncidentId, input: Withdrawal) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    check::withdrawal(&input)?;
    not_withdrawn(standing)?;
    if standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "nobody has seen this draft; delete it instead".to_owned(),
        ));
    }
    Ok(vec![Event::IncidentWithdrawn {
        incident: id,
        reason: input.reason,
    }])
}

/// What was taken back is not spoken of again.
pub fn not_withdrawn(incident: &Incident) -> Result<(), Rejection> {
    if incident.withdrawn.is_some() {
        return Err(Rejection::IllegalTransition(
            "it was withdrawn; publish a new one".to_owned(),
        ));
    }
    Ok(())
}

/// The refusal of all-clear words for what goes on.
pub fn belongs_to_the_end() -> Rejection {
    Rejection::field(
        "/restored",
        "belongs to the end: give it with the status resolved or completed",
    )
}

fn first_status(kind: Kind) -> Status {
    match kind {
        Kind::Incident | Kind::Unknown => Status::Investigating,
        Kind::Maintenance => Status::Scheduled,
        Kind::Announcement => Status::Active,
    }
}

fn impact_of(input: &NewIncident) -> Impact {
    match input.kind {
        Kind::Incident | Kind::Unknown => input.impact.unwrap_or(Impact::None),
        Kind::Maintenance => Impact::Maintenance,
        Kind::Announcement => Impact::None,
    }
}

fn announce_from(input: &NewIncident) -> Option<Timestamp> {
    let usual = || match input.kind {
        Kind::Maintenance => input
            .scheduled_for
            .map(|planned| planned.plus_seconds(-ANNOUNCED_BEFORE_S)),
        _ => None,
    };
    input.announce_from.or_else(usual)
}
