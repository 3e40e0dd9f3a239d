//! The sentence about an incident's next update.

use notice::{project::view::IncidentView, wire::time::Timestamp};

use crate::time::format;

/// Returns a sentence about the time of the next update, and whether the update is overdue. `None` if no update is due.
pub fn next_update(incident: &IncidentView, now: Timestamp) -> Option<(String, bool)> {
    let due = incident.owed_at?;
    let is_overdue = now >= due;
    let is_promised = incident.next_update_at.is_some();
    let seconds = due.seconds() - now.seconds();
    let (late, ahead) = (format::duration(seconds), format::ahead(seconds));
    let sentence = match (is_overdue, is_promised) {
        (true, true) => format!(
            "Update overdue by {late} (promised by {})",
            format::time(due)
        ),
        (true, false) => format!("Update overdue by {late}"),
        (false, true) => format!("Next update by {}, {ahead}", format::time(due)),
        (false, false) => format!("Next update due {ahead}"),
    };
    Some((sentence, is_overdue))
}
