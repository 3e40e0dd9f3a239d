//! The status pages, which people reach from the card, a mail or a chat.

mod accessibility;
mod calendar;
mod content;
mod days;
mod errors;
mod languages;
mod live;
mod own_host;
mod rendering;
mod subscribe;
mod texts;
