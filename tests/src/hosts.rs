//! Apps of other people, built for tests: what their pages load.

use std::{
    fs,
    process::{Command, Output},
};

use xtask::{node, tools, workspace};

/// An app in React under `tests/pages`, as one script.
pub fn react(file: &str) -> String {
    let output = Command::new(node::esbuild().expect("esbuild: run `cargo xtask build` first"))
        .arg(workspace::root().join("tests/pages").join(file))
        .args(["--bundle", "--jsx=automatic", "--target=es2022"])
        .arg("--define:process.env.NODE_ENV=\"production\"")
        .output()
        .expect("esbuild runs");
    succeeded("esbuild", &output);
    String::from_utf8(output.stdout).expect("a script")
}

/// The app in Yew under `tests/hosts/yew`: its script and its wasm.
pub fn yew() -> (String, Vec<u8>) {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "yew-host"])
        .args(["--target", "wasm32-unknown-unknown"])
        .current_dir(workspace::root())
        .output()
        .expect("cargo runs");
    succeeded("cargo", &output);
    let folder = tempfile::tempdir().expect("a folder");
    let tools = tools::install().expect("wasm-bindgen");
    let output = Command::new(tools.wasm_bindgen)
        .arg(workspace::target().join("wasm32-unknown-unknown/debug/yew_host.wasm"))
        .args(["--target", "web", "--no-typescript", "--out-name", "host"])
        .arg("--out-dir")
        .arg(folder.path())
        .output()
        .expect("wasm-bindgen runs");
    succeeded("wasm-bindgen", &output);
    let script = fs::read_to_string(folder.path().join("host.js")).expect("a script");
    let wasm = fs::read(folder.path().join("host_bg.wasm")).expect("wasm");
    (script, wasm)
}

fn succeeded(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {said}");
}
