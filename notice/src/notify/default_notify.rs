//! The default of a post's Notify switch, which decides whether chat and subscribers are notified.
//!
//! A withdrawal uses the value of the publication. A change without an update (PATCH) is not a
//! post: its default is `false`.

use crate::wire::{
    enums::{Impact, Kind, Status},
    incident::Incident,
};

/// The default for a publication: on for major and critical incidents, maintenance and announcements. Off for a drill.
pub fn of_publication(incident: &Incident) -> bool {
    of_new(incident.kind, incident.impact, incident.drill)
}

/// The default for a publication, by the fields of the incident that decide it.
pub fn of_new(kind: Kind, impact: Impact, is_drill: bool) -> bool {
    !is_drill
        && match kind {
            Kind::Incident | Kind::Unknown => impact.is_serious(),
            Kind::Maintenance | Kind::Announcement => true,
        }
}

/// The default for an update: on if the update starts or completes a maintenance, or if it changes
/// status, severity, advice or promise of an incident that is or was major or critical. Off for a
/// drill.
pub fn of_update(before: &Incident, after: &Incident) -> bool {
    if after.drill {
        return false;
    }
    match after.kind {
        Kind::Incident | Kind::Unknown => {
            after.worst_impact.is_serious()
                && (before.status != after.status
                    || before.impact != after.impact
                    || before.advice != after.advice
                    || before.next_update_at != after.next_update_at)
        }
        Kind::Maintenance => {
            let starts = before.status == Status::Scheduled && after.status != Status::Scheduled;
            let completes = !before.status.is_over() && after.status.is_over();
            starts || completes
        }
        Kind::Announcement => false,
    }
}
