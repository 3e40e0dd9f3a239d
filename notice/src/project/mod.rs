//! What others see of a site's state.

pub mod changes;
pub mod feed;
pub mod overall;
pub mod restored;
mod shorten;
pub mod view;
