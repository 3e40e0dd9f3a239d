//! Downloads the versions of the embedded files that a live deployment lists in `/embed.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail, ensure};
use serde::de::DeserializeOwned;
use serde_json::json;
use time::OffsetDateTime;

use crate::{
    build::{
        earlier::Deployed,
        integrity::integrity,
        release::{FILES, Files},
    },
    command,
    versions::Versions,
    workspace,
};

/// A file to download: its URL, and where it is written.
type Download = (String, PathBuf);

/// Downloads the files of all versions into `folder`, and checks their hashes. Does not download again what is there.
///
/// # Errors
/// When the deployment does not answer, does not list its files, or a file differs from its hash.
pub fn download(public_url: &str, folder: &Path, now: OffsetDateTime) -> anyhow::Result<Deployed> {
    let base = public_url.trim_end_matches('/');
    download_from(base, folder, now).with_context(|| {
        format!(
            "cannot download the versions of the embedded files from {base}, which must remain available \
             (without them: `cargo xtask deploy --first`)"
        )
    })
}

fn download_from(base: &str, folder: &Path, now: OffsetDateTime) -> anyhow::Result<Deployed> {
    let list = folder.join("embed.json");
    let url = format!("{base}/embed.json");
    fetch(folder, &[(url.clone(), list.clone())])?;
    let versions: Versions = read(&list, &url)?;
    for name in versions.names() {
        ensure!(is_name(name), "{url} has an invalid version: {name:?}");
    }
    remove_others(folder, &versions)?;

    let lists: Vec<Download> = versions
        .names()
        .map(|version| place(base, folder, version, FILES))
        .collect();
    fetch(folder, &lists)?;
    let mut files = Vec::new();
    for (version, (url, list)) in versions.names().zip(&lists) {
        for (name, hash) in read::<Files>(list, url)? {
            ensure!(is_name(&name), "{url} has an invalid file name: {name:?}");
            files.push((place(base, folder, version, &name), hash));
        }
    }
    let is_complete =
        |path: &Path, hash: &str| fs::read(path).is_ok_and(|bytes| integrity(&bytes) == hash);
    let missing = files.iter();
    let missing = missing.filter(|((_, path), hash)| !is_complete(path, hash));
    let missing: Vec<Download> = missing.map(|(download, _)| download.clone()).collect();
    fetch(folder, &missing)?;
    for ((url, path), hash) in &files {
        ensure!(
            is_complete(path, hash),
            "{url} differs from its hash in {FILES}"
        );
    }
    Ok(Deployed {
        versions,
        folder: folder.to_owned(),
        now,
    })
}

/// The URL of a version's file, and its path in the folder.
fn place(base: &str, folder: &Path, version: &str, name: &str) -> Download {
    let url = format!("{base}/embed/{version}/{name}");
    (url, folder.join(version).join(name))
}

/// Whether a version or a file name is safe as part of a path.
fn is_name(name: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_safe)
}

/// Deletes the folders of versions that are no longer listed.
fn remove_others(folder: &Path, versions: &Versions) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_listed = versions.names().any(|version| path.ends_with(version));
        if path.is_dir() && !is_listed {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot delete {}", path.display()))?;
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path, url: &str) -> anyhow::Result<T> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("the answer of {url} has another form"))
}

/// Downloads files with Node, because the client in [`crate::http`] has no TLS.
///
/// # Errors
/// When a file is not answered with 200.
fn fetch(folder: &Path, files: &[Download]) -> anyhow::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // A file, because a command line can be too short for the list.
    let list = folder.join("downloads.json");
    fs::write(&list, json!(files).to_string())
        .with_context(|| format!("cannot write {}", list.display()))?;
    let mut node = Command::new("node");
    node.arg(workspace::root().join("xtask/deploy/download.mjs"))
        .arg(&list)
        // Node 24 and newer then use the proxy that the environment names.
        .env("NODE_USE_ENV_PROXY", "1");
    let failures: Vec<(String, String)> = serde_json::from_str(&command::capture(&mut node)?)?;
    if let Some((url, reason)) = failures.first() {
        bail!("{url}: {reason}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_that_are_not_safe_in_a_path_are_invalid() {
        for name in ["0.1.0-762b8bb6", "widget_bg.wasm", "plain-de.js"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "a/b", "a\\b", "a%2fb", "é"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
