//! Builds host apps for tests.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;
use xtask::{node, tools, workspace};

/// A version of React that is installed from npm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum React {
    V18,
    V19,
}

/// Bundles an app under `tests/pages` that uses the newest React into one script.
pub fn react(file: &str) -> String {
    bundle(file, &["--jsx=automatic"])
}

/// Bundles an app that uses a version of React, with further arguments for esbuild.
fn bundle_react(version: React, file: &str, arguments: &[&str]) -> String {
    let mut all = vec!["--jsx=automatic"];
    all.extend(arguments);
    if version == React::V18 {
        all.extend(["--alias:react=react18", "--alias:react-dom=react-dom18"]);
    }
    bundle(file, &all)
}

/// Bundles a script under `tests/pages` with what it imports from npm, with further arguments for esbuild.
pub fn bundle(file: &str, arguments: &[&str]) -> String {
    let output = Command::new(node::esbuild().expect("esbuild: run `cargo xtask build` first"))
        .arg(workspace::root().join("tests/pages").join(file))
        .args(["--bundle", "--target=es2022"])
        .arg("--define:process.env.NODE_ENV=\"production\"")
        .args(arguments)
        .output()
        .expect("esbuild runs");
    assert_success("esbuild", &output);
    String::from_utf8(output.stdout).expect("a script")
}

/// A page that React renders on the server and hydrates in the browser.
#[derive(Debug)]
pub struct Rendered {
    pub html: String,
    /// The script that hydrates the page. Before it runs, `window.properties` must hold the properties.
    pub script: String,
}

/// Renders the page of `tests/pages/document.jsx` with these properties, by `react-dom/server` in Node.
pub fn rendered(version: React, properties: &Value) -> Rendered {
    let server = bundle_react(version, "document.server.jsx", &["--platform=node"]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("server.cjs");
    fs::write(&path, server).expect("a file");
    let output = Command::new("node")
        .arg(&path)
        .arg(properties.to_string())
        .output()
        .expect("Node runs");
    assert_success("node", &output);
    Rendered {
        html: String::from_utf8(output.stdout).expect("a page"),
        script: bundle_react(version, "document.client.jsx", &[]),
    }
}

/// Builds the Yew app under `tests/hosts/yew`; returns its script and its wasm.
pub fn yew() -> (String, Vec<u8>) {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "yew-host"])
        .args(["--target", "wasm32-unknown-unknown"])
        .current_dir(workspace::root())
        .output()
        .expect("cargo runs");
    assert_success("cargo", &output);
    let folder = tempfile::tempdir().expect("a folder");
    let tools = tools::install().expect("wasm-bindgen");
    let output = Command::new(tools.wasm_bindgen)
        .arg(workspace::target().join("wasm32-unknown-unknown/debug/yew_host.wasm"))
        .args(["--target", "web", "--no-typescript", "--out-name", "host"])
        .arg("--out-dir")
        .arg(folder.path())
        .output()
        .expect("wasm-bindgen runs");
    assert_success("wasm-bindgen", &output);
    let script = fs::read_to_string(folder.path().join("host.js")).expect("a script");
    let wasm = fs::read(folder.path().join("host_bg.wasm")).expect("wasm");
    (script, wasm)
}

fn assert_success(what: &str, output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {errors}");
}
