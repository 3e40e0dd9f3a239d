//! Bundles the scripts of the server's own pages.

use super::minify::{Format, minify};
use crate::workspace;

/// The sources in `www/`, each with its URL path without the leading slash.
const SCRIPTS: [(&str, &str); 2] = [
    ("pages/page.js", "pages/page.js"),
    ("guide/guide.js", "docs/guide.js"),
];

/// The scripts by URL path, minified.
pub fn build() -> anyhow::Result<Vec<(&'static str, String)>> {
    let folder = workspace::root().join("www");
    let mut scripts = Vec::new();
    for (source, served) in SCRIPTS {
        let script = minify(&folder.join(source), Format::Script, &[])?;
        scripts.push((served, script));
    }
    Ok(scripts)
}
