//! Skips a build step whose inputs have not changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::workspace;

/// SHA-256 in hexadecimal digits.
pub fn hash_of(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// A hash of the names and contents of files, and of all files in folders.
pub fn hash_of_paths(paths: &[PathBuf]) -> anyhow::Result<String> {
    let mut lines = String::new();
    for path in paths {
        for file in files_under(path)? {
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            lines.push_str(&format!("{} {}\n", hash_of(&bytes), file.display()));
        }
    }
    Ok(hash_of(lines.as_bytes()))
}

/// The files in a folder and its subfolders, in the order of their names. For the path of a file,
/// only that file; for a path that does not exist, none.
pub fn files_under(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Runs `work` unless its outputs exist and were made from the same inputs.
pub fn run_if_changed(
    name: &str,
    inputs: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    run_if_changed_in(
        &workspace::scratch().join("stamps"),
        name,
        inputs,
        outputs,
        work,
    )
}

fn run_if_changed_in(
    folder: &Path,
    name: &str,
    inputs: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stamp = folder.join(name);
    let is_current = fs::read_to_string(&stamp).is_ok_and(|found| found == inputs);
    if is_current && outputs.iter().all(|output| output.is_file()) {
        return Ok(());
    }
    // The stamp is removed first, because interrupted work may leave new outputs beside outputs of the earlier inputs.
    if stamp.exists() {
        fs::remove_file(&stamp).with_context(|| format!("cannot remove {}", stamp.display()))?;
    }
    work()?;
    fs::create_dir_all(folder)?;
    fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn hashes_are_sha_256() {
        assert_eq!(
            hash_of(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn work_runs_again_if_inputs_change_or_outputs_are_missing() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        let times = Cell::new(0);
        let make = |inputs: &str| {
            let work = || {
                times.set(times.get() + 1);
                Ok(fs::write(&output, inputs)?)
            };
            run_if_changed_in(
                folder.path(),
                "stamp",
                inputs,
                std::slice::from_ref(&output),
                work,
            )
            .unwrap();
            times.get()
        };
        assert_eq!(make("a"), 1);
        assert_eq!(make("a"), 1, "nothing changed");
        assert_eq!(make("b"), 2, "the input changed");
        fs::remove_file(&output).unwrap();
        assert_eq!(make("b"), 3, "the output is missing");
        let fail = || anyhow::bail!("interrupted");
        let outputs = std::slice::from_ref(&output);
        run_if_changed_in(folder.path(), "stamp", "c", outputs, fail).unwrap_err();
        assert_eq!(make("b"), 4, "the last work failed");
    }

    #[test]
    fn the_hash_of_a_folder_depends_on_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        let hash = || hash_of_paths(&[folder.path().to_path_buf()]).unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "1").unwrap();
        let first = hash();
        fs::write(&file, "2").unwrap();
        let second = hash();
        fs::rename(&file, folder.path().join("b")).unwrap();
        assert!(first != second && second != hash());
    }
}
