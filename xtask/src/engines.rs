//! Finds or installs Firefox and WebKitGTK, which has Safari's engine. One end-to-end test, "the
//! story", runs in them; all other tests need only Chromium.

use std::path::PathBuf;

use crate::{
    apt,
    command::{find_on_path, named_or_found},
    progress, tools,
};

#[derive(Clone, Debug)]
pub struct Firefox {
    pub browser: PathBuf,
    /// The path of geckodriver.
    pub driver: PathBuf,
}

#[derive(Clone, Debug)]
pub struct WebKitGtk {
    /// WebKitWebDriver, which starts the browser that it was built with.
    pub driver: PathBuf,
    /// Xvfb: the browser needs a display.
    pub display: PathBuf,
}

/// A missing program, without which the story is skipped in an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error(
        "Firefox is not installed: its story was skipped; install it (Debian: `apt-get install firefox-esr`), or set FIREFOX \
         to its path"
    )]
    Firefox,
    #[error(
        "geckodriver is not installed: Firefox's story was skipped; run `cargo xtask test`, which installs it, or set \
         GECKODRIVER to its path"
    )]
    Geckodriver,
    #[error(
        "WebKitGTK is not installed: its story was skipped; install its driver and a display (Debian: \
         `apt-get install webkit2gtk-driver xvfb`)"
    )]
    WebKitGtk,
}

impl Missing {
    /// The missing program, if an error is of this type.
    pub fn of(error: &anyhow::Error) -> Option<Self> {
        error.downcast_ref().copied()
    }
}

/// The paths in `FIREFOX` and `GECKODRIVER`, or else those on the PATH, or else the geckodriver that `install` compiled.
///
/// # Errors
/// [`Missing`], or when a variable has a path that does not exist.
pub fn find_firefox() -> anyhow::Result<Firefox> {
    let browser = named_or_found("FIREFOX", &["firefox-esr", "firefox"])?;
    let browser = browser.ok_or(Missing::Firefox)?;
    let driver = match named_or_found("GECKODRIVER", &["geckodriver"])? {
        Some(driver) => driver,
        None => tools::installed_geckodriver()?.ok_or(Missing::Geckodriver)?,
    };
    Ok(Firefox { browser, driver })
}

/// Both programs on the PATH.
///
/// # Errors
/// [`Missing`].
pub fn find_webkitgtk() -> anyhow::Result<WebKitGtk> {
    let programs = find_on_path(&["WebKitWebDriver"]).zip(find_on_path(&["Xvfb"]));
    let (driver, display) = programs.ok_or(Missing::WebKitGtk)?;
    Ok(WebKitGtk { driver, display })
}

/// Installs what is missing: the browsers with apt-get if that needs no password, geckodriver with cargo. A failure is only
/// printed, because not every system has these packages.
pub fn install() {
    let report = |installed: anyhow::Result<()>| {
        if let Err(error) = installed {
            progress::note(&format!("{error:#}"));
        }
    };
    if missing(&find_firefox()) == Some(Missing::Firefox) && apt::is_available() {
        report(apt::install("Firefox", &["firefox-esr"]));
    }
    if missing(&find_firefox()) == Some(Missing::Geckodriver) {
        report(tools::install_geckodriver());
    }
    if missing(&find_webkitgtk()).is_some() && apt::is_available() {
        report(apt::install("WebKitGTK", &["webkit2gtk-driver", "xvfb"]));
    }
}

/// The errors of the engines that cannot be used, in which the story is skipped.
pub fn unusable() -> Vec<anyhow::Error> {
    let errors = [find_firefox().err(), find_webkitgtk().err()];
    errors.into_iter().flatten().collect()
}

fn missing<T>(found: &anyhow::Result<T>) -> Option<Missing> {
    found.as_ref().err().and_then(Missing::of)
}
