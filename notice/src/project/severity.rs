//! The severities of an incident over time: for the site, and for each of its components.

use crate::{
    state::State,
    wire::{
        enums::{ComponentStatus, Impact, Kind, Status},
        event::Event,
        ids::{ComponentId, IncidentId},
        incident::Incident,
        time::Timestamp,
    },
};

/// The severity of a day or a span, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A maintenance in progress.
    Maintenance,
    /// A minor incident, or degraded performance of a component.
    Minor,
    /// A major incident, or a partial outage of a component.
    Major,
    /// A critical incident, or a major outage of a component.
    Critical,
}

/// A period of one severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The component; `None`: the site as a whole.
    pub component: Option<ComponentId>,
    /// The severity of the site or component during the span.
    pub severity: Severity,
    /// The first instant of the span.
    pub starts: Timestamp,
    /// The end, which is not part of the span; `None` while the span continues. The end may equal the start.
    pub ends: Option<Timestamp>,
}

/// The severities of an incident after one of its events. Recorded only once the incident is
/// published and has started.
#[derive(Clone, Debug)]
struct Condition {
    /// The time from which the condition applies.
    at: Timestamp,
    site: Option<Severity>,
    components: Vec<(ComponentId, Severity)>,
}

impl Severity {
    /// All values, in ascending order.
    pub const ALL: [Self; 4] = [Self::Maintenance, Self::Minor, Self::Major, Self::Critical];

    fn of_component(status: ComponentStatus) -> Option<Self> {
        match status {
            ComponentStatus::Operational => None,
            ComponentStatus::UnderMaintenance => Some(Self::Maintenance),
            ComponentStatus::DegradedPerformance => Some(Self::Minor),
            ComponentStatus::PartialOutage => Some(Self::Major),
            ComponentStatus::MajorOutage | ComponentStatus::Unknown => Some(Self::Critical),
        }
    }

    fn of_site(kind: Kind, impact: Impact) -> Option<Self> {
        match (kind, impact) {
            (Kind::Maintenance, _) => Some(Self::Maintenance),
            (Kind::Announcement, _) | (_, Impact::None) => None,
            (_, Impact::Critical) => Some(Self::Critical),
            (_, Impact::Major) => Some(Self::Major),
            _ => Some(Self::Minor),
        }
    }
}

/// Returns the spans of an incident from all its events, oldest first, each with its time. Empty if the incident does not
/// count: drafts, drills, unlisted, withdrawn and deleted incidents, announcements, and maintenance that has not started.
///
/// Changes count from the time of their event. An incident's own start and end are those that the operator gave, which may be
/// earlier. Between an end and a reopening there is no span.
pub fn spans<'a>(
    id: &IncidentId,
    events: impl IntoIterator<Item = (&'a Event, Timestamp)>,
) -> Vec<Span> {
    let mut state = State::default();
    let mut conditions = Vec::new();
    for (event, at) in events {
        state.apply(event, at);
        if let Some(incident) = state.incidents.get(id) {
            record(&mut conditions, incident, at);
        }
    }
    let counts = |incident: &&Incident| {
        !incident.drill && incident.is_listed() && incident.withdrawn.is_none()
    };
    let Some(incident) = state.incidents.get(id).filter(counts) else {
        return Vec::new();
    };
    order(&mut conditions, incident.started_at);
    let mut spans = spans_of(&conditions, None);
    let mut components: Vec<&ComponentId> = conditions
        .iter()
        .flat_map(|condition| condition.components.iter().map(|(id, _)| id))
        .collect();
    components.sort();
    components.dedup();
    for component in components {
        spans.extend(spans_of(&conditions, Some(component)));
    }
    spans
}

/// Records the condition after an event.
fn record(conditions: &mut Vec<Condition>, incident: &Incident, at: Timestamp) {
    if incident.is_draft() || incident.status == Status::Scheduled {
        return;
    }
    if incident.is_open() {
        let components = incident.components.iter().filter_map(|component| {
            Some((
                component.id.clone(),
                Severity::of_component(component.status)?,
            ))
        });
        conditions.push(Condition {
            at,
            site: Severity::of_site(incident.kind, incident.impact),
            components: components.collect(),
        });
        return;
    }
    if conditions.is_empty() {
        // The incident was published after its end.
        conditions.push(Condition {
            at: incident.started_at,
            site: Severity::of_site(incident.kind, incident.worst_impact),
            components: Vec::new(),
        });
    }
    conditions.push(Condition {
        at: incident.ended_at.unwrap_or(at),
        site: None,
        components: Vec::new(),
    });
}

/// Makes the times ascend: each is at most that of the next condition and at least the incident's
/// start, and the first is the start.
fn order(conditions: &mut [Condition], start: Timestamp) {
    let mut next = None;
    for condition in conditions.iter_mut().rev() {
        condition.at = next.map_or(condition.at, |next| condition.at.min(next));
        next = Some(condition.at);
    }
    for condition in conditions.iter_mut() {
        condition.at = condition.at.max(start);
    }
    if let Some(first) = conditions.first_mut() {
        first.at = start;
    }
}

/// The spans of the site or of one component. A condition that was replaced within the same second
/// gives no span. If all were, the most severe of them gives the only span.
fn spans_of(conditions: &[Condition], component: Option<&ComponentId>) -> Vec<Span> {
    let severity = |condition: &Condition| match component {
        None => condition.site,
        Some(component) => {
            let mut components = condition.components.iter();
            let (_, severity) = components.find(|(id, _)| id == component)?;
            Some(*severity)
        }
    };
    let ends = conditions.iter().skip(1).map(|next| Some(next.at));
    let all = conditions.iter().zip(ends.chain([None]));
    let mut spans: Vec<Span> = Vec::new();
    let mut moments: Vec<Span> = Vec::new();
    for (condition, ends) in all {
        let Some(severity) = severity(condition) else {
            continue;
        };
        let starts = condition.at;
        if let Some(last) = spans.last_mut()
            && last.severity == severity
            && last.ends == Some(starts)
        {
            last.ends = ends;
            continue;
        }
        let span = Span {
            component: component.cloned(),
            severity,
            starts,
            ends,
        };
        if ends == Some(starts) {
            moments.push(span);
        } else {
            spans.push(span);
        }
    }
    if spans.is_empty() {
        spans.extend(moments.into_iter().max_by_key(|moment| moment.severity));
    }
    spans
}
