//! Leaves out what the widget never does, though the compiler cannot know: 4 KB of what a page in an outage loads.
//!
//! What is named here becomes a trap, and whatever only it needs goes with it. A panic is a trap anyway: nobody reads its
//! message, and composing that is most of what is left out. The rest are Yew's answers to questions that we do not ask.
//! A name that is not found ends the build, so that a new version of a compiler or a crate is noticed.

use anyhow::ensure;

use super::wasm_bytes::{Reader, push_bytes, push_number, push_section, sections};

/// Parts of names of functions.
const NEVER_CALLED: &[&str] = &[
    // Panics, and with them most of what they say. Formatting itself stays: what a crate says of its own errors needs it.
    "core::panicking::",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "core::cell::panic_",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::alloc::handle_alloc_error",
    "std::alloc::rust_oom",
    "std::panicking::panic",
    "rust_begin_unwind",
    // There is one component, which suspends nothing, inserts no raw markup and gives all elements one list of attributes.
    "yew::dom_bundle::bcomp::",
    "yew::dom_bundle::bsuspense::",
    "yew::dom_bundle::braw::",
    "Attributes>::apply_diff_as_maps",
    // We listen by ourselves: `widget/src/page/place.js`.
    "yew::dom_bundle::btag::listeners::ListenerRegistration::register",
    "yew::dom_bundle::subtree_root::SubtreeData::add_listener",
];

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
/// The subsection of the names of functions.
const FUNCTION_NAMES: u8 = 1;
/// A body without variables: `unreachable`, `end`.
const TRAP: &[u8] = &[0, 0, 0x0b];

/// Gives the module with those functions as traps. It needs the names of functions, and lets them stand.
pub fn leave_out(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    leave_out_these(wasm, NEVER_CALLED)
}

fn leave_out_these(wasm: &[u8], parts: &[&str]) -> anyhow::Result<Vec<u8>> {
    let (header, sections) = sections(wasm)?;
    let mut imported = 0;
    let mut names = Vec::new();
    for (id, body) in &sections {
        match *id {
            // Functions are all that the widget imports; `import_names` makes sure.
            IMPORTS => imported = Reader(body).number()?,
            CUSTOM => names.extend(function_names(body)?),
            _ => {}
        }
    }
    let mut trapped = vec![false; parts.len()];
    let mut never = Vec::new();
    for (index, name) in names {
        let name = without_hashes(name);
        for (part, trapped) in parts.iter().zip(&mut trapped) {
            if index >= imported && name.contains(part) {
                *trapped = true;
                never.push(index - imported);
            }
        }
    }
    for (part, trapped) in parts.iter().zip(trapped) {
        ensure!(trapped, "no function of the widget is named {part}…");
    }
    let mut short = header.to_vec();
    for (id, body) in sections {
        if id == CODE {
            push_section(&mut short, id, &code(body, &never)?);
        } else {
            push_section(&mut short, id, body);
        }
    }
    Ok(short)
}

fn function_names(custom: &[u8]) -> anyhow::Result<Vec<(usize, &str)>> {
    let mut reader = Reader(custom);
    let mut names = Vec::new();
    if reader.name()? != "name" {
        return Ok(names);
    }
    while !reader.0.is_empty() {
        let kind = reader.byte()?;
        let mut subsection = Reader(reader.bytes()?);
        if kind == FUNCTION_NAMES {
            for _ in 0..subsection.number()? {
                names.push((subsection.number()?, subsection.name()?));
            }
        }
    }
    Ok(names)
}

fn code(body: &[u8], never: &[usize]) -> anyhow::Result<Vec<u8>> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut short = Vec::new();
    push_number(&mut short, count);
    for index in 0..count {
        let function = reader.bytes()?;
        push_bytes(
            &mut short,
            if never.contains(&index) {
                TRAP
            } else {
                function
            },
        );
    }
    Ok(short)
}

/// `core[c5930c85a12de822]::fmt::write` as `core::fmt::write`: the hash is the compiler's.
fn without_hashes(name: &str) -> String {
    name.split('[')
        .enumerate()
        .map(|(index, part)| match part.split_once(']') {
            Some((hash, rest)) if index > 0 && hash.chars().all(|one| one.is_ascii_hexdigit()) => {
                rest.to_owned()
            }
            _ if index > 0 => format!("[{part}"),
            _ => part.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{leave_out_these, without_hashes};

    /// A module with two functions, each `local.get 0; end`, and their names: `f` and `core[0a]::fmt::x`.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x0a\x0b\x02\x04\0\x20\0\x0b\x04\0\x20\0\x0b\
        \0\x1d\x04name\x01\x16\x02\0\x01f\x01\x10core[0a]::fmt::x";

    #[test]
    fn what_is_named_becomes_a_trap() {
        let wasm = leave_out_these(WASM, &["core::fmt::"]).expect("it is whole");
        assert!(
            wasm.starts_with(
                b"\0asm\x01\0\0\0\x0a\x0a\x02\x04\0\x20\0\x0b\x03\0\0\x0b\0\x1d\x04name"
            )
        );
    }

    #[test]
    fn a_name_that_is_not_there_is_noticed() {
        assert!(leave_out_these(WASM, &["core::fmt::", "core::panicking::"]).is_err());
        assert!(leave_out_these(&WASM[..20], &["core::fmt::"]).is_err());
    }

    #[test]
    fn hashes_are_no_part_of_a_name() {
        for (name, plain) in [
            ("core[c5930c85a12de822]::fmt::write", "core::fmt::write"),
            (
                "<[u8] as core[0a]::Debug>::fmt",
                "<[u8] as core::Debug>::fmt",
            ),
            ("f", "f"),
        ] {
            assert_eq!(without_hashes(name), plain);
        }
    }
}
