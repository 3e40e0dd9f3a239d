//! The data folder, taken by one server at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

use anyhow::{Context, bail};

/// A folder that nobody else serves from while this is held, and that can be written.
#[derive(Debug)]
pub struct DataFolder {
    // The kernel lets go of it when the process ends, however it ends.
    _lock: File,
}

impl DataFolder {
    /// Makes the folder when it is missing, and takes it.
    ///
    /// # Errors
    /// When the folder cannot be created or written, or another server uses it.
    pub fn take(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        fs::create_dir_all(path)
            .with_context(|| format!("cannot create the data folder {shown}"))?;
        let unwritable = || format!("cannot write to the data folder {shown}");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .with_context(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "the data folder {shown} is in use by another server: stop that server, or choose another folder with --data"
            ),
            // Some network file systems have no locks; a server on one of them is on its own.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error).with_context(unwritable),
        }
        // The lock may be from a time when more was allowed, so that only a new file tells.
        let probe = path.join("probe");
        fs::write(&probe, "write test\n")
            .and_then(|()| fs::remove_file(&probe))
            .with_context(unwritable)?;
        Ok(Self { _lock: lock })
    }
}

#[cfg(test)]
mod tests {
    use super::DataFolder;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("deep/data");
        let first = DataFolder::take(&data).unwrap();
        let error = DataFolder::take(&data).unwrap_err().to_string();
        assert!(error.contains("is in use"), "{error}");
        assert!(error.contains(&data.display().to_string()), "{error}");
        drop(first);
        DataFolder::take(&data).unwrap();
    }

    #[test]
    fn what_cannot_be_used_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = DataFolder::take(&file.join("below")).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("cannot create"), "{error}");
        assert_eq!(error.lines().count(), 1);
        let lock = folder.path().join("lock");
        std::fs::create_dir(&lock).unwrap();
        let error = DataFolder::take(folder.path()).unwrap_err();
        assert!(error.to_string().contains("cannot write"), "{error}");
    }
}
