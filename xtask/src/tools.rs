//! The Rust tools of the build, the tests and the benchmarks, at pinned versions. They are compiled into the user's cache
//! folder, so that a second clone does not compile them again. A compatible nextest on the PATH is used as it is.

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

/// The version of worker-build. Must equal that of `worker` in Cargo.lock, because both are released together.
const WORKER_BUILD: &str = "0.8.7";

/// The version of cargo-nextest, which runs the end-to-end tests.
const NEXTEST: &str = "0.9.151";

/// The version of geckodriver, which drives Firefox in the end-to-end tests.
const GECKODRIVER: &str = "0.37.1";

/// The version of oha, which generates the load of `bench feed`.
const OHA: &str = "1.16.0";

/// A tool that `cargo install` installs.
struct Tool {
    package: &'static str,
    version: String,
    binary: &'static str,
    /// Additional arguments of `cargo install`.
    arguments: &'static [&'static str],
    optimisation: Optimisation,
    /// What the plan prints in brackets: how long compiling takes on two cores, and how often it is done.
    estimate: &'static str,
}

/// How a tool is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Optimisation {
    /// No optimisation: these tools mostly wait for other programs, and optimising them takes minutes.
    None,
    /// Optimisation for speed.
    Full,
}

/// Paths to the installed tools.
pub struct Tools {
    /// Generates the JavaScript glue of a wasm module.
    pub wasm_bindgen: PathBuf,
    /// Cargo's `runner` for wasm tests in a browser.
    pub wasm_bindgen_test_runner: PathBuf,
    pub worker_build: PathBuf,
}

/// wasm-bindgen, at the version in Cargo.lock.
fn bindgen() -> anyhow::Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: locked_version("wasm-bindgen")?,
        binary: "wasm-bindgen",
        arguments: &[],
        optimisation: Optimisation::None,
        estimate: "about 1 minute, once per machine",
    })
}

/// worker-build, at the version of `worker` in Cargo.lock.
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
        arguments: &[],
        optimisation: Optimisation::None,
        estimate: "about 2 minutes, once per machine",
    })
}

/// Installs the missing tools, and returns the paths of all.
pub fn install() -> anyhow::Result<Tools> {
    let cache = cache_folder()?;
    let bindgen = bindgen()?.install(&cache)?;
    let worker = worker()?.install(&cache)?;
    Ok(Tools {
        wasm_bindgen: bindgen.join("wasm-bindgen"),
        wasm_bindgen_test_runner: bindgen.join("wasm-bindgen-test-runner"),
        worker_build: worker.join("worker-build"),
    })
}

/// The steps that `install` will run.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let cache = cache_folder()?;
    let tools = [bindgen()?, worker()?];
    let missing = tools
        .iter()
        .filter(|tool| !tool.is_installed(&tool.binaries(&cache)));
    let step = |tool: &Tool| Planned {
        what: tool.step(),
        estimate: Some(tool.estimate),
    };
    Ok(missing.map(step).collect())
}

/// Installs cargo-nextest unless a compatible version is on the PATH. Returns its path.
pub fn install_nextest() -> anyhow::Result<PathBuf> {
    if let Some(found) = find_on_path(&["cargo-nextest"]) {
        let output = capture(Command::new(&found).arg("--version"));
        if output.is_ok_and(|output| is_compatible_nextest(&output)) {
            return Ok(found);
        }
    }
    let nextest = Tool {
        package: "cargo-nextest",
        version: NEXTEST.to_owned(),
        binary: "cargo-nextest",
        // These features leave out the command `self update`.
        arguments: &["--no-default-features", "--features", "default-no-update"],
        optimisation: Optimisation::None,
        estimate: "about 3 minutes, once per machine",
    };
    Ok(nextest.install(&cache_folder()?)?.join("cargo-nextest"))
}

fn geckodriver() -> Tool {
    Tool {
        package: "geckodriver",
        version: GECKODRIVER.to_owned(),
        binary: "geckodriver",
        arguments: &[],
        optimisation: Optimisation::None,
        estimate: "about 2 minutes, once per machine",
    }
}

/// Installs geckodriver into the user's cache folder.
pub fn install_geckodriver() -> anyhow::Result<()> {
    geckodriver().install(&cache_folder()?).map(drop)
}

/// The path of the installed geckodriver.
pub fn installed_geckodriver() -> anyhow::Result<Option<PathBuf>> {
    let tool = geckodriver();
    let binaries = tool.binaries(&cache_folder()?);
    let is_installed = tool.is_installed(&binaries);
    Ok(is_installed.then(|| binaries.join(tool.binary)))
}

