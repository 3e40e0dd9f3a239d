//! The operator console in a real browser.

mod access;
mod adverse_conditions;
mod after_publishing;
mod axe;
mod conflict;
mod drafts;
mod fields;
mod journal;
mod keyboard;
mod load_states;
mod missed;
mod navigation;
mod on_call;
mod preview;
mod publish;
mod published_card;
mod scheduled;
mod settings;
mod sign_in;
mod sites;
mod times;
mod unsaved_settings;
mod update;
mod validation;
mod verification;
mod webhooks;
