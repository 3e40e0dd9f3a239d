//! The scripts of our own pages: small, each one file by itself.

use std::process::Command;

use anyhow::Context;

use crate::{command::capture, node, workspace};

/// Sources in `www/scripts/`, and where each is served.
const SCRIPTS: [(&str, &str); 2] = [("page.js", "pages/page.js"), ("guide.js", "docs/guide.js")];

/// Each script by the path that it is served at, bundled and minified.
pub fn build() -> anyhow::Result<Vec<(&'static str, String)>> {
    let folder = workspace::root().join("www/scripts");
    let mut scripts = Vec::new();
    for (source, served) in SCRIPTS {
        let script = capture(
            Command::new(node::esbuild()?)
                .arg(folder.join(source))
                .args([
                    "--bundle",
                    "--minify",
                    "--format=iife",
                    "--target=es2020",
                    "--legal-comments=none",
                    // Of the loader's rules they use one that loads nothing.
                    "--define:__HASHES__={}",
                ]),
        )
        .with_context(|| format!("cannot bundle www/scripts/{source}"))?;
        scripts.push((served, script));
    }
    Ok(scripts)
}
