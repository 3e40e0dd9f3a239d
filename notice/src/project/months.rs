//! The first second of a calendar month in a site's time zone.
//!
//! The caller has the zone's rules, and passes them as a function from a time to its month.

use crate::wire::time::Timestamp;

/// Distance from UTC that no zone exceeds, in seconds.
pub const FARTHEST_ZONE_S: i64 = 26 * 3600;

/// The first second of a month in UTC. `month` is written as `2026-11`; `None` for years before 1970.
pub fn utc_start(month: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{month}-01T00:00:00Z"))
}

/// The month after a month, as in `2026-12`; `None` after the year 9999.
pub fn following(month: &str) -> Option<String> {
    let (year, number) = month.split_once('-')?;
    let (year, number): (u16, u8) = (year.parse().ok()?, number.parse().ok()?);
    match (year, number) {
        (9999, 12) => None,
        (year, 12) => Some(format!("{:04}-01", year.saturating_add(1))),
        (year, number) => Some(format!("{year:04}-{:02}", number.saturating_add(1))),
    }
}

/// Returns the first second of a month. `month_of` returns a time's month, such as `2026-11`.
pub fn start(month: &str, month_of: impl Fn(Timestamp) -> String) -> Option<Timestamp> {
    let utc = utc_start(month)?;
    let has_begun = |at: Timestamp| month_of(at).as_str() >= month;
    // `before` is in an earlier month, `start` is not.
    let (mut before, mut start) = (
        utc.plus_seconds(-FARTHEST_ZONE_S),
        utc.plus_seconds(FARTHEST_ZONE_S),
    );
    if has_begun(before) {
        return Some(before);
    }
    while start.seconds() - before.seconds() > 1 {
        let middle = before.plus_seconds((start.seconds() - before.seconds()) / 2);
        if has_begun(middle) {
            start = middle;
        } else {
            before = middle;
        }
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::{following, start};
    use crate::wire::time::Timestamp;

    /// The month in a zone with a constant offset.
    fn month_at(offset_s: i64) -> impl Fn(Timestamp) -> String {
        move |at| {
            let local = at.plus_seconds(offset_s).to_string();
            local.get(..7).unwrap().to_owned()
        }
    }

    #[test]
    fn a_month_begins_at_local_midnight() {
        for (month, offset_s, expected) in [
            ("2026-11", 0, "2026-11-01T00:00:00Z"),
            ("2026-11", 14 * 3600, "2026-10-31T10:00:00Z"),
            ("2026-11", -12 * 3600, "2026-11-01T12:00:00Z"),
            ("2026-03", 20_700, "2026-02-28T18:15:00Z"),
            ("1970-01", 0, "1970-01-01T00:00:00Z"),
            ("9999-12", 3600, "9999-11-30T23:00:00Z"),
        ] {
            let found = start(month, month_at(offset_s)).unwrap();
            assert_eq!(found.to_string(), expected, "{month} at {offset_s} s");
        }
        assert_eq!(start("1969-12", month_at(0)), None);
    }

    #[test]
    fn the_following_month_may_be_in_the_next_year() {
        for (month, expected) in [
            ("2026-11", Some("2026-12")),
            ("2026-12", Some("2027-01")),
            ("2026-01", Some("2026-02")),
            ("9999-12", None),
        ] {
            assert_eq!(following(month).as_deref(), expected, "{month}");
        }
    }
}
