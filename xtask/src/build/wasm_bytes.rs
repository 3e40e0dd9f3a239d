//! The little of the binary format that the build's own passes read and write.

use anyhow::{Context, bail};

/// The bytes before the first section: magic and version.
const HEADER: usize = 8;

/// Sections by id, in order.
pub type Sections<'a> = Vec<(u8, &'a [u8])>;

/// The header, and what comes after it.
pub fn sections(wasm: &[u8]) -> anyhow::Result<(&[u8], Sections<'_>)> {
    let (header, rest) = wasm.split_at_checked(HEADER).context("this is no wasm")?;
    let mut reader = Reader(rest);
    let mut sections = Vec::new();
    while !reader.0.is_empty() {
        sections.push((reader.byte()?, reader.bytes()?));
    }
    Ok((header, sections))
}

/// Appends a section.
pub fn push_section(into: &mut Vec<u8>, id: u8, body: &[u8]) {
    into.push(id);
    push_bytes(into, body);
}

/// Reads what is left, from the front.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// One byte.
    pub fn byte(&mut self) -> anyhow::Result<u8> {
        let (&first, rest) = self.0.split_first().context("the wasm ends too soon")?;
        self.0 = rest;
        Ok(first)
    }

    /// A number in LEB128.
    pub fn number(&mut self) -> anyhow::Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number in the wasm is too long")
    }

    /// Bytes after their count.
    pub fn bytes(&mut self) -> anyhow::Result<&'a [u8]> {
        let count = self.number()?;
        let (bytes, rest) = self
            .0
            .split_at_checked(count)
            .context("the wasm ends too soon")?;
        self.0 = rest;
        Ok(bytes)
    }

    /// A name: UTF-8 after its length.
    pub fn name(&mut self) -> anyhow::Result<&'a str> {
        Ok(std::str::from_utf8(self.bytes()?)?)
    }
}

/// Appends a number in LEB128.
pub fn push_number(into: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        into.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Appends bytes after their count.
pub fn push_bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    push_number(into, bytes.len());
    into.extend(bytes);
}
