//! Times and durations as texts, in this device's time zone unless a function takes another.

use js_sys::{Date, Object, Reflect};
use notice::{
    duration::{MOMENT, exact_text, rough},
    wire::time::Timestamp,
};
use wasm_bindgen::{JsCast, JsValue};

use super::{clock, intl};

/// Options of the browser's formatter: names and values.
type Options<'a> = &'a [(&'a str, &'a str)];

const LOCALE: &str = "en-GB";
const DAY: Options<'static> = &[("weekday", "short"), ("day", "numeric"), ("month", "short")];

/// Seconds in a day without a change of the clock.
const DAY_S: i64 = 86_400;

/// Converts to JavaScript's `Date`.
pub fn date_of(at: Timestamp) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
    Date::new(&JsValue::from_f64(at.seconds() as f64 * 1000.0))
}

/// Returns this device's offset from UTC at a time, in seconds, positive in the east.
pub fn offset_s(at: Timestamp) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes of a day")]
    let west_minutes = date_of(at).get_timezone_offset() as i64;
    -west_minutes * 60
}

fn local(at: Timestamp, options: Options<'_>) -> String {
    let given = Object::new();
    for (name, value) in options {
        // A fresh object takes every property.
        let _ = Reflect::set(&given, &(*name).into(), &(*value).into());
    }
    date_of(at).to_locale_string(LOCALE, &given).into()
}

/// Formats a time in a zone, or in this device's without one. `None` for a zone that the browser does not know.
fn in_zone(at: Timestamp, zone: Option<&str>, options: Options<'_>) -> Option<String> {
    let zone = zone.map(|zone| ("timeZone", zone));
    let format = intl::date_time_format(LOCALE, options.iter().copied().chain(zone))?;
    let format = format.unchecked_into::<js_sys::Intl::DateTimeFormat>();
    let text = format.format().call1(&JsValue::UNDEFINED, &date_of(at));
    text.ok()?.as_string()
}

/// `14:30` today, `Mon, 23 Nov, 14:30` on another day. Adds the zone, as in `02:30 CEST`, within a day of a clock
/// change and where the offset from UTC differs from today's.
pub fn time(at: Timestamp) -> String {
    let is_near_a_change = offset_s(at.plus_seconds(-DAY_S)) != offset_s(at.plus_seconds(DAY_S));
    if is_near_a_change || offset_s(at) != offset_s(clock::now()) {
        with_zone(at)
    } else {
        without_zone(at)
    }
}

fn without_zone(at: Timestamp) -> String {
    let time = time_of_day(at);
    let day = local(at, DAY);
    if day == local(clock::now(), DAY) {
        time
    } else {
        format!("{day}, {time}")
    }
}

/// `14:30 CET` or `Mon, 23 Nov, 14:30 CET`, for readers in other zones.
pub fn with_zone(at: Timestamp) -> String {
    format!("{} {}", without_zone(at), offset_name(at))
        .trim_end()
        .to_owned()
}

/// [`with_zone`] in another zone. Falls back to this device's zone if the browser does not know that zone.
pub fn with_zone_in(at: Timestamp, zone: &str) -> String {
    let in_zone = || {
        let day = in_zone(at, Some(zone), DAY)?;
        let time = [
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ];
        let time = in_zone(at, Some(zone), &time)?;
        Some(match day == in_zone(clock::now(), Some(zone), DAY)? {
            true => time,
            false => format!("{day}, {time}"),
        })
    };
    in_zone().unwrap_or_else(|| with_zone(at))
}

/// `23 Nov 2026, 14:30 CET`.
pub fn full(at: Timestamp) -> String {
    local(
        at,
        &[
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ],
    )
}

/// `23 Nov 2026`, for times that the server rounds to a day.
pub fn date(at: Timestamp) -> String {
    // The server rounds in UTC. In this device's zone the result would be the day before in half of the world.
    let options = [
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("timeZone", "UTC"),
    ];
    local(at, &options)
}

/// `Mon, 23 Nov 2026, 14:30 CET`, in a zone or, without one, in this device's. `None` for a zone that the browser does not
/// know.
pub fn with_weekday(at: Timestamp, zone: Option<&str>) -> Option<String> {
    let options = [
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ];
    in_zone(at, zone, &options)
}

/// `14:30`, whatever the day.
pub fn time_of_day(at: Timestamp) -> String {
    local(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// Returns minutes since midnight in a zone; `None` for a zone that the browser does not know.
pub fn minute_of_day(at: Timestamp, zone: &str) -> Option<u32> {
    let options = [
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ];
    let time = in_zone(at, Some(zone), &options)?;
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.trim().parse::<u32>().ok()? * 60 + minutes.trim().parse::<u32>().ok()?)
}

/// The short name of this device's offset from UTC at a time: `CEST`, `GMT+11`.
pub fn offset_name(at: Timestamp) -> String {
    let options = [("hour", "2-digit"), ("timeZoneName", "short")];
    // The browser gives `14 GMT+11`.
    let text = in_zone(at, None, &options).unwrap_or_default();
    let zone = text.split_once(' ').map_or("", |(_, zone)| zone);
    zone.to_owned()
}

/// The name of this device's time zone, such as `Europe/Berlin`; `None` if the browser does not reveal it.
pub fn device_zone() -> Option<String> {
    intl::time_zone(&intl::date_time_format(LOCALE, [])?)
}

/// A duration in words, as the card and the pages have it: `3 min`, `1 h 40 min`, `2 days 3 h`. The sign is ignored.
pub fn duration(seconds: i64) -> String {
    exact_text(seconds.unsigned_abs())
}

/// The time until a later time, as the card and the pages have it: `in 5 min`, `in 2 days`.
pub fn ahead(seconds: i64) -> String {
    match rough(seconds.unsigned_abs()) {
        Some(distance) => format!("in {distance}"),
        None => format!("in {MOMENT}"),
    }
}

/// The distance to a time, as the card and the pages have it: `5 min ago`, `in 2 days`.
pub fn relative(at: Timestamp) -> String {
    distance(at.seconds().saturating_sub(clock::now().seconds()))
}

fn distance(seconds: i64) -> String {
    match rough(seconds.unsigned_abs()) {
        None => "just now".to_owned(),
        Some(_) if seconds > 0 => ahead(seconds),
        Some(distance) => format!("{distance} ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ahead, distance, duration};
    use serde_json::Value;

    #[test]
    fn durations_and_distances_equal_those_of_the_card() {
        let table = include_str!("../../../../notice/vectors/durations.json");
        let table: Value = serde_json::from_str(table).unwrap();
        for row in table.as_array().unwrap() {
            let seconds = row["seconds"].as_i64().unwrap();
            assert_eq!(duration(seconds), row["took"], "{seconds}");
            assert_eq!(duration(-seconds), row["took"], "{seconds}");
            let far = row["distance"].as_str().unwrap();
            let expected = match far {
                "less than a minute" => "just now".to_owned(),
                far => format!("in {far}"),
            };
            assert_eq!(distance(seconds), expected, "{seconds}");
            assert_eq!(ahead(seconds), format!("in {far}"), "{seconds}");
        }
    }
}
