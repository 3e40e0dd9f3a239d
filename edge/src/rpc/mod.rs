//! Requests to the Durable Objects, from the Worker and from each other: one enum for each class, and the data of
//! their bodies and answers, sent as JSON. Objects cannot be reached from outside, so the JSON is trusted.

pub mod courier_client;
pub mod directory_client;
pub mod outbox_call;
pub mod sent_message;
pub mod site_client;
