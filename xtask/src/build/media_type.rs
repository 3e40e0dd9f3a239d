//! Media types of static files, by extension.

use anyhow::bail;

/// The `Content-Type` of a file.
///
/// # Errors
/// For an extension that is not in the list.
pub fn media_type(file: &str) -> anyhow::Result<&'static str> {
    let (_, extension) = file.rsplit_once('.').unwrap_or_default();
    Ok(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        // Browsers save `text/markdown`, but show plain text.
        "md" => "text/plain; charset=utf-8",
        "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "ts" => "text/plain; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => bail!("unknown media type of {file}: add it in xtask/src/build/media_type.rs"),
    })
}

/// Whether files of this type get smaller when compressed.
pub fn is_compressible(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || [
            "application/json",
            "application/manifest+json",
            "application/wasm",
            "image/svg+xml",
        ]
        .contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn an_unknown_extension_is_an_error() {
        assert!(media_type("x.exe").is_err());
        assert!(media_type("x").is_err());
    }
}
