//! The operator console: wasm and its glue, under a path that names their content.

use std::{fs, process::Command};

use anyhow::Context;

use crate::{
    command::{cargo, run},
    node,
    tools::Tools,
    workspace,
};

use super::{
    scratch, stamp,
    widget::{FEATURES, remapped},
};

/// Stands in `console.html` for the folder of what it loads.
pub const PLACEHOLDER: &str = "@CONSOLE@";

/// What the console's page loads.
pub struct Console {
    /// `console.js`, an ES module that starts the console.
    pub glue: Vec<u8>,
    /// `console_bg.wasm`.
    pub wasm: Vec<u8>,
}

impl Console {
    /// Names the folder that both lie in: it changes exactly when one of them does.
    pub fn version(&self) -> String {
        let both = [stamp::hash_of(&self.glue), stamp::hash_of(&self.wasm)].concat();
        stamp::hash_of(both.as_bytes()).chars().take(8).collect()
    }
}

/// Compiles, binds, optimises and minifies.
pub fn build(tools: &Tools) -> anyhow::Result<Console> {
    run(cargo()
        .args(["rustc", "--package", "console", "--profile", "widget"])
        .args(["--target", "wasm32-unknown-unknown", "--lib"])
        .args(["--crate-type", "cdylib"])
        .env("CARGO_ENCODED_RUSTFLAGS", remapped().join("\x1f")))?;
    let compiled = workspace::target().join("wasm32-unknown-unknown/widget/console.wasm");

    let folder = scratch().join("console");
    let glue = folder.join("out/console.js");
    let wasm = folder.join("out/console_bg.wasm");
    let inputs = stamp::hash_of_paths(&[
        compiled.clone(),
        tools.wasm_bindgen.clone(),
        workspace::root().join("package-lock.json"),
        workspace::root().join("xtask/src/build/console.rs"),
    ])?;
    stamp::unless_made("console", &inputs, &[glue.clone(), wasm.clone()], || {
        let bound = folder.join("bound");
        fs::create_dir_all(&bound)?;
        fs::create_dir_all(folder.join("out"))?;
        run(Command::new(&tools.wasm_bindgen)
            .arg(&compiled)
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--out-name",
                "console",
            ])
            .arg("--out-dir")
            .arg(&bound))?;
        run(Command::new(node::wasm_opt()?)
            .arg(bound.join("console_bg.wasm"))
            .arg("-o")
            .arg(&wasm)
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            .args(FEATURES.iter().map(|feature| format!("--enable-{feature}"))))?;
        // The page's one script: our content policy allows no other.
        let entry = bound.join("start.js");
        fs::write(&entry, "import start from \"./console.js\";\nstart();\n")?;
        run(Command::new(node::esbuild()?)
            .arg(&entry)
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
            .args(["--legal-comments=none", "--log-level=error"])
            .arg(format!("--outfile={}", glue.display())))
    })?;
    let read = |path: std::path::PathBuf| {
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok(Console {
        glue: read(glue)?,
        wasm: read(wasm)?,
    })
}
