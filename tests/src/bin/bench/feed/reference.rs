//! A JavaScript worker in the same workerd binary that answers recorded bytes from memory.

use std::fs;

use e2e::{Answer, Server, ServerOptions};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// Headers that the runtime adds by itself.
const ADDED_BY_RUNTIME: &[&str] = &["content-length", "transfer-encoding", "connection"];

/// The running worker, and the folder that it was started from.
#[derive(Debug)]
pub struct Reference {
    pub server: Server,
    _dist: TempDir,
}

impl Reference {
    /// Starts a worker that answers these paths like the recorded answers.
    pub fn start(recorded: &[(String, Answer)]) -> Self {
        let dist = tempfile::tempdir().expect("a folder for the worker");
        let answers: Map<String, Value> = recorded
            .iter()
            .map(|(path, answer)| (path.clone(), to_json(answer)))
            .collect();
        for folder in ["worker", "assets"] {
            fs::create_dir(dist.path().join(folder)).expect("a folder");
        }
        let answers = Value::Object(answers).to_string();
        for (name, text) in [
            ("workerd.capnp", include_str!("reference.capnp")),
            ("worker/index.js", include_str!("reference.js")),
            ("answers.json", answers.as_str()),
            // The server does not start without these two files, which this worker does not use.
            ("worker/index_bg.wasm", ""),
            ("asset-table.json", "{}"),
        ] {
            fs::write(dist.path().join(name), text).expect("a file");
        }
        let server = Server::with(&ServerOptions {
            dist: Some(dist.path().to_owned()),
            ..ServerOptions::default()
        });
        Self {
            server,
            _dist: dist,
        }
    }
}

fn to_json(answer: &Answer) -> Value {
    let headers = answer.headers.iter();
    let headers: Vec<_> = headers
        .filter(|(name, _)| !ADDED_BY_RUNTIME.contains(&name.as_str()))
        .collect();
    json!({
        "status": answer.status,
        "headers": headers,
        "body": answer.text(),
        "etag": answer.header("etag"),
    })
}
