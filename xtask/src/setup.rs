//! Installs everything that the build needs, and says where it is.

use crate::{node, tools};

/// Installs what is missing: the Rust tools and the npm packages. The wasm target comes by `rust-toolchain.toml`.
pub fn run() -> anyhow::Result<tools::Tools> {
    node::install()?;
    tools::install()
}
