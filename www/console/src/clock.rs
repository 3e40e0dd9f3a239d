//! The one clock: this device's, set right by what the server says. And times in words, in this device's own zone.

use std::cell::Cell;

use gloo_timers::callback::Interval;
use js_sys::{Date, Function, Object, Reflect};
use notice::wire::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use yew::{hook, use_effect_with, use_force_update};

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

/// `14:30` today, `Mon, 23 Nov, 14:30` on another day.
pub fn time(at: Timestamp) -> String {
    let time = say(at, &[("hour", "2-digit"), ("minute", "2-digit")]);
    let day = say(at, DAY);
    if day == say(now(), DAY) {
        time
    } else {
        format!("{day}, {time}")
    }
}

/// The same with its zone, for readers elsewhere.
pub fn zoned(at: Timestamp) -> String {
    let options = [("hour", "2-digit"), ("timeZoneName", "short")];
    // `14 GMT+11`: of this the zone.
    let said = say(at, &options);
    let zone = said.split_once(' ').map_or("", |(_, zone)| zone);
    format!("{} {zone}", time(at)).trim_end().to_owned()
}

/// With date and year, for records.
pub fn full(at: Timestamp) -> String {
    say(
        at,
        &[
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ],
    )
}

/// The hour and minute in a zone, as minutes of the day; `None` for a zone the browser does not know.
pub fn minute_of_day(at: Timestamp, zone: &str) -> Option<u32> {
    let given = Object::new();
    for (name, value) in [
        ("timeZone", zone),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ] {
        Reflect::set(&given, &name.into(), &value.into()).ok()?;
    }
    let format = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = Reflect::get(&format, &"DateTimeFormat".into()).ok()?;
    let arguments = js_sys::Array::of2(&"en-GB".into(), &given);
    let made = Reflect::construct(constructor.unchecked_ref::<Function>(), &arguments).ok()?;
    let said = made
        .unchecked_into::<js_sys::Intl::DateTimeFormat>()
        .format()
        .call1(&JsValue::UNDEFINED, &date_of(at))
        .ok()?
        .as_string()?;
    let (hours, minutes) = said.split_once(':')?;
    Some(hours.trim().parse::<u32>().ok()? * 60 + minutes.trim().parse::<u32>().ok()?)
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

/// As an `<input type="datetime-local">` has it.
pub fn to_input(at: Timestamp) -> String {
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

/// The moment that such an input means.
pub fn from_input(text: &str) -> Option<Timestamp> {
    if text.is_empty() {
        return None;
    }
    // Without an offset, JavaScript reads it in this device's zone.
    let millis = Date::parse(text);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this era are exact"
    )]
    millis
        .is_finite()
        .then(|| Timestamp::from_millis(millis as i64))
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
