//! The one clock: this device's, set right by what the server says. And times in words, in this device's own zone.

use std::cell::Cell;

use gloo_timers::callback::Interval;
use js_sys::{Date, Function, Object, Reflect};
use notice::wire::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use yew::{hook, use_effect_with, use_force_update};

use crate::wall::{self, Meaning};

thread_local! {
    /// The server's clock less ours, in milliseconds.
    static OFFSET_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// Takes note of a response's `Date`.
pub fn learn(date: &str) {
    let server = Date::parse(date);
    if server.is_finite() {
        OFFSET_MS.set(server - Date::now());
    }
}

/// Now, by the server's clock.
pub fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this era are exact"
    )]
    Timestamp::from_millis((Date::now() + OFFSET_MS.get()) as i64)
}

/// How often what is on the screen is drawn anew for the sake of its times, in milliseconds.
const LOOK_MS: u32 = 10_000;

/// Draws a view anew from time to time: what was due becomes late while somebody looks at it.
#[hook]
pub fn use_passing_time() {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(LOOK_MS, move || redraw.force_update());
        move || drop(interval)
    });
}

fn date_of(at: Timestamp) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
    Date::new(&JsValue::from_f64(at.seconds() as f64 * 1000.0))
}

fn say(at: Timestamp, options: &[(&str, &str)]) -> String {
    let given = Object::new();
    for (name, value) in options {
        // A fresh object takes every property.
        let _ = Reflect::set(&given, &(*name).into(), &(*value).into());
    }
    date_of(at).to_locale_string("en-GB", &given).into()
}

const DAY: &[(&str, &str)] = &[("weekday", "short"), ("day", "numeric"), ("month", "short")];

/// `14:30` today, `Mon, 23 Nov, 14:30` on another day. Around a change of this device's clock also the zone: `02:30 CEST`.
pub fn time(at: Timestamp) -> String {
    let is_near_a_change = offset_s(at.plus_seconds(-DAY_S)) != offset_s(at.plus_seconds(DAY_S));
    if is_near_a_change || offset_s(at) != offset_s(now()) {
        zoned(at)
    } else {
        dayed(at)
    }
}

/// Seconds in a day without a change of the clock.
const DAY_S: i64 = 86_400;

fn dayed(at: Timestamp) -> String {
    let time = time_of_day(at);
    let day = say(at, DAY);
    if day == say(now(), DAY) {
        time
    } else {
        format!("{day}, {time}")
    }
}

/// The same with its zone, for readers elsewhere.
pub fn zoned(at: Timestamp) -> String {
    format!("{} {}", dayed(at), offset_name(at))
        .trim_end()
        .to_owned()
}

/// The same in a zone, for texts that users read; in this device's where the browser does not know the zone.
pub fn zoned_in(at: Timestamp, zone: &str) -> String {
    let in_zone = || {
        let day = formatted(at, Some(zone), DAY)?;
        let time = [
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ];
        let time = formatted(at, Some(zone), &time)?;
        Some(match day == formatted(now(), Some(zone), DAY)? {
            true => time,
            false => format!("{day}, {time}"),
        })
    };
    in_zone().unwrap_or_else(|| zoned(at))
}

