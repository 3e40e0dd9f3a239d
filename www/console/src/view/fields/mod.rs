//! Fields that several forms share.

pub mod audience;
pub mod blockers;
pub mod component_picker;
pub mod component_status;
pub mod date_time;
pub mod display;
pub mod next_update;
pub mod notify;
pub mod overrides;
pub mod rows;
pub mod template_picker;
pub mod translations;
