//! Reads the browser's own logs: every request that it sent, every line on its console.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::ExtensionCommand;

/// A request as it left the browser, from any page, frame or worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRequest {
    /// DevTools' id; a redirect keeps it.
    pub id: String,
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// DevTools' resource type: `Document`, `Script`, `Fetch`, … A preflight has the method `OPTIONS`.
    pub kind: String,
    /// The headers that the page set, in lower case.
    pub headers: Vec<(String, String)>,
}

/// A line on the console: logged by a page, an uncaught exception, a failed request or a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleLine {
    /// `SEVERE`, `WARNING`, `INFO`, …
    pub level: String,
    /// `javascript` for exceptions, `console-api` for what pages log, `network`, `security`, …
    pub source: String,
    pub text: String,
}

/// ChromeDriver's own command for its logs; each call returns the new entries.
#[derive(Debug)]
pub(crate) struct ReadLog(pub(crate) &'static str);

impl ExtensionCommand for ReadLog {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({ "type": self.0 }))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/se/log".into()
    }
}

pub(crate) fn network_request(entry: &Value) -> Option<NetworkRequest> {
    let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let message = &message["message"];
    if message["method"] != "Network.requestWillBeSent" {
        return None;
    }
    let parameters = &message["params"];
    let request = &parameters["request"];
    let headers = request["headers"].as_object()?;
    Some(NetworkRequest {
        id: parameters["requestId"].as_str()?.to_owned(),
        method: request["method"].as_str()?.to_owned(),
        url: request["url"].as_str()?.to_owned(),
        kind: parameters["type"].as_str().unwrap_or_default().to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_lowercase(),
                    value.as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
    })
}

pub(crate) fn console_line(entry: &Value) -> ConsoleLine {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    ConsoleLine {
        level: text("level"),
        source: text("source"),
        text: text("message"),
    }
}
