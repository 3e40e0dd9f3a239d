//! Builds the Worker with Cloudflare's worker-build, and bundles its output with our entry point.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use crate::{command::run, node, tools::Tools, workspace};

use super::stamp;

/// The script and the module that worker-build writes.
const SCRIPT: &str = "index.js";
const WASM: &str = "index_bg.wasm";

/// Builds `edge` into `dist/worker/`. Compiles it only if its sources have changed.
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
    let compiled = workspace::scratch().join("worker");
    let outputs = [SCRIPT, WASM].map(|name| compiled.join(name));
    stamp::run_if_changed("worker", &inputs, &outputs, || {
        run(Command::new(&tools.worker_build)
            .args(["--release", "--out-dir"])
            .arg(&compiled)
            .current_dir(root.join("edge"))
            // Without these variables, worker-build downloads the tools.
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", node::wasm_opt()?)
            .env("ESBUILD_BIN", node::esbuild()?)
            // The output of cargo explains a failed build; a backtrace of the tool does not.
            .env("RUST_BACKTRACE", "0"))
    })?;
    bundle(&compiled, &workspace::dist().join("worker"))
}

/// Bundles the entry point with worker-build's script, and copies the wasm beside it.
fn bundle(compiled: &Path, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    run(Command::new(node::esbuild()?)
        .arg(workspace::root().join("edge/entry.js"))
        .args(["--bundle", "--minify", "--format=esm", "--log-level=error"])
        .args(["--external:cloudflare:*", "--external:./index_bg.wasm"])
        .arg(format!(
            "--alias:worker-build-output={}",
            compiled.join(SCRIPT).display()
        ))
        .arg(format!("--outfile={}", folder.join(SCRIPT).display())))
    .context("cannot bundle edge/entry.js")?;
    fs::copy(compiled.join(WASM), folder.join(WASM))
        .with_context(|| format!("cannot copy {WASM}"))?;
    Ok(())
}
