//! One run of Chromium under its ChromeDriver.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};
use xtask::{chromium, process};

use crate::chromedriver::ChromeDriver;

/// Chromium's arguments for a run as root, without a screen and without network services of its own.
const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
];
/// The switch that turns features off. Chromium reads only the last one.
const DISABLE_FEATURES: &str = "--disable-features=";
/// Two pages for the address bar, which take more processor time at each start than the rest of the browser.
const DISABLED_FEATURES: &str = "WebUIOmniboxPopup,WebUIOmniboxAimPopup";

/// Options that differ from the defaults.
#[derive(Clone, Debug)]
pub struct Options {
    /// Width and height of the window, in CSS pixels.
    pub window: (u32, u32),
    pub language: String,
    /// Further arguments for Chromium.
    pub arguments: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window: (1280, 800),
            language: "en-US".to_owned(),
            arguments: Vec::new(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) driver: WebDriver,
    // Declared after the driver, so that it is dropped last: closing the browser needs ChromeDriver.
    _chromedriver: ChromeDriver,
}

impl Session {
    /// Starts ChromeDriver, and with it the browser on this profile.
    pub(crate) async fn start(profile: &TempDir, options: &Options) -> Self {
        let chromium = chromium::find().unwrap_or_else(|error| panic!("{error:#}"));
        let chromedriver = ChromeDriver::start(&chromium);
        let binary = tied_binary(&chromium.browser, profile.path());
        let wanted = capabilities(&binary, profile, options);
        let driver = WebDriver::new(chromedriver.url(), wanted).await;
        Self {
            driver: driver.expect("Chromium starts"),
            _chromedriver: chromedriver,
        }
    }

    /// Closes the browser as a user would.
    pub(crate) async fn quit(self) {
        self.driver.quit().await.expect("the browser closes");
    }
}

/// A script that starts the browser so that the kernel kills it with its driver, also when a test is interrupted. Returns
/// the browser itself where the kernel cannot do that.
pub(crate) fn tied_binary(browser: &Path, folder: &Path) -> PathBuf {
    if !process::dies_with_parent() {
        return browser.to_path_buf();
    }
    let script = folder.join("start-browser");
    let text = format!(
        "#!/bin/sh\nexec setpriv --pdeathsig KILL -- '{}' \"$@\"\n",
        browser.display()
    );
    fs::write(&script, text).expect("a script");
    fs::set_permissions(&script, Permissions::from_mode(0o700)).expect("a script that runs");
    script
}

fn capabilities(binary: &Path, profile: &TempDir, options: &Options) -> Capabilities {
    let (width, height) = options.window;
    let mut arguments: Vec<String> = ARGUMENTS
        .iter()
        .map(|&argument| argument.to_owned())
        .collect();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments.push(format!("--window-size={width},{height}"));
    arguments.push(format!("--lang={}", options.language));
    arguments.push(format!("--accept-lang={}", options.language));
    let mut disabled = DISABLED_FEATURES.to_owned();
    for argument in &options.arguments {
        match argument.strip_prefix(DISABLE_FEATURES) {
            Some(features) => disabled = format!("{disabled},{features}"),
            None => arguments.push(argument.clone()),
        }
    }
    arguments.push(format!("{DISABLE_FEATURES}{disabled}"));
    let mut wanted = Capabilities::new();
    for (name, value) in [
        ("browserName", json!("chrome")),
        // With another strategy every command waits for the page to load, which may never happen.
        ("pageLoadStrategy", json!("none")),
        (
            "goog:loggingPrefs",
            json!({ "performance": "ALL", "browser": "ALL" }),
        ),
        (
            "goog:chromeOptions",
            json!({ "binary": binary, "args": arguments }),
        ),
    ] {
        wanted.set(name, value).expect("a capability");
    }
    wanted
}
