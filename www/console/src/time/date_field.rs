//! The text of a date field. A form holds either a timestamp, exact to the second, or the wall-clock time that was typed.

use notice::wire::time::Timestamp;

use super::{
    format::{date_of, offset_s},
    wall::{self, Meaning},
};

/// Returns the text of a timestamp. It stays the same when this device's time zone changes.
pub fn from_timestamp(at: Timestamp) -> String {
    at.to_string()
}

/// Returns the timestamp that a text means; `None` if it is empty or invalid. A time that the clock skips means the timestamp of
/// [`skipped`]; one that occurs twice means the earlier timestamp.
pub fn parse(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| match meaning(text)? {
        Meaning::Once(at) | Meaning::Twice(at, _) | Meaning::Never(at) => Some(at),
    })
}

/// Returns the wall-clock time on this device, as an `<input type="datetime-local">` takes it.
pub fn wall(text: &str) -> String {
    Timestamp::parse(text).map_or_else(|| text.to_owned(), wall_of)
}

fn wall_of(at: Timestamp) -> String {
    let date = date_of(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

fn meaning(text: &str) -> Option<Meaning> {
    Some(wall::meaning(wall::parse(text)?, offset_s))
}

/// Returns both timestamps of a wall-clock time that occurs twice, the earlier first.
pub fn repeated(text: &str) -> Option<(Timestamp, Timestamp)> {
    match meaning(&wall(text))? {
        Meaning::Twice(first, second) => Some((first, second)),
        _ => None,
    }
}

/// Returns the timestamp to use for a wall-clock time that the clock skips.
pub fn skipped(text: &str) -> Option<Timestamp> {
    match meaning(text)? {
        Meaning::Never(instead) => Some(instead),
        _ => None,
    }
}
