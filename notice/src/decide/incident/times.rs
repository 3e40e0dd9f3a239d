//! Checks of the times of an incident against its status and the clock.

use crate::{
    decide::fields::check_future,
    rejection::Rejection,
    wire::{
        enums::{Kind, Status},
        incident::Incident,
        input::NewIncident,
        time::Timestamp,
    },
};

/// Tolerated lead of an operator's clock over the server's, in seconds.
pub const CLOCK_SKEW_S: i64 = 60;
/// Default time between the announcement and the start of a maintenance, in seconds: 48 h.
const ANNOUNCED_BEFORE_S: i64 = 48 * 3600;

/// Checks that the end is not before the start and not in the future.
pub fn check_end(start: Timestamp, end: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if end > now.plus_seconds(CLOCK_SKEW_S) {
        return Err(Rejection::field("/ended_at", "Must not be in the future."));
    }
    // Both times may come from a clock that is ahead of the server's.
    if end.plus_seconds(CLOCK_SKEW_S) < start {
        return Err(Rejection::field(
            "/ended_at",
            "End must not be before start.",
        ));
    }
    Ok(())
}

/// Checks that changed times fit the incident's status.
pub fn check_times(
    current: &Incident,
    input: &NewIncident,
    now: Timestamp,
) -> Result<(), Rejection> {
    let is_scheduled = current.status == Status::Scheduled;
    let latest = now.plus_seconds(CLOCK_SKEW_S);
    let invalid = |pointer: &str, detail: &str| Err(Rejection::field(pointer, detail));
    if input.started_at.is_some_and(|at| at > latest)
        && input.started_at != Some(current.started_at)
    {
        return invalid("/started_at", "Must not be in the future.");
    }
    match (current.ended_at, input.ended_at) {
        (None, Some(_)) => {
            return invalid(
                "/ended_at",
                "This incident is still open; post an update with the status resolved or completed first.",
            );
        }
        (Some(_), None) => {
            return invalid("/ended_at", "An incident that is over needs an end time.");
        }
        (Some(current_at), Some(end)) if end != current_at => {
            check_end(input.started_at.unwrap_or(current.started_at), end, now)?;
        }
        (Some(end), Some(_)) if input.started_at.is_some_and(|start| start > end) => {
            return invalid("/started_at", "Start must not be after end.");
        }
        _ => {}
    }
    if input.next_update_at.is_some() && !current.is_open() {
        return invalid(
            "/next_update_at",
            "An incident that is over has no next update; omit it.",
        );
    }
    if input.scheduled_for != current.scheduled_for && !is_scheduled {
        return invalid(
            "/scheduled_for",
            "The maintenance has already started, so its start cannot change.",
        );
    }
    if input.publish_at.is_some() && !current.is_draft() {
        return invalid(
            "/publish_at",
            "This incident is already published; omit it.",
        );
    }
    Ok(())
}

/// Checks that changed times of future events are in the future.
pub fn check_future_times(
    current: &Incident,
    input: &NewIncident,
    now: Timestamp,
) -> Result<(), Rejection> {
    let publishes = current.is_draft() && !input.draft;
    let while_open = |at: Option<Timestamp>| at.filter(|_| current.is_open());
    for (pointer, given, current_at) in [
        (
            "/next_update_at",
            input.next_update_at,
            current.next_update_at,
        ),
        (
            "/estimated_end_at",
            input.estimated_end_at,
            current.estimated_end_at,
        ),
        ("/publish_at", input.publish_at, current.publish_at),
        (
            "/scheduled_until",
            while_open(input.scheduled_until),
            current.scheduled_until,
        ),
        (
            "/announce_until",
            while_open(input.announce_until),
            current.announce_until,
        ),
    ] {
        // A draft's planned end must be in the future when it is published. Promises that have passed are dropped
        // instead, so that they do not delay an urgent publication.
        let is_planned_end = pointer.ends_with("_until");
        if given != current_at || (publishes && is_planned_end) {
            check_future(pointer, given, now)?;
        }
    }
    Ok(())
}

/// Returns the time from which users see the incident; `None`: from publication.
pub fn announce_from(input: &NewIncident) -> Option<Timestamp> {
    let default = || match input.kind {
        Kind::Maintenance => input
            .scheduled_for
            .map(|planned| planned.plus_seconds(-ANNOUNCED_BEFORE_S)),
        _ => None,
    };
    input.announce_from.or_else(default)
}
