//! Installs the tools of the tests, and runs all checks and tests.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use crate::{
    build,
    chromium::{self, Chromium},
    command::{cargo, run as run_command},
    engines, junit, progress, python, setup,
    tools::{self, Tools},
    workspace,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The tests that run for every change.
    Short,
    /// Also the tests that take minutes, which read `ALLCLEAR_LONG`.
    Long,
}

/// The result of a stage, for the summary.
struct Outcome {
    stage: &'static str,
    /// The error of a failed stage.
    error: Option<String>,
    duration: Duration,
}

/// The inputs of the stages.
struct Setup<'run> {
    tools: Tools,
    nextest: PathBuf,
    chromium: Chromium,
    length: Length,
    filter: &'run [String],
}

type Stage = (&'static str, fn(&Setup) -> anyhow::Result<()>);

/// Stages that are skipped when a filter selects tests.
const CHECKS: &[Stage] = &[
    ("rustfmt", rustfmt),
    ("clippy, native", clippy_native),
    ("clippy, wasm", clippy_wasm),
];

const TESTS: &[Stage] = &[
    ("native tests", native_tests),
    ("script tests in Node", script_tests),
    ("webhooks in Python", |_| python::test()),
    ("widget tests in Chromium", widget_tests),
    ("build", |_| build::run().map(drop)),
    ("end-to-end tests", end_to_end_tests),
];

/// Runs all stages, even if one fails, so that one run shows all failures.
pub fn run(length: Length, filter: &[String]) -> anyhow::Result<ExitCode> {
    let setup = Setup {
        tools: setup::run()?,
        nextest: tools::install_nextest()?,
        chromium: chromium::install()?,
        length,
        filter,
    };
    // With a filter, Firefox and WebKitGTK are not installed, because their installation may take minutes.
    if filter.is_empty() {
        engines::install();
    }
    let checks = if filter.is_empty() { CHECKS } else { &[] };
    let outcomes: Vec<Outcome> = checks
        .iter()
        .chain(TESTS)
        .map(|(stage, work)| attempt(stage, || work(&setup)))
        .collect();

    eprintln!();
    for Outcome {
        stage,
        error,
        duration,
    } in &outcomes
    {
        let label = if error.is_none() { "ok" } else { "FAILED" };
        eprintln!(
            "  {stage:<26}{label:<8}{:>12}",
            progress::seconds(*duration)
        );
    }
    for error in engines::unusable() {
        eprintln!("  {error:#}");
    }
    if let Some(missing) = python::unusable() {
        eprintln!("  {missing}");
    }
    eprintln!("{}", flaky_line());
    // The errors are printed again, for readers who see only the end of the output.
    for Outcome { stage, error, .. } in &outcomes {
        if let Some(error) = error {
            eprintln!("\n✗ {stage}: {error}");
        }
    }
    Ok(if outcomes.iter().all(|outcome| outcome.error.is_none()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn attempt(stage: &'static str, work: impl FnOnce() -> anyhow::Result<()>) -> Outcome {
    let started = Instant::now();
    let result = progress::step(stage, work);
    if let Err(error) = &result {
        eprintln!("✗ {stage}: {error:#}");
    }
    Outcome {
        stage,
        error: result.err().map(|error| format!("{error:#}")),
        duration: started.elapsed(),
    }
}

fn rustfmt(_: &Setup) -> anyhow::Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy_native(_: &Setup) -> anyhow::Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets"];
    run_command(cargo().args(arguments).args(["--", "-D", "warnings"]))
}

/// Runs clippy on the crates for wasm, but not on the tests of the Worker and the console, which run natively.
fn clippy_wasm(_: &Setup) -> anyhow::Result<()> {
    for targets in [
        ["--package", "edge", "--lib"],
        ["--package", "widget", "--all-targets"],
        ["--package", "console", "--lib"],
    ] {
        run_command(
            cargo()
                .args(["clippy", "--target", "wasm32-unknown-unknown"])
                .args(targets)
                .args(["--", "-D", "warnings"]),
        )?;
    }
    Ok(())
}

fn native_tests(setup: &Setup) -> anyhow::Result<()> {
    let packages = ["notice", "texts", "edge", "widget", "console", "xtask"];
    run_command(
        cargo()
            .args(["test", "--no-fail-fast"])
            .args(packages.iter().flat_map(|package| ["--package", package]))
            .envs(long_variable(setup))
            // Prints one dot per test; cargo still prints the crates that it compiles.
            .args(["--", "--quiet"])
            .args(setup.filter),
    )
}

fn script_tests(_: &Setup) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for folder in [
        "widget/loader",
        "widget/plain",
        "www/pages",
        "www/guide",
        "tests/webhooks",
    ] {
        files.extend(build::stamp::files_under(&workspace::root().join(folder))?);
    }
    let tests: Vec<_> = files
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    if tests.is_empty() {
        progress::note("No script tests found.");
        return Ok(());
    }
    run_command(Command::new("node").arg("--test").args(tests))
}

fn widget_tests(setup: &Setup) -> anyhow::Result<()> {
    run_command(
        cargo()
            .args([
                "test",
                "--package",
                "widget",
                "--tests",
                "--target",
                "wasm32-unknown-unknown",
            ])
            .args(filter_arguments(setup))
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                &setup.tools.wasm_bindgen_test_runner,
            )
            .env("CHROMEDRIVER", &setup.chromium.driver)
            // In seconds. For all tests of a file; the default is 20.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
            // For the start of ChromeDriver, which takes longer the first time; the default is 5.
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120")
            .envs(long_variable(setup)),
    )
}

/// The path of nextest's report of the last run. The path does not depend on `CARGO_TARGET_DIR`.
fn report_path() -> PathBuf {
    workspace::root().join("target/nextest/default/junit.xml")
}

/// The last line of the summary: the number and names of the flaky tests.
fn flaky_line() -> String {
    let Ok(report) = fs::read_to_string(report_path()) else {
        return "  flaky tests: unknown, the end-to-end tests left no report".to_owned();
    };
    match junit::flaky_tests(&report) {
        Ok(flaky) if flaky.is_empty() => "  flaky tests: 0".to_owned(),
        Ok(flaky) => format!("  flaky tests: {} ({})", flaky.len(), flaky.join(", ")),
        Err(error) => format!("  flaky tests: unknown, {error:#}"),
    }
}

/// `.config/nextest.toml` defines which tests run alone, and the timeout of a test.
fn end_to_end_tests(setup: &Setup) -> anyhow::Result<()> {
    // If this run ends without a report, the summary must not use the report of an earlier run.
    let _ = fs::remove_file(report_path());
    run_command(cargo().args(["test", "--package", "e2e", "--doc", "--quiet"]))?;
    run_command(
        Command::new(&setup.nextest)
            .args(["nextest", "run", "--package", "e2e", "--no-fail-fast"])
            // The filter may select tests of other stages only.
            .args((!setup.filter.is_empty()).then_some("--no-tests=pass"))
            .args(filter_arguments(setup))
            .current_dir(workspace::root())
            .env("CHROME", &setup.chromium.browser)
            .env("CHROMEDRIVER", &setup.chromium.driver)
            .envs(long_variable(setup)),
    )
}

/// The filter as arguments of the test harness.
fn filter_arguments<'setup>(setup: &Setup<'setup>) -> impl Iterator<Item = &'setup str> {
    let separator = (!setup.filter.is_empty()).then_some("--");
    separator
        .into_iter()
        .chain(setup.filter.iter().map(String::as_str))
}

/// The environment variable that enables the long tests.
fn long_variable(setup: &Setup) -> Option<(&'static str, &'static str)> {
    (setup.length == Length::Long).then_some(("ALLCLEAR_LONG", "1"))
}
