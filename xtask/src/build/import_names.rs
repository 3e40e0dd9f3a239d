//! Shortens what wasm and its glue call each other. wasm-bindgen names each import `__wbg_setTimeout_4ec014681668a581`;
//! a hundred such names, in two files that are compressed apart, are 2.4 KB of what a page in an outage loads.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};

/// The id of the import section, and of an imported function.
const IMPORTS: u8 = 2;
const FUNCTION: u8 = 0;
/// The bytes before the first section: magic and version.
const HEADER: usize = 8;

/// Gives both with short names. The glue may be minified; it names each import once, as a property.
pub fn shorten(wasm: &[u8], glue: &str) -> anyhow::Result<(Vec<u8>, String)> {
    let (header, rest) = wasm.split_at_checked(HEADER).context("this is no wasm")?;
    let mut short = header.to_vec();
    let mut names = BTreeMap::new();
    let mut reader = Reader(rest);
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let body = reader.bytes()?;
        let body = if id == IMPORTS {
            imports(body, &mut names)?
        } else {
            body.to_vec()
        };
        short.push(id);
        push_number(&mut short, body.len());
        short.extend(body);
    }
    let mut glue = glue.to_owned();
    for (long, name) in &names {
        ensure!(
            glue.matches(long.as_str()).count() == 1,
            "the glue does not name {long} once"
        );
        glue = glue.replace(long, name);
    }
    Ok((short, glue))
}

/// The import section with names shortened, which are written down.
fn imports(body: &[u8], names: &mut BTreeMap<String, String>) -> anyhow::Result<Vec<u8>> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut short = Vec::new();
    push_number(&mut short, count);
    for _ in 0..count {
        push_bytes(&mut short, reader.bytes()?);
        let name = std::str::from_utf8(reader.bytes()?)?;
        if name.starts_with("__wb") {
            let next = format!(
                "{}{}",
                char::from(b'a' + u8::try_from(names.len() % 26)?),
                names.len() / 26
            );
            push_bytes(
                &mut short,
                names.entry(name.to_owned()).or_insert(next).as_bytes(),
            );
        } else {
            push_bytes(&mut short, name.as_bytes());
        }
        let kind = reader.byte()?;
        if kind != FUNCTION {
            bail!("{name} is not a function");
        }
        short.push(kind);
        push_number(&mut short, reader.number()?);
    }
    Ok(short)
}

/// Reads what is left, from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> anyhow::Result<u8> {
        let (&first, rest) = self.0.split_first().context("the wasm ends too soon")?;
        self.0 = rest;
        Ok(first)
    }

    /// A number in LEB128.
    fn number(&mut self) -> anyhow::Result<usize> {
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
    fn bytes(&mut self) -> anyhow::Result<&'a [u8]> {
        let count = self.number()?;
        let (bytes, rest) = self
            .0
            .split_at_checked(count)
            .context("the wasm ends too soon")?;
        self.0 = rest;
        Ok(bytes)
    }
}

fn push_number(into: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        into.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn push_bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    push_number(into, bytes.len());
    into.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::shorten;

    /// A module that imports two functions, and a custom section after them.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x02\x1e\x02\x01m\x0d__wbg_long_00\0\x01\x01m\x05plain\0\x81\x01\0\x03\x02hi";

    #[test]
    fn both_sides_agree_on_the_short_name() {
        let (wasm, glue) = shorten(WASM, "x={__wbg_long_00:f,plain:g}").expect("it is whole");
        assert_eq!(
            wasm,
            b"\0asm\x01\0\0\0\x02\x13\x02\x01m\x02a0\0\x01\x01m\x05plain\0\x81\x01\0\x03\x02hi"
        );
        assert_eq!(glue, "x={a0:f,plain:g}");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (wasm, glue) in [
            (WASM, "x={plain:g}"),
            (&WASM[..20], "x={__wbg_long_00:f}"),
            (b"\0asm", ""),
        ] {
            assert!(shorten(wasm, glue).is_err());
        }
    }
}
