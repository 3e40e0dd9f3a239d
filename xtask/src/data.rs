//! The data folder, which one server at a time can use.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

use anyhow::{Context, bail};

/// A writable folder that is locked for one server.
#[derive(Debug)]
pub struct DataFolder {
    // The kernel releases the lock when the process ends.
    _lock: File,
}

impl DataFolder {
    /// Creates the folder if it is missing, and locks it.
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
            // Some network file systems have no locks. Then nothing prevents a second server.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error).with_context(unwritable),
        }
        // The lock file may be writable in a folder that is not.
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
    fn a_folder_can_be_locked_once() {
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
    fn an_unusable_folder_gives_an_error_of_one_line() {
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
