//! The measurements of `cargo xtask bench`. The program `bench` in `tests/src/bin` measures a real
//! server; the price is computed by a model.

pub mod price;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use anyhow::{Context, ensure};

use crate::{build, chromium, command, peers, progress, tools};

/// Builds the project, then compares a site that has `incidents` past incidents with an empty one. Fails if a limit is exceeded.
pub fn site(incidents: u32, rounds: u32) -> anyhow::Result<ExitCode> {
    build::run()?;
    run("site", [incidents, rounds].map(|number| number.to_string()))
}

/// The names of the profiles that `page` measures.
pub const PROFILES: [&str; 3] = ["unthrottled", "Fast 3G + 4 × CPU", "Slow 4G"];

/// Options of `page`.
#[derive(Clone, Debug)]
pub struct Page {
    pub rounds: u32,
    /// A folder with checkouts of the peers that are not on npm.
    pub peers: Option<PathBuf>,
    /// Parts of names: only profiles whose name contains one of them are measured. Empty: all.
    pub profiles: Vec<String>,
}

impl Page {
    /// The absolute path of the folder with checkouts; empty if there is none.
    ///
    /// # Errors
    /// When the folder does not exist, or no profile has a given name.
    fn checkouts(&self) -> anyhow::Result<OsString> {
        for part in &self.profiles {
            ensure!(
                PROFILES.iter().any(|name| name.contains(part.as_str())),
                "no profile has {part:?} in its name: choose from {}",
                PROFILES.join(", ")
            );
        }
        let Some(folder) = &self.peers else {
            return Ok(OsString::new());
        };
        let folder = folder
            .canonicalize()
            .with_context(|| format!("cannot find the folder of --peers, {}", folder.display()))?;
        Ok(folder.into_os_string())
    }
}

/// Builds the project, installs the peers (other products' widgets), then measures the time until a notice is
/// painted by our widget and by each peer. Fails if a limit is exceeded.
pub fn page(options: &Page) -> anyhow::Result<ExitCode> {
    // Checked before the build, which takes minutes.
    let checkouts = options.checkouts()?;
    chromium::install()?;
    build::run()?;
    let installed = peers::install()?;
    let arguments = [
        OsString::from(options.rounds.to_string()),
        installed.into_os_string(),
        checkouts,
    ];
    let profiles = options.profiles.iter().map(OsString::from);
    run("page", arguments.into_iter().chain(profiles))
}

/// Builds the project, installs the load generator oha, then compares reads of the feed with reads from a JavaScript
/// worker that answers with the same bytes. Fails if a limit is missed.
pub fn feed(rounds: u32, seconds: u32) -> anyhow::Result<ExitCode> {
    let oha = tools::install_oha()?;
    build::run()?;
    let numbers = [rounds, seconds].map(|number| OsString::from(number.to_string()));
    run("feed", numbers.into_iter().chain([oha.into_os_string()]))
}

fn run<T: Into<OsString>>(
    subject: &str,
    arguments: impl IntoIterator<Item = T>,
) -> anyhow::Result<ExitCode> {
    progress::note("The figures are not reliable while other programs run.");
    let status = command::cargo()
        .args(["run", "--quiet", "--release", "--package", "e2e"])
        .args(["--bin", "bench", "--", subject])
        .args(arguments.into_iter().map(Into::into))
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Page;

    #[test]
    fn invalid_options_are_errors_before_the_build() {
        let check = |peers: Option<&str>, profile: &str| {
            let options = Page {
                rounds: 1,
                peers: peers.map(PathBuf::from),
                profiles: vec![profile.to_owned()],
            };
            let checked = options.checkouts();
            checked.map_err(|error| format!("{error:#}"))
        };
        assert!(check(None, "3G").unwrap().is_empty());
        let error = check(None, "5G").unwrap_err();
        assert!(
            error.contains("\"5G\"") && error.contains("Slow 4G"),
            "{error}"
        );
        let error = check(Some("/missing"), "4G").unwrap_err();
        assert!(error.contains("--peers, /missing: "), "{error}");
    }
}
