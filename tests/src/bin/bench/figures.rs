//! Medians, quartiles and limits.

use std::time::{Duration, Instant};

/// Durations of one operation, in milliseconds.
#[derive(Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn add(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1000.0);
    }

    /// Adds the duration of `work`, and returns its result.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        self.add(started.elapsed());
        result
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of the samples is, from 0 to 1.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index of at most a few thousand"
        )]
        let index = (last as f64 * share).round() as usize;
        sorted.get(index).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

impl std::fmt::Display for Samples {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| self.quantile(share));
        write!(formatter, "{median:>7.2} ms ({low:.2}–{high:.2})")
    }
}

/// A measured value and its limit.
#[derive(Debug)]
pub struct Limit {
    pub value: f64,
    pub most: f64,
}

impl Limit {
    pub fn is_kept(&self) -> bool {
        self.value <= self.most
    }

    pub fn verdict(&self) -> &'static str {
        if self.is_kept() { "ok" } else { "over" }
    }
}
