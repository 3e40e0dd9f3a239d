//! Installs Debian packages with apt-get, on machines where that needs no password.

use std::process::Command;

use anyhow::Context;

use crate::{
    command::{find_on_path, run},
    progress,
};

/// Whether [`install`] can run without asking for a password.
pub fn is_available() -> bool {
    prefix().is_some()
}

/// Updates the list of packages and installs `packages`, as one step with `what` in its name.
///
/// # Errors
/// When apt-get needs a password, is missing or fails.
pub fn install(what: &str, packages: &[&str]) -> anyhow::Result<()> {
    let prefix = prefix().context("apt-get is missing or needs a password")?;
    progress::step(&format!("Installing {what} with apt-get"), || {
        let apt = |arguments: &[&str]| {
            let (program, before) = prefix.split_first().context("empty command")?;
            run(Command::new(program)
                .args(before)
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"))
        };
        apt(&["update", "-q"])?;
        let options = ["install", "-q", "-y", "--no-install-recommends"];
        apt(&[&options, packages].concat())
    })
}

/// The command that runs apt-get without asking for a password; `None` if there is none.
fn prefix() -> Option<Vec<&'static str>> {
    find_on_path(&["apt-get"])?;
    if nix::unistd::geteuid().is_root() {
        return Some(vec!["apt-get"]);
    }
    find_on_path(&["sudo"])?;
    let allowed = Command::new("sudo").args(["-n", "true"]).output();
    allowed
        .is_ok_and(|output| output.status.success())
        .then(|| vec!["sudo", "-n", "apt-get"])
}
