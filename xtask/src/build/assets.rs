//! One table of all static files: path → how it is answered. The Worker reads it on workerd, whose disk service knows
//! no types; `_headers` says the same to Cloudflare.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use serde::Serialize;

use super::{compress, stamp};

/// Always current, yet cheap: a page may get the last one for a day while its cache asks for the next.
const LOADER_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";
/// The path names the build: what lies there never changes.
const VERSIONED_CACHE: &str = "public, max-age=31536000, immutable";
const PAGE_CACHE: &str = "public, max-age=60";
/// For pages of our own: nothing inline, nothing from elsewhere; the widget needs wasm and the feed.
const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
     frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// For the console's preview, which the console alone may frame.
const FRAMED_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
/// Where that lies.
const PREVIEW: &str = "/console/preview";

/// How one static file is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its file under `dist/assets/`; a compressed twin has `.br` or `.gz` after it.
    pub file: String,
    /// `Content-Type`.
    #[serde(rename = "type")]
    pub content_type: &'static str,
    /// `Cache-Control`.
    pub cache: &'static str,
    /// `Access-Control-Allow-Origin`, where other sites load it; then it also gets
    /// `Cross-Origin-Resource-Policy: cross-origin`.
    pub cors: Option<&'static str>,
    /// `Content-Security-Policy`, for pages.
    pub csp: Option<&'static str>,
    /// A hash of the uncompressed file, without quotes.
    pub etag: String,
    /// `Content-Encoding`s that lie beside it, best first: `br`, `gzip`.
    pub encodings: Vec<&'static str>,
}

/// All static files, by URL path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Table(pub BTreeMap<String, Entry>);

impl Entry {
    fn of(path: &str, file: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let content_type = content_type(file)?;
        let is_loader = path == "/embed.js" || path == "/embed.json";
        let is_shared = path.starts_with("/embed/");
        // The page names their folder by their content.
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
            csp: is_page.then_some(if path == PREVIEW {
                FRAMED_CSP
            } else {
                PAGE_CSP
            }),
            etag: stamp::hash_of(bytes).chars().take(32).collect(),
            encodings: Vec::new(),
        })
    }

    /// The headers that every server must send with this file, beside `ETag` and `Content-Encoding`.
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
    /// The table of what lies in this folder.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut table = BTreeMap::new();
        for path in stamp::files_under(folder)? {
            let relative = path.strip_prefix(folder)?;
            let file = relative
                .to_str()
                .with_context(|| format!("the file name {} is not UTF-8", path.display()))?;
            let address = address(file);
            let entry = Entry::of(&address, file, &fs::read(&path)?)?;
            table.insert(address, entry);
        }
        Ok(Self(table))
    }

    /// Lays compressed twins beside the files that shrink, and notes them.
    pub fn compress(&mut self, folder: &Path) -> anyhow::Result<()> {
        for entry in self.0.values_mut() {
            if compresses(entry.content_type) {
                entry.encodings = compress::beside(&folder.join(&entry.file))?;
            }
        }
        Ok(())
    }

    /// The table as JSON.
    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The URL path of a file, as Cloudflare's `html_handling` has it: `demo/index.html` is `/demo/`, `docs/embed.html` is
/// `/docs/embed`.
fn address(file: &str) -> String {
    let Some(page) = file.strip_suffix(".html") else {
        return format!("/{file}");
    };
    match page.strip_suffix("index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{page}"),
    }
}

fn content_type(file: &str) -> anyhow::Result<&'static str> {
    let (_, extension) = file.rsplit_once('.').unwrap_or_default();
    Ok(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "ts" => "text/plain; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => bail!("unknown media type of {file}: add it in xtask/src/build/assets.rs"),
    })
}

fn compresses(content_type: &str) -> bool {
    content_type.starts_with("text/")
        || [
            "application/json",
            "application/manifest+json",
            "application/wasm",
            "image/svg+xml",
        ]
        .contains(&content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_addresses_without_html() {
        for (file, path) in [
            ("index.html", "/"),
            ("demo/index.html", "/demo/"),
            ("docs/embed.html", "/docs/embed"),
            ("embed.js", "/embed.js"),
            ("a/b/style.css", "/a/b/style.css"),
        ] {
            assert_eq!(address(file), path);
        }
    }

    #[test]
    fn what_hosts_load_may_be_loaded_from_everywhere() {
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
    fn pages_allow_nothing_inline() {
        let page = Entry::of("/", "index.html", b"x").unwrap();
        let policy = page.csp.unwrap();
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
    }

    #[test]
    fn the_console_is_framed_by_nobody_and_its_preview_by_it_alone() {
        let entry = |path: &str, file: &str| Entry::of(path, file, b"x").unwrap();
        let policy = |path, file| entry(path, file).csp.unwrap();
        assert!(policy("/console", "console.html").contains("frame-ancestors 'none'"));
        assert!(policy(PREVIEW, "console/preview.html").contains("frame-ancestors 'self'"));
        let glue = entry(
            "/console/01234567/console.js",
            "console/01234567/console.js",
        );
        assert_eq!((glue.cache, glue.cors), (VERSIONED_CACHE, None));
        let style = entry("/console/console.css", "console/console.css");
        assert_eq!(style.cache, PAGE_CACHE);
    }

    #[test]
    fn an_unknown_type_is_refused() {
        assert!(Entry::of("/x.exe", "x.exe", b"").is_err());
        assert!(Entry::of("/x", "x", b"").is_err());
    }
}
