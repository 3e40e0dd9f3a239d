//! Finds or installs the browser for the tests.

use std::path::PathBuf;

use anyhow::anyhow;

use crate::{apt, command::named_or_found};

#[derive(Clone, Debug)]
pub struct Chromium {
    pub browser: PathBuf,
    /// ChromeDriver, of the same version as the browser.
    pub driver: PathBuf,
}

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVERS: &[&str] = &["chromedriver"];

/// The paths in `CHROME` and `CHROMEDRIVER`, or else those on the PATH.
pub fn find() -> anyhow::Result<Chromium> {
    find_or_missing()?.map_err(missing)
}

/// Browser and driver, or the name of the missing one.
///
/// # Errors
/// When a variable has a path that does not exist.
fn find_or_missing() -> anyhow::Result<Result<Chromium, &'static str>> {
    let browser = named_or_found("CHROME", BROWSERS)?;
    let driver = named_or_found("CHROMEDRIVER", DRIVERS)?;
    Ok(match (browser, driver) {
        (Some(browser), Some(driver)) => Ok(Chromium { browser, driver }),
        (None, _) => Err("Chromium"),
        (Some(_), None) => Err("ChromeDriver"),
    })
}

fn missing(name: &str) -> anyhow::Error {
    anyhow!(
        "cannot find {name}: install Chromium and ChromeDriver of the same version (Debian: `apt-get install chromium \
         chromium-driver`), or set CHROME and CHROMEDRIVER to their paths"
    )
}

/// Finds browser and driver, or installs them with apt-get if that needs no password.
pub fn install() -> anyhow::Result<Chromium> {
    let name = match find_or_missing()? {
        Ok(found) => return Ok(found),
        Err(name) => name,
    };
    if !apt::is_available() {
        return Err(missing(name));
    }
    apt::install(
        "Chromium and ChromeDriver",
        &[
            "chromium",
            "chromium-driver",
            // A minimal system has no fonts.
            "fonts-dejavu-core",
        ],
    )?;
    find()
}
