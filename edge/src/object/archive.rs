//! The whole site as one checksummed file: the format, and the export.

use notice::{journal::sha256_hex, rejection::Rejection};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::operate::{Call, Refusal};
use crate::{
    answer::{Answer, NO_STORE},
    storage::{
        journal,
        projections::{self, Beside},
        sql::Sql,
    },
};

/// The name of the file's format, in its first line.
pub const FORMAT: &str = "allclear-export";
/// The version of the format.
pub const VERSION: u32 = 1;
const BATCH: usize = 500;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub struct Header {
    /// Always [`FORMAT`].
    pub format: String,
    /// The format's version; see [`VERSION`].
    pub v: u32,
    /// The slug of the exported site.
    pub site: String,
}

/// A line for a row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line<'a> {
    /// The row's exact text.
    pub row: String,
    /// The chain's hash up to it.
    pub hash: String,
    /// The event's exact JSON.
    #[serde(borrow)]
    pub event: &'a RawValue,
}

/// The last line: over all bytes before it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// The number of rows in the file.
    pub rows: u64,
    /// The last row's hash.
    pub head: String,
    /// SHA-256 of all bytes before this line, in hex.
    pub sha256: String,
}

/// The site's journal as lines of JSON.
///
/// # Errors
/// When the database cannot be read.
pub fn export(sql: &impl Sql, _call: &Call<'_>) -> Result<Answer, Refusal> {
    let stored = projections::load(sql, Beside::Nothing)?;
    let site = stored.state.site.ok_or(Rejection::NotFound)?;
    let header = Header {
        format: FORMAT.to_owned(),
        v: VERSION,
        site: site.slug.to_string(),
    };
    let mut file = serde_json::to_string(&header)? + "\n";
    let mut rows: u64 = 0;
    let mut head = notice::journal::FIRST_PREVIOUS.to_owned();
    loop {
        let batch = journal::after(sql, rows, BATCH)?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            let event: &RawValue = serde_json::from_str(&entry.event)?;
            head.clone_from(&entry.link.hash);
            let line = Line {
                row: entry.link.row,
                hash: entry.link.hash,
                event,
            };
            file.push_str(&serde_json::to_string(&line)?);
            file.push('\n');
            rows = rows.saturating_add(1);
        }
    }
    let trailer = Trailer {
        rows,
        head,
        sha256: sha256_hex(file.as_bytes()),
    };
    file.push_str(&serde_json::to_string(&trailer)?);
    file.push('\n');
    let name = format!("attachment; filename=\"{}.jsonl\"", site.slug);
    let answer = Answer {
        status: 200,
        headers: Vec::new(),
        body: file,
    };
    Ok(answer
        .with("content-type", "application/jsonl")
        .with("content-disposition", &name)
        .with("cache-control", NO_STORE))
}
