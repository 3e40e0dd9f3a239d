//! What time alone changes: the one table of due things.

use super::{undeclared::audience_defaults, update::automatic};
use crate::{
    project::restored::expires_at,
    promise,
    state::State,
    wire::{
        event::Event,
        incident::Incident,
        time::Timestamp,
        words::{Kind, Status},
    },
};

/// How long before planned work the notice becomes a card: 15 min.
const IMMINENT_BEFORE_S: i64 = 15 * 60;
/// A bound no site reaches, so that a mistake in a rule cannot make this run for ever.
const MOST: usize = 100_000;

const STARTED: &str = "Maintenance has started.";
const COMPLETED: &str = "Maintenance is complete.";
const ENDED: &str = "This announcement has ended.";

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Publish,
    Announce,
    Imminent,
    Start,
    Complete,
    EndAnnouncement,
    Remind,
    Expire,
}

/// Everything that is due by `now`, in the order of its due times: what was missed happens now, once.
pub fn pass(state: &State, now: Timestamp) -> Vec<Event> {
    let mut state = state.clone();
    let mut events = Vec::new();
    while events.len() < MOST {
        let Some((_, event)) = due_by(&state, now).and_then(|(at, due, incident)| {
            happen(&state, due, incident, now).map(|event| (at, event))
        }) else {
            break;
        };
        state.apply(&event, now);
        events.push(event);
    }
    events
}

/// When time will next change something, if it will.
pub fn next_due(state: &State) -> Option<Timestamp> {
    let everything = state.incidents.values();
    everything
        .flat_map(|incident| table(state, incident))
        .map(|(at, _)| at)
        .min()
}

fn due_by(state: &State, now: Timestamp) -> Option<(Timestamp, Due, &Incident)> {
    let everything = state.incidents.values();
    everything
        .flat_map(|incident| {
            let due = table(state, incident);
            due.into_iter().map(move |(at, due)| (at, due, incident))
        })
        .filter(|(at, _, _)| *at <= now)
        .min_by_key(|(at, due, incident)| (*at, *due, incident.id.clone()))
}

/// What will happen to one incident by itself, and when. Each thing that has happened takes itself off the table.
fn table(state: &State, incident: &Incident) -> Vec<(Timestamp, Due)> {
    let mut table = Vec::new();
    let mut add = |at: Option<Timestamp>, due: Due| table.extend(at.map(|at| (at, due)));
    if incident.is_draft() {
        add(incident.publish_at, Due::Publish);
        return table;
    }
    if incident.is_open() {
        add(
            incident.announce_from.filter(|_| !incident.announced),
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
                // Begun by hand after its end was planned, it ends by hand.
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

fn happen(state: &State, due: Due, incident: &Incident, now: Timestamp) -> Option<Event> {
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
        Due::Remind => promise::event(incident, promise::next(state, incident)?.1),
        Due::Expire => Event::NoticeExpired { incident: id() },
    })
}
