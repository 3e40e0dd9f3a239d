//! The loader that every page runs, the rules that it asks once there is a notice, and the plain card for pages that
//! refuse wasm.

use std::{collections::BTreeMap, process::Command};

use anyhow::Context;

use super::{integrity::integrity, stamp};
use crate::{command::capture, node, workspace};

/// Stands for the version until it is known: the version is made from the loader too.
const PLACEHOLDER: &str = "@@VERSION@@";

/// The minified scripts.
pub struct Loader {
    /// `embed.js` that is always current, still with the placeholder for its version.
    pub current: String,
    /// `embed.js` of one version for ever: it takes only the very `rules.js` that it was built with, and that one only
    /// the very files beside it.
    pub versioned: String,
    /// What lies beside them, ES modules by the names of their files: `rules.js`, `plain.js` with its words in
    /// other languages and what it is told by (`standing.js`), `preview.js`.
    pub modules: Vec<(String, String)>,
}

/// A loader as pages get it.
pub fn stamped(loader: &str, version: &str) -> String {
    loader.replace(PLACEHOLDER, version)
}

/// Minifies all. Their sources are in `widget/embed/`; `others` are the files that come from elsewhere, by name, whose
/// hashes the rules must know.
pub fn build(others: &[(&str, &[u8])]) -> anyhow::Result<Loader> {
    let folder = workspace::root().join("widget/embed");
    let mut modules = Vec::new();
    for file in stamp::files_under(&folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_module = name.starts_with("plain") || name == "standing.js" || name == "preview.js";
        if is_module && name.ends_with(".js") {
            modules.push((name.to_string(), minify(&name, "esm", &[])?));
        }
    }
    let scripts = modules.iter();
    let scripts = scripts.map(|(name, script)| (name.as_str(), script.as_bytes()));
    let hashes: BTreeMap<&str, String> = scripts
        .chain(others.iter().copied())
        .map(|(name, bytes)| (name, integrity(bytes)))
        .collect();
    let hashes = serde_json::to_string(&hashes)?;
    let rules = minify("rules.js", "esm", &[("__HASHES__", &hashes)])?;

    let loader = |hash: &str| {
        let version = format!("\"{PLACEHOLDER}\"");
        let hash = format!("\"{hash}\"");
        minify(
            "embed.js",
            "iife",
            &[("__VERSION__", &version), ("__INTEGRITY__", &hash)],
        )
    };
    let (current, versioned) = (loader("")?, loader(&integrity(rules.as_bytes()))?);
    modules.push(("rules.js".to_owned(), rules));
    Ok(Loader {
        current,
        versioned,
        modules,
    })
}

fn minify(name: &str, format: &str, defined: &[(&str, &str)]) -> anyhow::Result<String> {
    let file = workspace::root().join("widget/embed").join(name);
    let defined = defined
        .iter()
        .map(|(name, value)| format!("--define:{name}={value}"));
    capture(
        Command::new(node::esbuild()?)
            .arg(file)
            .args([
                "--bundle",
                "--minify",
                "--target=es2021",
                "--legal-comments=none",
            ])
            .arg(format!("--format={format}"))
            .args(defined),
    )
    .with_context(|| format!("cannot minify widget/embed/{name}"))
}
