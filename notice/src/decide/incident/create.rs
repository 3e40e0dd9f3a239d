//! Creates incidents.

use super::{
    effective_impact, restored_while_open,
    times::{CLOCK_SKEW_S, announce_from, check_end},
};
use crate::{
    body::check,
    decide::{
        fields::{
            check_audience, check_future, check_languages, check_related, resolve_components,
            split_bodies,
        },
        undeclared::audience_defaults,
    },
    rejection::Rejection,
    state::State,
    wire::{
        enums::{Kind, Status},
        event::Event,
        ids::{IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::NewIncident,
        time::Timestamp,
    },
};

/// Creates an incident, with defaults for all fields that the request leaves out.
pub fn create(
    state: &State,
    id: IncidentId,
    update: UpdateId,
    mut input: NewIncident,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::incident(&mut input)?;
    if input.body.is_none() && input.kind != Kind::Maintenance {
        return Err(Rejection::field("/body", "This field is required."));
    }
    let status = input.status.unwrap_or(first_status(input.kind));
    if input.restored.is_some() && !status.is_over() {
        return Err(restored_while_open());
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
        check_future(pointer, at, now)?;
    }
    // A maintenance whose planned end has passed would complete at the moment of publication.
    if !status.is_over() {
        check_future("/scheduled_until", input.scheduled_until, now)?;
    }
    check_languages(state, &input.text)?;
    check_audience(state, input.audience.as_ref())?;
    check_related(state, &id, &input.related)?;

    let is_over = status.is_over();
    let is_draft = input.draft || input.publish_at.is_some();
    let impact = effective_impact(&input);
    // A scheduled maintenance starts at its planned time.
    let started_at = match (input.started_at, input.scheduled_for) {
        (Some(at), _) => at,
        (None, Some(planned)) if status == Status::Scheduled => planned,
        (None, Some(planned)) => planned.min(now),
        _ => now,
    };
    let ended_at = is_over.then(|| input.ended_at.unwrap_or(now));
    if let Some(ended_at) = ended_at {
        check_end(started_at, ended_at, now)?;
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
    let first_update = input.body.map(|body| Update {
        id: update,
        status,
        body,
        text: bodies,
        at: now,
        next_update_at: input.next_update_at.filter(|_| !is_over),
        notify: None,
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
        published_at: (!is_draft).then_some(now),
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
        next_update_at: input.next_update_at.filter(|_| !is_over),
        estimated_end_at: input.estimated_end_at.filter(|_| !is_over),
        confidence: input.confidence.filter(|_| !is_over),
        cadence_s: input.cadence_s,
        reminded: None,
        acknowledged: None,
        missed_at: None,
        before_end: Vec::new(),
        notify: input.notify,
        audience_defaults: (!is_draft).then(|| audience_defaults(state, input.kind, impact)),
        restored: input.restored.filter(|_| is_over),
        withdrawn: None,
        postmortem: None,
        text,
        expired: false,
        created_at: now,
        updated_at: now,
        updates: first_update.into_iter().collect(),
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
