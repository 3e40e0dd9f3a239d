//! Keeps the embedded files of earlier versions in the data folder, so that they remain available after an upgrade.
//!
//! The folder has `versions.json`, and for each version `embed/{version}/` with its files, their compressed copies and their rows
//! of the asset table. The Worker (`edge/src/runtime/kept_assets.rs`) reads the table of a version that is not in the build's.

use std::{fs, path::Path};

use anyhow::Context;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::versions::Versions;

/// The asset table: headers of files by URL path.
type Table = Map<String, Value>;

const TABLE: &str = "asset-table.json";

/// Copies the embedded files of the version in `dist` into the folder, and deletes outdated versions.
///
/// # Errors
/// When `dist` is incomplete, or the folder cannot be written.
pub fn update(folder: &Path, dist: &Path, now: OffsetDateTime) -> anyhow::Result<()> {
    let current: Versions = parse(&dist.join("assets/embed.json"))?;
    let current = current.current;
    let embed = folder.join("embed");
    fs::create_dir_all(&embed).with_context(|| format!("cannot create {}", embed.display()))?;
    copy(&current, folder, dist)?;
    let list = folder.join("versions.json");
    // Without a readable list, the versions in the folder are unknown.
    let versions = parse(&list).unwrap_or_else(|_| Versions::first(&current));
    let versions = versions.followed_by(&current, now);
    write(&list, &serde_json::to_string(&versions)?)?;
    for entry in fs::read_dir(&embed)? {
        let path = entry?.path();
        let is_kept = versions.names().any(|version| path.ends_with(version));
        if path.is_dir() && !is_kept {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot delete {}", path.display()))?;
        }
    }
    Ok(())
}

/// Copies a version's files and its table, unless they are in the folder. The table is written last, so that a table means that the
/// files are complete.
fn copy(version: &str, folder: &Path, dist: &Path) -> anyhow::Result<()> {
    let below = format!("/embed/{version}/");
    let mut table: Table = parse(&dist.join(TABLE))?;
    table.retain(|path, _| path.starts_with(&below));
    let kept_table = folder.join("embed").join(version).join(TABLE);
    if parse::<Table>(&kept_table).is_ok_and(|kept| kept == table) {
        return Ok(());
    }
    for entry in table.values() {
        let file = entry["file"].as_str().context("a file has no path")?;
        let encodings = entry["encodings"].as_array().into_iter().flatten();
        let extensions = encodings.filter_map(|encoding| match encoding.as_str() {
            Some("br") => Some(".br"),
            Some("gzip") => Some(".gz"),
            _ => None,
        });
        for extension in [""].into_iter().chain(extensions) {
            let file = format!("{file}{extension}");
            let (from, to) = (dist.join("assets").join(&file), folder.join(&file));
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::copy(&from, &to)
                .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
        }
    }
    write(&kept_table, &serde_json::to_string(&table)?)
}

fn parse<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

/// Writes a file as a whole, or not at all.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use serde_json::json;
    use tempfile::TempDir;
    use time::{Duration, OffsetDateTime};

    use super::update;

    /// A build of a version with one embedded file.
    fn dist(folder: &TempDir, version: &str) -> PathBuf {
        let dist = folder.path().join(format!("dist-{version}"));
        let file = format!("embed/{version}/rules.js");
        let embed = dist.join("assets/embed").join(version);
        fs::create_dir_all(&embed).unwrap();
        fs::write(embed.join("rules.js"), version).unwrap();
        fs::write(embed.join("rules.js.br"), "compressed").unwrap();
        let table = json!({
            "/embed.js": { "file": "embed.js" },
            format!("/{file}"): { "file": file, "etag": version, "encodings": ["br"] },
        });
        fs::write(dist.join("asset-table.json"), table.to_string()).unwrap();
        let release = json!({ "version": version, "src": "/", "integrity": "" }).to_string();
        fs::write(dist.join("assets/embed.json"), release).unwrap();
        dist
    }

    fn on_day(day: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::days(day)
    }

    /// The complete versions in the folder, in alphabetical order.
    fn kept(folder: &Path) -> String {
        let entries = fs::read_dir(folder.join("embed")).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                assert_eq!(fs::read_to_string(path.join("rules.js")).unwrap(), name);
                assert!(path.join("rules.js.br").is_file(), "{name}");
                let table = fs::read_to_string(path.join("asset-table.json")).unwrap();
                assert!(!table.contains("/embed.js"), "{table}");
                name
            })
            .collect();
        names.sort();
        names.concat()
    }

    #[test]
    fn each_start_adds_a_version_and_deletes_outdated_ones() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("kept");
        for (version, day, expected) in [
            ("a", 0, "a"),
            ("b", 1, "ab"),
            ("b", 20, "ab"),
            ("c", 20, "abc"),
            ("d", 20, "abcd"),
            ("e", 20, "abcde"),
            ("f", 20, "abcdef"),
            ("g", 20, "bcdefg"),
            ("h", 20, "bcdefgh"),
            ("h", 35, "cdefgh"),
        ] {
            update(&data, &dist(&folder, version), on_day(day)).unwrap();
            assert_eq!(kept(&data), expected, "{version} on day {day}");
        }
    }

    #[test]
    fn an_interrupted_copy_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("kept");
        let dist = dist(&folder, "a");
        update(&data, &dist, on_day(0)).unwrap();
        let version = data.join("embed/a");
        fs::remove_file(version.join("asset-table.json")).unwrap();
        fs::write(version.join("rules.js"), "").unwrap();
        fs::remove_file(data.join("versions.json")).unwrap();
        update(&data, &dist, on_day(0)).unwrap();
        assert_eq!(kept(&data), "a");
    }

    #[test]
    fn a_damaged_list_of_versions_does_not_prevent_a_start() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("kept");
        update(&data, &dist(&folder, "a"), on_day(0)).unwrap();
        fs::write(data.join("versions.json"), "{").unwrap();
        update(&data, &dist(&folder, "b"), on_day(0)).unwrap();
        assert_eq!(kept(&data), "b");
    }
}
