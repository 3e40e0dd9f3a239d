//! Secrets in the data folder.

use std::{
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Writes a file that only its owner can read.
pub fn write_secret(path: &Path, secret: &str) -> anyhow::Result<()> {
    File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{secret}"))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Reads a secret; `None` when the file is missing or empty.
pub fn read_secret(path: &Path) -> Option<String> {
    let kept = fs::read_to_string(path).ok()?;
    let secret = kept.trim();
    (!secret.is_empty()).then(|| secret.to_owned())
}

/// Reads the root token from the data folder. Generates it at the first start.
///
/// # Errors
/// When the file cannot be written or its permissions cannot be set.
pub fn root_token(data: &Path) -> anyhow::Result<String> {
    let path = data.join("root-token");
    if let Some(token) = read_secret(&path) {
        // A folder that was restored from a copy may be readable by all.
        fs::set_permissions(&path, Permissions::from_mode(0o600))
            .with_context(|| format!("cannot set permissions on {}", path.display()))?;
        return Ok(token);
    }
    fs::create_dir_all(data).with_context(|| format!("cannot create {}", data.display()))?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).context("cannot read random bytes from the system")?;
    let token = format!("root_{}", URL_SAFE_NO_PAD.encode(random));
    write_secret(&path, &token)?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_token_is_generated_once_and_private() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("deep");
        let token = root_token(&folder).unwrap();
        assert_eq!(token.len(), "root_".len() + 43);
        let path = folder.join("root-token");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(root_token(&folder).unwrap(), token);
        assert_eq!(mode(), 0o600, "a restored copy is made private again");
    }
}
