//! Builds the operator console: wasm and its glue.

use std::fs;

use anyhow::Context;

use crate::{tools::Tools, workspace::scratch};

use super::{stamp, wasm};

/// The placeholder in `console.html` for the name of the console's folder.
pub const PLACEHOLDER: &str = "@CONSOLE@";

pub struct Console {
    /// `console.js`, an ES module that starts the console.
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
}

impl Console {
    /// The name of the folder of both files: a hash of their contents.
    pub fn version(&self) -> String {
        let both = [stamp::hash_of(&self.glue), stamp::hash_of(&self.wasm)].concat();
        stamp::hash_of(both.as_bytes()).chars().take(8).collect()
    }
}

/// Compiles, binds, optimises and minifies.
pub fn build(tools: &Tools) -> anyhow::Result<Console> {
    let compiled = wasm::compile("console")?;

    let folder = scratch().join("console");
    let glue = folder.join("out/console.js");
    let wasm = folder.join("out/console_bg.wasm");
    let inputs = wasm::hash_of_inputs(&compiled, tools, &[])?;
    stamp::run_if_changed("console", &inputs, &[glue.clone(), wasm.clone()], || {
        let bound = folder.join("bound");
        fs::create_dir_all(&bound)?;
        fs::create_dir_all(folder.join("out"))?;
        wasm::bind(tools, &compiled, "console", &bound)?;
        wasm::optimise(&bound.join("console_bg.wasm"), &wasm, &["-Oz"])?;
        // Starts the console from a file, because the content policy allows no inline script.
        let entry = bound.join("start.js");
        fs::write(&entry, "import start from \"./console.js\";\nstart();\n")?;
        wasm::bundle(&entry, &glue, &[])
    })?;
    let read = |path: std::path::PathBuf| {
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok(Console {
        glue: read(glue)?,
        wasm: read(wasm)?,
    })
}
