//! Removes the glue of imports that the optimised module no longer has: 1 KB of the widget.
//!
//! wasm-bindgen writes a function for each import of the compiled module. `never_called` and wasm-opt then remove functions, and
//! with them imports, but do not change the script.

use std::collections::BTreeSet;

use anyhow::ensure;
use wasmparser::{Parser, Payload};

/// The last lines of an entry in wasm-bindgen's object of imports.
const ENDS: [&str; 2] = ["        },", "        }, arguments); },"];

/// Removes the imports that the module does not have from wasm-bindgen's script.
///
/// # Errors
/// When the module is malformed, when the script lacks an import of the module, or when an entry does not end.
pub fn remove(script: &str, wasm: &[u8]) -> anyhow::Result<String> {
    let mut missing = imports(wasm)?;
    let mut kept = String::with_capacity(script.len());
    let mut is_unused = false;
    for line in script.lines() {
        if let Some(name) = import(line) {
            ensure!(!is_unused, "an import ends without {ENDS:?} before {line}");
            is_unused = !missing.remove(name);
        }
        if !is_unused {
            kept.push_str(line);
            kept.push('\n');
        }
        // A short entry is one line.
        is_unused &= !ENDS.contains(&line);
    }
    ensure!(!is_unused, "the last import does not end with {ENDS:?}");
    ensure!(missing.is_empty(), "the glue lacks the imports {missing:?}");
    Ok(kept)
}

/// The name of the import whose entry begins with this line.
fn import(line: &str) -> Option<&str> {
    let entry = line.strip_prefix("        ")?;
    let (name, _) = entry.split_once(": function(")?;
    name.starts_with("__wb").then_some(name)
}

/// The names of wasm-bindgen's imports.
fn imports(wasm: &[u8]) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let name = import?.name;
                if name.starts_with("__wb") {
                    names.insert(name.to_owned());
                }
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::remove;

    /// Imports `__wbg_long_00` and `plain`, two functions of the type `() -> ()`.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
        \x02\x1d\x02\x01m\x0d__wbg_long_00\0\0\x01m\x05plain\0\0";

    const USED: &str =
        "        __wbg_long_00: function(arg0) {\n            return arg0;\n        },\n";
    const UNUSED: &str = "        __wbg_addEventListener_1: function() { return handleError(function (arg0) {\n            \
        return arg0;\n        }, arguments); },\n        __wbg_bubbles_2: function(arg0) {\n        },\n";

    #[test]
    fn imports_that_the_module_lacks_are_removed() {
        let script = format!("const imports = {{\n{UNUSED}{USED}{UNUSED}}};\n");
        let kept = remove(&script, WASM).expect("it is valid");
        assert_eq!(kept, format!("const imports = {{\n{USED}}};\n"));
    }

    #[test]
    fn a_script_with_unexpected_lines_is_an_error() {
        for script in [
            "const imports = {};\n".to_owned(),
            format!("{USED}        __wbg_bubbles_2: function(arg0) {{\n}},\n"),
            format!("        __wbg_bubbles_2: function(arg0) {{\n}},\n{USED}"),
        ] {
            assert!(remove(&script, WASM).is_err(), "{script}");
        }
    }
}
