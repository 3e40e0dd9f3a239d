//! The three Durable Object classes: thin shells over `site` and `storage`.

mod attempt;
pub mod courier_object;
mod courier_run;
mod deliveries;
pub mod directory_object;
mod heartbeat;
mod hostname_claims;
mod intl_formatters;
pub mod jobs;
pub mod lanes;
mod outcome;
mod outgoing;
mod outgoing_mail;
pub mod root_key_calls;
mod site_jobs;
pub mod site_object;
mod site_reports;
mod subscriptions;
mod transfers;
