//! The export of a whole site as one checksummed file, in slices. The rows are measured first,
//! because the header states the size of the file, and then sent.

use notice::{
    journal::{FIRST_PREVIOUS, Hasher},
    wire::ids::Slug,
};

use super::export_format::{FORMAT, Header, Trailer, VERSION};
use crate::{
    answer::{Answer, NO_STORE},
    fault::Fault,
    storage::{journal, journal_slices, sql::Sql},
};

/// The header in which a site's object states the size of an export to the Worker, in bytes. The runtime rejects a `Content-Length`
/// without a body between the two.
pub const SIZE: &str = "allclear-export-size";

/// An export in progress. It covers the rows up to the journal's head at its start.
#[derive(Clone, Debug)]
pub struct Export {
    site: Slug,
    /// Number of the journal's rows when the export began.
    rows: u64,
    /// The hash of the last of these rows.
    head: String,
    /// Number of rows that the current phase has measured or sent.
    done: u64,
    /// Number of bytes in the lines of all rows.
    bytes: u64,
    /// The checksum of the parts that were sent.
    hasher: Hasher,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    Measure,
    Header,
    Rows,
    End,
}

impl Export {
    pub fn new(site: &Slug) -> Self {
        Self {
            site: site.clone(),
            rows: 0,
            head: FIRST_PREVIOUS.to_owned(),
            done: 0,
            bytes: 0,
            hasher: Hasher::default(),
            phase: Phase::Start,
        }
    }

    /// The status and the headers of the answer.
    pub fn answer(&self) -> Answer {
        let name = format!("attachment; filename=\"{}.jsonl\"", self.site);
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: String::new(),
        };
        answer
            .with("content-type", "application/jsonl")
            .with("content-disposition", &name)
            .with("cache-control", NO_STORE)
    }

    /// Measures the next slice; returns whether all rows are measured.
    ///
    /// # Errors
    /// `Fault` if the database cannot be read.
    pub fn measure(&mut self, sql: &impl Sql) -> Result<bool, Fault> {
        if self.phase == Phase::Start {
            (self.rows, self.head) = journal::head(sql)?;
            self.phase = Phase::Measure;
        }
        let lines = self.lines(sql)?;
        let bytes = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.done < self.rows {
            return Ok(false);
        }
        self.done = 0;
        self.phase = Phase::Header;
        Ok(true)
    }

    /// Returns the next part of the file; `None` after the last one. Call this after everything is measured.
    ///
    /// # Errors
    /// `Fault` if the database cannot be read, or has lost rows since they were measured.
    pub fn next_part(&mut self, sql: &impl Sql) -> Result<Option<String>, Fault> {
        let part = match self.phase {
            Phase::Start | Phase::Measure | Phase::End => return Ok(None),
            Phase::Header => {
                self.phase = Phase::Rows;
                self.header_line()?
            }
            Phase::Rows if self.done < self.rows => self.lines(sql)?,
            Phase::Rows => {
                self.phase = Phase::End;
                return Ok(Some(self.trailer()?));
            }
        };
        self.hasher.update(part.as_bytes());
        Ok(Some(part))
    }

    /// The size of the file in bytes. Call this after everything is measured, and before the first part.
    ///
    /// # Errors
    /// `Fault` if the header cannot be serialised.
    pub fn size(&self) -> Result<u64, Fault> {
        Ok(self.header()?.bytes.unwrap_or_default())
    }

    fn header_line(&self) -> Result<String, Fault> {
        Ok(serde_json::to_string(&self.header()?)? + "\n")
    }

    /// The header. It states the size of the file, which includes the header's line itself. So the
    /// size is corrected until it is right: the length of the line depends on the size's number of
    /// digits.
    fn header(&self) -> Result<Header, Fault> {
        let trailer = u64::try_from(self.trailer()?.len()).unwrap_or(u64::MAX);
        let mut header = Header {
            format: FORMAT.to_owned(),
            v: VERSION,
            site: self.site.to_string(),
            rows: Some(self.rows),
            bytes: Some(0),
        };
        loop {
            let line = serde_json::to_string(&header)? + "\n";
            let own = u64::try_from(line.len()).unwrap_or(u64::MAX);
            let bytes = Some(own.saturating_add(self.bytes).saturating_add(trailer));
            if header.bytes == bytes {
                return Ok(header);
            }
            header.bytes = bytes;
        }
    }

    fn trailer(&self) -> Result<String, Fault> {
        let trailer = Trailer {
            rows: self.rows,
            head: self.head.clone(),
            sha256: self.hasher.clone().finish(),
        };
        Ok(serde_json::to_string(&trailer)? + "\n")
    }

    /// The lines of the next rows.
    fn lines(&mut self, sql: &impl Sql) -> Result<String, Fault> {
        let entries = journal_slices::next(sql, self.done, self.rows)?;
        if entries.is_empty() && self.done < self.rows {
            return Err(Fault::Stored {
                what: "journal",
                detail: format!("there is no row after {}", self.done),
            });
        }
        let mut lines = String::new();
        for entry in entries {
            let row = serde_json::to_string(&entry.link.row)?;
            let hash = serde_json::to_string(&entry.link.hash)?;
            // The event is stored as JSON.
            let event = &entry.event;
            if event.is_empty() || entry.link.row.is_empty() {
                return Err(Fault::Stored {
                    what: "journal",
                    detail: format!("the row after {} is not text", self.done),
                });
            }
            lines.push_str(&format!(
                "{{\"row\":{row},\"hash\":{hash},\"event\":{event}}}\n"
            ));
            self.done = self.done.saturating_add(1);
        }
        Ok(lines)
    }
}
