//! HTTP as the Worker speaks it: addresses, credentials, answers.

pub mod credential;
pub mod failures;
pub mod host_name;
pub mod large_bodies;
pub mod page_call;
pub mod preflight;
pub mod query;
pub mod route;
