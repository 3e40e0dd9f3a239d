//! The current time: this device's clock, corrected by the server's.

use std::cell::Cell;

use gloo_timers::callback::Interval;
use js_sys::Date;
use notice::wire::time::Timestamp;
use yew::{hook, use_effect_with, use_force_update};

thread_local! {
    /// The server's clock minus this device's, in milliseconds.
    static OFFSET_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// Sets the clock by a response's `Date` header. An invalid date is ignored.
pub fn synchronise(date: &str) {
    let server = Date::parse(date);
    if server.is_finite() {
        OFFSET_MS.set(server - Date::now());
    }
}

/// Returns the current time by the server's clock.
pub fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this era are exact"
    )]
    Timestamp::from_millis((Date::now() + OFFSET_MS.get()) as i64)
}

/// The interval of redraws by [`use_passing_time`], in milliseconds.
const REDRAW_MS: u32 = 10_000;

/// Redraws a view every ten seconds, so that relative times and overdue updates stay current.
#[hook]
pub fn use_passing_time() {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(REDRAW_MS, move || redraw.force_update());
        move || drop(interval)
    });
}
