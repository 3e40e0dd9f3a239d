//! Checks of the times of an incident against its status and the clock.

use crate::{
    decide::fields::future,
    rejection::Rejection,
    wire::{
        incident::Incident,
        input::NewIncident,
        time::Timestamp,
        words::{Kind, Status},
    },
};

/// Seconds that an operator's clock may be ahead of ours.
pub const CLOCK_SKEW_S: i64 = 60;
/// How long before planned work users hear of it, unless said otherwise: 48 h.
const ANNOUNCED_BEFORE_S: i64 = 48 * 3600;

/// The end comes after the beginning, and not after now.
pub fn may_end(began: Timestamp, ended: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if ended > now.plus_seconds(CLOCK_SKEW_S) {
        return Err(Rejection::field("/ended_at", "Must not be in the future."));
    }
    // Both may be said by a clock that is a little ahead of ours.
    if ended.plus_seconds(CLOCK_SKEW_S) < began {
        return Err(Rejection::field(
            "/ended_at",
            "End must not be before start.",
        ));
    }
    Ok(())
}

/// What a change says of time must fit where the incident stands.
pub fn may_change(
    standing: &Incident,
    input: &NewIncident,
    now: Timestamp,
) -> Result<(), Rejection> {
    let waits = standing.status == Status::Scheduled;
    let ahead = now.plus_seconds(CLOCK_SKEW_S);
    let wrong = |pointer: &str, detail: &str| Err(Rejection::field(pointer, detail));
    if input.started_at.is_some_and(|at| at > ahead)
        && input.started_at != Some(standing.started_at)
    {
        return wrong("/started_at", "Must not be in the future.");
    }
    match (standing.ended_at, input.ended_at) {
        (None, Some(_)) => {
            return wrong(
                "/ended_at",
                "This incident is still open; post an update with the status resolved or completed first.",
            );
        }
        (Some(_), None) => {
            return wrong("/ended_at", "An incident that is over needs an end time.");
        }
        (Some(stood), Some(ended)) if ended != stood => {
            may_end(input.started_at.unwrap_or(standing.started_at), ended, now)?;
        }
        (Some(ended), Some(_)) if input.started_at.is_some_and(|began| began > ended) => {
            return wrong("/started_at", "Start must not be after end.");
        }
        _ => {}
    }
    if input.next_update_at.is_some() && !standing.is_open() {
        return wrong(
            "/next_update_at",
            "An incident that is over has no next update; omit it.",
        );
    }
    if input.scheduled_for != standing.scheduled_for && !waits {
        return wrong(
            "/scheduled_for",
            "The maintenance has already started, so its start cannot change.",
        );
    }
    if input.publish_at.is_some() && !standing.is_draft() {
        return wrong(
            "/publish_at",
            "This incident is already published; omit it.",
        );
    }
    Ok(())
}

/// What a change says anew of times to come lies ahead.
pub fn lies_ahead(
    standing: &Incident,
    input: &NewIncident,
    now: Timestamp,
) -> Result<(), Rejection> {
    let publishes = standing.is_draft() && !input.draft;
    let plan = |at: Option<Timestamp>| at.filter(|_| standing.is_open());
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
            plan(input.scheduled_until),
            standing.scheduled_until,
        ),
        (
            "/announce_until",
            plan(input.announce_until),
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
    Ok(())
}

/// When users first hear of it; `None`: at once.
pub fn announce_from(input: &NewIncident) -> Option<Timestamp> {
    let usual = || match input.kind {
        Kind::Maintenance => input
            .scheduled_for
            .map(|planned| planned.plus_seconds(-ANNOUNCED_BEFORE_S)),
        _ => None,
    };
    input.announce_from.or_else(usual)
}
