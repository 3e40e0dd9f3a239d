//! Builds the Worker with Cloudflare's worker-build.

use std::process::Command;

use crate::{command::run, node, tools::Tools, workspace};

use super::stamp;

/// Builds `edge` into `dist/worker/` if its sources have changed.
pub fn build(tools: &Tools) -> anyhow::Result<()> {
    let root = workspace::root();
    let sources = [
        "Cargo.lock",
        "Cargo.toml",
        "edge",
        "notice",
        "package-lock.json",
        "rust-toolchain.toml",
        "texts",
        "xtask/src/build/worker.rs",
    ];
    let inputs = stamp::hash_of_paths(&sources.map(|name| root.join(name)))?;
    let folder = workspace::dist().join("worker");
    let outputs = ["index.js", "index_bg.wasm"].map(|name| folder.join(name));
    stamp::run_if_changed("worker", &inputs, &outputs, || {
        run(Command::new(&tools.worker_build)
            .args(["--release", "--out-dir", "../dist/worker"])
            .current_dir(root.join("edge"))
            // Without these variables, worker-build downloads the tools.
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", node::wasm_opt()?)
            .env("ESBUILD_BIN", node::esbuild()?)
            // The output of cargo explains a failed build; a backtrace of the tool does not.
            .env("RUST_BACKTRACE", "0"))
    })
}
