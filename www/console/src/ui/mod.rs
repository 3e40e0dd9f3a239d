//! Controls, messages and hooks that are independent of the site's data.

mod buttons;
pub mod confirm_button;
pub mod copy;
pub mod disclosure;
pub mod heading;
pub mod in_view;
pub mod input;
mod messages;
pub mod preview;
pub mod tabs;
pub mod touched;
pub mod typing;
pub mod wide_screen;

pub use buttons::{action_bar, labelled, primary, secondary};
pub use heading::heading;
pub use messages::{SECRET_LOST, WRITE_ACCESS, empty, failure, loading, loading_view, secret};
