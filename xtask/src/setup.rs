//! Installs everything that the build needs, and says where it is.

use crate::{node, progress::Planned, toolchain, tools};

/// Installs what is missing: parts of the Rust toolchain, the Rust tools and the npm packages.
pub fn run() -> anyhow::Result<tools::Tools> {
    toolchain::complete()?;
    node::install()?;
    tools::install()
}

/// The steps of `run` that are not done yet.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let mut steps = toolchain::planned()?;
    steps.extend(node::planned()?);
    steps.extend(tools::planned()?);
    Ok(steps)
}
