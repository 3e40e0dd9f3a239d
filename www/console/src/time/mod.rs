//! The clock, times as texts, wall-clock times and time zones.

pub mod clock;
pub mod date_field;
pub mod format;
mod intl;
mod wall;
pub mod zones;
