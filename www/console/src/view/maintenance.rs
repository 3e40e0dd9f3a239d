//! Whether planned maintenance falls into the hours when it disturbs least.

use notice::wire::{site::Site, time::Timestamp};

use crate::clock;

/// A warning where maintenance falls outside the site's quiet hours.
pub fn outside(site: &Site, from: Option<Timestamp>, until: Option<Timestamp>) -> Option<String> {
    let hours = site.quiet_hours.as_ref()?;
    let (begins, ends) = (minutes(&hours.from)?, minutes(&hours.until)?);
    let zone = site.time_zone.as_str();
    let out = [from?, until?.plus_seconds(-60)].into_iter().any(|at| {
        clock::minute_of_day(at, zone).is_some_and(|minute| !within(minute, begins, ends))
    });
    out.then(|| {
        format!(
            "outside the quiet hours, {} to {} ({zone}). It will affect more people.",
            hours.from, hours.until
        )
    })
}

fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// Whether a minute of the day lies between two, past midnight where the second is the earlier.
fn within(minute: u32, begins: u32, ends: u32) -> bool {
    if begins <= ends {
        (begins..ends).contains(&minute)
    } else {
        minute >= begins || minute < ends
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn hours_may_pass_midnight() {
        for (minute, begins, ends, inside) in [
            (60, 0, 120, true),
            (120, 0, 120, false),
            (1380, 1320, 360, true),
            (359, 1320, 360, true),
            (600, 1320, 360, false),
        ] {
            assert_eq!(within(minute, begins, ends), inside, "{minute}");
        }
    }
}
