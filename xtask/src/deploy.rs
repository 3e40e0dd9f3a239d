//! Deploys `dist/` to Cloudflare.

use std::process::Command;

use anyhow::Context;

use crate::{build, command, node, progress, settings, workspace};

/// The wrangler configuration, from the workspace's root.
const CONFIGURATION: &str = "edge/wrangler.jsonc";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Builds and checks, but uploads nothing.
    DryRun,
    Deploy,
}

/// Builds, and runs wrangler on `dist/`.
pub fn run(mode: Mode) -> anyhow::Result<()> {
    let configuration = workspace::root().join(CONFIGURATION);
    let text = std::fs::read_to_string(&configuration)
        .with_context(|| format!("cannot read {}", configuration.display()))?;
    settings::check_vars(&text).with_context(|| format!("{CONFIGURATION} cannot be deployed"))?;
    let version = build::run()?;
    let step = match mode {
        Mode::DryRun => "Checking the deployment with wrangler (nothing is uploaded)",
        Mode::Deploy => "Deploying with wrangler",
    };
    progress::step(step, || {
        let mut command = Command::new("node");
        command
            .arg(node::wrangler()?)
            .args(["deploy", "--config", CONFIGURATION])
            .args(["--var", &format!("VERSION:{version}")])
            .current_dir(workspace::root())
            // Wrangler sends usage data by default.
            .env("WRANGLER_SEND_METRICS", "false");
        if mode == Mode::DryRun {
            command.arg("--dry-run");
        }
        command::run(&mut command)
    })
}
