//! HTTP as the Worker speaks it: addresses, credentials, answers.

pub mod credential;
pub mod failures;
pub mod query;
pub mod route;
