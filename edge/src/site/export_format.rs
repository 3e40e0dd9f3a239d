//! The format of an export: lines of JSON, with a header first and a checksum last.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The name of the file's format, in its first line.
pub const FORMAT: &str = "allclear-export";
/// The version of the format.
pub const VERSION: u32 = 1;

/// The first line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: String,
    /// The format's version; see [`VERSION`].
    pub v: u32,
    /// The slug of the exported site.
    pub site: String,
    /// The number of rows in the file, from which a reader can show progress. Files of earlier
    /// builds do not state it; an import checks the number in the trailer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The number of bytes in the file, including this line and the trailer. Files of earlier
    /// builds do not state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// The line of one row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line<'a> {
    /// The row's exact text.
    pub row: String,
    /// The hash chain's value after the row.
    pub hash: String,
    /// The event's exact JSON.
    #[serde(borrow)]
    pub event: &'a RawValue,
}

/// The last line, with the checksum of all bytes before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// The number of rows in the file.
    pub rows: u64,
    /// The last row's hash.
    pub head: String,
    /// SHA-256 of all bytes before this line, in hex.
    pub sha256: String,
}
