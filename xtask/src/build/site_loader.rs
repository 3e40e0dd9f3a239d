//! The scripts from which the Worker composes the loader of a site, in a static file that only the Worker reads.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use serde::Serialize;

/// The name of the file, among the static files.
pub const FILE: &str = "site-loader.json";
/// The mark in the loader's script that the Worker replaces by the site's slug, feed, rules and
/// plain card. No page or script has this name.
pub const MARK: &str = "ALLCLEAR_CONTAINED";

/// The content of [`FILE`], which `edge/src/cache/site_loader/template.rs` reads. All scripts are
/// ASCII, as the Worker requires.
#[derive(Clone, Debug, Serialize)]
pub struct SiteLoader {
    /// The loader, before and after the mark, with the placeholder for the version.
    loader: (String, String),
    /// An expression for the default export of `widget/loader/open.js`.
    rules: String,
    /// An expression for the default export of `widget/plain/contained.js`.
    plain: String,
    /// The texts of the plain card in other languages than English.
    texts: BTreeMap<String, String>,
}

impl SiteLoader {
    /// # Errors
    /// When the loader does not have the mark exactly once, or a script is not ASCII or has no default export.
    pub fn of(
        loader: &str,
        rules: &str,
        plain: &str,
        texts: BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let parts: Vec<&str> = loader.split(MARK).collect();
        let [before, after] = parts.as_slice() else {
            anyhow::bail!("the loader of a site has {MARK} {} times", parts.len() - 1);
        };
        let all = [before, after, rules, plain];
        ensure!(
            all.iter().all(|script| script.is_ascii()),
            "the loader of a site is not ASCII"
        );
        Ok(Self {
            loader: ((*before).to_owned(), (*after).to_owned()),
            rules: expression(rules)?,
            plain: expression(plain)?,
            texts,
        })
    }

    /// The content of the file as JSON, with the version in place of its placeholder.
    pub fn json(&self, with_version: impl Fn(&str) -> String) -> anyhow::Result<String> {
        let (before, after) = &self.loader;
        let loader = (with_version(before), with_version(after));
        let versioned = Self {
            loader,
            ..self.clone()
        };
        Ok(serde_json::to_string(&versioned)? + "\n")
    }
}

/// Converts a minified ES module into an expression for its default export. The module must have no
/// other exports and no imports.
fn expression(module: &str) -> anyhow::Result<String> {
    let (code, exported) = module
        .rsplit_once("export{")
        .context("the module has no exports")?;
    let name = exported
        .trim_end_matches(';')
        .strip_suffix(" as default}")
        .filter(|name| !name.contains(','))
        .context("the module has other exports than the default one")?;
    Ok(format!("(()=>{{\"use strict\";{code}return {name}}})()"))
}

#[cfg(test)]
mod tests {
    use super::{SiteLoader, expression};

    #[test]
    fn an_expression_has_the_value_of_the_default_export() {
        for (module, expected) in [
            (
                "const a=1;export{a as default};",
                Some("(()=>{\"use strict\";const a=1;return a})()"),
            ),
            (
                "const a=1;export{a as default}",
                Some("(()=>{\"use strict\";const a=1;return a})()"),
            ),
            ("const a=1;export{a as default,b as c};", None),
            ("const a=1;export{a as b};", None),
            ("const a=1;", None),
        ] {
            assert_eq!(expression(module).ok().as_deref(), expected, "{module}");
        }
    }

    #[test]
    fn a_loader_without_exactly_one_mark_is_an_error() {
        let build = |loader: &str| {
            let module = "export{a as default}";
            let built = SiteLoader::of(loader, module, module, Default::default());
            built.and_then(|loader| loader.json(|script| script.replace('@', "1")))
        };
        let built = build("a(@,ALLCLEAR_CONTAINED)").unwrap();
        assert!(
            built.starts_with(r#"{"loader":["a(1,",")"],"rules":"(()=>{"#),
            "{built}"
        );
        for loader in [
            "a()",
            "a(ALLCLEAR_CONTAINED,ALLCLEAR_CONTAINED)",
            "é(ALLCLEAR_CONTAINED)",
        ] {
            assert!(build(loader).is_err(), "{loader}");
        }
    }
}
