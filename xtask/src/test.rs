//! Installs what the tests need, runs every check, and fails if any does.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use crate::{
    build,
    chromium::{self, Chromium},
    command::{cargo, run as run_command},
    progress, setup,
    tools::{self, Tools},
    workspace,
};

/// How thorough a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// What every change passes.
    Short,
    /// The tests that take minutes as well: they read `ALLCLEAR_LONG`.
    Long,
}

/// One line of the summary.
struct Outcome {
    stage: &'static str,
    passed: bool,
    took: Duration,
}

/// What the stages need.
struct Bench<'run> {
    tools: Tools,
    nextest: PathBuf,
    chromium: Chromium,
    length: Length,
    filter: &'run [String],
}

type Stage = (&'static str, fn(&Bench) -> anyhow::Result<()>);

/// Skipped when a filter asks for some tests only.
const CHECKS: &[Stage] = &[
    ("rustfmt", rustfmt),
    ("clippy, native", clippy_native),
    ("clippy, wasm", clippy_wasm),
];

const TESTS: &[Stage] = &[
    ("native tests", native_tests),
    ("script tests in Node", script_tests),
    ("widget tests in Chromium", widget_tests),
    ("build", |_| build::run().map(drop)),
    ("end-to-end tests", end_to_end_tests),
];

/// Runs all stages, also after one has failed, so that one run shows everything.
pub fn run(length: Length, filter: &[String]) -> anyhow::Result<ExitCode> {
    let bench = Bench {
        tools: setup::run()?,
        nextest: tools::install_nextest()?,
        chromium: chromium::install()?,
        length,
        filter,
    };
    let checks = if filter.is_empty() { CHECKS } else { &[] };
    let outcomes: Vec<Outcome> = checks
        .iter()
        .chain(TESTS)
        .map(|(stage, work)| attempt(stage, || work(&bench)))
        .collect();

    eprintln!();
    for Outcome {
        stage,
        passed,
        took,
    } in &outcomes
    {
        let word = if *passed { "ok" } else { "FAILED" };
        eprintln!("  {stage:<26}{word:<8}{:>12}", progress::seconds(*took));
    }
    Ok(if outcomes.iter().all(|outcome| outcome.passed) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn attempt(stage: &'static str, work: impl FnOnce() -> anyhow::Result<()>) -> Outcome {
    let begun = Instant::now();
    let done = progress::step(stage, work);
    if let Err(error) = &done {
        eprintln!("✗ {stage}: {error:#}");
    }
    Outcome {
        stage,
        passed: done.is_ok(),
        took: begun.elapsed(),
    }
}

fn rustfmt(_: &Bench) -> anyhow::Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy_native(_: &Bench) -> anyhow::Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets"];
    run_command(cargo().args(arguments).args(["--", "-D", "warnings"]))
}

/// The Worker without its tests, which run natively and may need what wasm has not.
fn clippy_wasm(_: &Bench) -> anyhow::Result<()> {
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

fn native_tests(bench: &Bench) -> anyhow::Result<()> {
    let rooms = ["notice", "texts", "edge", "widget", "console", "xtask"];
    run_command(
        cargo()
            .args(["test", "--no-fail-fast"])
            .args(rooms.iter().flat_map(|room| ["--package", room]))
            .envs(long(bench))
            // A dot for each test is enough; what cargo compiles for minutes is not kept quiet.
            .args(["--", "--quiet"])
            .args(bench.filter),
    )
}

fn script_tests(_: &Bench) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for folder in ["widget/embed", "www/scripts"] {
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

fn widget_tests(bench: &Bench) -> anyhow::Result<()> {
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
            .args(names(bench))
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                &bench.tools.wasm_bindgen_test_runner,
            )
            .env("CHROMEDRIVER", &bench.chromium.driver)
            .envs(long(bench)),
    )
}

/// `.config/nextest.toml` says what is done about a test that hangs, or passes at times.
fn end_to_end_tests(bench: &Bench) -> anyhow::Result<()> {
    run_command(cargo().args(["test", "--package", "e2e", "--doc", "--quiet"]))?;
    run_command(
        Command::new(&bench.nextest)
            .args(["nextest", "run", "--package", "e2e", "--no-fail-fast"])
            // A filter may be meant for other stages.
            .args((!bench.filter.is_empty()).then_some("--no-tests=pass"))
            .args(names(bench))
            .current_dir(workspace::root())
            .env("CHROME", &bench.chromium.browser)
            .env("CHROMEDRIVER", &bench.chromium.driver)
            .envs(long(bench)),
    )
}

/// The filter, as the test harness takes it.
fn names<'bench>(bench: &Bench<'bench>) -> impl Iterator<Item = &'bench str> {
    let separator = (!bench.filter.is_empty()).then_some("--");
    separator
        .into_iter()
        .chain(bench.filter.iter().map(String::as_str))
}

fn long(bench: &Bench) -> Option<(&'static str, &'static str)> {
    (bench.length == Length::Long).then_some(("ALLCLEAR_LONG", "1"))
}
