//! The versions before this one: a page that loaded `embed.js` before a deploy imports the widget it names long after.

use std::{fs, path::Path};

use anyhow::Context;

use super::{copy_tree, scratch};

/// How many are kept beside the newest. A cached `embed.js` is used for a day at most; whoever builds more often than
/// that deploys fewer.
const KEPT: usize = 5;

/// Remembers what was built into `embed/{version}`, and lays the versions before it beside it.
pub fn lay_beside(embed: &Path, version: &str) -> anyhow::Result<()> {
    lay_beside_from(&scratch().join("embed"), embed, version)
}

fn lay_beside_from(store: &Path, embed: &Path, version: &str) -> anyhow::Result<()> {
    fs::create_dir_all(store)?;
    let order = store.join("order.json");
    let known: Vec<String> = match fs::read_to_string(&order) {
        Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let kept = newest(&known, version);
    let own = store.join(version);
    if own.exists() {
        fs::remove_dir_all(&own)?;
    }
    copy_tree(&embed.join(version), &own)?;
    for entry in fs::read_dir(store)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let goes = name.is_some_and(|name| !kept.iter().any(|version| version == name));
        if path.is_dir() && goes {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for earlier in kept.iter().filter(|kept| *kept != version) {
        let from = store.join(earlier);
        if from.is_dir() {
            copy_tree(&from, &embed.join(earlier))?;
        }
    }
    fs::write(order, serde_json::to_string(&kept)?)?;
    Ok(())
}

/// The versions to keep, newest first: this one, and those before it as they were. One that is built again is the newest
/// again.
fn newest(known: &[String], version: &str) -> Vec<String> {
    let before = known.iter().filter(|known| *known != version).take(KEPT);
    [version.to_owned()]
        .into_iter()
        .chain(before.cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::{KEPT, lay_beside_from, newest};

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_newest_are_kept_in_order() {
        assert_eq!(newest(&[], "a"), ["a"]);
        assert_eq!(newest(&names(&["b", "a"]), "c"), ["c", "b", "a"]);
        assert_eq!(
            newest(&names(&["c", "b", "a"]), "c"),
            ["c", "b", "a"],
            "built again"
        );
        assert_eq!(
            newest(&names(&["c", "b", "a"]), "a"),
            ["a", "c", "b"],
            "back again"
        );
        let many = names(&["f", "e", "d", "c", "b", "a"]);
        let kept = newest(&many, "g");
        assert_eq!(kept.len(), KEPT + 1);
        assert_eq!(kept, ["g", "f", "e", "d", "c", "b"]);
    }

    #[test]
    fn each_build_lays_those_before_it_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let build = |version: &str| {
            let embed = folder.path().join("dist").join(version);
            fs::create_dir_all(embed.join(version)).unwrap();
            fs::write(embed.join(version).join("widget.js"), version).unwrap();
            lay_beside_from(&store, &embed, version).unwrap();
            let mut found = BTreeSet::new();
            for entry in fs::read_dir(&embed).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                assert_eq!(fs::read_to_string(path.join("widget.js")).unwrap(), name);
                found.insert(name);
            }
            found.into_iter().collect::<String>()
        };
        assert_eq!(build("a"), "a", "a clean clone has one");
        assert_eq!(build("b"), "ab");
        for (version, expected) in [("c", "abc"), ("d", "abcd"), ("e", "abcde"), ("f", "abcdef")] {
            assert_eq!(build(version), expected);
        }
        assert_eq!(build("g"), "bcdefg");
        let stored = fs::read_dir(&store).unwrap().count();
        assert_eq!(stored, KEPT + 2, "with the order, and nothing of what went");
    }
}
