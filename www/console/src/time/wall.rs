//! Wall-clock times, and the timestamps at which a clock shows them.

use notice::wire::time::Timestamp;

/// The meaning of a wall-clock time in a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Once(Timestamp),
    /// Clocks go back over it: two timestamps, the earlier first.
    Twice(Timestamp, Timestamp),
    /// Clocks go forward over it. The timestamp is computed with the offset before the change; the clock shows it as a later time.
    Never(Timestamp),
}

/// A period in which no zone changes its offset twice, in seconds.
const DAY_S: i64 = 86_400;

/// Returns the timestamps at which a clock shows `wall`, a wall-clock time read as UTC. `offset_s` returns the zone's offset from
/// UTC at a timestamp, in seconds, positive in the east.
pub fn meaning(wall: Timestamp, offset_s: impl Fn(Timestamp) -> i64) -> Meaning {
    let before = offset_s(wall.plus_seconds(-DAY_S));
    let after = offset_s(wall.plus_seconds(DAY_S));
    let shown = |offset: i64| {
        let at = wall.plus_seconds(-offset);
        (offset_s(at) == offset).then_some(at)
    };
    match (shown(before), shown(after)) {
        (Some(one), Some(other)) if one != other => Meaning::Twice(one.min(other), one.max(other)),
        (Some(at), _) | (None, Some(at)) => Meaning::Once(at),
        (None, None) => Meaning::Never(wall.plus_seconds(-before)),
    }
}

/// Parses the value of an `<input type="datetime-local">`, with or without seconds, as if it were UTC.
pub fn parse(text: &str) -> Option<Timestamp> {
    match text.len() {
        16 => Timestamp::parse(&format!("{text}:00Z")),
        19 => Timestamp::parse(&format!("{text}Z")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning, parse};
    use notice::wire::time::Timestamp;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// The offsets of Europe/Berlin in 2026.
    fn berlin(moment: Timestamp) -> i64 {
        let summer = at("2026-03-29T01:00:00Z")..at("2026-10-25T01:00:00Z");
        if summer.contains(&moment) { 7200 } else { 3600 }
    }

    #[test]
    fn repeated_and_skipped_hours_are_found() {
        for (wall, expected) in [
            (
                "2026-07-01T12:00",
                Meaning::Once(at("2026-07-01T10:00:00Z")),
            ),
            (
                "2026-12-01T12:00",
                Meaning::Once(at("2026-12-01T11:00:00Z")),
            ),
            (
                "2026-03-29T01:59",
                Meaning::Once(at("2026-03-29T00:59:00Z")),
            ),
            (
                "2026-03-29T02:30",
                Meaning::Never(at("2026-03-29T01:30:00Z")),
            ),
            (
                "2026-03-29T03:00",
                Meaning::Once(at("2026-03-29T01:00:00Z")),
            ),
            (
                "2026-10-25T01:59",
                Meaning::Once(at("2026-10-24T23:59:00Z")),
            ),
            (
                "2026-10-25T02:10",
                Meaning::Twice(at("2026-10-25T00:10:00Z"), at("2026-10-25T01:10:00Z")),
            ),
            (
                "2026-10-25T03:00",
                Meaning::Once(at("2026-10-25T02:00:00Z")),
            ),
        ] {
            assert_eq!(meaning(parse(wall).unwrap(), berlin), expected, "{wall}");
        }
    }

    /// Samoa skipped 30 December 2011.
    #[test]
    fn a_skipped_day_is_found() {
        let apia = |moment: Timestamp| match moment < at("2011-12-30T10:00:00Z") {
            true => -10 * 3600,
            false => 14 * 3600,
        };
        let skipped = meaning(parse("2011-12-30T12:00").unwrap(), apia);
        assert_eq!(skipped, Meaning::Never(at("2011-12-30T22:00:00Z")));
        let kept = meaning(parse("2011-12-31T12:00").unwrap(), apia);
        assert_eq!(kept, Meaning::Once(at("2011-12-30T22:00:00Z")));
    }

    #[test]
    fn input_texts_parse_with_and_without_seconds() {
        let minute = at("2026-10-25T02:10:00Z");
        assert_eq!(parse("2026-10-25T02:10"), Some(minute));
        assert_eq!(parse("2026-10-25T02:10:50"), Some(minute.plus_seconds(50)));
        for text in ["", "2026-10-25", "2026-10-25T02:1x", "2026-10-25T02:10:50Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
