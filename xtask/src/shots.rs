//! Takes the screenshots in `docs/` and `target/shots/` with a browser.

use crate::{build, chromium, command, progress};

/// Builds the project, then takes the screenshots whose names contain one of these; all for an empty filter. The list of screenshots is in
/// `tests/src/bin/shots/`.
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
