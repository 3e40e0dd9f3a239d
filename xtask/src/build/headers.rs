//! Writes Cloudflare's `_headers` file from the table that the Worker reads.

use std::collections::BTreeMap;

use anyhow::bail;

use super::assets::Table;

/// The maximum number of rules (developers.cloudflare.com/workers/static-assets/headers).
const MAX_RULES: usize = 100;

/// Renders one rule for each file, but only one for all versioned files with the same extension.
/// Cloudflare combines the headers of all rules that match a path, so only one rule may match.
pub fn render(table: &Table) -> anyhow::Result<String> {
    let mut rules = BTreeMap::new();
    for (path, entry) in &table.0 {
        let pattern = pattern(path);
        let headers = entry.headers();
        if rules
            .insert(pattern.clone(), headers.clone())
            .is_some_and(|other| other != headers)
        {
            bail!("files under {pattern} need different headers");
        }
    }
    if rules.len() > MAX_RULES {
        bail!(
            "Cloudflare allows at most {MAX_RULES} header rules, but there are {}",
            rules.len()
        );
    }
    let mut text = String::new();
    for (pattern, headers) in rules {
        text.push_str(&pattern);
        for (name, value) in headers {
            text.push_str(&format!("\n  {name}: {value}"));
        }
        text.push_str("\n\n");
    }
    Ok(text)
}

fn pattern(path: &str) -> String {
    let versioned = path.strip_prefix("/embed/");
    match versioned.and_then(|rest| rest.rsplit_once('.')) {
        Some((_, extension)) => format!("/embed/*.{extension}"),
        None => path.to_owned(),
    }
}

/// The headers that Cloudflare sends for a path by these rules.
#[cfg(test)]
fn headers_of(text: &str, path: &str) -> Vec<(String, String)> {
    let matches = |pattern: &str| match pattern.split_once('*') {
        Some((before, after)) => {
            path.len() >= before.len() + after.len()
                && path.starts_with(before)
                && path.ends_with(after)
        }
        None => path == pattern,
    };
    text.split("\n\n")
        .filter_map(|rule| rule.split_once('\n'))
        .filter(|(pattern, _)| matches(pattern.trim()))
        .flat_map(|(_, headers)| headers.lines())
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn check(table: &Table) {
        let text = render(table).unwrap();
        for (path, entry) in &table.0 {
            let expected: Vec<_> = entry
                .headers()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(headers_of(&text, path), expected, "{path}");
        }
        assert!(
            text.lines().all(|line| line.len() <= 2000),
            "the maximum length of a line"
        );
    }

    #[test]
    fn the_rules_give_the_headers_of_the_table() {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "index.html",
            "demo/index.html",
            "demo/style.css",
            "docs/embed.html",
            "embed.js",
            "embed/0.1.0-01234567/embed.js",
            "embed/0.1.0-01234567/plain.js",
            "embed/0.1.0-01234567/widget.js",
            "embed/0.1.0-01234567/widget_bg.wasm",
            "icon.svg",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "content").unwrap();
        }
        let table = Table::of(folder.path()).unwrap();
        assert_eq!(table.0.len(), 10);
        check(&table);
    }

    #[test]
    fn too_many_rules_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..=MAX_RULES {
            fs::write(folder.path().join(format!("{number}.txt")), "x").unwrap();
        }
        let table = Table::of(folder.path()).unwrap();
        assert!(render(&table).unwrap_err().to_string().contains("100"));
    }
}
