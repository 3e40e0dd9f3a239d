//! Rules applied in the browser: dry runs with `notice`, and the console's own rules.

pub mod contrast;
pub mod dry_run;
pub mod endpoint;
pub mod quiet_hours;
pub mod reach;
pub mod receivers;
