//! Deploys `dist/` to Cloudflare.

use std::process::Command;

use crate::{build, command, node, progress, workspace};

/// Whether anything leaves this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Builds and checks all, uploads nothing.
    DryRun,
    /// Uploads.
    Deploy,
}

/// Builds and hands `dist/` to wrangler.
pub fn run(mode: Mode) -> anyhow::Result<()> {
    let version = build::run()?;
    let what = match mode {
        Mode::DryRun => "Checking the deployment with wrangler (nothing is uploaded)",
        Mode::Deploy => "Deploying with wrangler",
    };
    progress::step(what, || {
        let mut command = Command::new("node");
        command
            .arg(node::wrangler()?)
            .args(["deploy", "--config", "edge/wrangler.jsonc"])
            .args(["--var", &format!("VERSION:{version}")])
            .current_dir(workspace::root())
            // Wrangler sends usage data home unless told not to.
            .env("WRANGLER_SEND_METRICS", "false");
        if mode == Mode::DryRun {
            command.arg("--dry-run");
        }
        command::run(&mut command)
    })
}
