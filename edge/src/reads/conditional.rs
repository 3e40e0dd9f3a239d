//! Conditional requests.

/// Whether an `If-None-Match` names this entity tag. Compared weakly (RFC 9110): compression on the way adds `W/`.
pub fn matches_etag(if_none_match: &str, etag: &str) -> bool {
    if_none_match.trim() == "*"
        || if_none_match
            .split(',')
            .any(|tag| strong(tag.trim()) == strong(etag))
}

fn strong(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::matches_etag;

    #[test]
    fn weak_comparison() {
        for (given, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(matches_etag(given, "\"a\""), expected, "{given}");
        }
    }
}
