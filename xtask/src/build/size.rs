//! Measures the sizes of the files that pages and Cloudflare load, and compares them with the budgets.

use std::{fs, path::Path};

use anyhow::Context;

use super::{
    compress,
    integrity::integrity,
    stamp::{self, hash_of},
};
use crate::workspace::scratch;

/// Budget of the loader and an empty feed together, in bytes after brotli (`tests/tests/deployment/budgets.rs`).
pub const QUIET_BUDGET: usize = 2_048;
/// Budget of the loader, in bytes after brotli.
pub const LOADER_BUDGET: usize = 2_048;
/// Budget of `rules.js`, in bytes after brotli. It contains eight hashes, which cannot be compressed.
pub const RULES_BUDGET: usize = 3_400;
/// Budget of `plain.js`, in bytes after brotli: 6 KiB together with the rules.
pub const PLAIN_BUDGET: usize = 6 * 1024 - RULES_BUDGET;
/// Budget of `standing.js`, the plain card's controller, in bytes after brotli: 9.5 KiB.
pub const STANDING_BUDGET: usize = 9_728;
/// Budget of the widget, glue and wasm together, in bytes after brotli.
pub const WIDGET_BUDGET: usize = 64 * 1024;

/// The total size of some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    pub name: &'static str,
    /// In bytes, uncompressed.
    pub raw: usize,
    /// In bytes after brotli at the highest quality, each file compressed separately.
    pub brotli: usize,
    /// The maximum of `brotli`.
    pub budget: Option<usize>,
}

/// Measures the build in a folder.
pub fn measure(dist: &Path, version: &str) -> anyhow::Result<Vec<Size>> {
    let embed = format!("assets/embed/{version}");
    let glue = format!("{embed}/widget.js");
    let wasm = format!("{embed}/widget_bg.wasm");
    let (pinned, rules) = (format!("{embed}/embed.js"), format!("{embed}/rules.js"));
    let plain = format!("{embed}/plain.js");
    let standing = format!("{embed}/standing.js");
    let mut sizes = vec![
        size(dist, "loader", &["assets/embed.js"], Some(LOADER_BUDGET))?,
        size(dist, "loader, pinned", &[&pinned], Some(LOADER_BUDGET))?,
        size(dist, "rules", &[&rules], Some(RULES_BUDGET))?,
        size(dist, "widget glue", &[&glue], None)?,
        size(dist, "widget wasm", &[&wasm], None)?,
        size(dist, "widget, total", &[&glue, &wasm], Some(WIDGET_BUDGET))?,
    ];
    if dist.join(&plain).is_file() {
        let (drawing, controller) = ("plain card", "its controller");
        sizes.push(size(dist, drawing, &[&plain], Some(PLAIN_BUDGET))?);
        sizes.push(size(dist, controller, &[&standing], Some(STANDING_BUDGET))?);
    }
    let console: Vec<String> = stamp::files_under(&dist.join("assets/console"))?
        .iter()
        .filter_map(|file| file.strip_prefix(dist).ok()?.to_str())
        .filter(|file| file.ends_with("/console.js") || file.ends_with("/console_bg.wasm"))
        .map(str::to_owned)
        .collect();
    let console: Vec<&str> = console.iter().map(String::as_str).collect();
    sizes.push(size(dist, "console", &console, None)?);
    sizes.push(size(
        dist,
        "Worker",
        &["worker/index.js", "worker/index_bg.wasm"],
        None,
    )?);
    Ok(sizes)
}

/// The largest size of the pinned loader with `trials` different hashes and versions, in bytes
/// after brotli. Each hash compresses differently, and a change of another file must not make the
/// loader exceed its budget.
pub fn worst_pinned_loader(dist: &Path, version: &str, trials: u32) -> anyhow::Result<usize> {
    let path = dist.join(format!("assets/embed/{version}/embed.js"));
    let loader = fs::read_to_string(path).context("the pinned loader is missing")?;
    let (_, rest) = loader
        .split_once("sha256-")
        .context("the pinned loader contains no hash")?;
    let (hash, _) = rest
        .split_once('"')
        .context("the hash in the pinned loader is not terminated")?;
    let (number, content) = version.rsplit_once('-').context("not a version")?;
    let mut worst = 0;
    for trial in 0..trials {
        let other = integrity(&trial.to_be_bytes());
        let content_of_other: String = hash_of(&trial.to_be_bytes())
            .chars()
            .take(content.len())
            .collect();
        let variant = loader
            .replace(&format!("sha256-{hash}"), &other)
            .replace(version, &format!("{number}-{content_of_other}"));
        worst = worst.max(compress::brotli(variant.as_bytes())?.len());
    }
    Ok(worst)
}

/// Prints the sizes, with the change since the last build.
pub fn print(sizes: &[Size]) {
    let stored = scratch().join("sizes");
    let before = fs::read_to_string(&stored).unwrap_or_default();
    eprintln!(
        "\n  {:<16}{:>11}{:>11}{:>11}{:>13}",
        "bytes", "raw", "brotli", "change", "budget"
    );
    for size in sizes {
        eprintln!("  {}", line(size, &before));
    }
    let now: String = sizes
        .iter()
        .map(|size| format!("{}={}\n", size.name, size.brotli))
        .collect();
    // If this fails, the next build shows no changes.
    let _ = fs::write(stored, now);
}

fn line(size: &Size, before: &str) -> String {
    let last = before
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| *name == size.name)
        .and_then(|(_, bytes)| bytes.parse::<i64>().ok());
    let change = match last.zip(i64::try_from(size.brotli).ok()) {
        Some((last, now)) => format!("{:+}", now - last),
        None => String::new(),
    };
    let budget = match size.budget {
        Some(budget) if size.brotli > budget => format!("{} OVER", grouped(budget)),
        Some(budget) => grouped(budget),
        None => String::new(),
    };
    let (raw, brotli) = (grouped(size.raw), grouped(size.brotli));
    format!(
        "{:<16}{raw:>11}{brotli:>11}{change:>11}{budget:>13}",
        size.name
    )
    .trim_end()
    .to_owned()
}

fn size(
    dist: &Path,
    name: &'static str,
    files: &[&str],
    budget: Option<usize>,
) -> anyhow::Result<Size> {
    let mut total = Size {
        name,
        raw: 0,
        brotli: 0,
        budget,
    };
    for file in files {
        let bytes = fs::read(dist.join(file)).with_context(|| format!("dist/{file} is missing"))?;
        total.raw += bytes.len();
        total.brotli += compressed_length(&bytes)?;
    }
    Ok(total)
}

/// The length after brotli. Cached by content, because compressing a large wasm takes seconds.
fn compressed_length(bytes: &[u8]) -> anyhow::Result<usize> {
    let folder = scratch().join("compressed-lengths");
    let file = folder.join(hash_of(bytes));
    if let Some(length) = fs::read_to_string(&file)
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Ok(length);
    }
    let length = compress::brotli(bytes)?.len();
    fs::create_dir_all(&folder)?;
    fs::write(&file, length.to_string())?;
    Ok(length)
}

/// Formats a number with separators: `65,536`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (2_048, "2,048"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_line_shows_change_and_excess() {
        let size = Size {
            name: "loader",
            raw: 5_000,
            brotli: 2_100,
            budget: Some(2_048),
        };
        let text = line(&size, "other=1\nloader=2000\n");
        assert!(
            text.contains("+100") && text.ends_with("2,048 OVER"),
            "{text}"
        );
    }
}
