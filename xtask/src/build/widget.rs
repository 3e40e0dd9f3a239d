//! Builds the widget: wasm and its glue, optimised for size.

use std::{fs, path::PathBuf};

use anyhow::Context;

use crate::{tools::Tools, workspace::scratch};

use super::{
    globals, import_names, integrity::integrity, never_called, panic_data, stamp, unused_imports,
    wasm,
};

pub struct Widget {
    /// `widget.js`, an ES module.
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
    /// The texts in languages other than English, which is compiled in, by file name.
    pub texts: Vec<(String, Vec<u8>)>,
}

/// The passes of wasm-opt.
const PASSES: &[&str] = &[
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "-Oz",
    // These values gave the smallest compressed file in trials: 0.5 KB less.
    "--one-caller-inline-max-function-size=25",
    "--always-inline-max-function-size=5",
    // Functions of one module are similar, and compress better side by side: saves 0.5 KB.
    "--reorder-functions-by-name",
    "--low-memory-unused",
    "--strip-target-features",
];

/// Compiles, binds, optimises and minifies.
pub fn build(tools: &Tools) -> anyhow::Result<Widget> {
    let compiled = wasm::compile("widget")?;
    let texts = texts()?;
    let languages = languages(&texts);
    let folder = scratch().join("widget");
    let glue = folder.join("out/widget.js");
    let wasm = folder.join("out/widget_bg.wasm");
    let inputs = wasm::hash_of_inputs(&compiled, tools, languages.as_bytes())?;
    stamp::run_if_changed("widget", &inputs, &[glue.clone(), wasm.clone()], || {
        let bound = folder.join("bound");
        fs::create_dir_all(&bound)?;
        fs::create_dir_all(folder.join("out"))?;
        wasm::bind(tools, &compiled, "widget", &bound)?;
        let needed = folder.join("needed.wasm");
        let whole = read(bound.join("widget_bg.wasm"))?;
        fs::write(&needed, panic_data::erase(&never_called::remove(&whole)?)?)?;
        wasm::optimise(&needed, &wasm, PASSES)?;
        // The entry exports only what is used: wasm-bindgen's script exports more, and its snippets
        // are separate files.
        let entry = bound.join("entry.js");
        let script = String::from_utf8(read(bound.join("widget.js"))?)?;
        let texts_script = snippet(&script, "/src/dom/texts.js")?;
        let guard = texts_script.replace("texts.js", "guard.js");
        let checks = texts_script.replace("texts.js", "globals.js");
        let used = unused_imports::remove(&script, &read(wasm.clone())?)?;
        let lean = without_unneeded(&used)?;
        fs::write(bound.join("guarded.js"), guarded(&lean, &guard)?)?;
        let exports = format!(
            "import \"{checks}\";\nexport {{ compile, start }} from \"./guarded.js\";\nexport {{ fetchTexts }} from \"{texts_script}\";\n\
             export {{ onBroken }} from \"{guard}\";\n"
        );
        fs::write(&entry, exports)?;
        wasm::bundle(&entry, &glue, &[("__LANGUAGES__", &languages)])?;
        let named = String::from_utf8(read(glue.clone())?)?;
        let (short, renamed) = import_names::shorten(&read(wasm.clone())?, &named)?;
        fs::write(&wasm, short)?;
        fs::write(&glue, globals::declare_built_ins(&renamed))?;
        Ok(())
    })?;
    Ok(Widget {
        glue: read(glue)?,
        wasm: read(wasm)?,
        texts,
    })
}

/// The path at which wasm-bindgen's script imports one of the widget's scripts.
fn snippet<'a>(script: &'a str, path: &str) -> anyhow::Result<&'a str> {
    let imported = script.split(['\'', '"']).find(|part| part.ends_with(path));
    imported.with_context(|| format!("the glue does not import {path}"))
}

/// Compiles the module while the response arrives, or afterwards if its media type is not that of wasm.
/// Replaces wasm-bindgen's function, which also takes URLs, bytes and modules.
const COMPILE: &str = r"
async function compile(response) {
  const whole = response.clone();
  const imports = __wbg_get_imports();
  let built;
  try {
    built = await WebAssembly.instantiateStreaming(response, imports);
  } catch {
    built = await WebAssembly.instantiate(await whole.arrayBuffer(), imports);
  }
  return __wbg_finalize_init(built.instance, built.module);
}
export { compile };
";

