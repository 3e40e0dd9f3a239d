//! The content security policies of static pages.

/// The policy of pages: no inline scripts or styles, and nothing from other origins. The widget needs wasm and the feed.
const PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
     frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of the console's preview, which only the console may frame.
const PREVIEW: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The URL path of the console's preview.
const PREVIEW_PATH: &str = "/console/preview";

/// The `Content-Security-Policy` of the page at a URL path.
pub fn content_policy(path: &str) -> &'static str {
    if path == PREVIEW_PATH { PREVIEW } else { PAGE }
}

#[cfg(test)]
mod tests {
    use super::{PREVIEW_PATH, content_policy};

    #[test]
    fn policies_allow_nothing_inline() {
        for path in ["/", PREVIEW_PATH] {
            let policy = content_policy(path);
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
        }
    }

    #[test]
    fn only_the_preview_may_be_framed_and_only_by_the_console() {
        assert!(content_policy("/console").contains("frame-ancestors 'none'"));
        assert!(content_policy(PREVIEW_PATH).contains("frame-ancestors 'self'"));
    }
}
