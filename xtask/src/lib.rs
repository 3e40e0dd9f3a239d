//! The commands behind `cargo xtask …`: build, run and test.
//!
//! The end-to-end tests use this crate too, for [`workerd`] (a running server), [`http`] (a small client) and
//! [`chromium`] (where the browser is), so that what they test is started exactly as people start it.

pub mod build;
pub mod chromium;
pub mod command;
pub mod data;
pub mod deploy;
pub mod dev;
pub mod http;
pub mod invitation;
pub mod node;
pub mod process;
pub mod progress;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod shots;
pub mod test;
pub mod toolchain;
pub mod tools;
pub mod workerd;
pub mod workspace;
