//! Says what is going on. Everything here goes to stderr, so that stdout carries only what a caller asked for.

use std::time::{Duration, Instant};

/// Says what begins, does it, and says how long it took. A failure says nothing here: the error does.
pub fn step<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    eprintln!("→ {what} …");
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
