//! Runs the tests in Python, which verify signatures of webhooks with the official library. A machine without Python or
//! its packages skips them, and says so.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::{
    build::stamp::hash_of,
    command::{find_on_path, run},
    progress, tools, workspace,
};

/// The reason why the tests are skipped: there is no Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "python3 is not installed: the signatures of webhooks were not verified in Python; install it (Debian: \
     `apt-get install python3 python3-venv`)"
)]
pub struct Missing;

/// The reason why the tests cannot run; `None` if they can.
pub fn unusable() -> Option<Missing> {
    find_on_path(&["python3"]).is_none().then_some(Missing)
}

/// Installs the packages of `requirements.txt` into an environment in the user's cache folder, and runs the tests.
pub fn test() -> anyhow::Result<()> {
    let Some(python) = find_on_path(&["python3"]) else {
        progress::note(&Missing.to_string());
        return Ok(());
    };
    let folder = workspace::root().join("tests/webhooks");
    // An error here is not a failure of the tests: Debian's python3 comes without venv, and a network may not reach PyPI.
    let python = match environment(&python, &folder.join("requirements.txt")) {
        Ok(python) => python,
        Err(error) => {
            progress::note(&format!(
                "The signatures of webhooks were not verified in Python: {error:#}"
            ));
            return Ok(());
        }
    };
    run(Command::new(python).arg(folder.join("verify.py")))
}

/// Returns the Python interpreter of a virtual environment with these packages. Creates the
/// environment if it is missing.
fn environment(python: &Path, requirements: &Path) -> anyhow::Result<PathBuf> {
    let text = fs::read(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let name = format!("python-{}", hash_of(&text).get(..16).unwrap_or_default());
    let folder = tools::cache_folder()?.join("tools").join(name);
    let installed = folder.join("bin/python3");
    // This file is written last, so that an installation that was interrupted is repeated.
    let stamp = folder.join("installed");
    if stamp.is_file() {
        return Ok(installed);
    }
    progress::step("Installing the library for signatures with pip", || {
        run(Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(&folder))?;
        run(Command::new(&installed)
            .args(["-m", "pip", "install", "--quiet", "--require-hashes", "-r"])
            .arg(requirements))
    })?;
    fs::write(&stamp, "").with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(installed)
}
