//! Installs the tools of the build.

use crate::{node, progress::Planned, toolchain, tools};

/// Installs missing components of the Rust toolchain, Rust tools and npm packages.
pub fn run() -> anyhow::Result<tools::Tools> {
    toolchain::install()?;
    node::install()?;
    tools::install()
}

/// The steps that `run` will run.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let mut steps = toolchain::planned()?;
    steps.extend(node::planned()?);
    steps.extend(tools::planned()?);
    Ok(steps)
}
