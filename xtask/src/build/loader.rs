//! Builds the loader, the rules, the preview and the plain card.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::bail;
use texts::Table;

use super::{
    globals,
    integrity::integrity,
    minify::{self, Format},
    site_loader::{MARK, SiteLoader},
};
use crate::workspace;

/// The placeholder for the version. The version is known only later, because it contains a hash of
/// the loader and the other files.
const PLACEHOLDER: &str = "@@VERSION@@";

pub struct Loader {
    /// `embed.js` at its unversioned URL, with the placeholder for the version.
    pub current: String,
    /// `embed.js` at its versioned URL, with the placeholder. It checks the hash of `rules.js`,
    /// which checks those of the other files.
    pub versioned: String,
    /// The ES modules beside the versioned `embed.js`, by file name: `rules.js`, `preview.js`, and
    /// for the plain card `plain.js`, `standing.js` and its texts in languages other than English.
    pub modules: Vec<(String, String)>,
    /// The parts from which the Worker composes the loader of a site.
    pub site: SiteLoader,
}

/// Replaces the placeholder by the version.
pub fn with_version(loader: &str, version: &str) -> String {
    loader.replace(PLACEHOLDER, version)
}

/// Bundles and minifies the sources in `widget/loader/` and `widget/plain/`. `others` are the names
/// and contents of other files that `rules.js` loads; their hashes are inserted into `rules.js`.
pub fn build(others: &[(&str, &[u8])]) -> anyhow::Result<Loader> {
    let texts = Table::read()?;
    let mut modules = plain_texts(&texts)?;
    for (name, source) in [
        ("plain.js", "plain/draw.js"),
        ("preview.js", "loader/preview.js"),
    ] {
        modules.push((name.to_owned(), minify(source, Format::Module, &[])?));
    }
    let scripts = modules.iter();
    let scripts = scripts.map(|(name, script)| (name.as_str(), script.as_bytes()));
    let hashes: BTreeMap<&str, String> = scripts
        .chain(others.iter().copied())
        .map(|(name, bytes)| (name, integrity(bytes)))
        .collect();
    let hashes = serde_json::to_string(&hashes)?;
    let rules_of = |source: &str, format, is_of_one_site: &str| {
        let defined = [
            ("__HASHES__", hashes.as_str()),
            ("__SITE__", is_of_one_site),
        ];
        minify(source, format, &defined)
    };
    let rules = rules_of("loader/rules.js", Format::Module, "false")?;

    let loader = |hash: &str, is_of_one_site: &str, contained: &str| {
        let version = format!("\"{PLACEHOLDER}\"");
        let hash = format!("\"{hash}\"");
        let defined = [
            ("__VERSION__", version.as_str()),
            ("__INTEGRITY__", &hash),
            ("__SITE__", is_of_one_site),
            ("__CONTAINED__", contained),
        ];
        minify("loader/embed.js", Format::Script, &defined)
    };
    let site = SiteLoader::of(
        &loader("", "true", MARK)?,
        &rules_of("loader/open.js", Format::AsciiModule, "true")?,
        &minify_plain(&texts, "plain/contained.js", Format::AsciiModule)?,
        texts_of_others(&texts),
    )?;
    let current = loader("", "false", "0")?;
    let versioned = loader(&integrity(rules.as_bytes()), "false", "0")?;
    modules.push(("rules.js".to_owned(), rules));
    Ok(Loader {
        current,
        versioned,
        modules,
        site,
    })
}

/// The sources that name texts of the plain card.
const SOURCES_WITH_TEXTS: [&str; 2] = ["controller.js", "texts.js"];

/// Reads `SOURCES_WITH_TEXTS` into one text.
fn sources_with_texts() -> anyhow::Result<String> {
    let folder = workspace::root().join("widget/plain");
    let read = |name| fs::read_to_string(folder.join(name));
    Ok(SOURCES_WITH_TEXTS
        .map(read)
        .into_iter()
        .collect::<Result<String, _>>()?)
}

/// `standing.js` with the English texts, and a file of texts for each other language.
fn plain_texts(texts: &Table) -> anyhow::Result<Vec<(String, String)>> {
    check_keys(&sources_with_texts()?, texts.plain_keys())?;
    let standing = minify_plain(texts, "plain/controller.js", Format::Module)?;
    let mut modules = vec![("standing.js".to_owned(), standing)];
    for (language, lines) in texts_of_others(texts) {
        let lines = serde_json::to_string(&lines)?;
        let name = format!("plain-{language}.js");
        modules.push((name, format!("export default{lines};\n")));
    }
    Ok(modules)
}

/// The texts of the plain card in other languages than English.
fn texts_of_others(texts: &Table) -> BTreeMap<String, String> {
    let languages = texts.languages().filter(|language| *language != "en");
    languages
        .map(|language| (language.to_owned(), texts.plain(language)))
        .collect()
}

/// Minifies a script of the plain card. Inserts the English texts, and replaces the key of each text by its index in them.
fn minify_plain(texts: &Table, source: &str, format: Format) -> anyhow::Result<String> {
    let numbers = texts.plain_keys().iter().enumerate();
    let mut defined: Vec<(String, String)> = numbers
        .map(|(number, key)| (format!("{TEXT}{key}"), number.to_string()))
        .collect();
    let english = serde_json::to_string(&texts.plain("en"))?;
    defined.push(("__ENGLISH__".to_owned(), english));
    let defined: Vec<_> = defined
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    minify(source, format, &defined)
}

/// The prefix of a text's key in the sources. esbuild replaces prefix and key by the index of the text.
const TEXT: &str = "TEXT.";

/// Checks that the sources name the listed texts and no others.
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

fn minify(source: &str, format: Format, defined: &[(&str, &str)]) -> anyhow::Result<String> {
    let file = workspace::root().join("widget").join(source);
    let script = minify::minify(&file, format, defined)?;
    Ok(match format {
        Format::Module | Format::AsciiModule => globals::declare_built_ins(&script),
        Format::Script => script,
    })
}

#[cfg(test)]
mod tests {
    use texts::Table;

    use super::check_keys;

    #[test]
    fn the_sources_name_the_listed_texts() {
        check_keys(
            &super::sources_with_texts().unwrap(),
            Table::read().unwrap().plain_keys(),
        )
        .unwrap();
    }

    #[test]
    fn an_unlisted_or_unused_text_is_an_error() {
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
