//! The runtime's own things, each behind one small function.

pub mod address;
pub mod assets;
pub mod body;
pub mod clock;
pub mod deadline;
pub mod host;
pub mod respond;
pub mod settings;
pub mod sql;
pub mod url;
pub mod zone;
