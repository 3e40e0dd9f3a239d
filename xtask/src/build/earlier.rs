//! Adds earlier versions of the embedded files to a build: a page that loaded `embed.js` before a deployment imports the other files
//! of that version later. `deploy` adds those of the live deployment; every build adds the last builds of this checkout, so that
//! `dist/` can also be served without `deploy` and `serve`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use time::OffsetDateTime;

use super::copy_tree;
use crate::{versions::Versions, workspace::scratch};

/// Number of earlier builds of this checkout that are kept.
const EARLIER: usize = 5;

/// The versions of the live deployment, whose files were downloaded.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub versions: Versions,
    /// Has a folder with the files of each version.
    pub folder: PathBuf,
    /// The time of the new deployment.
    pub now: OffsetDateTime,
}

impl Deployed {
    /// The versions after the deployment of `version`.
    pub fn followed_by(&self, version: &str) -> Versions {
        self.versions.clone().followed_by(version, self.now)
    }

    /// Copies the files of the earlier versions to `embed/`.
    pub fn copy(&self, versions: &Versions, embed: &Path) -> anyhow::Result<()> {
        for version in versions.names().skip(1) {
            let target = embed.join(version);
            if !target.is_dir() {
                copy_tree(&self.folder.join(version), &target)?;
            }
        }
        Ok(())
    }
}

/// Stores the files of `embed/{version}` for later builds, and copies the stored earlier versions to `embed/`.
pub fn copy_earlier(embed: &Path, version: &str) -> anyhow::Result<()> {
    copy_earlier_from(&scratch().join("embed"), embed, version)
}

fn copy_earlier_from(store: &Path, embed: &Path, version: &str) -> anyhow::Result<()> {
    fs::create_dir_all(store)?;
    let order = store.join("order.json");
    let known: Vec<String> = match fs::read_to_string(&order) {
        Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let versions = versions_to_keep(&known, version);
    let own = store.join(version);
    if own.exists() {
        fs::remove_dir_all(&own)?;
    }
    copy_tree(&embed.join(version), &own)?;
    for entry in fs::read_dir(store)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let is_outdated = name.is_some_and(|name| !versions.iter().any(|version| version == name));
        if path.is_dir() && is_outdated {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for earlier in versions.iter().filter(|earlier| *earlier != version) {
        let from = store.join(earlier);
        if from.is_dir() {
            copy_tree(&from, &embed.join(earlier))?;
        }
    }
    fs::write(order, serde_json::to_string(&versions)?)?;
    Ok(())
}

/// The versions to keep, newest first. A version that is built again becomes the newest.
fn versions_to_keep(known: &[String], version: &str) -> Vec<String> {
    let before = known.iter().filter(|known| *known != version).take(EARLIER);
    [version.to_owned()]
        .into_iter()
        .chain(before.cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::{EARLIER, copy_earlier_from, versions_to_keep};

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_newest_are_kept_in_order() {
        assert_eq!(versions_to_keep(&[], "a"), ["a"]);
        assert_eq!(versions_to_keep(&names(&["b", "a"]), "c"), ["c", "b", "a"]);
        assert_eq!(
            versions_to_keep(&names(&["c", "b", "a"]), "c"),
            ["c", "b", "a"],
            "built again"
        );
        assert_eq!(
            versions_to_keep(&names(&["c", "b", "a"]), "a"),
            ["a", "c", "b"],
            "an earlier one built again"
        );
        let many = names(&["f", "e", "d", "c", "b", "a"]);
        let versions = versions_to_keep(&many, "g");
        assert_eq!(versions.len(), EARLIER + 1);
        assert_eq!(versions, ["g", "f", "e", "d", "c", "b"]);
    }

    #[test]
    fn each_build_has_the_earlier_versions() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let build = |version: &str| {
            let embed = folder.path().join("dist").join(version);
            fs::create_dir_all(embed.join(version)).unwrap();
            fs::write(embed.join(version).join("widget.js"), version).unwrap();
            copy_earlier_from(&store, &embed, version).unwrap();
            let mut found = BTreeSet::new();
            for entry in fs::read_dir(&embed).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                assert_eq!(fs::read_to_string(path.join("widget.js")).unwrap(), name);
                found.insert(name);
            }
            found.into_iter().collect::<String>()
        };
        assert_eq!(build("a"), "a", "the first build has one");
        assert_eq!(build("b"), "ab");
        for (version, expected) in [("c", "abc"), ("d", "abcd"), ("e", "abcde"), ("f", "abcdef")] {
            assert_eq!(build(version), expected);
        }
        assert_eq!(build("g"), "bcdefg");
        let stored = fs::read_dir(&store).unwrap().count();
        assert_eq!(
            stored,
            EARLIER + 2,
            "the folders of all versions, and order.json"
        );
    }
}
