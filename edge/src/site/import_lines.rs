//! Splits an export file that arrives in parts into its header, its rows and its trailer. The last
//! line is the trailer, so a line counts as a row only when another line follows it.

use notice::{journal::Hasher, limits, rejection::Rejection};

use super::{
    export_format::{FORMAT, Header, Trailer, VERSION},
    import_file::unusable,
};

/// The lines of a file so far.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Received bytes that are not split yet.
    buffer: Vec<u8>,
    /// Number of bytes at the start of the buffer that are split.
    start: usize,
    /// Bytes of the buffer, from `start` on, that contain no line break.
    searched: usize,
    /// The last complete line.
    last: Option<Vec<u8>>,
    header: Option<Header>,
    /// The checksum of the bytes before the last line.
    hasher: Hasher,
    /// A line was too long, or not text. The rest of the file is not parsed.
    fatal: Option<Rejection>,
    /// Number of lines, without the last one.
    number: u64,
}

/// The result of [`Lines::finish`].
#[derive(Clone, Debug)]
pub struct FileEnd {
    pub trailer: Trailer,
    /// Whether the checksum matches the bytes.
    pub is_intact: bool,
}

impl Lines {
    /// Adds the next part of the file.
    pub fn push(&mut self, part: &[u8]) {
        if self.fatal.is_some() {
            return;
        }
        self.buffer.drain(..self.start.min(self.buffer.len()));
        self.start = 0;
        self.buffer.extend_from_slice(part);
    }

    /// Returns the next complete line after the header that is not the last one of the file.
    pub fn next_row(&mut self) -> Option<Vec<u8>> {
        loop {
            let line = self.next_line()?;
            let before = self.last.replace(line);
            if let Some(row) = before.and_then(|line| self.accept(line)) {
                return Some(row);
            }
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`Rejection::UnusableImport`] if the file has no header or no trailer, or a line is too long or not text.
    pub fn finish(mut self) -> Result<FileEnd, Rejection> {
        if let Some(fatal) = self.fatal {
            return Err(fatal);
        }
        let is_short = self.number == 0;
        if is_short {
            return Err(unusable("it is too short to be an export"));
        }
        let last = self.last.take().unwrap_or_default();
        let trailer: Trailer = serde_json::from_slice(&last).map_err(|_| {
            unusable("its last line is not an export trailer, so the file may be cut off")
        })?;
        Ok(FileEnd {
            is_intact: self.hasher.finish() == trailer.sha256,
            trailer,
        })
    }

    /// Ends the last line, which may have no line break, and returns the row before it, if any.
    pub fn last_row(&mut self) -> Option<Vec<u8>> {
        let rest = self.buffer.split_off(self.start.min(self.buffer.len()));
        self.buffer = Vec::new();
        self.start = 0;
        if rest.is_empty() || self.fatal.is_some() {
            return None;
        }
        let before = self.last.replace(rest);
        before.and_then(|line| self.accept(line))
    }

    /// Checks the header.
    ///
    /// # Errors
    /// [`Rejection::UnusableImport`] if the first line is not a header, or has another format.
    pub fn check_header(&self) -> Result<(), Rejection> {
        match &self.header {
            None => Err(unusable("its first line is not an export header")),
            Some(header) if header.format != FORMAT || header.v != VERSION => {
                Err(unusable("its format or version is not supported"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Counts a line that is not the last one. Returns the line, unless it is the header.
    fn accept(&mut self, line: Vec<u8>) -> Option<Vec<u8>> {
        self.hasher.update(&line);
        self.hasher.update(b"\n");
        self.number = self.number.saturating_add(1);
        if self.number > 1 {
            return Some(line);
        }
        self.header = serde_json::from_slice(&line).ok();
        None
    }

    /// Takes the next complete line from the buffer, without its line break.
    fn next_line(&mut self) -> Option<Vec<u8>> {
        if self.fatal.is_some() {
            return None;
        }
        let rest = self.buffer.get(self.start..)?;
        let unsearched = rest.get(self.searched..).unwrap_or_default();
        let found = unsearched.iter().position(|byte| *byte == b'\n');
        let length = found.map(|index| self.searched.saturating_add(index));
        if length.unwrap_or(rest.len()) > limits::IMPORT_LINE {
            let line = self.number.saturating_add(2);
            return self.fail(format!(
                "line {line} is longer than {} bytes",
                limits::IMPORT_LINE
            ));
        }
        let Some(length) = length else {
            self.searched = rest.len();
            return None;
        };
        let line = rest.get(..length).unwrap_or_default().to_vec();
        self.start = self.start.saturating_add(length).saturating_add(1);
        self.searched = 0;
        if std::str::from_utf8(&line).is_err() {
            return self.fail("it is not UTF-8".to_owned());
        }
        Some(line)
    }

    /// Stops parsing, for a reason as a clause about the file. Returns `None`, as a convenience for
    /// callers.
    fn fail(&mut self, why: String) -> Option<Vec<u8>> {
        self.fatal = Some(Rejection::UnusableImport(why));
        self.buffer = Vec::new();
        self.start = 0;
        None
    }
}
