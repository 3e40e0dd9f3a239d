//! Scheduled transitions: the table of all changes that happen only because time passes.

use std::collections::BTreeSet;

use super::{undeclared::audience_defaults, update::automatic};
use crate::{
    limits,
    project::restored::expires_at,
    state::{State, promise},
    wire::{
        enums::{Kind, Status},
        event::Event,
        ids::IncidentId,
        incident::Incident,
        time::Timestamp,
    },
};

/// Time before a maintenance at which its notice becomes a card: 15 min.
const IMMINENT_BEFORE_S: i64 = 15 * 60;
/// Maximum number of events of one call, which no site reaches: a mistake in a rule must not cause an endless loop.
const MOST: usize = 100_000;

const STARTED: &str = "Maintenance has started.";
const COMPLETED: &str = "Maintenance is complete.";
const ENDED: &str = "This announcement has ended.";

/// A scheduled transition. Transitions that are due at the same time happen in the order of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Publish,
    Announce,
    Imminent,
    Start,
    Complete,
    EndAnnouncement,
    /// Leaves the publication or announcement to an operator, because it is more than 48 h late. After all other transitions that
    /// are due: one of them may have made the incident appear, or have ended it.
    Miss,
    Remind,
    Expire,
}

/// The result of [`pass_time`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passed {
    /// The events, in the order of their due times; missed appearances last.
    pub events: Vec<Event>,
    /// Transitions that were due and could not happen, as sentences for a log. They are due again at the next call.
    pub skipped: Vec<String>,
}

/// Carries out all scheduled transitions that are due by `now`, in the order of their due times. A
/// late transition happens now, and only once. An incident that was due to appear more than 48 h
/// ago does not appear: see [`Event::ScheduleMissed`].
pub fn pass_time(state: &State, now: Timestamp) -> Passed {
    pass_with(state, now, event_of)
}

type EventOf = fn(&State, Due, &Incident, Timestamp) -> Option<Event>;

fn pass_with(state: &State, now: Timestamp, event_of: EventOf) -> Passed {
    let mut state = state.clone();
    let mut passed = Passed::default();
    // A transition that has happened but is still due would repeat endlessly: it is skipped, like
    // one that cannot happen.
    let mut done: BTreeSet<(IncidentId, Due, Timestamp)> = BTreeSet::new();
    let mut skipped: BTreeSet<(IncidentId, Due)> = BTreeSet::new();
    while passed.events.len() < MOST {
        let Some((at, due, incident)) = due_by(&state, now, &skipped) else {
            break;
        };
        let id = incident.id.clone();
        let is_first = done.insert((id.clone(), due, at));
        match event_of(&state, due, incident, now).filter(|_| is_first) {
            Some(event) => {
                state.apply(&event, now);
                passed.events.push(event);
            }
            None => {
                passed
                    .skipped
                    .push(format!("{due:?} of {id}, due at {at}, cannot happen"));
                skipped.insert((id, due));
            }
        }
    }
    passed
}

/// The time of the next scheduled transition; `None` if there is none. Leaves out transitions that
/// cannot happen, so that a timer for this time does not fire again and again. Call it after
/// [`pass_time`].
pub fn next_due(state: &State, now: Timestamp) -> Option<Timestamp> {
    let everything = state.incidents.values();
    everything
        .flat_map(|incident| {
            let due = table(state, incident).into_iter();
            due.filter(move |(at, due)| !is_held(incident, *at, *due, now))
                .filter(|(at, due)| event_of(state, *due, incident, *at).is_some())
        })
        .map(|(at, _)| at)
        .min()
}

fn due_by<'a>(
    state: &'a State,
    now: Timestamp,
    skipped: &BTreeSet<(IncidentId, Due)>,
) -> Option<(Timestamp, Due, &'a Incident)> {
    let everything = state.incidents.values();
    everything
        .flat_map(|incident| {
            let due = table(state, incident);
            due.into_iter().map(move |(at, due)| (at, due, incident))
        })
        .filter(|(at, due, incident)| *at <= now && !is_held(incident, *at, *due, now))
        .filter(|(_, due, incident)| !skipped.contains(&(incident.id.clone(), *due)))
        .min_by_key(|(at, due, incident)| (*due == Due::Miss, *at, *due, incident.id.clone()))
}

/// Whether a transition is left to an operator, because the incident was due to appear more than 48
/// h ago: its publication, its announcement, and a start that is more than 48 h late and would make
/// the incident appear too.
fn is_held(incident: &Incident, at: Timestamp, due: Due, now: Timestamp) -> bool {
    let is_late = |at: Timestamp| at.plus_seconds(limits::APPEARS_LATE_S) < now;
    incident.appears_at().is_some_and(is_late)
        && match due {
            Due::Publish | Due::Announce => true,
            Due::Imminent | Due::Start => is_late(at),
            Due::Complete | Due::EndAnnouncement | Due::Miss | Due::Remind | Due::Expire => false,
        }
}

