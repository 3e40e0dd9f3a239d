//! Deploys `dist/` to Cloudflare.

use std::process::Command;

use anyhow::Context;
use time::OffsetDateTime;

use crate::{
    build::{self, earlier::Deployed},
    command, live, node, progress, settings, setup,
    workspace::{self, scratch},
};

/// The wrangler configuration, from the workspace's root.
const CONFIGURATION: &str = "edge/wrangler.jsonc";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Builds and checks, but uploads nothing.
    DryRun,
    Deploy,
}

/// Whether versions are live that must remain available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing is deployed yet.
    Nothing,
    /// A deployment at `PUBLIC_URL`.
    Deployment,
}

/// Downloads the versions of the embedded files that are live, builds, and runs wrangler on `dist/`.
pub fn run(mode: Mode, before: Before) -> anyhow::Result<()> {
    let configuration = workspace::root().join(CONFIGURATION);
    let text = std::fs::read_to_string(&configuration)
        .with_context(|| format!("cannot read {}", configuration.display()))?;
    let vars =
        settings::vars(&text).with_context(|| format!("{CONFIGURATION} cannot be deployed"))?;
    let public_url = vars.get("PUBLIC_URL").map(String::as_str);
    let deployed = deployed(mode, before, public_url)?;
    let version = build::run_after(deployed.as_ref())?;
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

/// Downloads the versions that are live. `None` if nothing is deployed, or in a dry run that does not know the address.
///
/// # Errors
/// When `PUBLIC_URL` is not set, or the live deployment cannot be read.
fn deployed(
    mode: Mode,
    before: Before,
    public_url: Option<&str>,
) -> anyhow::Result<Option<Deployed>> {
    match (before, public_url, mode) {
        (Before::Nothing, _, _) => Ok(None),
        (Before::Deployment, None, Mode::DryRun) => {
            progress::note(
                "PUBLIC_URL is not set: the versions of the embedded files that are live were not downloaded.",
            );
            Ok(None)
        }
        (Before::Deployment, None, Mode::Deploy) => anyhow::bail!(
            "{CONFIGURATION} does not set PUBLIC_URL in `vars`, from where `deploy` downloads the versions of the embedded files \
             that must remain available: set it or, if nothing is deployed yet, run `cargo xtask deploy --first`"
        ),
        (Before::Deployment, Some(public_url), _) => {
            setup::run()?;
            let folder = scratch().join("deployed");
            let what = "Downloading the embedded files that are live";
            let download = || live::download(public_url, &folder, OffsetDateTime::now_utc());
            progress::step(what, download).map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Before, Mode, deployed};

    #[test]
    fn a_deployment_needs_the_address_of_the_last_one() {
        let error = deployed(Mode::Deploy, Before::Deployment, None).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("PUBLIC_URL") && error.contains("--first"),
            "{error}"
        );
        for (mode, before) in [
            (Mode::Deploy, Before::Nothing),
            (Mode::DryRun, Before::Nothing),
            (Mode::DryRun, Before::Deployment),
        ] {
            let deployed = deployed(mode, before, None).unwrap();
            assert!(deployed.is_none(), "{mode:?} {before:?}");
        }
    }
}
