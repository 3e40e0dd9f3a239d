//! The one place that owns time.

use std::cell::Cell;

use super::settings;
use worker::Env;

thread_local! {
    /// The setting, read once: it stays while the isolate lives, and the hottest path asks for the time.
    static OFFSET_MS: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Milliseconds since 1970, moved by the setting `CLOCK_OFFSET` (seconds; for tests).
pub fn now_ms(env: &Env) -> u64 {
    let offset_ms = OFFSET_MS.get().unwrap_or_else(|| {
        let offset_ms = settings::clock_offset_s(env).saturating_mul(1000);
        OFFSET_MS.set(Some(offset_ms));
        offset_ms
    });
    // One call over the border, where the worker crate's own date takes two. Whole milliseconds, exact in a double.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "after 1970, and before the year 287396"
    )]
    let now_ms = js_sys::Date::now() as u64;
    now_ms.saturating_add_signed(offset_ms)
}
