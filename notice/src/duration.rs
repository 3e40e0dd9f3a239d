//! How precisely durations are told. The words are the caller's.

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
}

/// A duration in whole units: the larger, and what is left over in the next smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// The larger unit and its number, at least 1.
    pub large: (u64, Unit),
    /// The smaller unit and its number, at least 1.
    pub small: Option<(u64, Unit)>,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Below this a duration is told in hours, in seconds.
const DAYS_FROM: u64 = 36 * HOUR;

/// How long something took: "1 h 40 min", "2 days 3 h". `None`: less than a minute.
pub fn exact(seconds: u64) -> Option<Duration> {
    if seconds < DAYS_FROM {
        hours_and_minutes(seconds)
    } else {
        Some(two(
            (seconds / DAY, Unit::Day),
            (seconds % DAY / HOUR, Unit::Hour),
        ))
    }
}

/// How far away a time is: "13 min", "2 h 5 min", from 36 h on in whole days. `None`: less than a minute.
pub fn rough(seconds: u64) -> Option<Duration> {
    if seconds < DAYS_FROM {
        hours_and_minutes(seconds)
    } else {
        let days = seconds.saturating_add(DAY / 2) / DAY;
        Some(two((days, Unit::Day), (0, Unit::Hour)))
    }
}

fn hours_and_minutes(seconds: u64) -> Option<Duration> {
    let (hours, minutes) = (seconds / HOUR, seconds % HOUR / MINUTE);
    match (hours, minutes) {
        (0, 0) => None,
        (0, _) => Some(two((minutes, Unit::Minute), (0, Unit::Minute))),
        _ => Some(two((hours, Unit::Hour), (minutes, Unit::Minute))),
    }
}

fn two(large: (u64, Unit), small: (u64, Unit)) -> Duration {
    Duration {
        large,
        small: (small.0 > 0).then_some(small),
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Unit, exact, rough};

    fn text(duration: Option<Duration>) -> String {
        let part = |(number, unit): (u64, Unit)| match unit {
            Unit::Day => format!("{number} d"),
            Unit::Hour => format!("{number} h"),
            Unit::Minute => format!("{number} min"),
        };
        let parts = duration.map(|duration| [Some(duration.large), duration.small]);
        let parts = parts.into_iter().flatten().flatten().map(part);
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn durations_and_distances_at_their_limits() {
        const HOUR: u64 = 3600;
        for (seconds, took, away) in [
            (0, "", ""),
            (59, "", ""),
            (60, "1 min", "1 min"),
            (3599, "59 min", "59 min"),
            (HOUR, "1 h", "1 h"),
            (HOUR + 40 * 60, "1 h 40 min", "1 h 40 min"),
            (35 * HOUR + 59 * 60, "35 h 59 min", "35 h 59 min"),
            (36 * HOUR, "1 d 12 h", "2 d"),
            (42 * HOUR + 11 * 60, "1 d 18 h", "2 d"),
            (48 * HOUR, "2 d", "2 d"),
            (51 * HOUR, "2 d 3 h", "2 d"),
            (60 * HOUR, "2 d 12 h", "3 d"),
            (240 * HOUR, "10 d", "10 d"),
        ] {
            assert_eq!(
                (text(exact(seconds)).as_str(), text(rough(seconds)).as_str()),
                (took, away),
                "{seconds}"
            );
        }
    }
}
