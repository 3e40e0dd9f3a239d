//! The tools from npm: workerd, esbuild, terser, wasm-opt and wrangler, at the versions in package-lock.json.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::{
    build::stamp::hash_of,
    command::{capture, find_on_path, run},
    progress::{self, Planned},
    workspace,
};

/// The oldest Node version that wrangler 4.86 supports.
const OLDEST_NODE: (u32, u32) = (20, 3);

/// The file in `node_modules` with the hash of the package-lock.json that it was installed from.
pub const STAMP: &str = ".allclear-lock";

/// The name of the installation step.
const STEP: &str = "Installing workerd, esbuild, terser, binaryen and wrangler with npm";

/// Runs `npm ci` when `node_modules` is missing, lacks one of the tools, or was installed from another package-lock.json.
pub fn install() -> anyhow::Result<()> {
    let Some(lock) = missing()? else {
        return Ok(());
    };
    check_node()?;
    let root = workspace::root();
    progress::step(STEP, || {
        run(Command::new("npm").arg("ci").current_dir(&root)).context(
            "cannot install the npm packages: check that the registry npm is configured for is reachable",
        )
    })?;
    let stamp = modules().join(STAMP);
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The steps that `install` will run.
pub fn planned() -> anyhow::Result<Option<Planned>> {
    let step = |_| Planned {
        what: STEP.to_owned(),
        estimate: None,
    };
    Ok(missing()?.map(step))
}

/// The hash of package-lock.json; `None` when `node_modules` was installed from it and is complete.
fn missing() -> anyhow::Result<Option<String>> {
    let lock = workspace::root().join("package-lock.json");
    let hash = hash_of(&fs::read(lock).context("package-lock.json is missing")?);
    Ok((!is_installed(&modules(), &hash)).then_some(hash))
}

fn modules() -> PathBuf {
    workspace::root().join("node_modules")
}

fn is_installed(modules: &Path, lock: &str) -> bool {
    let scripts = [TERSER, WASM_OPT, WRANGLER].map(Ok);
    let tools = [workerd_path(), esbuild_path()].into_iter().chain(scripts);
    let mut tools = tools.flatten();
    fs::read_to_string(modules.join(STAMP)).is_ok_and(|found| found == lock)
        && tools.all(|path| modules.join(path).is_file())
}

fn check_node() -> anyhow::Result<()> {
    let (major, minor) = OLDEST_NODE;
    let install = format!("install Node.js {major}.{minor} or newer with npm (https://nodejs.org)");
    if find_on_path(&["npm"]).is_none() {
        bail!("cannot find npm on the PATH: {install}");
    }
    let output = capture(Command::new("node").arg("--version"))
        .with_context(|| format!("cannot run node: {install}"))?;
    let version = node_version(&output)
        .with_context(|| format!("cannot read the version from `node --version`: {output:?}"))?;
    if version < OLDEST_NODE {
        bail!("Node.js {} is too old: {install}", output.trim());
    }
    Ok(())
}

fn node_version(output: &str) -> Option<(u32, u32)> {
    let mut numbers = output.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

const TERSER: &str = "terser/bin/terser";
const WASM_OPT: &str = "binaryen/bin/wasm-opt";
const WRANGLER: &str = "wrangler/bin/wrangler.js";

/// The workerd binary. npm's shim in `.bin` is not used, because signals must go to workerd itself.
pub fn workerd() -> anyhow::Result<PathBuf> {
    binary(workerd_path()?)
}

fn workerd_path() -> anyhow::Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "@cloudflare/workerd-linux-64/bin/workerd",
        ("linux", "aarch64") => "@cloudflare/workerd-linux-arm64/bin/workerd",
        ("macos", "x86_64") => "@cloudflare/workerd-darwin-64/bin/workerd",
        ("macos", "aarch64") => "@cloudflare/workerd-darwin-arm64/bin/workerd",
        (system, processor) => bail!("workerd is not available for {system} on {processor}"),
    })
}

pub fn esbuild() -> anyhow::Result<PathBuf> {
    binary(esbuild_path()?)
}

fn esbuild_path() -> anyhow::Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "@esbuild/linux-x64/bin/esbuild",
        ("linux", "aarch64") => "@esbuild/linux-arm64/bin/esbuild",
        ("macos", "x86_64") => "@esbuild/darwin-x64/bin/esbuild",
        ("macos", "aarch64") => "@esbuild/darwin-arm64/bin/esbuild",
        (system, processor) => bail!("esbuild is not available for {system} on {processor}"),
    })
}

/// `terser`, a Node script.
pub fn terser() -> anyhow::Result<PathBuf> {
    binary(TERSER)
}

/// Binaryen's `wasm-opt`, a Node script.
pub fn wasm_opt() -> anyhow::Result<PathBuf> {
    binary(WASM_OPT)
}

/// Cloudflare's `wrangler`, a Node script.
pub fn wrangler() -> anyhow::Result<PathBuf> {
    binary(WRANGLER)
}

fn binary(path: &str) -> anyhow::Result<PathBuf> {
    let found = workspace::root().join("node_modules").join(path);
    if !found.is_file() {
        bail!("node_modules/{path} is missing: run `cargo xtask setup`");
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare() {
        assert_eq!(node_version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(node_version("20"), None);
        assert!(node_version("v20.2.9") < Some(OLDEST_NODE));
        assert!(node_version("v22.0.0") > Some(OLDEST_NODE));
    }

    #[test]
    fn an_incomplete_installation_is_detected() {
        let modules = tempfile::tempdir().unwrap();
        let modules = modules.path();
        assert!(!is_installed(modules, "lock"), "an empty folder");
        for path in [
            STAMP,
            TERSER,
            WASM_OPT,
            WRANGLER,
            workerd_path().unwrap(),
            esbuild_path().unwrap(),
        ] {
            let path = modules.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "lock").unwrap();
        }
        assert!(is_installed(modules, "lock"));
        assert!(!is_installed(modules, "another"));
        fs::remove_file(modules.join(workerd_path().unwrap())).unwrap();
        assert!(!is_installed(modules, "lock"), "workerd was removed");
    }

    /// A lock file without registry URLs works with any registry. Exact versions change only by a commit.
    #[test]
    fn the_lock_has_no_registry_and_versions_are_exact() {
        let read = |name: &str| fs::read_to_string(workspace::root().join(name)).unwrap();
        let packages = |folder: &str, kind: &str| {
            let lock = read(&format!("{folder}package-lock.json"));
            assert!(!lock.contains("\"resolved\""), "{folder}");
            let manifest = read(&format!("{folder}package.json"));
            let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
            manifest[kind].as_object().unwrap().clone()
        };
        let tools = packages("", "devDependencies");
        let peers = packages("tests/peers/", "dependencies");
        for (package, version) in tools.into_iter().chain(peers) {
            let version = version.as_str().unwrap();
            // "npm:react@18.3.1" installs a version under another name.
            let exact = version
                .strip_prefix("npm:")
                .and_then(|alias| Some(alias.rsplit_once('@')?.1))
                .unwrap_or(version);
            assert!(
                exact.starts_with(|first: char| first.is_ascii_digit()),
                "{package}: {version}"
            );
        }
    }
}
