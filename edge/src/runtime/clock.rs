//! The one place that owns time.

use super::settings;
use worker::{Date, Env};

/// Milliseconds since 1970, moved by the setting `CLOCK_OFFSET` (seconds; for tests).
pub fn now_ms(env: &Env) -> u64 {
    let offset_ms = settings::clock_offset_s(env).saturating_mul(1000);
    Date::now().as_millis().saturating_add_signed(offset_ms)
}
