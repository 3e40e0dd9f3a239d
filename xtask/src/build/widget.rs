//! The card: wasm and its glue, made as small as the tools can.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Context;

use crate::{
    command::{cargo, run},
    node,
    tools::Tools,
    workspace,
};

use super::{scratch, stamp};

/// What pages with something to say load.
pub struct Widget {
    /// `widget.js`, an ES module.
    pub glue: Vec<u8>,
    /// `widget_bg.wasm`.
    pub wasm: Vec<u8>,
}

/// What rustc emits for this target: each must be named, since later encodings are not understood by all browsers.
const FEATURES: &[&str] = &[
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Compiles, binds, optimises and minifies.
pub fn build(tools: &Tools) -> anyhow::Result<Widget> {
    // As a cdylib alone: beside an rlib, cargo silently leaves out link-time optimisation, a good third of the bytes.
    run(cargo()
        .args(["rustc", "--package", "widget", "--profile", "widget"])
        .args(["--target", "wasm32-unknown-unknown", "--lib"])
        .args(["--crate-type", "cdylib"]))?;
    let compiled = workspace::target().join("wasm32-unknown-unknown/widget/widget.wasm");

    let folder = scratch().join("widget");
    let glue = folder.join("out/widget.js");
    let wasm = folder.join("out/widget_bg.wasm");
    let inputs = stamp::hash_of_paths(&[
        compiled.clone(),
        tools.wasm_bindgen.clone(),
        workspace::root().join("package-lock.json"),
        workspace::root().join("xtask/src/build/widget.rs"),
    ])?;
    stamp::unless_made("widget", &inputs, &[glue.clone(), wasm.clone()], || {
        let bound = folder.join("bound");
        fs::create_dir_all(&bound)?;
        fs::create_dir_all(folder.join("out"))?;
        run(Command::new(&tools.wasm_bindgen)
            .arg(&compiled)
            .args(["--target", "web", "--no-typescript", "--out-name", "widget"])
            .arg("--out-dir")
            .arg(&bound))?;
        run(Command::new(node::wasm_opt()?)
            .arg(bound.join("widget_bg.wasm"))
            .arg("-o")
            .arg(&wasm)
            .args([
                "-Oz",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .args(FEATURES.iter().map(|feature| format!("--enable-{feature}"))))?;
        // Bundled, since the glue may import snippets of crates.
        run(Command::new(node::esbuild()?)
            .arg(bound.join("widget.js"))
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
            .args(["--legal-comments=none", "--log-level=warning"])
            .arg(format!("--outfile={}", glue.display())))
    })?;
    Ok(Widget {
        glue: read(glue)?,
        wasm: read(wasm)?,
    })
}

fn read(path: PathBuf) -> anyhow::Result<Vec<u8>> {
    fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
}
