//! The commands behind `cargo xtask …`: build, run and test.
//!
//! The end-to-end tests use [`workerd`] (a running server), [`http`] (a client), [`chromium`] and [`engines`] (the
//! browsers), so that they start a server in the same way as `cargo xtask serve`.

#![expect(
    missing_docs,
    reason = "no crate outside this workspace uses it: names that say everything have no comment"
)]

pub mod apt;
pub mod bench;
pub mod build;
pub mod chromium;
pub mod command;
pub mod data;
pub mod deploy;
pub mod dev;
pub mod engines;
pub mod http;
pub mod invitation;
pub mod junit;
pub mod live;
pub mod mail;
pub mod mail_catcher;
pub mod node;
pub mod peers;
pub mod process;
pub mod progress;
pub mod python;
pub mod secrets;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod shots;
pub mod test;
pub mod toolchain;
pub mod tools;
pub mod versions;
pub mod workerd;
pub mod workspace;
