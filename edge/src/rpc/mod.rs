//! Requests from the Worker to its Durable Objects: one enum per object, sent as JSON and answered in `objects`.
//! Objects are not reachable from outside, so that the JSON is trusted.

pub mod courier_client;
pub mod directory_client;
pub mod outbox_call;
pub mod sent_message;
pub mod site_client;
