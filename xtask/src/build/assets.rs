//! The table of static files, with the response headers of each URL path. On workerd, whose disk
//! service sends no content types, the Worker reads the table; for Cloudflare the table is also
//! written as `_headers`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use serde::Serialize;

use super::{
    compress,
    content_policy::content_policy,
    media_type::{is_compressible, media_type},
    stamp,
};

/// `Cache-Control` of the current loader. A cache may serve the previous version for a day while it fetches the new one.
const LOADER_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";
/// `Cache-Control` of files whose path contains the version of the build.
const VERSIONED_CACHE: &str = "public, max-age=31536000, immutable";
/// `Cache-Control` of all other files.
const PAGE_CACHE: &str = "public, max-age=60";

/// A static file and its headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The path below `dist/assets/`. Compressed copies have `.br` or `.gz` appended.
    pub file: String,
    #[serde(rename = "type")]
    pub content_type: &'static str,
    pub cache: &'static str,
    /// `Access-Control-Allow-Origin`, for files that other sites load. They also get
    /// `Cross-Origin-Resource-Policy: cross-origin`.
    pub cors: Option<&'static str>,
    /// `Content-Security-Policy`; only pages have one.
    pub csp: Option<&'static str>,
    /// A hash of the uncompressed file, without quotation marks.
    pub etag: String,
    /// The `Content-Encoding`s of the compressed copies, smallest first: `br`, `gzip`.
    pub encodings: Vec<&'static str>,
}

/// The static files by URL path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Table(pub BTreeMap<String, Entry>);

impl Entry {
    fn of(path: &str, file: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let content_type = media_type(file)?;
        let is_loader = path == "/embed.js" || path == "/embed.json";
        let is_shared = path.starts_with("/embed/");
        // The console's folder is named by a hash of its content.
        let is_versioned =
            is_shared || file.starts_with("console/") && file.matches('/').count() == 2;
        let is_page = content_type.starts_with("text/html");
        Ok(Self {
            file: file.to_owned(),
            content_type,
            cache: match (is_loader, is_versioned) {
                (true, _) => LOADER_CACHE,
                (_, true) => VERSIONED_CACHE,
                _ => PAGE_CACHE,
            },
            cors: (is_loader || is_shared).then_some("*"),
            csp: is_page.then(|| content_policy(path)),
            etag: stamp::hash_of(bytes).chars().take(32).collect(),
            encodings: Vec::new(),
        })
    }

    /// The headers that a server must send with this file, besides `ETag` and `Content-Encoding`.
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![
            ("Content-Type", self.content_type),
            ("Cache-Control", self.cache),
            ("X-Content-Type-Options", "nosniff"),
        ];
        if let Some(origins) = self.cors {
            headers.push(("Access-Control-Allow-Origin", origins));
            headers.push(("Cross-Origin-Resource-Policy", "cross-origin"));
        }
        if let Some(policy) = self.csp {
            headers.push(("Content-Security-Policy", policy));
        }
        headers
    }
}

impl Table {
    /// The table of the files in a folder.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut table = BTreeMap::new();
        for path in stamp::files_under(folder)? {
            let relative = path.strip_prefix(folder)?;
            let file = relative
                .to_str()
                .with_context(|| format!("the file name {} is not UTF-8", path.display()))?;
            let url_path = url_path(file);
            let entry = Entry::of(&url_path, file, &fs::read(&path)?)?;
            table.insert(url_path, entry);
        }
        Ok(Self(table))
    }

    /// Writes a compressed copy beside each file that it makes smaller, and adds the encodings of
    /// the copies to the table.
    pub fn compress(&mut self, folder: &Path) -> anyhow::Result<()> {
        for entry in self.0.values_mut() {
            if is_compressible(entry.content_type) {
                entry.encodings = compress::write_copies(&folder.join(&entry.file))?;
            }
        }
        Ok(())
    }

    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The URL path of a file, as with Cloudflare's `html_handling`: `demo/index.html` is `/demo/`, `docs/embed.html` is
/// `/docs/embed`.
fn url_path(file: &str) -> String {
    let Some(page) = file.strip_suffix(".html") else {
        return format!("/{file}");
    };
    match page.strip_suffix("index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{page}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_paths_of_pages_have_no_extension() {
        for (file, path) in [
            ("index.html", "/"),
            ("demo/index.html", "/demo/"),
            ("docs/embed.html", "/docs/embed"),
            ("embed.js", "/embed.js"),
            ("a/b/style.css", "/a/b/style.css"),
        ] {
            assert_eq!(url_path(file), path);
        }
    }

    #[test]
    fn embedded_files_allow_all_origins() {
        let entry = |path: &str| Entry::of(path, &path[1..], b"x").unwrap();
        let loader = entry("/embed.js");
        assert_eq!((loader.cache, loader.cors), (LOADER_CACHE, Some("*")));
        let wasm = entry("/embed/0.1.0-01234567/widget_bg.wasm");
        assert_eq!((wasm.cache, wasm.cors), (VERSIONED_CACHE, Some("*")));
        assert_eq!(wasm.content_type, "application/wasm");
        assert!(
            wasm.headers()
                .contains(&("Cross-Origin-Resource-Policy", "cross-origin"))
        );
        let page = Entry::of("/demo/", "demo/index.html", b"x").unwrap();
        assert_eq!((page.cache, page.cors), (PAGE_CACHE, None));
    }

    #[test]
    fn versioned_console_files_are_immutable() {
        let entry = |path: &str, file: &str| Entry::of(path, file, b"x").unwrap();
        let glue = entry(
            "/console/01234567/console.js",
            "console/01234567/console.js",
        );
        assert_eq!((glue.cache, glue.cors), (VERSIONED_CACHE, None));
        let style = entry("/console/console.css", "console/console.css");
        assert_eq!(style.cache, PAGE_CACHE);
    }
}
