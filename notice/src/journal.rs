//! The journal: an append-only, hash-chained log of all events of a site.
//!
//! A row is the exact text that was hashed, and is never serialised again. The event's JSON is stored beside it and
//! tied to it by `digest`, so that an event can be redacted without breaking the chain.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::wire::time::Timestamp;

/// The "previous hash" of the first row.
pub const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A journal row. The fields are in the order of the stored text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Sequence number, from 1, without gaps.
    pub seq: u64,
    /// Time of the event.
    pub at: Timestamp,
    /// Author of the event: a token's id, `root`, `alarm`, `courier` or `on_call`.
    pub actor: String,
    /// Digest of the request's `Idempotency-Key`, see [`key_digest`].
    pub key: Option<String>,
    /// Revision of the feed after this event.
    pub rev: u64,
    /// The event's type, see [`Event::name`](crate::wire::event::Event::name).
    #[serde(rename = "type")]
    pub event_type: String,
    /// SHA-256 of the event's JSON, in hex.
    pub digest: String,
}

/// A row as stored, with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row as JSON.
    pub row: String,
    /// `hex(sha256(previous hash + "\n" + row))`.
    pub hash: String,
}

/// Serialises a row and computes its hash. `None` if it cannot be serialised, which does not happen for a [`Row`].
pub fn link(previous_hash: &str, row: &Row) -> Option<Link> {
    let row = serde_json::to_string(row).ok()?;
    let hash = chain(previous_hash, &row);
    Some(Link { row, hash })
}

/// Computes the hash of a row's exact text and the previous hash.
pub fn chain(previous_hash: &str, row: &str) -> String {
    sha256_hex(format!("{previous_hash}\n{row}").as_bytes())
}

/// Returns the next revision: the current time, or `last` + 1 if the clock has not advanced.
pub fn next_rev(last: u64, now_ms: u64) -> u64 {
    now_ms.max(last.saturating_add(1))
}

/// Returns the digest of an `Idempotency-Key` that a row stores: the first 16 characters of its SHA-256 in hex. Rows
/// are immutable, so they must not contain personal data, which clients may put into keys. A client can still find its
/// own requests.
pub fn key_digest(key: &str) -> String {
    const CHARACTERS: usize = 16;
    let mut digest = sha256_hex(key.as_bytes());
    digest.truncate(CHARACTERS);
    digest
}

/// Returns the SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.update(bytes);
    hasher.finish()
}

/// Computes the SHA-256 of bytes that arrive in parts.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the SHA-256 of all bytes, in lower-case hex.
    pub fn finish(self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.0.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST_PREVIOUS, Row, chain, key_digest, link, next_rev, sha256_hex};
    use crate::wire::time::Timestamp;

    #[test]
    fn row_text_and_hash_match_existing_exports() {
        // A failure means that existing journals and exports can no longer be verified.
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
    fn key_digest_is_a_prefix_of_sha256() {
        assert_eq!(key_digest("jo.bloggs-1"), &sha256_hex(b"jo.bloggs-1")[..16]);
    }

    #[test]
    fn revision_rises_when_the_clock_does_not() {
        assert_eq!(next_rev(5, 9), 9);
        assert_eq!(next_rev(9, 9), 10);
        assert_eq!(next_rev(12, 9), 13);
    }
}
