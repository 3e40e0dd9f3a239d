//! The server's clock, the only source of time in this crate.

use std::cell::Cell;

use super::settings;
use worker::Env;

thread_local! {
    /// `CLOCK_OFFSET`, parsed once per isolate: the fast path reads the time too.
    static OFFSET_MS: Cell<Option<i64>> = const { Cell::new(None) };
}

/// The current time in milliseconds since 1970, moved by `CLOCK_OFFSET` (seconds; for tests).
pub fn now_ms(env: &Env) -> u64 {
    // One call into JavaScript; the worker crate's own date takes two. Whole milliseconds are exact in an f64.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "after 1970, and before the year 287396"
    )]
    let now_ms = js_sys::Date::now() as u64;
    now_ms.saturating_add_signed(offset_ms(env))
}

/// Converts a time of the runtime's clock to [`now_ms`]'s clock, both in milliseconds since 1970.
pub fn from_runtime_ms(env: &Env, at_ms: i64) -> i64 {
    at_ms.saturating_add(offset_ms(env))
}

fn offset_ms(env: &Env) -> i64 {
    OFFSET_MS.get().unwrap_or_else(|| {
        let offset_ms = settings::clock_offset_s(env).saturating_mul(1000);
        OFFSET_MS.set(Some(offset_ms));
        offset_ms
    })
}
