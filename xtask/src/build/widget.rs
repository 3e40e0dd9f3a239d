//! The card: wasm and its glue, made as small as the tools can.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Context;

use crate::{
    command::{cargo, run},
    node,
    tools::Tools,
    workspace,
};

use super::{import_names, integrity::integrity, never_called, scratch, stamp, unused_imports};

/// What pages with something to say load.
pub struct Widget {
    /// `widget.js`, an ES module.
    pub glue: Vec<u8>,
    /// `widget_bg.wasm`.
    pub wasm: Vec<u8>,
    /// The card's words in languages other than the one that is built in, by the names of their files.
    pub words: Vec<(String, Vec<u8>)>,
}

/// What rustc emits for this target: each must be named, since later encodings are not understood by all browsers.
pub(super) const FEATURES: &[&str] = &[
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Compiles, binds, optimises and minifies.
pub fn build(tools: &Tools) -> anyhow::Result<Widget> {
    // As a cdylib alone: beside an rlib, cargo silently leaves out link-time optimisation, a good third of the bytes.
    run(cargo()
        .args(["rustc", "--package", "widget", "--profile", "widget"])
        .args(["--target", "wasm32-unknown-unknown", "--lib"])
        .args(["--crate-type", "cdylib"])
        // Paths of the machine that builds would stand in the wasm, and change its hash from one machine to the next.
        .env("CARGO_ENCODED_RUSTFLAGS", remapped().join("\x1f")))?;
    let compiled = workspace::target().join("wasm32-unknown-unknown/widget/widget.wasm");

    let words = words()?;
    let languages = languages(&words);
    let folder = scratch().join("widget");
    let glue = folder.join("out/widget.js");
    let wasm = folder.join("out/widget_bg.wasm");
    let inputs = languages.clone()
        + &stamp::hash_of_paths(&[
            compiled.clone(),
            tools.wasm_bindgen.clone(),
            workspace::root().join("package-lock.json"),
            workspace::root().join("Cargo.lock"),
            workspace::root().join("xtask/src/build"),
        ])?;
    stamp::unless_made("widget", &inputs, &[glue.clone(), wasm.clone()], || {
        let bound = folder.join("bound");
        fs::create_dir_all(&bound)?;
        fs::create_dir_all(folder.join("out"))?;
        run(Command::new(&tools.wasm_bindgen)
            .arg(&compiled)
            .args(["--target", "web", "--no-typescript", "--out-name", "widget"])
            .arg("--out-dir")
            .arg(&bound))?;
        let needed = folder.join("needed.wasm");
        let whole = read(bound.join("widget_bg.wasm"))?;
        fs::write(&needed, never_called::leave_out(&whole)?)?;
        run(Command::new(node::wasm_opt()?)
            .arg(&needed)
            .arg("-o")
            .arg(&wasm)
            .args([
                "--flatten",
                "--rereloop",
                "-Oz",
                "-Oz",
                "-Oz",
                // Inlining as far as it makes the compressed file smaller, found by trying: half a kilobyte.
                "--one-caller-inline-max-function-size=25",
                "--always-inline-max-function-size=5",
                // Functions of one module are alike, and compress better side by side: half a kilobyte.
                "--reorder-functions-by-name",
                "--low-memory-unused",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .args(FEATURES.iter().map(|feature| format!("--enable-{feature}"))))?;
        // Bundled through an entry that names what is used, since wasm-bindgen exports more, and snippets come beside.
        let entry = bound.join("entry.js");
        let script = String::from_utf8(read(bound.join("widget.js"))?)?;
        let words = snippet(&script, "/src/page/words.js")?;
        let guard = words.replace("words.js", "guard.js");
        let used = unused_imports::remove(&script, &read(wasm.clone())?)?;
        fs::write(bound.join("guarded.js"), guarded(&used, &guard)?)?;
        let exports = format!(
            "export {{ compile, start }} from \"./guarded.js\";\nexport {{ fetchWords }} from \"{words}\";\n\
             export {{ onBroken }} from \"{guard}\";\n"
        );
        fs::write(&entry, exports)?;
        run(Command::new(node::esbuild()?)
            .arg(&entry)
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
            // wasm-bindgen writes a snippet's key several times, which esbuild would warn of.
            .args(["--legal-comments=none", "--log-level=error"])
            .arg(format!("--define:__LANGUAGES__={languages}"))
            .arg(format!("--outfile={}", glue.display())))?;
        let named = String::from_utf8(read(glue.clone())?)?;
        let (short, renamed) = import_names::shorten(&read(wasm.clone())?, &named)?;
        fs::write(&wasm, short)?;
        fs::write(&glue, renamed)?;
        Ok(())
    })?;
    Ok(Widget {
        glue: read(glue)?,
        wasm: read(wasm)?,
        words,
    })
}

/// Where wasm-bindgen has put one of our own scripts, as its script imports it.
fn snippet<'a>(script: &'a str, path: &str) -> anyhow::Result<&'a str> {
    let imported = script.split(['\'', '"']).find(|part| part.ends_with(path));
    imported.with_context(|| format!("the glue does not import {path}"))
}

/// Compiles while the answer arrives, or once it has, where a host serves wasm under another type. In place of
/// wasm-bindgen's own, which also takes addresses, bytes and modules.
const COMPILE: &str = r"
async function compile(response) {
  const whole = response.clone();
  const imports = __wbg_get_imports();
  const { instance, module } = await WebAssembly.instantiateStreaming(response, imports).catch(async () =>
    WebAssembly.instantiate(await whole.arrayBuffer(), imports),
  );
  return __wbg_finalize_init(instance, module);
}
export { compile };
";

/// wasm-bindgen's script with the instance's exports behind the guard (`widget/src/page/guard.js`), and with `COMPILE` in
/// place of what it loads itself with.
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

/// The card's texts in languages other than English, which is built in.
fn words() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let table = texts::Table::read()?;
    let languages = table.languages().filter(|tag| *tag != "en");
    let files = languages.map(|tag| (format!("{tag}.txt"), table.card(tag).into_bytes()));
    Ok(files.collect())
}

/// The languages that there are, each with the hash that its file is held to, as a JavaScript object.
fn languages(words: &[(String, Vec<u8>)]) -> String {
    let entries = words.iter().map(|(file, bytes)| {
        let tag = file.trim_end_matches(".txt");
        format!("\"{tag}\":\"{}\"", integrity(bytes))
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

/// Flags that leave out where the sources lie.
pub(super) fn remapped() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    [(workspace::root(), "."), (home, "cargo")]
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect()
}

fn read(path: PathBuf) -> anyhow::Result<Vec<u8>> {
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{COMPILE, guarded};

    #[test]
    fn the_glue_takes_the_guards_exports_and_our_loading() {
        let script = "wasm = instance.exports;\nasync function __wbg_load(module) {}";
        let guarded = guarded(script, "./guard.js").expect("it has all that is replaced");
        let expected = "import { guard } from \"./guard.js\";\nwasm = guard(instance.exports);\n";
        assert_eq!(guarded, format!("{expected}{COMPILE}"));
    }

    #[test]
    fn glue_of_another_form_ends_the_build() {
        for script in [
            "wasm = exports;\nasync function __wbg_load(module) {}",
            "instance.exports instance.exports\nasync function __wbg_load(module) {}",
            "wasm = instance.exports;",
        ] {
            assert!(guarded(script, "./guard.js").is_err(), "{script}");
        }
    }
}
