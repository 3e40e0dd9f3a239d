//! Prints progress to stderr, so that stdout has only the result of a command.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// The number of planned steps; 0 without a plan.
static PLANNED: AtomicUsize = AtomicUsize::new(0);
/// Number of steps that have started since the plan was printed.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The name, as passed to [`step`].
    pub what: String,
    /// An estimate of the duration on two cores; `None` for seconds.
    pub estimate: Option<&'static str>,
}

/// Prints a plan. The steps that follow print their number.
pub fn plan(steps: &[Planned]) {
    PLANNED.store(steps.len(), Ordering::Relaxed);
    BEGUN.store(0, Ordering::Relaxed);
    eprintln!("{}", plan_text(steps));
}

/// The text of a plan, with one line for each step.
fn plan_text(steps: &[Planned]) -> String {
    let lines = steps.iter().zip(1..).map(|(step, number)| {
        let about = step.estimate.map(|about| format!(" ({about})"));
        format!("\n  {number}. {}{}", step.what, about.unwrap_or_default())
    });
    format!("{} steps:{}", steps.len(), lines.collect::<String>())
}

/// Counts a step. Returns its prefix, such as "step 3 of 7: "; empty without a plan.
fn count_step() -> String {
    let number = BEGUN.fetch_add(1, Ordering::Relaxed) + 1;
    match PLANNED.load(Ordering::Relaxed) {
        planned if number <= planned => format!("step {number} of {planned}: "),
        _ => String::new(),
    }
}

/// Runs a step, and prints its name and its duration. A failure is not printed, because the caller reports the error.
pub fn step<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    eprintln!("→ {}{what} …", count_step());
    let started = Instant::now();
    let done = work()?;
    eprintln!("✓ {what} ({})", seconds(started.elapsed()));
    Ok(done)
}

/// Prints a line of information.
pub fn note(what: &str) {
    eprintln!("  {what}");
}

/// A duration as `0.4 s`, `12 s` or `3 min 5 s`.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..=9 => format!("{:.1} s", duration.as_secs_f64()),
        10..=119 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_numbers_and_estimates() {
        let step = |what: &str, estimate| Planned {
            what: what.to_owned(),
            estimate,
        };
        let steps = [step("Build", Some("about 2 minutes")), step("Start", None)];
        let expected = "2 steps:\n  1. Build (about 2 minutes)\n  2. Start";
        assert_eq!(plan_text(&steps), expected);
    }

    #[test]
    fn durations_have_one_or_two_units() {
        for (milliseconds, text) in [
            (430, "0.4 s"),
            (9_900, "9.9 s"),
            (12_400, "12 s"),
            (185_000, "3 min 5 s"),
        ] {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), text);
        }
    }
}