/// Parts of wasm-bindgen's script that the widget does not need: the beginning and the end of each,
/// and its replacement.
const UNNEEDED: [(&str, &str, &str); 3] = [
    // Describes a value for the message of a panic, which is never shown.
    (
        "function debugString(",
        "\n}\n",
        "const debugString = (value) => `${value}`;\n",
    ),
    // `encodeInto` is in every browser that runs this module's wasm features.
    ("if (!('encodeInto' in", "\n}\n", ""),
    // All callers pass `realloc`.
    ("    if (realloc === undefined) {", "\n    }\n", ""),
];

/// Replaces the parts in `UNNEEDED`.
fn without_unneeded(script: &str) -> anyhow::Result<String> {
    let mut script = script.to_owned();
    for (begin, end, replacement) in UNNEEDED {
        let (before, rest) = script
            .split_once(begin)
            .with_context(|| format!("the glue has no {begin:?}, which is replaced"))?;
        let (_, after) = rest
            .split_once(end)
            .with_context(|| format!("the glue's {begin:?} has no end"))?;
        script = format!("{before}{replacement}{after}");
    }
    Ok(script)
}

/// Changes wasm-bindgen's script: wraps the instance's exports by the guard
/// (`widget/src/dom/guard.js`), and replaces the loading functions by `COMPILE`.
fn guarded(script: &str, guard: &str) -> anyhow::Result<String> {
    let exports = "instance.exports";
    anyhow::ensure!(
        script.matches(exports).count() == 1,
        "the glue does not name {exports} once, where the guard would go"
    );
    let load = "async function __wbg_load(";
    let (script, _) = script
        .split_once(load)
        .with_context(|| format!("the glue has no {load:?}, which is replaced"))?;
    let script = script.replace(exports, &format!("guard({exports})"));
    Ok(format!(
        "import {{ guard }} from \"{guard}\";\n{script}{COMPILE}"
    ))
}

/// The texts in languages other than English, by file name.
fn texts() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let table = texts::Table::read()?;
    let languages = table.languages().filter(|tag| *tag != "en");
    let files = languages.map(|tag| (format!("{tag}.txt"), table.card(tag).into_bytes()));
    Ok(files.collect())
}

/// The languages with the integrity hash of each file, as a JavaScript object.
fn languages(texts: &[(String, Vec<u8>)]) -> String {
    let entries = texts.iter().map(|(file, bytes)| {
        let tag = file.trim_end_matches(".txt");
        format!("\"{tag}\":\"{}\"", integrity(bytes))
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

fn read(path: PathBuf) -> anyhow::Result<Vec<u8>> {
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{COMPILE, guarded, without_unneeded};

    #[test]
    fn the_glue_uses_the_guard_and_compile() {
        let script = "wasm = instance.exports;\nasync function __wbg_load(module) {}";
        let guarded = guarded(script, "./guard.js").expect("the glue has the known form");
        let expected = "import { guard } from \"./guard.js\";\nwasm = guard(instance.exports);\n";
        assert_eq!(guarded, format!("{expected}{COMPILE}"));
    }

    #[test]
    fn the_glue_has_no_unneeded_parts() {
        let script = "a();\nfunction debugString(val) {\n    return val;\n}\nb();\nif (!('encodeInto' in c)) {\n    c();\n}\n\
                      function d() {\n    if (realloc === undefined) {\n        e();\n    }\n    f();\n}\n";
        assert_eq!(
            without_unneeded(script).expect("the glue has the known form"),
            "a();\nconst debugString = (value) => `${value}`;\nb();\nfunction d() {\n    f();\n}\n"
        );
        assert!(without_unneeded("a();").is_err());
    }

    #[test]
    fn an_unknown_form_of_the_glue_is_an_error() {
        for script in [
            "wasm = exports;\nasync function __wbg_load(module) {}",
            "instance.exports instance.exports\nasync function __wbg_load(module) {}",
            "wasm = instance.exports;",
        ] {
            assert!(guarded(script, "./guard.js").is_err(), "{script}");
        }
    }
}
