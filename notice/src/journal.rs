//! The journal: every event, in order, chained by hashes so that nothing can be changed unseen.
//!
//! A row is the exact text that was hashed and is never serialised again. The event's own JSON lies beside it and is
//! tied to it by `digest`, so that an event can be redacted and the chain still holds.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::wire::time::Timestamp;

/// What stands before the first row.
pub const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row of the journal. The order of its fields is the order in the stored text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it: a token's id, `root` or `alarm`.
    pub actor: String,
    /// What the `Idempotency-Key` that it came with comes to: see [`key_digest`].
    pub key: Option<String>,
    /// The feed's revision from then on.
    pub rev: u64,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// SHA-256 of the event's JSON text, in hex.
    pub digest: String,
}

/// A row as it is stored: its exact text, and the chain's hash up to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row's JSON text.
    pub row: String,
    /// `hex(sha256(previous hash + "\n" + row))`.
    pub hash: String,
}

/// Writes a row and links it to the one before. `None` when it cannot be written as JSON, which no [`Row`] is known to.
pub fn link(previous_hash: &str, row: &Row) -> Option<Link> {
    let row = serde_json::to_string(row).ok()?;
    let hash = chain(previous_hash, &row);
    Some(Link { row, hash })
}

/// The hash of a row's exact text behind the one before.
pub fn chain(previous_hash: &str, row: &str) -> String {
    sha256_hex(format!("{previous_hash}\n{row}").as_bytes())
}

/// The next revision: now, or one more than the last where clocks stand still or run backwards.
pub fn next_rev(last: u64, now_ms: u64) -> u64 {
    now_ms.max(last.saturating_add(1))
}

/// What a row holds of an `Idempotency-Key`: the first 16 characters of its SHA-256 in hex. A row never changes, and what
/// callers put into keys (a person's name, say) must not stay in it; whoever sent a key can still find what it did.
pub fn key_digest(key: &str) -> String {
    const CHARACTERS: usize = 16;
    let mut digest = sha256_hex(key.as_bytes());
    digest.truncate(CHARACTERS);
    digest
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::{FIRST_PREVIOUS, Row, chain, key_digest, link, next_rev, sha256_hex};
    use crate::wire::time::Timestamp;

    #[test]
    fn a_row_is_the_text_that_exports_hold() {
        // Breaking this breaks every journal and every export that exists.
        let row = Row {
            seq: 1,
            at: Timestamp::from_seconds(1_795_248_000),
            actor: "root".to_owned(),
            key: None,
            rev: 1_795_248_000_042,
            event_type: "site.created".to_owned(),
            digest: sha256_hex(b"{}"),
        };
        let link = link(FIRST_PREVIOUS, &row).unwrap();
        assert_eq!(
            link.row,
            concat!(
                r#"{"seq":1,"at":"2026-11-21T08:00:00Z","actor":"root","key":null,"rev":1795248000042,"#,
                r#""type":"site.created","digest":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}"#
            )
        );
        assert_eq!(link.hash, chain(FIRST_PREVIOUS, &link.row));
        assert_eq!(link.hash.len(), 64);
    }

    #[test]
    fn a_key_is_known_by_its_digest() {
        assert_eq!(key_digest("jo.bloggs-1"), &sha256_hex(b"jo.bloggs-1")[..16]);
    }

    #[test]
    fn the_revision_rises_even_when_the_clock_does_not() {
        assert_eq!(next_rev(5, 9), 9);
        assert_eq!(next_rev(9, 9), 10);
        assert_eq!(next_rev(12, 9), 13);
    }
}
