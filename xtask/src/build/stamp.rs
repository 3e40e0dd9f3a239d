//! Skips work whose inputs have not changed.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// One hash over the names and contents of these files, and of all files in these folders.
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

/// All files in a folder and its folders, in order; a file is itself; what does not exist is nothing.
pub fn files_under(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(|| format!("cannot read {}", path.display()))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_under(&entry)?);
    }
    Ok(files)
}

/// Does the work unless its outputs exist and were made from the same inputs.
pub fn unless_made(
    name: &str,
    inputs: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    unless_made_in(
        &super::scratch().join("stamps"),
        name,
        inputs,
        outputs,
        work,
    )
}

fn unless_made_in(
    folder: &Path,
    name: &str,
    inputs: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stamp = folder.join(name);
    let made = fs::read_to_string(&stamp).is_ok_and(|found| found == inputs);
    if made && outputs.iter().all(|output| output.is_file()) {
        return Ok(());
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
    fn work_is_done_again_exactly_when_it_must() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        let times = Cell::new(0);
        let make = |inputs: &str| {
            let work = || {
                times.set(times.get() + 1);
                Ok(fs::write(&output, inputs)?)
            };
            unless_made_in(
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
        assert_eq!(make("b"), 3, "the output is gone");
    }

    #[test]
    fn a_folders_hash_knows_names_and_contents() {
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
