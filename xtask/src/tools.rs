//! The Rust tools that the build needs, at exact versions, installed once into the user's cache folder so that a
//! second clone does not compile them again.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::{
    command::{capture, cargo, find_on_path, run},
    progress::{self, Planned},
    workspace,
};

/// Must fit `worker` in Cargo.lock: the two are released together.
const WORKER_BUILD: &str = "0.8.7";

/// Runs the end-to-end tests.
const NEXTEST: &str = "0.9.151";

/// A tool that `cargo install` brings.
struct Tool {
    package: &'static str,
    version: String,
    binary: &'static str,
    /// What of it is wanted, where that is not the usual.
    features: &'static [&'static str],
    /// How long compiling it takes on two cores.
    about: &'static str,
}

/// Paths to the installed tools.
pub struct Tools {
    /// Makes JavaScript glue for a wasm module.
    pub wasm_bindgen: PathBuf,
    /// Runs wasm tests in a browser; cargo's `runner`.
    pub wasm_bindgen_test_runner: PathBuf,
    /// Builds the Worker.
    pub worker_build: PathBuf,
}

/// What makes JavaScript glue, at the version that Cargo.lock asks for.
fn bindgen() -> anyhow::Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: locked_version("wasm-bindgen")?,
        binary: "wasm-bindgen",
        features: &[],
        about: "about 1 minute, once per machine",
    })
}

/// What builds the Worker.
fn worker() -> anyhow::Result<Tool> {
    let locked = locked_version("worker")?;
    if locked != WORKER_BUILD {
        bail!(
            "Cargo.lock has worker {locked}, but xtask/src/tools.rs pins worker-build {WORKER_BUILD}: \
             change them together"
        );
    }
    Ok(Tool {
        package: "worker-build",
        version: WORKER_BUILD.to_owned(),
        binary: "worker-build",
        features: &[],
        about: "about 2 minutes, once per machine",
    })
}

/// Installs what is missing and says where everything is.
pub fn install() -> anyhow::Result<Tools> {
    let cache = cache_folder()?;
    let bindgen = bindgen()?.ensure(&cache)?;
    let worker = worker()?.ensure(&cache)?;
    Ok(Tools {
        wasm_bindgen: bindgen.join("wasm-bindgen"),
        wasm_bindgen_test_runner: bindgen.join("wasm-bindgen-test-runner"),
        worker_build: worker.join("worker-build"),
    })
}

/// The steps of `install`.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let cache = cache_folder()?;
    let tools = [bindgen()?, worker()?];
    let missing = tools
        .iter()
        .filter(|tool| !tool.answers(&tool.binaries(&cache)));
    let step = |tool: &Tool| Planned {
        what: tool.what(),
        about: Some(tool.about),
    };
    Ok(missing.map(step).collect())
}

/// Installs what only the tests need, the runner of the end-to-end tests, unless one that fits is on the PATH. Returns
/// its path.
pub fn install_nextest() -> anyhow::Result<PathBuf> {
    if let Some(found) = find_on_path(&["cargo-nextest"]) {
        let said = capture(Command::new(&found).arg("--version"));
        if said.is_ok_and(|said| is_fitting_nextest(&said)) {
            return Ok(found);
        }
    }
    let nextest = Tool {
        package: "cargo-nextest",
        version: NEXTEST.to_owned(),
        binary: "cargo-nextest",
        // It has no business updating itself.
        features: &["--no-default-features", "--features", "default-no-update"],
        about: "about 3 minutes, once per machine",
    };
    Ok(nextest.ensure(&cache_folder()?)?.join("cargo-nextest"))
}

/// Whether this is what the pinned version, or a later one of the same minor version, says of itself.
fn is_fitting_nextest(said: &str) -> bool {
    let numbers = |version: &str| -> Option<[u32; 3]> {
        let mut parts = version.split('.').map(|part| part.parse().ok());
        Some([parts.next()??, parts.next()??, parts.next()??])
    };
    let found = said.split_whitespace().nth(1).and_then(numbers);
    let (Some([major, minor, patch]), Some(pinned)) = (found, numbers(NEXTEST)) else {
        return false;
    };
    [major, minor] == [pinned[0], pinned[1]] && patch >= pinned[2]
}

impl Tool {
    /// Installs the tool unless the right version is there; returns the folder of its binaries.
    fn ensure(&self, cache: &Path) -> anyhow::Result<PathBuf> {
        let Self {
            package, version, ..
        } = self;
        let binaries = self.binaries(cache);
        if self.answers(&binaries) {
            return Ok(binaries);
        }
        let folder = self.folder(cache);
        let what = format!("{} ({})", self.what(), self.about);
        progress::step(&what, || self.compile(&folder))?;
        if !self.answers(&binaries) {
            bail!(
                "{package} {version} was installed into {}, but --version reports a different version",
                folder.display()
            );
        }
        Ok(binaries)
    }

