//! The severity of each calendar day, for the site and for each component.
//!
//! Days are those of the site's time zone. The caller has the zone's rules, and passes them as a function from a time to its
//! day.

use std::collections::BTreeMap;

use super::severity::{Severity, Span};
use crate::wire::{ids::ComponentId, time::Timestamp};

/// The usual lengths of days, in seconds: 24 h; 24 h minus or plus one hour if the clocks change; on Lord Howe Island,
/// minus or plus half an hour.
const LENGTHS: [i64; 5] = [86_400, 82_800, 90_000, 84_600, 88_200];
/// Maximum length of a day, in seconds. Zones that crossed the date line to the east had a day twice.
const LONGEST: i64 = 50 * 3600;

/// One entry per day: the day's highest severity, `None` for a day without an incident.
pub type DayRow = Vec<Option<Severity>>;

/// The severities of consecutive days, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayTable {
    /// The row of the site as a whole.
    pub site: DayRow,
    /// The row of each component that had an incident.
    pub components: BTreeMap<ComponentId, DayRow>,
}

/// Returns the first second of each day up to today, oldest first: at most `most` days, and none
/// before the day of `first`. `day_of` returns the name of a time's day, such as `2026-11-21`.
pub fn day_starts(
    now: Timestamp,
    most: usize,
    first: Timestamp,
    day_of: impl Fn(Timestamp) -> String,
) -> Vec<Timestamp> {
    let mut starts = Vec::new();
    let mut within = now;
    while starts.len() < most {
        let start = day_start(within, &day_of);
        starts.push(start);
        if start <= first || start.seconds() == 0 {
            break;
        }
        within = start.plus_seconds(-1);
    }
    starts.reverse();
    starts
}

/// The first second of the day that a time is in.
fn day_start(within: Timestamp, day_of: &impl Fn(Timestamp) -> String) -> Timestamp {
    let day = day_of(within);
    let is_start = |at: &Timestamp| day_of(*at) == day && day_of(at.plus_seconds(-1)) != day;
    let next = within.plus_seconds(1);
    // If `within` is the last second of its day, the start is usually one of `LENGTHS` before `next`.
    let usual = LENGTHS.map(|length| next.plus_seconds(-length));
    if let Some(start) = usual.into_iter().find(is_start) {
        return start;
    }
    // `before` is on an earlier day, `start` on this one.
    let (mut before, mut start) = (within.plus_seconds(-LONGEST), within);
    while start.seconds() - before.seconds() > 1 {
        let middle = before.plus_seconds((start.seconds() - before.seconds()) / 2);
        if day_of(middle) == day {
            start = middle;
        } else {
            before = middle;
        }
    }
    start
}

/// Returns the severities of the days that begin at `starts`, which ascend. The last day has no end.
///
/// A span counts for each day that it shares at least a second with. It does not count for a day
/// that begins when it ends.
pub fn day_table(starts: &[Timestamp], spans: impl IntoIterator<Item = Span>) -> DayTable {
    let empty = || vec![None; starts.len()];
    let mut table = DayTable {
        site: empty(),
        components: BTreeMap::new(),
    };
    for span in spans {
        let row = match span.component {
            None => &mut table.site,
            Some(component) => table.components.entry(component).or_insert_with(empty),
        };
        // Number of days that have begun by a time, which is also the index of the next day.
        let begun_by = |at: Timestamp| starts.partition_point(|start| *start <= at);
        let from = begun_by(span.starts).saturating_sub(1);
        let until = match span.ends {
            None => starts.len(),
            Some(ends) if ends > span.starts => begun_by(ends.plus_seconds(-1)),
            Some(_) => begun_by(span.starts),
        };
        for day in row.iter_mut().take(until).skip(from) {
            *day = (*day).max(Some(span.severity));
        }
    }
    table
}
