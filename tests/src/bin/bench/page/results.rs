//! Results of a profile, as tables and limits.

use super::{
    product::{GENERAL, PRELOADED, Product, SITE, Source},
    visit::Visit,
};
use crate::figures::{Check, Samples};

/// The visits of one product, by round.
#[derive(Debug, Default)]
pub struct Series {
    visits: Vec<[Visit; 2]>,
}

/// First or second visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temperature {
    Cold,
    Warm,
}

use Temperature::{Cold, Warm};

/// A limit on one of our tags relative to peers.
struct Goal {
    ours: &'static str,
    temperature: Temperature,
    /// Whether only peers on npm count.
    is_npm_only: bool,
    most: f64,
}

const GOALS: &[Goal] = &[
    Goal {
        ours: SITE,
        temperature: Cold,
        is_npm_only: false,
        most: 0.9,
    },
    Goal {
        ours: SITE,
        temperature: Warm,
        is_npm_only: false,
        most: 0.9,
    },
    Goal {
        ours: GENERAL,
        temperature: Warm,
        is_npm_only: false,
        most: 0.9,
    },
    Goal {
        ours: GENERAL,
        temperature: Cold,
        is_npm_only: true,
        most: 1.2,
    },
    Goal {
        ours: PRELOADED,
        temperature: Cold,
        is_npm_only: true,
        most: 0.9,
    },
];

impl Series {
    pub fn add(&mut self, visits: [Visit; 2]) {
        self.visits.push(visits);
    }

    fn samples(&self, temperature: Temperature, value: impl Fn(&Visit) -> f64) -> Samples {
        let mut samples = Samples::default();
        for [cold, warm] in &self.visits {
            samples.push(value(match temperature {
                Cold => cold,
                Warm => warm,
            }));
        }
        samples
    }

    /// Summarises the times until the texts were painted, without the rounds in which they were not painted.
    fn painted(&self, temperature: Temperature) -> String {
        let all = self.samples(temperature, |visit| visit.painted_ms);
        match all.count_numbers() {
            0 => "never".to_owned(),
            count if count < all.count() => format!("{} in {count} rounds", all.summary(0)),
            _ => all.summary(0),
        }
    }

    /// Our time divided by theirs, in each round.
    fn ratio(&self, theirs: &Self, temperature: Temperature) -> Samples {
        let [ours, theirs] =
            [self, theirs].map(|side| side.samples(temperature, |visit| visit.painted_ms));
        ours.divided_by(&theirs)
    }

    fn traffic(&self) -> String {
        let count = |value: fn(&Visit) -> u64| {
            #[expect(clippy::cast_precision_loss, reason = "a number of bytes below 2^50")]
            let samples = self.samples(Cold, |visit| value(visit) as f64);
            samples.median()
        };
        let (bytes, requests) = (
            count(|visit| visit.traffic.bytes),
            count(|visit| visit.traffic.requests),
        );
        format!("{bytes} / {requests}")
    }
}

/// Prints the incident page's table of a profile.
pub fn print_incident(profile: &str, measured: &[(&Product, Series)]) -> Vec<Check> {
    println!();
    println!("### Incident page, {profile}");
    println!();
    let ours: Vec<_> = measured
        .iter()
        .filter(|(product, _)| product.source == Source::Ours)
        .collect();
    let mut checks = Vec::new();
    for (temperature, name) in [(Cold, "cold"), (Warm, "warm")] {
        print!("| {name} | ms until painted (quartiles) | layout shift | bytes / requests, cold |");
        ours.iter()
            .for_each(|(product, _)| print!(" {} ÷ |", product.name));
        println!("\n|{}", "---|".repeat(4 + ours.len()));
        for (product, series) in measured {
            let shift = series.samples(temperature, |visit| visit.shift);
            let (painted, traffic) = (series.painted(temperature), series.traffic());
            print!(
                "| {} | {painted} | {:.3} | {traffic} |",
                product.name,
                shift.median()
            );
            for (other, ours) in &ours {
                match other.name == product.name {
                    true => print!(" |"),
                    false => print!(" {:.2} |", ours.ratio(series, temperature).median()),
                }
            }
            println!();
        }
        println!();
    }
    for goal in GOALS {
        checks.extend(goal.compare(measured));
    }
    for (product, series) in ours {
        checks.push(print_check(
            &format!("{}: layout shift", product.name),
            Check::at_most(series.samples(Cold, |visit| visit.shift).quantile(1.0), 0.0),
        ));
    }
    checks
}

impl Goal {
    /// Compares with the fastest peer, which has the largest ratio. `None` if there is nothing to compare.
    fn compare(&self, measured: &[(&Product, Series)]) -> Option<Check> {
        let (_, ours) = measured
            .iter()
            .find(|(product, _)| product.name == self.ours)?;
        let peers = measured.iter().filter(|(product, _)| match product.source {
            Source::NoWidget | Source::Ours => false,
            Source::Npm => true,
            Source::Checkout => !self.is_npm_only,
        });
        let ratios = peers.map(|(_, theirs)| ours.ratio(theirs, self.temperature).median());
        let worst = ratios.filter(|ratio| !ratio.is_nan()).reduce(f64::max)?;
        let whom = if self.is_npm_only {
            "the fastest on npm"
        } else {
            "the fastest"
        };
        let temperature = match self.temperature {
            Cold => "cold",
            Warm => "warm",
        };
        let name = format!("{}, {temperature}, ÷ {whom}: {worst:.2}", self.ours);
        Some(print_check(&name, Check::at_most(worst, self.most)))
    }
}

/// Prints the quiet page's table.
pub fn print_quiet(profile: &str, measured: &[(&Product, Series)]) -> Vec<Check> {
    println!();
    println!("### Quiet page, {profile}");
    println!();
    println!(
        "| | bytes / requests, cold | layout shift, cold | warm | long tasks, cold (quartiles) | warm |"
    );
    println!("|---|---|---|---|---|---|");
    let mut checks = Vec::new();
    let tasks =
        |series: &Series, temperature| series.samples(temperature, |visit| visit.long_tasks);
    let without_widget = measured
        .iter()
        .find(|(product, _)| product.source == Source::NoWidget)
        .map(|(_, series)| tasks(series, Cold))
        .unwrap_or_default();
    for (product, series) in measured {
        let shift = |temperature| series.samples(temperature, |visit| visit.shift).median();
        let long = |temperature| tasks(series, temperature);
        println!(
            "| {} | {} | {:.3} | {:.3} | {} | {} |",
            product.name,
            series.traffic(),
            shift(Cold),
            shift(Warm),
            long(Cold).summary(0),
            long(Warm).summary(0)
        );
        if product.source == Source::Ours {
            checks.push((
                format!("{}: layout shift", product.name),
                Check::at_most(shift(Cold), 0.0),
            ));
            // The page without a widget has long tasks too, where the processor is slow or busy.
            let more = Check::at_most(long(Cold).minus(&without_widget).median(), 0.0);
            checks.push((format!("{}: long tasks of its own", product.name), more));
        }
    }
    println!();
    checks
        .iter()
        .map(|(name, check)| print_check(name, *check))
        .collect()
}

fn print_check(name: &str, check: Check) -> Check {
    println!("{name}  {check}");
    check
}
