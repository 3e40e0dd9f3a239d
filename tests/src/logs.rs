//! What the browser itself logged: every request it sent, every line on its console.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::ExtensionCommand;

/// A request as it left the browser, whichever page, frame or worker sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRequest {
    /// DevTools' id: a redirect keeps it.
    pub id: String,
    /// `GET`, …
    pub method: String,
    /// The whole address.
    pub url: String,
    /// DevTools' word for what it is for: `Document`, `Script`, `Fetch`, … A preflight is told by its method, `OPTIONS`.
    pub kind: String,
    /// The headers that the page set, in lower case.
    pub headers: Vec<(String, String)>,
}

/// A line on the console: what pages log, uncaught exceptions, failed requests, refused content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleLine {
    /// `SEVERE`, `WARNING`, `INFO`, …
    pub level: String,
    /// `javascript` for exceptions, `console-api` for what pages log, `network`, `security`, …
    pub source: String,
    /// What it says.
    pub text: String,
}

/// ChromeDriver's own command for its logs; each call returns what is new.
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
