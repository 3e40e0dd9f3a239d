//! The sentence about an incident's next update.

use notice::{project::view::IncidentView, wire::time::Timestamp};

use crate::time::format;

/// Returns a sentence about the time of the next update, and whether the update is overdue. `None` if no update is due.
pub fn next_update(incident: &IncidentView, now: Timestamp) -> Option<(String, bool)> {
    let due = incident.owed_at?;
    let is_overdue = now >= due;
    let is_promised = incident.next_update_at.is_some();
    let duration = format::duration(due.seconds() - now.seconds());
    let sentence = match (is_overdue, is_promised) {
        (true, true) => format!(
            "Update overdue by {duration} (promised by {})",
            format::time(due)
        ),
        (true, false) => format!("Update overdue by {duration}"),
        (false, true) => format!("Next update by {}, in {duration}", format::time(due)),
        (false, false) => format!("Next update due in {duration}"),
    };
    Some((sentence, is_overdue))
}
