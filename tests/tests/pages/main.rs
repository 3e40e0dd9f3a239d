//! The pages that people land on from the card, a mail or a chat.

mod calendar;
mod made;
mod missing;
mod own_host;
#[path = "../story/mod.rs"]
mod story;
mod told;
