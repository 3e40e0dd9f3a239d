//! A ChromeDriver of a test's own, on a port that it picks itself.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use xtask::{chromium::Chromium, process};

/// A running ChromeDriver. Dropping it ends it, and the browser in its process group.
#[derive(Debug)]
pub struct ChromeDriver {
    child: Child,
    port: u16,
}

impl ChromeDriver {
    /// Starts one and waits for the port that it names.
    pub fn start(chromium: &Chromium) -> Self {
        let mut command = process::grouped(&chromium.driver);
        command
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = process::spawn(command).expect("ChromeDriver starts");
        let stdout = child.stdout.take().expect("a pipe was asked for");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| {
                let (_, port) = line.rsplit_once("successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("ChromeDriver names its port");
        // Whatever else it says is read and dropped: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// Where it is asked.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        let _ = process::kill(&mut self.child);
    }
}
