//! Paths in the checkout.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The output of the build, which `serve` serves.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's output folder, which `CARGO_TARGET_DIR` may change.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of the build's intermediate results.
pub fn scratch() -> PathBuf {
    target().join("allclear")
}
