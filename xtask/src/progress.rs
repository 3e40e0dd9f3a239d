//! Says what is going on. Everything here goes to stderr, so that stdout carries only what a caller asked for.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// How many steps were planned; 0 without a plan.
static PLANNED: AtomicUsize = AtomicUsize::new(0);
/// How many steps have begun since the plan was printed.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// A step that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The same words as its `step` has.
    pub what: String,
    /// An estimate of how long it takes on two cores; `None` where that is seconds.
    pub about: Option<&'static str>,
}

/// Prints the steps that are to come. From here on, each step says its number.
pub fn plan(steps: &[Planned]) {
    PLANNED.store(steps.len(), Ordering::Relaxed);
    BEGUN.store(0, Ordering::Relaxed);
    eprintln!("{}", listed(steps));
}

fn listed(steps: &[Planned]) -> String {
    let lines = steps.iter().zip(1..).map(|(step, number)| {
        let about = step.about.map(|about| format!(" ({about})"));
        format!("\n  {number}. {}{}", step.what, about.unwrap_or_default())
    });
    format!("{} steps:{}", steps.len(), lines.collect::<String>())
}

/// "step 3 of 7: " where there is a plan.
fn number() -> String {
    let number = BEGUN.fetch_add(1, Ordering::Relaxed) + 1;
    match PLANNED.load(Ordering::Relaxed) {
        planned if number <= planned => format!("step {number} of {planned}: "),
        _ => String::new(),
    }
}

/// Says what begins, does it, and says how long it took. A failure says nothing here: the error does.
pub fn step<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    eprintln!("→ {}{what} …", number());
    let begun = Instant::now();
    let done = work()?;
    eprintln!("✓ {what} ({})", seconds(begun.elapsed()));
    Ok(done)
}

/// One line of information.
pub fn note(what: &str) {
    eprintln!("  {what}");
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`.
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
    fn a_plan_numbers_its_steps_and_says_how_long_they_take() {
        let step = |what: &str, about| Planned {
            what: what.to_owned(),
            about,
        };
        let steps = [step("Build", Some("about 2 minutes")), step("Start", None)];
        let expected = "2 steps:\n  1. Build (about 2 minutes)\n  2. Start";
        assert_eq!(listed(&steps), expected);
    }

    #[test]
    fn durations_read_well() {
        for (milliseconds, words) in [
            (430, "0.4 s"),
            (9_900, "9.9 s"),
            (12_400, "12 s"),
            (185_000, "3 min 5 s"),
        ] {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), words);
        }
    }
}