    fn what(&self) -> String {
        format!("Compiling {} {}", self.package, self.version)
    }

    fn folder(&self, cache: &Path) -> PathBuf {
        let name = format!("{}-{}", self.package, self.version);
        cache.join("tools").join(name)
    }

    fn binaries(&self, cache: &Path) -> PathBuf {
        self.folder(cache).join("bin")
    }

    fn answers(&self, binaries: &Path) -> bool {
        let said = capture(Command::new(binaries.join(self.binary)).arg("--version"));
        said.is_ok_and(|said| said.split_whitespace().any(|word| word == self.version))
    }

    fn compile(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "cannot create {}; set ALLCLEAR_CACHE to use another cache folder",
                folder.display()
            )
        })?;
        let scratch = std::env::temp_dir().join(format!("allclear-{}", self.package));
        let install = |lock: Option<&str>| {
            let mut command = cargo();
            command
                .args(["install", self.package, "--version", &self.version])
                .args(self.features)
                .args(lock)
                .arg("--root")
                .arg(folder)
                .arg("--target-dir")
                .arg(&scratch)
                .arg("--force")
                // They run for a second; compiled with optimisation they would cost minutes more than they ever save.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
                // The build's own flags and target folder are not for the tools.
                .env_remove("CARGO_TARGET_DIR")
                .env_remove("RUSTFLAGS");
            run(&mut command)
        };
        // A tool's own lock may name a version that has since been withdrawn: then newer, compatible ones do.
        if install(Some("--locked")).is_err() {
            progress::note("Retrying with the newest compatible crates.");
            install(None).with_context(|| {
                format!(
                    "cannot install {}: check that the registry cargo is configured for is reachable",
                    self.package
                )
            })?;
        }
        // Only disk space; a leftover harms nothing and speeds up the next attempt.
        let _ = fs::remove_dir_all(&scratch);
        Ok(())
    }
}

/// `$ALLCLEAR_CACHE`, else the user's cache folder for this program.
fn cache_folder() -> anyhow::Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = variable("ALLCLEAR_CACHE") {
        return Ok(folder.into());
    }
    if let Some(folder) = variable("XDG_CACHE_HOME") {
        return Ok(Path::new(&folder).join("allclear"));
    }
    let home = variable("HOME").context(
        "cannot choose a cache folder, because neither ALLCLEAR_CACHE nor HOME is set; set ALLCLEAR_CACHE",
    )?;
    let caches = if cfg!(target_os = "macos") {
        "Library/Caches/allclear"
    } else {
        ".cache/allclear"
    };
    Ok(Path::new(&home).join(caches))
}

/// The one version of a package in Cargo.lock.
fn locked_version(package: &str) -> anyhow::Result<String> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))
        .context("cannot read Cargo.lock")?;
    let found = versions_in(&lock, package);
    match found.as_slice() {
        [version] => Ok((*version).to_owned()),
        [] => bail!("cannot find {package} in Cargo.lock"),
        several => bail!(
            "Cargo.lock contains {package} in several versions ({}), but its tool can match only one",
            several.join(", ")
        ),
    }
}

fn versions_in<'lock>(lock: &'lock str, package: &str) -> Vec<&'lock str> {
    let name = format!("name = \"{package}\"");
    lock.split("[[package]]")
        .filter(|entry| entry.lines().any(|line| line == name))
        .filter_map(|entry| {
            entry
                .lines()
                .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_read() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"ab\"\nversion = \"4\"\n";
        assert_eq!(versions_in(lock, "a"), ["1.2.3"]);
        assert_eq!(versions_in(lock, "b"), [""; 0]);
    }

    #[test]
    fn a_later_nextest_of_the_same_minor_version_fits() {
        for (said, fits) in [
            (
                "cargo-nextest 0.9.151 (abc 2026-11-01)\nrelease: 0.9.151",
                true,
            ),
            ("cargo-nextest 0.9.160", true),
            ("cargo-nextest 0.9.150", false),
            ("cargo-nextest 0.10.0", false),
            ("cargo-nextest", false),
        ] {
            assert_eq!(is_fitting_nextest(said), fits, "{said}");
        }
    }

    #[test]
    fn the_pinned_worker_build_fits_the_lock() {
        assert_eq!(locked_version("worker").unwrap(), WORKER_BUILD);
    }
}
