//! Presence of a browser during an incident.

/// Stored evidence that this browser was used during an incident.
#[derive(Clone, Copy, Debug)]
pub struct Presence<'a> {
    /// Whether this browser has seen the notice, hidden or not.
    pub witness: bool,
    /// Time of the first visit in each hour (after a week, in each day), in seconds since 1970. A visit means that the
    /// embed ran in a visible tab. These are times and not numbers of hours, so that a first visit minutes after the
    /// end does not count as presence.
    pub visits: &'a [i64],
}

impl Presence<'_> {
    /// Whether this browser has a visit within a period, in seconds since 1970. `until` is exclusive.
    pub(crate) fn visited(&self, from: i64, until: i64) -> bool {
        self.visits.iter().any(|&at| from <= at && at < until)
    }
}

/// Rounds a time down to the hour, in seconds since 1970.
pub(crate) fn hour_of(at: i64) -> i64 {
    at - at.rem_euclid(3600)
}
