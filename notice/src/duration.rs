//! Splits durations into units at the precision in which they are shown. Cards and pages format them in their languages, the
//! console and logs in English.

use std::fmt;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day of 24 hours.
    Day,
    /// An hour of 60 minutes.
    Hour,
    /// A minute of 60 seconds.
    Minute,
}

/// A duration in whole units: the larger one, and the rest in the next smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// The larger unit and its count, at least 1.
    pub large: (u64, Unit),
    /// The smaller unit and its count, at least 1.
    pub small: Option<(u64, Unit)>,
}

/// In English, as in the texts of the card: `1 h 40 min`, `2 days 3 h`.
impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (number, unit) in [Some(self.large), self.small].into_iter().flatten() {
            let unit = match (unit, number) {
                (Unit::Day, 1) => "day",
                (Unit::Day, _) => "days",
                (Unit::Hour, _) => "h",
                (Unit::Minute, _) => "min",
            };
            write!(formatter, "{separator}{number} {unit}")?;
            separator = " ";
        }
        Ok(())
    }
}

/// The text for less than a minute in English.
pub const MOMENT: &str = "less than a minute";

/// Returns an elapsed time in English.
pub fn exact_text(seconds: u64) -> String {
    exact(seconds).map_or_else(|| MOMENT.to_owned(), |duration| duration.to_string())
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Shortest duration that is shown in days, in seconds.
const DAYS_FROM: u64 = 36 * HOUR;

/// Returns an elapsed time: "1 h 40 min", "2 days 3 h". `None` for less than a minute.
pub fn exact(seconds: u64) -> Option<Duration> {
    if seconds < DAYS_FROM {
        hours_and_minutes(seconds)
    } else {
        Some(in_units(
            (seconds / DAY, Unit::Day),
            (seconds % DAY / HOUR, Unit::Hour),
        ))
    }
}

/// Returns the distance of a point in time: "13 min", "2 h 5 min", from 36 h on in whole days. `None` for less than a
/// minute.
pub fn rough(seconds: u64) -> Option<Duration> {
    if seconds < DAYS_FROM {
        hours_and_minutes(seconds)
    } else {
        let days = seconds.saturating_add(DAY / 2) / DAY;
        Some(in_units((days, Unit::Day), (0, Unit::Hour)))
    }
}

fn hours_and_minutes(seconds: u64) -> Option<Duration> {
    let (hours, minutes) = (seconds / HOUR, seconds % HOUR / MINUTE);
    match (hours, minutes) {
        (0, 0) => None,
        (0, _) => Some(in_units((minutes, Unit::Minute), (0, Unit::Minute))),
        _ => Some(in_units((hours, Unit::Hour), (minutes, Unit::Minute))),
    }
}

/// Builds a duration; a smaller unit with the count 0 is left out.
fn in_units(large: (u64, Unit), small: (u64, Unit)) -> Duration {
    Duration {
        large,
        small: (small.0 > 0).then_some(small),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOMENT, exact_text, rough};

    #[test]
    fn exact_and_rough_durations_match_the_table() {
        #[derive(serde::Deserialize)]
        struct Row {
            seconds: u64,
            took: String,
            distance: String,
        }
        let table = include_str!("../vectors/durations.json");
        let table: Vec<Row> = serde_json::from_str(table).unwrap();
        for row in table {
            assert_eq!(exact_text(row.seconds), row.took, "{}", row.seconds);
            let distance = rough(row.seconds);
            let distance = distance.map_or_else(|| MOMENT.to_owned(), |far| far.to_string());
            assert_eq!(distance, row.distance, "{}", row.seconds);
        }
    }
}
