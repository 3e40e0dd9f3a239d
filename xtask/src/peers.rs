//! Installs other products' widgets from npm, for `bench page`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::{build::stamp::hash_of, command::run, node::STAMP, progress, workspace};

/// Installs the versions in `tests/peers/package-lock.json` unless they are installed. Returns the folder with `node_modules`.
pub fn install() -> anyhow::Result<PathBuf> {
    let folder = workspace::root().join("tests/peers");
    let lock = fs::read(folder.join("package-lock.json"))
        .context("tests/peers/package-lock.json is missing")?;
    let hash = hash_of(&lock);
    if !is_installed(&folder, &hash) {
        progress::step("Installing other products' widgets with npm", || {
            run(Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&folder))
        })?;
        fs::write(stamp(&folder), hash)?;
    }
    Ok(folder)
}

fn is_installed(folder: &Path, hash: &str) -> bool {
    fs::read_to_string(stamp(folder)).is_ok_and(|found| found == hash)
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join("node_modules").join(STAMP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_lock_is_installed_again() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(!is_installed(folder, "lock"), "an empty folder");
        fs::create_dir(folder.join("node_modules")).unwrap();
        fs::write(stamp(folder), "lock").unwrap();
        assert!(is_installed(folder, "lock"));
        assert!(!is_installed(folder, "another"));
    }
}
