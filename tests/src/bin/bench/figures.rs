//! Medians, quartiles, and checks against limits.

use std::{
    fmt::{self, Display, Formatter},
    time::{Duration, Instant},
};

/// Measured values, such as durations in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds a duration, in milliseconds.
    pub fn add(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1000.0);
    }

    pub fn push(&mut self, value: f64) {
        self.0.push(value);
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

    /// The number of samples that are not NaN.
    pub fn count_numbers(&self) -> usize {
        self.0.iter().filter(|value| !value.is_nan()).count()
    }

    /// Each sample divided by `other`'s sample of the same round. Rounds in which `other` is NaN are left out.
    pub fn divided_by(&self, other: &Self) -> Self {
        let rounds = self.0.iter().zip(&other.0);
        let ratios = rounds.filter(|(_, other)| !other.is_nan());
        Self(ratios.map(|(value, other)| value / other).collect())
    }

    /// Each sample minus `other`'s sample of the same round.
    pub fn minus(&self, other: &Self) -> Self {
        let rounds = self.0.iter().zip(&other.0);
        Self(rounds.map(|(value, other)| value - other).collect())
    }

    /// The value below which a share of the samples lies. `share` is from 0 to 1; NaN counts as the largest value.
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

    /// Median and quartiles, with this number of decimals.
    pub fn summary(&self, decimals: usize) -> String {
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| self.quantile(share));
        format!("{median:.decimals$} ({low:.decimals$}–{high:.decimals$})")
    }
}

impl Display for Samples {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| self.quantile(share));
        write!(formatter, "{median:>7.2} ms ({low:.2}–{high:.2})")
    }
}

/// A measured value, which is checked against a limit.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    value: f64,
    bound: Bound,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Check {
    pub fn at_most(value: f64, most: f64) -> Self {
        let bound = Bound::AtMost(most);
        Self { value, bound }
    }

    pub fn at_least(value: f64, least: f64) -> Self {
        let bound = Bound::AtLeast(least);
        Self { value, bound }
    }

    /// Returns whether the value is within the limit. A value that was not measured, NaN, is not.
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(most) => self.value <= most,
            Bound::AtLeast(least) => self.value >= least,
        }
    }
}

/// The limit and the result, such as `≤ 1.2 ok`; not the value.
impl Display for Check {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match (self.bound, self.is_met()) {
            (Bound::AtMost(most), true) => write!(formatter, "≤ {most} ok"),
            (Bound::AtMost(most), false) => write!(formatter, "≤ {most} over"),
            (Bound::AtLeast(least), true) => write!(formatter, "≥ {least} ok"),
            (Bound::AtLeast(least), false) => write!(formatter, "≥ {least} under"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Samples {
        Samples(values.to_vec())
    }

    #[test]
    fn a_summary_has_the_median_and_the_quartiles() {
        let nine = samples(&[9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0]);
        assert_eq!(nine.summary(0), "5 (3–7)");
    }

    #[test]
    fn ratios_skip_rounds_in_which_the_divisor_is_nan() {
        let [all, without_third] = [samples(&[2.0, 6.0, 5.0]), samples(&[1.0, 2.0, f64::NAN])];
        assert_eq!(all.divided_by(&without_third).0, [2.0, 3.0]);
        assert_eq!(without_third.count_numbers(), 2);
        // A round in which the dividend is NaN stays, and fails the check.
        let ratios = without_third.divided_by(&all);
        assert_eq!(ratios.count(), 3);
        assert!(!Check::at_most(ratios.quantile(1.0), 9.0).is_met());
    }

    #[test]
    fn a_check_is_shown_as_ok_over_or_under() {
        for (check, expected) in [
            (Check::at_most(1.2, 1.2), "≤ 1.2 ok"),
            (Check::at_most(1.3, 1.2), "≤ 1.2 over"),
            (Check::at_least(0.9, 0.9), "≥ 0.9 ok"),
            (Check::at_least(0.8, 0.9), "≥ 0.9 under"),
        ] {
            assert_eq!(check.to_string(), expected);
        }
    }
}