/// With date, year and zone, for records.
pub fn full(at: Timestamp) -> String {
    say(
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

/// The date alone: for what is known to the day.
pub fn date(at: Timestamp) -> String {
    // Days are kept in UTC: in this device's zone it would be the day before in half of the world.
    let options = [
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("timeZone", "UTC"),
    ];
    say(at, &options)
}

/// A moment in a zone, as the browser formats it for the options; `None` for a zone that the browser does not know. Without
/// a zone it is this device's.
fn formatted(at: Timestamp, zone: Option<&str>, options: &[(&str, &str)]) -> Option<String> {
    let given = Object::new();
    let zone = zone.map(|zone| ("timeZone", zone));
    for (name, value) in options.iter().copied().chain(zone) {
        Reflect::set(&given, &name.into(), &value.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?;
    let constructor: Function = constructor.dyn_into().ok()?;
    let arguments = js_sys::Array::of2(&"en-GB".into(), &given);
    let made = Reflect::construct(&constructor, &arguments).ok()?;
    let format = made.unchecked_into::<js_sys::Intl::DateTimeFormat>();
    let said = format.format().call1(&JsValue::UNDEFINED, &date_of(at));
    said.ok()?.as_string()
}

/// The hour and minute in a zone, as minutes of the day; `None` for a zone the browser does not know.
pub fn minute_of_day(at: Timestamp, zone: &str) -> Option<u32> {
    let options = [
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ];
    let said = formatted(at, Some(zone), &options)?;
    let (hours, minutes) = said.split_once(':')?;
    Some(hours.trim().parse::<u32>().ok()? * 60 + minutes.trim().parse::<u32>().ok()?)
}

/// `Mon, 23 Nov 2026, 14:30 CET`, in a zone or, without one, in this device's; `None` for a zone the browser does not know.
pub fn dated(at: Timestamp, zone: Option<&str>) -> Option<String> {
    let options = [
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ];
    formatted(at, zone, &options)
}

/// The hour and minute on this device: `14:30`.
pub fn time_of_day(at: Timestamp) -> String {
    say(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// The offset's short name at a moment on this device: `CEST`, `GMT+11`.
pub fn offset_name(at: Timestamp) -> String {
    let options = [("hour", "2-digit"), ("timeZoneName", "short")];
    // `14 GMT+11`: of this the zone.
    let said = formatted(at, None, &options).unwrap_or_default();
    let zone = said.split_once(' ').map_or("", |(_, zone)| zone);
    zone.to_owned()
}

/// The name of this device's time zone, such as `Europe/Berlin`; `None` where the browser keeps it to itself.
pub fn device_zone() -> Option<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?;
    let constructor: Function = constructor.dyn_into().ok()?;
    let made = Reflect::construct(&constructor, &js_sys::Array::new()).ok()?;
    let resolve: Function = Reflect::get(&made, &"resolvedOptions".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = resolve.call0(&made).ok()?;
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

/// A stretch of time in words: `3 min`, `2 h`, `1 h 40 min`, `3 days`.
pub fn stretch(seconds: i64) -> String {
    let minutes = (seconds.abs() + 30) / 60;
    let (days, hours, rest) = (minutes / 1440, minutes / 60, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, ..) => "1 day".to_owned(),
        (days, ..) => format!("{days} days"),
    }
}

/// `5 min ago`, `in 5 min`.
pub fn relative(at: Timestamp) -> String {
    let seconds = at.seconds() - now().seconds();
    match seconds {
        ..-30 => format!("{} ago", stretch(seconds)),
        -30..=30 => "just now".to_owned(),
        _ => format!("in {}", stretch(seconds)),
    }
}

/// A moment as a date field holds it: exact to the second, whatever this device's time zone is later.
pub fn to_input(at: Timestamp) -> String {
    at.to_string()
}

/// The moment that a date field's text means. A skipped time means the later time that the clock shows instead; see
/// [`skipped`].
pub fn from_input(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| match wall_meaning(text)? {
        Meaning::Once(at) | Meaning::Twice(at, _) | Meaning::Never(at) => Some(at),
    })
}

/// A date field's text as an `<input type="datetime-local">` takes it: the wall-clock time of this device.
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

fn wall_meaning(text: &str) -> Option<Meaning> {
    Some(wall::meaning(wall::parse(text)?, offset_s))
}

/// This device's offset from UTC at a moment, in seconds, positive in the east.
fn offset_s(at: Timestamp) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes of a day")]
    let west_minutes = date_of(at).get_timezone_offset() as i64;
    -west_minutes * 60
}

/// The two moments of a time that the clock shows twice, the earlier first.
pub fn repeated(text: &str) -> Option<(Timestamp, Timestamp)> {
    match wall_meaning(&wall(text))? {
        Meaning::Twice(first, second) => Some((first, second)),
        _ => None,
    }
}

/// The moment to use instead of a time that the clock skips.
pub fn skipped(text: &str) -> Option<Timestamp> {
    match wall_meaning(text)? {
        Meaning::Never(instead) => Some(instead),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::stretch;

    #[test]
    fn stretches_are_short() {
        for (seconds, words) in [
            (10, "less than a minute"),
            (-170, "3 min"),
            (3600, "1 h"),
            (6000, "1 h 40 min"),
            (86_400, "1 day"),
            (200_000, "2 days"),
        ] {
            assert_eq!(stretch(seconds), words);
        }
    }
}
