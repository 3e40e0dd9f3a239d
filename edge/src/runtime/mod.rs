//! Bindings to the runtime: one small function or type per API.

pub mod address;
pub mod assets;
pub mod body;
pub mod deadline;
pub mod dns;
pub mod intl;
pub mod kept_assets;
pub mod random;
pub mod request_context;
pub mod respond;
pub mod scheme;
pub mod server_clock;
pub mod setting;
pub mod settings;
pub mod smtp_socket;
pub mod sql;
pub mod time_zone;
pub mod url;
