//! The Worker, by Cloudflare's own tool.

use std::process::Command;

use crate::{command::run, node, tools::Tools, workspace};

use super::stamp;

/// Builds `edge` into `dist/worker/` unless nothing it is made of has changed.
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
    let made = workspace::dist().join("worker");
    let outputs = ["index.js", "index_bg.wasm"].map(|name| made.join(name));
    stamp::unless_made("worker", &inputs, &outputs, || {
        run(Command::new(&tools.worker_build)
            .args(["--release", "--out-dir", "../dist/worker"])
            .current_dir(root.join("edge"))
            // Each of these it would download itself if it were not told where to find it.
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", node::wasm_opt()?)
            .env("ESBUILD_BIN", node::esbuild()?)
            // A failed build is explained by what cargo printed, not by the tool's own stack.
            .env("RUST_BACKTRACE", "0"))
    })
}
