//! The files that describe a version: `/embed.json` and `/embed/{version}/files.json`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use serde::Serialize;

use super::{integrity::integrity, stamp};
use crate::versions::{Earlier, Versions};

/// The name of the file with the hashes, in the folder of a version.
pub const FILES: &str = "files.json";

/// The integrity hashes of a version's files, by file name: the content of [`FILES`].
pub type Files = BTreeMap<String, String>;

/// The content of `/embed.json`: the attributes of a script tag that pins the version, and the earlier versions that remain
/// available.
#[derive(Serialize)]
pub struct Release<'a> {
    version: &'a str,
    src: String,
    integrity: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    earlier: &'a [Earlier],
}

impl<'a> Release<'a> {
    /// `loader` is the content of the versioned `embed.js`.
    pub fn of(versions: &'a Versions, loader: &[u8]) -> Self {
        let version = versions.current.as_str();
        Self {
            version,
            src: format!("/embed/{version}/embed.js"),
            integrity: integrity(loader),
            earlier: &versions.earlier,
        }
    }

    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// The content of [`FILES`] for the files in a version's folder.
pub fn files_json(folder: &Path) -> anyhow::Result<String> {
    let mut files = Files::new();
    for path in stamp::files_under(folder)? {
        let name = path.strip_prefix(folder)?.to_str();
        let name = name.with_context(|| format!("{} is not UTF-8", path.display()))?;
        files.insert(name.to_owned(), integrity(&fs::read(&path)?));
    }
    Ok(serde_json::to_string(&files)? + "\n")
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::{Release, integrity};
    use crate::versions::Versions;

    #[test]
    fn embed_json_lists_the_earlier_versions() {
        let first = Versions::first("a");
        let json = |versions: &Versions| Release::of(versions, b"loader").json().unwrap();
        let integrity = integrity(b"loader");
        let start = format!(r#""src":"/embed/a/embed.js","integrity":"{integrity}""#);
        assert_eq!(json(&first), format!("{{\"version\":\"a\",{start}}}\n"));
        let second = first.followed_by("b", OffsetDateTime::UNIX_EPOCH);
        let earlier = r#""earlier":[{"version":"a","replaced_at":"1970-01-01T00:00:00Z"}]"#;
        assert!(json(&second).contains(earlier), "{}", json(&second));
    }
}
