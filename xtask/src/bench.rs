//! Measurements with a real server.

use std::process::ExitCode;

use crate::{build, command, progress};

/// Builds, then compares a site with this many past incidents with an empty one. The measurement is
/// `tests/src/bin/bench`. Fails if a limit is exceeded.
pub fn site(incidents: u32, rounds: u32) -> anyhow::Result<ExitCode> {
    build::run()?;
    progress::note("The figures are worth little while other programs run.");
    let status = command::cargo()
        .args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "e2e",
            "--bin",
            "bench",
            "--",
        ])
        .args([incidents, rounds].map(|number| number.to_string()))
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
