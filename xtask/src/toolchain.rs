//! What `rust-toolchain.toml` asks for. rustup brings it by itself, unless it is told not to install anything unasked
//! (`RUSTUP_AUTO_INSTALL=0`), as some machines do.

use std::{path::PathBuf, process::Command};

use anyhow::bail;

use crate::{
    command::{capture, run},
    progress, workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
const COMPONENTS: &[&str] = &["rustfmt", "clippy"];

/// Installs the wasm target, rustfmt and clippy where they are missing.
pub fn complete() -> anyhow::Result<()> {
    let targets = capture(rustup().args(["target", "list", "--installed"]));
    let Ok(targets) = targets else {
        return without_rustup();
    };
    if !targets.lines().any(|target| target.trim() == TARGET) {
        progress::step("Installing Rust's wasm target", || {
            run(rustup().args(["target", "add", TARGET]))
        })?;
    }
    let components = capture(rustup().args(["component", "list", "--installed"]))?;
    for component in COMPONENTS {
        if !components.lines().any(|line| line.starts_with(component)) {
            progress::step(&format!("installing {component}"), || {
                run(rustup().args(["component", "add", component]))
            })?;
        }
    }
    Ok(())
}

/// In the workspace, so that it speaks of the toolchain that everything else here runs under.
fn rustup() -> Command {
    let mut rustup = Command::new("rustup");
    rustup.current_dir(workspace::root());
    rustup
}

/// A Rust of another origin must bring the target itself.
fn without_rustup() -> anyhow::Result<()> {
    let sysroot = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    let installed = PathBuf::from(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET);
    if !installed.exists() {
        bail!(
            "Rust's target {TARGET} is missing: install it, or install Rust with https://rustup.rs"
        );
    }
    Ok(())
}
