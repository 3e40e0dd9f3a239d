//! A ChromeDriver of a test's own, on a port that it picks itself.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use xtask::{chromium::Chromium, process};

/// How often one is started before the test gives up.
const ATTEMPTS: u32 = 10;

/// A running ChromeDriver. Dropping it ends it, and the browser in its process group.
#[derive(Debug)]
pub struct ChromeDriver {
    child: Child,
    port: u16,
}

impl ChromeDriver {
    /// Starts one and waits for the port that it names. It picks a free port of IPv6 and wants the same of IPv4, which
    /// something else may hold; then it gives up, and the next one picks another.
    pub fn start(chromium: &Chromium) -> Self {
        let mut said = Vec::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(chromium) {
                Ok(running) => return running,
                Err(last_words) => said.push(last_words),
            }
        }
        panic!(
            "ChromeDriver ended without naming its port:\n{}",
            said.join("\n")
        );
    }

    /// A running one, or what it said before it ended.
    fn attempt(chromium: &Chromium) -> Result<Self, String> {
        let mut command = process::grouped(&chromium.driver);
        command
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = process::spawn(command).expect("ChromeDriver starts");
        let stdout = child.stdout.take().expect("a pipe was asked for");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut said = String::new();
        let port = lines.by_ref().find_map(|line| {
            said.push_str(&line);
            said.push('\n');
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else {
            let _ = process::kill(&mut child);
            return Err(said);
        };
        // Whatever else it says is read and dropped: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, port })
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
