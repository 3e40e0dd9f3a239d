//! Installs everything that the build needs, and says where it is.

use crate::{node, toolchain, tools};

/// Installs what is missing: parts of the Rust toolchain, the Rust tools and the npm packages.
pub fn run() -> anyhow::Result<tools::Tools> {
    toolchain::complete()?;
    node::install()?;
    tools::install()
}
