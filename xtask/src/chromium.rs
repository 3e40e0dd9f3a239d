//! Where the browser that the tests drive is.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, anyhow, bail};

use crate::{
    command::{find_on_path, run},
    progress,
};

/// A browser and its driver.
#[derive(Clone, Debug)]
pub struct Chromium {
    /// Chromium or Chrome.
    pub browser: PathBuf,
    /// ChromeDriver of the same version.
    pub driver: PathBuf,
}

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVERS: &[&str] = &["chromedriver"];

/// `CHROME` and `CHROMEDRIVER`, else what is on the PATH.
pub fn find() -> anyhow::Result<Chromium> {
    look()?.map_err(missing)
}

/// Both, or what is missing.
///
/// # Errors
/// When a variable names what does not exist: installing another would not be what was meant.
fn look() -> anyhow::Result<Result<Chromium, &'static str>> {
    let browser = named_or_found("CHROME", BROWSERS)?;
    let driver = named_or_found("CHROMEDRIVER", DRIVERS)?;
    Ok(match (browser, driver) {
        (Some(browser), Some(driver)) => Ok(Chromium { browser, driver }),
        (None, _) => Err("Chromium"),
        (Some(_), None) => Err("ChromeDriver"),
    })
}

fn missing(what: &str) -> anyhow::Error {
    anyhow!(
        "cannot find {what}: install Chromium and ChromeDriver of the same version (Debian: `apt-get install chromium \
         chromium-driver`), or set CHROME and CHROMEDRIVER to their paths"
    )
}

/// Finds both, installing them through apt where that can be done without a question.
pub fn install() -> anyhow::Result<Chromium> {
    let what = match look()? {
        Ok(found) => return Ok(found),
        Err(what) => what,
    };
    let Some(prefix) = apt_prefix() else {
        return Err(missing(what));
    };
    progress::step("Installing Chromium and ChromeDriver with apt-get", || {
        let apt = |arguments: &[&str]| {
            let (program, before) = prefix.split_first().context("empty command")?;
            run(Command::new(program)
                .args(before)
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"))
        };
        apt(&["update", "-q"])?;
        apt(&[
            "install",
            "-q",
            "-y",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
            // A bare machine has no letters to draw.
            "fonts-dejavu-core",
        ])
    })?;
    find()
}

fn named_or_found(variable: &str, names: &[&str]) -> anyhow::Result<Option<PathBuf>> {
    let Some(named) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(find_on_path(names));
    };
    let path = PathBuf::from(named);
    if !path.is_file() {
        bail!("{variable} is {}, which does not exist", path.display());
    }
    Ok(Some(path))
}

/// How apt-get can be run without asking anybody; `None` where it cannot.
fn apt_prefix() -> Option<Vec<&'static str>> {
    find_on_path(&["apt-get"])?;
    if nix::unistd::geteuid().is_root() {
        return Some(vec!["apt-get"]);
    }
    find_on_path(&["sudo"])?;
    let allowed = Command::new("sudo").args(["-n", "true"]).output();
    allowed
        .is_ok_and(|output| output.status.success())
        .then(|| vec!["sudo", "-n", "apt-get"])
}
