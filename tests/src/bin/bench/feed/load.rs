//! Runs oha, the load generator.

use std::{path::Path, process::Command};

use serde_json::Value;
use xtask::command::capture;

/// Number of connections, each with one request at a time.
const CONNECTIONS: u32 = 32;

/// A load on one address.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    pub oha: &'a Path,
    pub seconds: u32,
    /// Requests a second. The latency of a request counts from the time at which the request is due, so that it includes the
    /// wait behind a request that hangs. `None`: as many as the server answers.
    pub rate: Option<u32>,
    pub if_none_match: Option<&'a str>,
    /// The status that every answer must have.
    pub status: u16,
}

/// The answers to a load.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub per_s: f64,
    /// The 99.9th percentile of the latency, in milliseconds.
    pub slow_ms: f64,
}

impl Load<'_> {
    /// Sends the load.
    pub fn send(&self, url: &str) -> Outcome {
        let mut command = Command::new(self.oha);
        command.args(["--no-tui", "--output-format", "json"]);
        command.args(["-z", &format!("{}s", self.seconds)]);
        command.args(["-c", &CONNECTIONS.to_string()]);
        if let Some(rate) = self.rate {
            command.args(["-q", &rate.to_string(), "--latency-correction"]);
        }
        if let Some(tag) = self.if_none_match {
            command.args(["-H", &format!("If-None-Match: {tag}")]);
        }
        let output = capture(command.arg(url)).unwrap_or_else(|error| panic!("{error:#}"));
        let output: Value = serde_json::from_str(&output).expect("oha's report");
        let statuses = output["statusCodeDistribution"].as_object();
        let statuses: Vec<_> = statuses.into_iter().flatten().collect();
        let expected = self.status.to_string();
        let is_expected =
            statuses.len() == 1 && statuses.iter().all(|(found, _)| **found == expected);
        assert!(is_expected, "{url}: {statuses:?}, not {expected} only");
        let number = |value: &Value| value.as_f64().expect("a number of oha's");
        Outcome {
            per_s: number(&output["summary"]["requestsPerSec"]),
            slow_ms: number(&output["latencyPercentiles"]["p99.9"]) * 1000.0,
        }
    }
}
