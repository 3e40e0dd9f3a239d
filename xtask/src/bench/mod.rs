//! The measurements of `cargo xtask bench`. The program `bench` in `tests/src/bin` measures a real
//! server; the price is computed by a model.

pub mod price;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use crate::{build, chromium, command, peers, progress, tools};

/// Builds the project, then compares a site that has `incidents` past incidents with an empty one. Fails if a limit is exceeded.
pub fn site(incidents: u32, rounds: u32) -> anyhow::Result<ExitCode> {
    build::run()?;
    run("site", [incidents, rounds].map(|number| number.to_string()))
}

/// Options of `page`.
#[derive(Clone, Debug)]
pub struct Page {
    pub rounds: u32,
    /// A folder with checkouts of the peers that are not on npm.
    pub peers: Option<PathBuf>,
    /// Parts of names: only profiles whose name contains one of them are measured. Empty: all.
    pub profiles: Vec<String>,
}

/// Builds the project, installs the peers (other products' widgets), then measures the time until a notice is
/// painted by our widget and by each peer. Fails if a limit is exceeded.
pub fn page(options: &Page) -> anyhow::Result<ExitCode> {
    chromium::install()?;
    build::run()?;
    let installed = peers::install()?;
    let checkouts = match &options.peers {
        Some(folder) => folder.canonicalize()?.into_os_string(),
        None => OsString::new(),
    };
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
