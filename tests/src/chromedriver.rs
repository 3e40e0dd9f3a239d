//! A ChromeDriver for one test, on a free port.

use xtask::{chromium::Chromium, process};

use crate::child::OwnedChild;

/// A running ChromeDriver. Dropping it ends it, and the browser in its process group.
#[derive(Debug)]
pub struct ChromeDriver {
    _child: OwnedChild,
    port: u16,
}

impl ChromeDriver {
    /// Starts ChromeDriver. It picks a free IPv6 port and needs the same IPv4 port; if another program uses the IPv4 port,
    /// ChromeDriver exits and is started again.
    pub fn start(chromium: &Chromium) -> Self {
        let command = || {
            let mut command = process::grouped(&chromium.driver);
            command.args(["--port=0", "--log-level=SEVERE"]);
            command
        };
        let (child, port) = OwnedChild::start_reporting("ChromeDriver", command, |line| {
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        Self {
            _child: child,
            port,
        }
    }

    /// The address of its WebDriver API.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
