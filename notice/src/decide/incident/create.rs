//! A new incident: everything that was left out filled in.

use super::{
    belongs_to_the_end, impact_of,
    times::{CLOCK_SKEW_S, announce_from, may_end},
};
use crate::{
    check,
    decide::{
        fields::{
            future, known_audience, known_related, languages, resolve_components, split_bodies,
        },
        undeclared::audience_defaults,
    },
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::{IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::NewIncident,
        time::Timestamp,
        words::{Kind, Status},
    },
};

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
        return Err(Rejection::field("/body", "This field is required."));
    }
    let status = input.status.unwrap_or(first_status(input.kind));
    if input.restored.is_some() && !status.is_over() {
        return Err(belongs_to_the_end());
    }
    if input
        .started_at
        .is_some_and(|at| at > now.plus_seconds(CLOCK_SKEW_S))
    {
        return Err(Rejection::field(
            "/started_at",
            "Must not be in the future.",
        ));
    }
    if input.ended_at.is_some() && !status.is_over() {
        return Err(Rejection::field(
            "/ended_at",
            "Only allowed with the status resolved or completed.",
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
        audience_defaults: (!held).then(|| audience_defaults(state, input.kind, impact)),
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

fn first_status(kind: Kind) -> Status {
    match kind {
        Kind::Incident | Kind::Unknown => Status::Investigating,
        Kind::Maintenance => Status::Scheduled,
        Kind::Announcement => Status::Active,
    }
}
