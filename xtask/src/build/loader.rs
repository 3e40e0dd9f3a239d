//! The loader that every page runs, and the plain card for pages that refuse wasm.

use std::process::Command;

use anyhow::Context;

use super::stamp;
use crate::{command::capture, node, workspace};

/// Stands for the version until it is known: the version is made from the loader too.
const PLACEHOLDER: &str = "@@VERSION@@";

/// The minified scripts.
pub struct Loader {
    /// `embed.js`, still with the placeholder for its version.
    pub unstamped: String,
    /// `plain.js` and its words in other languages, ES modules by the names of their files.
    pub plain: Vec<(String, String)>,
}

impl Loader {
    /// `embed.js` as pages get it.
    pub fn stamped(&self, version: &str) -> String {
        self.unstamped.replace(PLACEHOLDER, version)
    }
}

/// Minifies all. Their sources are in `widget/embed/`.
pub fn build() -> anyhow::Result<Loader> {
    let folder = workspace::root().join("widget/embed");
    let minify = |name: &str, format: &str| -> anyhow::Result<String> {
        capture(
            Command::new(node::esbuild()?)
                .arg(folder.join(name))
                .args([
                    "--bundle",
                    "--minify",
                    "--target=es2020",
                    "--legal-comments=none",
                ])
                .arg(format!("--format={format}"))
                .arg(format!("--define:__VERSION__=\"{PLACEHOLDER}\"")),
        )
        .with_context(|| format!("widget/embed/{name} could not be minified"))
    };
    let mut plain = Vec::new();
    for file in stamp::files_under(&folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("plain") && name.ends_with(".js") {
            plain.push((name.to_string(), minify(&name, "esm")?));
        }
    }
    Ok(Loader {
        unstamped: minify("embed.js", "iife")?,
        plain,
    })
}
