//! Bundles and minifies scripts: esbuild bundles them, terser makes them up to 6 % smaller than esbuild alone.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use crate::{
    command::{capture, run},
    node, workspace,
};

/// The format of a bundled script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An ES module.
    Module,
    /// A classic script that declares no global names.
    Script,
    /// An ES module in ASCII, for [`super::site_loader::expression`].
    AsciiModule,
}

impl Format {
    fn is_module(self) -> bool {
        matches!(self, Self::Module | Self::AsciiModule)
    }
}

/// Bundles and minifies a script with all that it imports. `defined` are names with the JavaScript that replaces them.
///
/// # Errors
/// When a file is missing or has a syntax error, with the output of esbuild or terser.
pub fn minify(entry: &Path, format: Format, defined: &[(&str, &str)]) -> anyhow::Result<String> {
    let folder = workspace::scratch().join("minify");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let bundled = tempfile::Builder::new()
        .suffix(".js")
        .tempfile_in(&folder)
        .context("cannot create a file for the bundled script")?;
    let defined = defined
        .iter()
        .map(|(name, value)| format!("--define:{name}={value}"));
    run(Command::new(node::esbuild()?)
        .arg(entry)
        .args(["--bundle", "--minify", "--target=es2021"])
        // Errors only: esbuild would warn about an object key that wasm-bindgen repeats for a snippet.
        .args(["--legal-comments=none", "--log-level=error"])
        .arg(match format.is_module() {
            true => "--format=esm",
            false => "--format=iife",
        })
        .args(defined)
        .arg("--allow-overwrite")
        .arg(format!("--outfile={}", bundled.path().display())))
    .with_context(|| format!("cannot bundle {}", entry.display()))?;
    let options = [
        "--ecma",
        "2021",
        "--compress",
        "passes=3,toplevel",
        "--mangle",
        "toplevel",
    ];
    capture(
        Command::new("node")
            .arg(node::terser()?)
            .arg(bundled.path())
            .args(format.is_module().then_some("--module"))
            .args(options)
            .args(
                (format == Format::AsciiModule)
                    .then_some(["--format", "ascii_only=true"])
                    .into_iter()
                    .flatten(),
            ),
    )
    .map(|script| script.trim_end().to_owned())
    .with_context(|| format!("cannot minify {}", entry.display()))
}
