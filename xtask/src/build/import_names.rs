//! Shortens what wasm and its glue call each other. wasm-bindgen names each import `__wbg_setTimeout_4ec014681668a581`;
//! a hundred such names, in two files that are compressed apart, are 2.4 KB of what a page in an outage loads.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};

use super::wasm_bytes::{Reader, push_bytes, push_number, push_section, sections};

/// The id of the import section, and of an imported function.
const IMPORTS: u8 = 2;
const FUNCTION: u8 = 0;

/// Gives both with short names. The glue may be minified; it names each import once, as a property.
pub fn shorten(wasm: &[u8], glue: &str) -> anyhow::Result<(Vec<u8>, String)> {
    let (header, sections) = sections(wasm)?;
    let mut short = header.to_vec();
    let mut names = BTreeMap::new();
    for (id, body) in sections {
        if id == IMPORTS {
            push_section(&mut short, id, &imports(body, &mut names)?);
        } else {
            push_section(&mut short, id, body);
        }
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
        let name = reader.name()?;
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
