//! Entity tags and conditional requests (RFC 9110, 13).

use notice::{journal::sha256_hex, rejection::Rejection};

use crate::answer::Answer;

/// Whether an `If-None-Match` or `If-Match` value names this entity tag. Compared weakly (RFC 9110): a proxy that compresses
/// an answer adds `W/`.
pub fn matches_etag(if_none_match: &str, etag: &str) -> bool {
    if_none_match.trim() == "*"
        || if_none_match
            .split(',')
            .any(|tag| without_weak_prefix(tag.trim()) == without_weak_prefix(etag))
}

fn without_weak_prefix(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Checks `If-Match` against the current entity tags of a resource (optimistic locking).
///
/// # Errors
/// [`Rejection::PreconditionRequired`] without `If-Match`, [`Rejection::PreconditionFailed`] if it names none of the
/// current entity tags.
pub fn precondition(if_match: Option<&str>, present: &[String]) -> Result<(), Rejection> {
    let if_match = if_match.ok_or(Rejection::PreconditionRequired)?;
    if present.iter().any(|etag| matches_etag(if_match, etag)) {
        Ok(())
    } else {
        Err(Rejection::PreconditionFailed)
    }
}

/// Adds the entity tag of the answer's body.
pub fn with_etag(answer: Answer) -> Answer {
    let etag = etag(&answer.body);
    answer.with("etag", &etag)
}

/// The entity tag of a body: the first half of its SHA-256 in hex, quoted.
pub fn etag(body: &str) -> String {
    let hex = sha256_hex(body.as_bytes());
    format!("\"{}\"", hex.get(..32).unwrap_or(&hex))
}

#[cfg(test)]
mod tests {
    use super::matches_etag;

    #[test]
    fn entity_tags_are_compared_weakly() {
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
