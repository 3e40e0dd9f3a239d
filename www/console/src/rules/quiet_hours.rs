//! Quiet hours: the hours of the day in which maintenance affects the fewest people.

use notice::wire::{site::Site, time::Timestamp};

use crate::time::format;

/// Returns a warning if a maintenance starts or ends outside the site's quiet hours. The end is exclusive, so its last
/// minute is checked.
pub fn warning(site: &Site, from: Option<Timestamp>, until: Option<Timestamp>) -> Option<String> {
    let hours = site.quiet_hours.as_ref()?;
    let (start, end) = (minutes(&hours.from)?, minutes(&hours.until)?);
    let zone = site.time_zone.as_str();
    let is_outside = [from?, until?.plus_seconds(-60)].into_iter().any(|at| {
        format::minute_of_day(at, zone).is_some_and(|minute| !is_within(minute, start, end))
    });
    is_outside.then(|| {
        format!(
            "The maintenance starts or ends outside the quiet hours, {} to {} ({zone}), and will affect more people.",
            hours.from, hours.until
        )
    })
}

fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// Returns whether a minute of the day lies in a period, which passes midnight if its end is the earlier.
fn is_within(minute: u32, start: u32, end: u32) -> bool {
    if start <= end {
        (start..end).contains(&minute)
    } else {
        minute >= start || minute < end
    }
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        for (minute, start, end, expected) in [
            (60, 0, 120, true),
            (120, 0, 120, false),
            (1380, 1320, 360, true),
            (359, 1320, 360, true),
            (600, 1320, 360, false),
        ] {
            assert_eq!(is_within(minute, start, end), expected, "{minute}");
        }
    }
}
