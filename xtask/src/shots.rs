//! Makes the pictures in `docs/` and `target/shots/`, by driving a real browser.

use crate::{build, chromium, command, progress};

/// Builds, then takes the pictures whose names contain one of these; all when none is named. The table of pictures is
/// in `tests/src/bin/shots/`.
pub fn run(filter: &[String]) -> anyhow::Result<()> {
    chromium::install()?;
    build::run()?;
    progress::step("Taking screenshots", || {
        command::run(
            command::cargo()
                .args(["run", "--quiet", "--package", "e2e", "--bin", "shots", "--"])
                .args(filter),
        )
    })
}
