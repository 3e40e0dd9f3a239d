//! HTTP: routes, credentials, conditional requests and limits, without I/O.

pub mod ask_limit;
pub mod canonical_path;
pub mod content_coding;
pub mod credential;
pub mod dns_message;
pub mod etag;
pub mod host_name;
pub mod link_call;
pub mod list_query;
pub mod login_gate;
pub mod network;
pub mod page_call;
pub mod preflight;
pub mod rate_limit;
pub mod route;
pub mod site_call;
pub mod subscriber_call;
pub mod subscription_form;
pub mod weighted_list;
