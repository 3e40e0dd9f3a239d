//! Removes functions that the widget never calls, but that the compiler must keep: 4.5 KB of the widget.
//!
//! Each listed function becomes a trap, and wasm-opt then removes the functions that only the
//! listed ones called. A panic becomes a trap too: its message is never shown, and most of the
//! removed code only formats messages. The other functions are parts of Yew that the widget does
//! not use; `widget/clippy.toml` forbids their use. A listed name that matches no function is an
//! error, so that a change in the compiler or a crate is noticed.

use std::{collections::BTreeSet, convert::Infallible};

use anyhow::{anyhow, ensure};
use wasm_encoder::{
    CodeSection, Function, Instruction, Module,
    reencode::{self, Reencode},
};
use wasmparser::{FunctionBody, KnownCustom, Name, Parser, Payload, TypeRef, Validator};

/// Substrings of the names of functions that are never called.
const NEVER_CALLED: &[&str] = &[
    // Panics, and formatting, which only the messages of panics use: the card fills its texts by
    // `texts::fill`. A test in this file checks that the card's sources do not format.
    "core::fmt::",
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
    // The widget has one component, no suspense and no raw markup, and all elements have the same list of attributes.
    "yew::dom_bundle::bcomp::",
    "yew::dom_bundle::bsuspense::",
    "yew::dom_bundle::braw::",
    "Attributes>::apply_diff_as_maps",
    // Listeners: events are handled in `widget/src/dom/container.js`.
    "yew::dom_bundle::btag::listeners::ListenerRegistration::register",
    "yew::dom_bundle::btag::listeners::Registry::unregister",
    "yew::dom_bundle::subtree_root::SubtreeData::add_listener",
    "yew::dom_bundle::subtree_root::BSubtree::ensure_handled",
    // Only panics call this.
    "console_error_panic_hook::hook",
    // Yew's queues are trees with a key for each component. There is one component, so no node is ever split or merged.
    "alloc::collections::btree::node::BalancingContext",
    // The attributes of all elements are one list, never a map.
    "indexmap::",
    // The card has no fields.
    "gen_HtmlInputElement::HtmlInputElement::",
    "gen_HtmlTextAreaElement::HtmlTextAreaElement::",
];

/// Replaces the body of each function that is never called by a trap. Needs the module's name section, and keeps it.
///
/// # Errors
/// When the module is malformed, or when a name matches no function.
pub fn remove(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    remove_functions(wasm, NEVER_CALLED)
}

fn remove_functions(wasm: &[u8], parts: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut module = Module::new();
    Traps(functions_named(wasm, parts)?)
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the module cannot be encoded again: {error}"))?;
    let trapped = module.finish();
    Validator::new().validate_all(&trapped)?;
    Ok(trapped)
}

/// Returns the indices of the functions whose name contains one of `parts`. Imported functions are not counted.
fn functions_named(wasm: &[u8], parts: &[&str]) -> anyhow::Result<BTreeSet<u32>> {
    let mut imported = 0;
    let mut matched = vec![false; parts.len()];
    let mut functions = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else {
                    continue;
                };
                for subsection in names {
                    let Name::Function(names) = subsection? else {
                        continue;
                    };
                    for naming in names {
                        let naming = naming?;
                        let name = without_hashes(naming.name);
                        let Some(index) = naming.index.checked_sub(imported) else {
                            continue;
                        };
                        for (part, matched) in parts.iter().zip(&mut matched) {
                            if name.contains(part) {
                                *matched = true;
                                functions.insert(index);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (part, matched) in parts.iter().zip(matched) {
        ensure!(
            matched,
            "the widget has no function whose name contains {part}"
        );
    }
    Ok(functions)
}

/// Copies a module with a trap in place of the bodies of the functions with these indices.
struct Traps(BTreeSet<u32>);

impl Reencode for Traps {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        function: FunctionBody<'_>,
    ) -> Result<(), reencode::Error> {
        if !self.0.contains(&code.len()) {
            return reencode::utils::parse_function_body(self, code, function);
        }
        let mut trap = Function::new([]);
        trap.instruction(&Instruction::Unreachable);
        trap.instruction(&Instruction::End);
        code.function(&trap);
        Ok(())
    }
}

/// Removes the compiler's hashes from a name: `core[c5930c85a12de822]::fmt::write` becomes `core::fmt::write`.
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
    use super::{remove_functions, without_hashes};
    use crate::{build::stamp, workspace};

    /// Two functions, each `local.get 0; end`, and their names: `f` and `core[0a]::fmt::x`.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x06\x01\x60\x01\x7f\x01\x7f\
        \x03\x03\x02\0\0\
        \x0a\x0b\x02\x04\0\x20\0\x0b\x04\0\x20\0\x0b\
        \0\x1d\x04name\x01\x16\x02\0\x01f\x01\x10core[0a]::fmt::x";

    #[test]
    fn a_named_function_becomes_a_trap() {
        let wasm = remove_functions(WASM, &["core::fmt::"]).expect("the module is valid");
        let code = b"\x0a\x0a\x02\x04\0\x20\0\x0b\x03\0\0\x0b\0\x1d\x04name";
        assert!(wasm.windows(code.len()).any(|window| window == code));
    }

    #[test]
    fn a_name_that_matches_no_function_is_an_error() {
        assert!(remove_functions(WASM, &["core::fmt::", "core::panicking::"]).is_err());
    }

    #[test]
    fn a_truncated_module_is_an_error() {
        for length in 0..WASM.len() {
            let truncated = WASM.get(..length).unwrap();
            assert!(
                remove_functions(truncated, &["core::fmt::"]).is_err(),
                "{length}"
            );
        }
    }

    /// Clippy reads only the nearest `clippy.toml`. So the widget's file, which forbids the removed
    /// functions, must repeat the lines of the workspace's file.
    #[test]
    fn the_widgets_lints_contain_those_of_the_workspace() {
        let read = |path| std::fs::read_to_string(workspace::root().join(path)).unwrap();
        let widget = read("widget/clippy.toml");
        for line in read("clippy.toml").lines() {
            assert!(widget.lines().any(|own| own == line), "missing: {line}");
        }
    }

    /// The functions that format become traps in the widget, so its sources must not format values.
    /// The tests at the end of a source file may.
    #[test]
    fn the_widgets_sources_do_not_format() {
        for folder in ["widget/src", "notice/src/browser", "notice/src/text"] {
            let files = stamp::files_under(&workspace::root().join(folder)).unwrap();
            for file in files
                .iter()
                .filter(|file| file.extension().is_some_and(|it| it == "rs"))
            {
                let source = std::fs::read_to_string(file).unwrap();
                let code = source.split("#[cfg(test)]").next().unwrap_or_default();
                for formatting in ["format!(", "write!(", "writeln!(", "to_string()"] {
                    assert!(
                        !code.contains(formatting),
                        "{formatting} in {}",
                        file.display()
                    );
                }
            }
        }
    }

    #[test]
    fn hashes_are_removed_from_names() {
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
