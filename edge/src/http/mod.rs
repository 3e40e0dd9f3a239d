//! HTTP as the Worker speaks it: addresses, credentials, answers.

pub mod credential;
pub mod route;
