//! Installs the components of `rust-toolchain.toml`. rustup installs them automatically, except
//! with `RUSTUP_AUTO_INSTALL=0`.

use std::{path::PathBuf, process::Command};

use anyhow::bail;

use crate::{
    command::{capture, run},
    progress::{self, Planned},
    workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
const COMPONENTS: &[&str] = &["rustfmt", "clippy"];

/// A missing part of the toolchain. `kind` is rustup's command: `target` or `component`.
struct Missing {
    kind: &'static str,
    name: &'static str,
}

impl Missing {
    fn step(&self) -> String {
        format!("Installing Rust's {} {}", self.kind, self.name)
    }
}

/// Installs the wasm target, rustfmt and clippy if they are missing.
pub fn install() -> anyhow::Result<()> {
    let Some(missing) = missing()? else {
        return check_without_rustup();
    };
    for part in missing {
        progress::step(&part.step(), || {
            run(rustup().args([part.kind, "add", part.name]))
        })?;
    }
    Ok(())
}

/// The steps that `install` will run.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let missing = missing()?.unwrap_or_default();
    let step = |part: &Missing| Planned {
        what: part.step(),
        estimate: None,
    };
    Ok(missing.iter().map(step).collect())
}

/// The missing parts; `None` without rustup.
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

/// A command that runs rustup in the workspace, so that it uses the workspace's toolchain.
fn rustup() -> Command {
    let mut rustup = Command::new("rustup");
    rustup.current_dir(workspace::root());
    rustup
}

/// Checks that a Rust that rustup does not manage has the wasm target.
fn check_without_rustup() -> anyhow::Result<()> {
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