/// The scheduled transitions of one incident with their due times. Those that have happened are left out.
fn table(state: &State, incident: &Incident) -> Vec<(Timestamp, Due)> {
    let mut table = Vec::new();
    let mut add = |at: Option<Timestamp>, due: Due| table.extend(at.map(|at| (at, due)));
    let appears_at = incident.appears_at();
    let missed = appears_at.filter(|at| incident.missed_at != Some(*at));
    // The first second that is more than 48 h late.
    let missed = missed.map(|at| at.plus_seconds(limits::APPEARS_LATE_S + 1));
    add(missed, Due::Miss);
    if incident.is_draft() {
        add(incident.publish_at, Due::Publish);
        return table;
    }
    if incident.is_open() {
        add(
            incident.announce_from.filter(|_| !incident.has_appeared()),
            Due::Announce,
        );
        match (incident.kind, incident.status) {
            (Kind::Maintenance, Status::Scheduled) => {
                let planned = incident.scheduled_for;
                let soon = planned.map(|at| at.plus_seconds(-IMMINENT_BEFORE_S));
                add(soon.filter(|_| !incident.imminent), Due::Imminent);
                add(planned.filter(|_| incident.auto_start), Due::Start);
            }
            (Kind::Maintenance, _) => {
                // A maintenance that an operator starts after its planned end does not complete automatically.
                let planned = incident
                    .scheduled_until
                    .filter(|until| incident.auto_start || *until > incident.started_at);
                add(planned.filter(|_| incident.auto_complete), Due::Complete);
            }
            (Kind::Announcement, _) => add(incident.announce_until, Due::EndAnnouncement),
            (Kind::Incident | Kind::Unknown, _) => {}
        }
        add(
            promise::next(state, incident).map(|(at, _)| at),
            Due::Remind,
        );
    } else if !incident.expired {
        add(expires_at(incident), Due::Expire);
    }
    table
}

/// Returns the event of a transition; `None` if the state does not allow it.
fn event_of(state: &State, due: Due, incident: &Incident, now: Timestamp) -> Option<Event> {
    let id = || incident.id.clone();
    Some(match due {
        Due::Publish => Event::IncidentPublished {
            incident: id(),
            audience_defaults: Some(audience_defaults(
                state,
                incident.kind,
                incident.worst_or_current(),
            )),
        },
        Due::Announce => Event::NoticeAnnounced { incident: id() },
        Due::Imminent => Event::NoticeImminent { incident: id() },
        Due::Start => {
            let planned = incident.scheduled_for?;
            automatic(state, incident, Status::InProgress, STARTED, planned, now)?
        }
        Due::Complete => {
            let planned = incident.scheduled_until?;
            automatic(state, incident, Status::Completed, COMPLETED, planned, now)?
        }
        Due::EndAnnouncement => {
            let planned = incident.announce_until?;
            automatic(state, incident, Status::Ended, ENDED, planned, now)?
        }
        Due::Miss => Event::ScheduleMissed {
            incident: id(),
            due_at: incident.appears_at()?,
        },
        Due::Remind => promise::event(incident, promise::next(state, incident)?.1),
        Due::Expire => Event::NoticeExpired { incident: id() },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Due, event_of, pass_time, pass_with};
    use crate::{
        body::check::endpoint_url::Network,
        decide::{Command, decide},
        state::State,
        wire::{
            event::Event,
            ids::{IncidentId, UpdateId},
            time::Timestamp,
        },
    };

    const NOW: i64 = 1_795_248_000;

    /// A site with two drafts whose publication is due.
    fn two_due() -> State {
        let mut state = State::default();
        let created = Timestamp::from_seconds(NOW - 60);
        let mut run = |command: Command| {
            for event in decide(&state, command, created).unwrap() {
                state.apply(&event, created);
            }
        };
        let site = json!({ "slug": "acme", "name": "Acme" });
        run(Command::CreateSite {
            input: serde_json::from_value(site).unwrap(),
            network: Network::Public,
        });
        for (number, before_s) in [(1, 20), (2, 10)] {
            let draft = json!({
                "kind": "incident", "title": "Delays", "impact": "major", "body": "Messages are late.", "draft": true,
                "publish_at": Timestamp::from_seconds(NOW - before_s)
            });
            run(Command::CreateIncident {
                id: IncidentId::parse(&format!("inc_{number}")).unwrap(),
                update: UpdateId::parse(&format!("upd_{number}")).unwrap(),
                input: serde_json::from_value(draft).unwrap(),
            });
        }
        state
    }

    #[test]
    fn an_entry_that_cannot_happen_does_not_stop_later_ones() {
        let state = two_due();
        let now = Timestamp::from_seconds(NOW);
        assert_eq!(pass_time(&state, now).events.len(), 2);
        let passed = pass_with(&state, now, |state, due, incident, now| {
            let is_first = incident.id.as_str() == "inc_1" && due == Due::Publish;
            event_of(state, due, incident, now).filter(|_| !is_first)
        });
        assert_eq!(passed.events.len(), 1);
        assert_eq!(
            passed.skipped,
            ["Publish of inc_1, due at 2026-11-21T07:59:40Z, cannot happen"]
        );
    }

    #[test]
    fn an_entry_that_stays_due_happens_once_and_is_skipped() {
        let passed = pass_with(
            &two_due(),
            Timestamp::from_seconds(NOW),
            |_, _, incident, _| {
                Some(Event::NoticeImminent {
                    incident: incident.id.clone(),
                })
            },
        );
        assert_eq!(passed.events.len(), 2);
        assert_eq!(passed.skipped.len(), 2);
    }
}