/// Installs oha, and returns its path.
pub fn install_oha() -> anyhow::Result<PathBuf> {
    let oha = Tool {
        package: "oha",
        version: OHA.to_owned(),
        binary: "oha",
        // Leaves out TLS, which no measurement needs.
        arguments: &["--no-default-features"],
        // oha must be fast, because it shares the processors with the servers that it measures.
        optimisation: Optimisation::Full,
        estimate: "about 3 minutes, once per machine",
    };
    Ok(oha.install(&cache_folder()?)?.join(oha.binary))
}

/// Whether the output of `--version` names the pinned version, or a later patch of the same minor version.
fn is_compatible_nextest(output: &str) -> bool {
    let numbers = |version: &str| -> Option<[u32; 3]> {
        let mut parts = version.split('.').map(|part| part.parse().ok());
        Some([parts.next()??, parts.next()??, parts.next()??])
    };
    let found = output.split_whitespace().nth(1).and_then(numbers);
    let (Some([major, minor, patch]), Some(pinned)) = (found, numbers(NEXTEST)) else {
        return false;
    };
    [major, minor] == [pinned[0], pinned[1]] && patch >= pinned[2]
}

impl Tool {
    /// Installs the tool unless this version is installed, and returns the folder of its binaries.
    fn install(&self, cache: &Path) -> anyhow::Result<PathBuf> {
        let Self {
            package, version, ..
        } = self;
        let binaries = self.binaries(cache);
        if self.is_installed(&binaries) {
            return Ok(binaries);
        }
        let folder = self.folder(cache);
        let step = format!("{} ({})", self.step(), self.estimate);
        progress::step(&step, || self.compile(&folder))?;
        if !self.is_installed(&binaries) {
            bail!(
                "{package} {version} was installed into {}, but --version reports a different version",
                folder.display()
            );
        }
        Ok(binaries)
    }

    fn step(&self) -> String {
        format!("Compiling {} {}", self.package, self.version)
    }

    fn folder(&self, cache: &Path) -> PathBuf {
        let name = format!("{}-{}", self.package, self.version);
        cache.join("tools").join(name)
    }

    fn binaries(&self, cache: &Path) -> PathBuf {
        self.folder(cache).join("bin")
    }

    fn is_installed(&self, binaries: &Path) -> bool {
        let output = capture(Command::new(binaries.join(self.binary)).arg("--version"));
        output.is_ok_and(|output| output.split_whitespace().any(|word| word == self.version))
    }

    fn compile(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "cannot create {}; set ALLCLEAR_CACHE to use another cache folder",
                folder.display()
            )
        })?;
        let scratch = std::env::temp_dir().join(format!("allclear-{}", self.package));
        let level = match self.optimisation {
            Optimisation::None => "0",
            Optimisation::Full => "3",
        };
        let install = |lock: Option<&str>| {
            let mut command = cargo();
            command
                .args(["install", self.package, "--version", &self.version])
                .args(self.arguments)
                .args(lock)
                .arg("--root")
                .arg(folder)
                .arg("--target-dir")
                .arg(&scratch)
                .arg("--force")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
                // The flags and the target folder of the build do not apply to the tools.
                .env_remove("CARGO_TARGET_DIR")
                .env_remove("RUSTFLAGS");
            run(&mut command)
        };
        // A crate in the tool's own lock file may be missing from a registry mirror, or not compile with a newer Rust.
        // Newer compatible versions of the crates can work.
        if install(Some("--locked")).is_err() {
            progress::note("Retrying with the newest compatible crates.");
            install(None).with_context(|| {
                format!(
                    "cannot install {}: check that the registry in cargo's configuration can be reached",
                    self.package
                )
            })?;
        }
        // A folder that cannot be removed only takes disk space.
        let _ = fs::remove_dir_all(&scratch);
        Ok(())
    }
}

/// The folder in `ALLCLEAR_CACHE`, or else the folder `allclear` in the user's cache folder.
pub fn cache_folder() -> anyhow::Result<PathBuf> {
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

/// The version of a package in Cargo.lock.
///
/// # Errors
/// When Cargo.lock has no version or several.
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
    fn versions_are_read_from_the_lock() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"ab\"\nversion = \"4\"\n";
        assert_eq!(versions_in(lock, "a"), ["1.2.3"]);
        assert_eq!(versions_in(lock, "b"), [""; 0]);
    }

    #[test]
    fn a_later_patch_of_the_pinned_nextest_is_compatible() {
        for (output, is_compatible) in [
            (
                "cargo-nextest 0.9.151 (abc 2026-11-01)\nrelease: 0.9.151",
                true,
            ),
            ("cargo-nextest 0.9.160", true),
            ("cargo-nextest 0.9.150", false),
            ("cargo-nextest 0.10.0", false),
            ("cargo-nextest", false),
        ] {
            assert_eq!(is_compatible_nextest(output), is_compatible, "{output}");
        }
    }

    #[test]
    fn worker_build_has_the_version_of_worker() {
        assert_eq!(locked_version("worker").unwrap(), WORKER_BUILD);
    }
}
