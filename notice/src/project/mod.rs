//! What others see of a site's state.

pub mod feed;
pub mod restored;
pub mod view;
