//! Starts the browsers, each under its WebDriver server.

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};
use xtask::{
    engines::{Firefox, WebKitGtk},
    process,
};

use super::{COMMAND_TIMEOUT, EngineBrowser};
use crate::{child::OwnedChild, session::tied_binary, wait::Wait};

/// Starts geckodriver, and with it Firefox without a window.
pub(super) async fn firefox(firefox: &Firefox) -> EngineBrowser {
    let folder = folder();
    let (geckodriver, port) = geckodriver(firefox, folder.path());
    let options = json!({
        "binary": tied_binary(&firefox.browser, folder.path()),
        "args": ["-headless"],
        // The texts and times on a page do not depend on the machine's language.
        "prefs": { "intl.accept_languages": "en-US" },
    });
    EngineBrowser {
        driver: session(port, &[("moz:firefoxOptions", options)]).await,
        _processes: vec![geckodriver],
        _folder: folder,
    }
}

fn geckodriver(firefox: &Firefox, folder: &Path) -> (OwnedChild, u16) {
    let command = || {
        let mut command = process::grouped(&firefox.driver);
        command.args(["--port", "0", "--profile-root"]).arg(folder);
        command
    };
    OwnedChild::start_reporting("geckodriver", command, |line| {
        let (_, address) = line.split_once("Listening on ")?;
        let (_, port) = address.rsplit_once(':')?;
        port.parse().ok()
    })
}

/// Starts a display, WebKitWebDriver, and with it MiniBrowser. When the test is interrupted, the kernel ends the display, and
/// MiniBrowser with it.
pub(super) async fn webkitgtk(webkitgtk: &WebKitGtk) -> EngineBrowser {
    let folder = folder();
    let (display, number) = display(webkitgtk);
    let (driver, port) = webkit_driver(webkitgtk, number, folder.path()).await;
    EngineBrowser {
        driver: session(port, &[]).await,
        // The display last: MiniBrowser needs it to close.
        _processes: vec![driver, display],
        _folder: folder,
    }
}

/// Starts a display with the first free number.
fn display(webkitgtk: &WebKitGtk) -> (OwnedChild, u16) {
    let command = || {
        let mut command = process::grouped(&webkitgtk.display);
        command.args(["-displayfd", "1", "-nolisten", "tcp"]);
        command.args(["-screen", "0", "1280x800x24"]);
        command
    };
    OwnedChild::start_reporting("Xvfb", command, |line| line.parse().ok())
}

/// Starts WebKitWebDriver. It does not pick a port by itself, and exits if another program has taken the given port meanwhile;
/// then it is started again on another port.
async fn webkit_driver(webkitgtk: &WebKitGtk, display: u16, folder: &Path) -> (OwnedChild, u16) {
    let wait = Wait::begin();
    loop {
        let port = free_port();
        let mut command = process::grouped(&webkitgtk.driver);
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", format!(":{display}"))
            .env("GDK_BACKEND", "x11")
            .env("LANGUAGE", "en_US")
            // Folders of its own, so that the data of the user's browser is not used.
            .env("XDG_CACHE_HOME", folder)
            .env("XDG_CONFIG_HOME", folder)
            .env("XDG_DATA_HOME", folder)
            // For root and in containers, where the sandbox cannot start. The pages are the test's own.
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
        let mut driver = OwnedChild::start("WebKitWebDriver", command);
        while !driver.has_ended() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return (driver, port);
            }
            assert!(!wait.is_over(), "WebKitWebDriver does not listen");
            wait.pause().await;
        }
        assert!(!wait.is_over(), "WebKitWebDriver does not start");
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the browser")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound socket").port()
}

/// Starts a WebDriver session, and the browser with it.
async fn session(port: u16, wanted: &[(&str, Value)]) -> WebDriver {
    let mut capabilities = Capabilities::new();
    // With another strategy every command waits for the page to load, which may never happen.
    let strategy = ("pageLoadStrategy", json!("none"));
    for (name, value) in [&[strategy], wanted].concat() {
        capabilities.set(name, value).expect("a capability");
    }
    WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities)
        .request_timeout(COMMAND_TIMEOUT)
        .await
        .expect("the browser starts")
}
