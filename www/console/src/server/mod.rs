//! Requests to the server, the documents it answers with, and the sessions that authorise requests.

pub mod documents;
pub mod failure;
pub mod invitation;
pub mod on_call;
pub mod redeem;
pub mod request;
pub mod session;
pub mod webhooks;
