//! The loader that every page runs, the rules that it asks once there is a notice, and the plain card for pages that
//! refuse wasm.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use anyhow::{Context, bail};
use texts::Table;

use super::integrity::integrity;
use crate::{command::capture, node, workspace};

/// Stands for the version until it is known: the version is made from the loader too.
const PLACEHOLDER: &str = "@@VERSION@@";

/// The minified scripts.
pub struct Loader {
    /// `embed.js` that is always current, still with the placeholder for its version.
    pub current: String,
    /// `embed.js` of one version for ever: it takes only the very `rules.js` that it was built with, and that one only
    /// the very files beside it.
    pub versioned: String,
    /// What lies beside them, ES modules by the names of their files: `rules.js`, `plain.js` with its words in
    /// other languages and what it is told by (`standing.js`), `preview.js`.
    pub modules: Vec<(String, String)>,
}

/// A loader as pages get it.
pub fn stamped(loader: &str, version: &str) -> String {
    loader.replace(PLACEHOLDER, version)
}

/// Minifies all. Their sources are in `widget/embed/`, the plain card's texts in `texts`; `others` are the files that come from elsewhere, by name, whose
/// hashes the rules must know.
pub fn build(others: &[(&str, &[u8])]) -> anyhow::Result<Loader> {
    let mut modules = plain(&Table::read()?)?;
    for name in ["plain.js", "preview.js"] {
        modules.push((name.to_owned(), minify(name, "esm", &[])?));
    }
    let scripts = modules.iter();
    let scripts = scripts.map(|(name, script)| (name.as_str(), script.as_bytes()));
    let hashes: BTreeMap<&str, String> = scripts
        .chain(others.iter().copied())
        .map(|(name, bytes)| (name, integrity(bytes)))
        .collect();
    let hashes = serde_json::to_string(&hashes)?;
    let rules = minify("rules.js", "esm", &[("__HASHES__", &hashes)])?;

    let loader = |hash: &str| {
        let version = format!("\"{PLACEHOLDER}\"");
        let hash = format!("\"{hash}\"");
        minify(
            "embed.js",
            "iife",
            &[("__VERSION__", &version), ("__INTEGRITY__", &hash)],
        )
    };
    let (current, versioned) = (loader("")?, loader(&integrity(rules.as_bytes()))?);
    modules.push(("rules.js".to_owned(), rules));
    Ok(Loader {
        current,
        versioned,
        modules,
    })
}

/// The scripts that hold what the plain card says.
const SAYING: [&str; 2] = ["standing.js", "saying.js"];

/// All that says something in the plain card, as one text.
fn saying() -> anyhow::Result<String> {
    let folder = workspace::root().join("widget/embed");
    let read = |name| fs::read_to_string(folder.join(name));
    Ok(SAYING
        .map(read)
        .into_iter()
        .collect::<Result<String, _>>()?)
}

/// `standing.js` with the English texts, and those of other languages.
fn plain(texts: &Table) -> anyhow::Result<Vec<(String, String)>> {
    check_keys(&saying()?, texts.plain_keys())?;
    let mut modules = Vec::new();
    for language in texts.languages() {
        let words = serde_json::to_string(&texts.plain(language))?;
        modules.push(if language == "en" {
            let numbers = texts.plain_keys().iter().enumerate();
            let mut defined: Vec<(String, String)> = numbers
                .map(|(number, key)| (format!("{TEXT}{key}"), number.to_string()))
                .collect();
            defined.push(("__ENGLISH__".to_owned(), words));
            let defined = defined.iter();
            let defined: Vec<_> = defined
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            (
                "standing.js".to_owned(),
                minify("standing.js", "esm", &defined)?,
            )
        } else {
            (
                format!("plain-{language}.js"),
                format!("export default{words};\n"),
            )
        });
    }
    Ok(modules)
}

/// What the plain card writes before the key of a text.
const TEXT: &str = "TEXT.";

/// Every text that the plain card names is listed, and every listed one is named.
fn check_keys(source: &str, listed: &[String]) -> anyhow::Result<()> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let named: BTreeSet<&str> = code
        .split(TEXT)
        .skip(1)
        .filter_map(|rest| {
            rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .next()
        })
        .collect();
    let listed: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    if let Some(key) = named.difference(&listed).next() {
        bail!("the plain card: {key} is not listed under `plain` in texts/en.toml");
    }
    if let Some(key) = listed.difference(&named).next() {
        bail!("texts/en.toml: `plain` lists {key}, which the plain card does not use");
    }
    Ok(())
}

fn minify(name: &str, format: &str, defined: &[(&str, &str)]) -> anyhow::Result<String> {
    let file = workspace::root().join("widget/embed").join(name);
    let defined = defined
        .iter()
        .map(|(name, value)| format!("--define:{name}={value}"));
    capture(
        Command::new(node::esbuild()?)
            .arg(file)
            .args([
                "--bundle",
                "--minify",
                "--target=es2021",
                "--legal-comments=none",
            ])
            .arg(format!("--format={format}"))
            .args(defined),
    )
    .with_context(|| format!("cannot minify widget/embed/{name}"))
}

#[cfg(test)]
mod tests {
    use texts::Table;

    use super::check_keys;

    #[test]
    fn the_plain_card_uses_the_texts_that_are_listed() {
        check_keys(
            &super::saying().unwrap(),
            Table::read().unwrap().plain_keys(),
        )
        .unwrap();
    }

    #[test]
    fn each_text_of_the_plain_card_is_listed_and_used() {
        let listed = ["hide", "more"].map(str::to_owned);
        let check = |source: &str| check_keys(source, &listed).map_err(|error| error.to_string());
        assert_eq!(
            check("// TEXT.none\nsay(TEXT.hide), say(TEXT.more - 1)"),
            Ok(())
        );
        for (source, expected) in [
            (
                "say(TEXT.hide)",
                "texts/en.toml: `plain` lists more, which the plain card does not use",
            ),
            (
                "[TEXT.hide, TEXT.more, TEXT.less]",
                "the plain card: less is not listed under `plain` in texts/en.toml",
            ),
        ] {
            assert_eq!(check(source), Err(expected.to_owned()));
        }
    }
}
