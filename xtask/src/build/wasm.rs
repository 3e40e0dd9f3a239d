//! Compiles a package to wasm, and runs the tools on the result: the steps that the widget and the console share.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::{
    command::{cargo, run},
    node,
    tools::Tools,
    workspace,
};

use super::{
    minify::{Format, minify},
    stamp,
};

/// The wasm features that rustc uses for this target. Only these are enabled, because some
/// supported browsers lack later ones.
const FEATURES: &[&str] = &[
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Compiles a package with the profile `widget`, and returns the path of the module.
pub fn compile(package: &str) -> anyhow::Result<PathBuf> {
    run(cargo()
        .args(["rustc", "--package", package, "--profile", "widget"])
        .args(["--target", "wasm32-unknown-unknown", "--lib"])
        // Builds only a cdylib: if cargo also builds an rlib, it silently skips link-time optimisation,
        // which saves a third of the bytes.
        .args(["--crate-type", "cdylib"])
        .env("CARGO_ENCODED_RUSTFLAGS", remap_flags().join("\x1f")))?;
    let modules = workspace::target().join("wasm32-unknown-unknown/widget");
    Ok(modules.join(format!("{package}.wasm")))
}

/// A hash of everything that the steps after `compile` depend on: the module, the texts or other `inputs`, the tools, and
/// the sources of these steps.
///
/// The module's bytes already depend on the compiler, the profile and all crates.
pub fn hash_of_inputs(module: &Path, tools: &Tools, inputs: &[u8]) -> anyhow::Result<String> {
    let root = workspace::root();
    let files = [
        module.to_path_buf(),
        tools.wasm_bindgen.clone(),
        // The versions of wasm-opt, esbuild and terser, and of the crates that xtask reads and writes wasm with.
        root.join("package-lock.json"),
        root.join("Cargo.lock"),
        root.join("Cargo.toml"),
        root.join("xtask/Cargo.toml"),
        root.join("xtask/src/build"),
        root.join("xtask/src/command.rs"),
        root.join("xtask/src/node.rs"),
    ];
    Ok(stamp::hash_of_paths(&files)? + &stamp::hash_of(inputs))
}

/// Runs wasm-bindgen, which writes `{name}.js` and `{name}_bg.wasm` into a folder.
pub fn bind(tools: &Tools, module: &Path, name: &str, folder: &Path) -> anyhow::Result<()> {
    run(Command::new(&tools.wasm_bindgen)
        .arg(module)
        .args(["--target", "web", "--no-typescript", "--out-name", name])
        .arg("--out-dir")
        .arg(folder))
}

/// Runs wasm-opt with these passes.
pub fn optimise(module: &Path, optimised: &Path, passes: &[&str]) -> anyhow::Result<()> {
    run(Command::new(node::wasm_opt()?)
        .arg(module)
        .arg("-o")
        .arg(optimised)
        .args(passes)
        .args(["--strip-debug", "--strip-producers"])
        .args(FEATURES.iter().map(|feature| format!("--enable-{feature}"))))
}

/// Bundles and minifies an ES module; `defined` are names with the JavaScript that replaces them.
pub fn bundle(entry: &Path, script: &Path, defined: &[(&str, &str)]) -> anyhow::Result<()> {
    fs::write(script, minify(entry, Format::Module, defined)?)
        .with_context(|| format!("cannot write {}", script.display()))
}

/// Compiler flags that keep the paths of this machine out of the module, whose hash would depend on them.
fn remap_flags() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    [(workspace::root(), "."), (home, "cargo")]
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect()
}
