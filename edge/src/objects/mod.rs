//! The two Durable Object classes: thin shells over `site` and `storage`.

pub mod directory_object;
mod hostname_claims;
pub mod jobs;
pub mod root_key_calls;
mod site_jobs;
pub mod site_object;
mod transfers;
