//! Delays messages to on-call targets until the end of the quiet hours.

use crate::wire::{site::QuietHours, time::Timestamp};

/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// Returns the time at which to send a message that informs: `now`, or the end of the quiet hours if `now` is within them.
/// `minute_of` returns the minute of the day in the site's time zone, from 0 to 1439.
pub fn send_at(
    hours: Option<&QuietHours>,
    now: Timestamp,
    minute_of: impl Fn(Timestamp) -> u32,
) -> Timestamp {
    let Some((from, until)) = hours.and_then(|hours| {
        let from = minutes(&hours.from)?;
        Some((from, minutes(&hours.until)?))
    }) else {
        return now;
    };
    let is_quiet = |at: Timestamp| is_within(minute_of(at), from, until);
    if !is_quiet(now) {
        return now;
    }
    // Full minutes, because time zones differ from UTC by full minutes.
    let mut end = now.plus_seconds(-now.seconds().rem_euclid(60));
    // If the clocks change before the end, `left` may be too short: another round adds the rest. Or
    // it may be too long: that is corrected below.
    for _ in 0..3 {
        let left = (until + DAY - minute_of(end)) % DAY;
        end = end.plus_seconds(i64::from(left) * 60);
        if !is_quiet(end) {
            break;
        }
    }
    let late = (minute_of(end) + DAY - until) % DAY;
    // Go back to the first minute after the quiet hours. If the clocks skip `until`, that minute is
    // later than `until`.
    let mut earlier = (1..=late)
        .rev()
        .map(|minutes| end.plus_seconds(-i64::from(minutes) * 60));
    earlier.find(|at| !is_quiet(*at)).unwrap_or(end)
}

/// Parses `HH:MM` into the minute of the day.
fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    let minute = hours.parse::<u32>().ok()?.checked_mul(60)? + minutes.parse::<u32>().ok()?;
    (minute < DAY).then_some(minute)
}

/// Whether a minute of the day lies in a period. A period whose end is before its start passes
/// midnight; one whose end equals its start is empty.
fn is_within(minute: u32, from: u32, until: u32) -> bool {
    if from <= until {
        (from..until).contains(&minute)
    } else {
        minute >= from || minute < until
    }
}

#[cfg(test)]
mod tests {
    use super::send_at;
    use crate::wire::{site::QuietHours, time::Timestamp};

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn hours(from: &str, until: &str) -> QuietHours {
        QuietHours {
            from: from.to_owned(),
            until: until.to_owned(),
        }
    }

    /// A zone with an offset from UTC in minutes. `change` is a time from which further minutes are added.
    fn zone(offset_min: i64, change: Option<(&str, i64)>) -> impl Fn(Timestamp) -> u32 {
        let change = change.map(|(at, minutes)| (time(at), minutes));
        move |at| {
            let changed = change.filter(|(from, _)| at >= *from);
            let offset = offset_min + changed.map_or(0, |(_, minutes)| minutes);
            u32::try_from((at.seconds().div_euclid(60) + offset).rem_euclid(1440)).unwrap()
        }
    }

    #[test]
    fn messages_wait_for_the_end_of_the_quiet_hours() {
        for (now, from, until, expected) in [
            (
                "2026-11-21T21:59:59Z",
                "22:00",
                "07:00",
                "2026-11-21T21:59:59Z",
            ),
            (
                "2026-11-21T22:00:00Z",
                "22:00",
                "07:00",
                "2026-11-22T07:00:00Z",
            ),
            (
                "2026-11-21T23:30:15Z",
                "22:00",
                "07:00",
                "2026-11-22T07:00:00Z",
            ),
            (
                "2026-11-22T06:59:59Z",
                "22:00",
                "07:00",
                "2026-11-22T07:00:00Z",
            ),
            (
                "2026-11-22T07:00:00Z",
                "22:00",
                "07:00",
                "2026-11-22T07:00:00Z",
            ),
            (
                "2026-11-21T12:30:00Z",
                "12:00",
                "13:00",
                "2026-11-21T13:00:00Z",
            ),
            (
                "2026-11-21T12:30:00Z",
                "12:30",
                "12:30",
                "2026-11-21T12:30:00Z",
            ),
            (
                "2026-11-21T23:00:00Z",
                "22:00",
                "00:00",
                "2026-11-22T00:00:00Z",
            ),
            // Malformed hours of an old journal.
            (
                "2026-11-21T23:00:00Z",
                "22",
                "07:00",
                "2026-11-21T23:00:00Z",
            ),
        ] {
            let hours = hours(from, until);
            let at = send_at(Some(&hours), time(now), zone(0, None));
            assert_eq!(at, time(expected), "{now}, quiet {from} to {until}");
        }
        assert_eq!(
            send_at(None, time("2026-11-21T23:00:00Z"), zone(0, None)),
            time("2026-11-21T23:00:00Z")
        );
    }

    #[test]
    fn quiet_hours_are_those_of_the_zone() {
        let hours = hours("22:00", "07:00");
        // Kathmandu is 5 h 45 min ahead of UTC: the times are 21:59 and 22:00 there.
        let minute_of = || zone(345, None);
        for (now, expected) in [
            ("2026-11-21T16:14:00Z", "2026-11-21T16:14:00Z"),
            ("2026-11-21T16:15:00Z", "2026-11-22T01:15:00Z"),
        ] {
            assert_eq!(
                send_at(Some(&hours), time(now), minute_of()),
                time(expected),
                "{now}"
            );
        }
    }

    #[test]
    fn a_change_of_clocks_in_the_night_moves_the_end() {
        let hours = hours("22:00", "07:00");
        let now = time("2026-03-28T22:00:00Z");
        // In UTC, the end is an hour earlier or later.
        for (minutes, expected) in [(60, "2026-03-29T06:00:00Z"), (-60, "2026-03-29T08:00:00Z")] {
            let minute_of = zone(0, Some(("2026-03-29T01:00:00Z", minutes)));
            assert_eq!(
                send_at(Some(&hours), now, minute_of),
                time(expected),
                "{minutes}"
            );
        }
    }

    #[test]
    fn an_end_that_the_clocks_skip_is_the_next_existing_minute() {
        // From 02:00 the clock goes to 03:00.
        let hours = hours("22:00", "02:30");
        let minute_of = zone(0, Some(("2026-03-29T02:00:00Z", 60)));
        let at = send_at(Some(&hours), time("2026-03-29T01:00:00Z"), minute_of);
        assert_eq!(at, time("2026-03-29T02:00:00Z"));
    }
}
