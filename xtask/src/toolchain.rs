//! What `rust-toolchain.toml` asks for. rustup brings it by itself, unless it is told not to install anything unasked
//! (`RUSTUP_AUTO_INSTALL=0`), as some machines do.

use std::{path::PathBuf, process::Command};

use anyhow::bail;

use crate::{
    command::{capture, run},
    progress::{self, Planned},
    workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
const COMPONENTS: &[&str] = &["rustfmt", "clippy"];

/// A part of the toolchain that is missing: what rustup calls it, and its kind.
struct Missing {
    kind: &'static str,
    name: &'static str,
}

impl Missing {
    fn what(&self) -> String {
        format!("Installing Rust's {} {}", self.kind, self.name)
    }
}

/// Installs the wasm target, rustfmt and clippy where they are missing.
pub fn complete() -> anyhow::Result<()> {
    let Some(missing) = missing()? else {
        return without_rustup();
    };
    for part in missing {
        progress::step(&part.what(), || {
            run(rustup().args([part.kind, "add", part.name]))
        })?;
    }
    Ok(())
}

/// The steps of `complete`.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let missing = missing()?.unwrap_or_default();
    let step = |part: &Missing| Planned {
        what: part.what(),
        about: None,
    };
    Ok(missing.iter().map(step).collect())
}

/// `None` where there is no rustup.
fn missing() -> anyhow::Result<Option<Vec<Missing>>> {
    let Ok(targets) = capture(rustup().args(["target", "list", "--installed"])) else {
        return Ok(None);
    };
    let mut missing = Vec::new();
    if !targets.lines().any(|target| target.trim() == TARGET) {
        missing.push(Missing {
            kind: "target",
            name: TARGET,
        });
    }
    let installed = capture(rustup().args(["component", "list", "--installed"]))?;
    for &name in COMPONENTS {
        if !installed.lines().any(|line| line.starts_with(name)) {
            missing.push(Missing {
                kind: "component",
                name,
            });
        }
    }
    Ok(Some(missing))
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
