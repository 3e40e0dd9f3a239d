//! Compares reads from the isolate's memory with a JavaScript worker that answers with the same bytes.

mod load;
mod reference;

use std::path::Path;

use e2e::{Answer, Server, outage, sending_outage};
use load::{Load, Outcome};
use reference::Reference;
use serde_json::{Value, json};

use crate::figures::{Check, Samples};

/// A read that both servers answer.
struct Read {
    name: &'static str,
    path: &'static str,
    answer: Kind,
    /// Minimum ratio of our requests a second to the reference's.
    least: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Full,
    /// 304, for the document's own tag.
    Unchanged,
}

const READS: &[Read] = &[
    Read {
        name: "quiet feed, 200",
        path: "/v1/sites/quiet/feed",
        answer: Kind::Full,
        least: 0.9,
    },
    Read {
        name: "quiet feed, 304",
        path: "/v1/sites/quiet/feed",
        answer: Kind::Unchanged,
        least: 0.9,
    },
    Read {
        name: "three notices, 200",
        path: "/v1/sites/three/feed",
        answer: Kind::Full,
        least: 0.9,
    },
    Read {
        name: "three notices, 304",
        path: "/v1/sites/three/feed",
        answer: Kind::Unchanged,
        least: 0.9,
    },
    Read {
        name: "unknown site, 404",
        path: UNKNOWN,
        answer: Kind::Full,
        least: 0.7,
    },
    Read {
        name: "quiet site loader, 200",
        path: "/s/quiet/embed.js",
        answer: Kind::Full,
        least: 0.9,
    },
    Read {
        name: "quiet site loader, 304",
        path: "/s/quiet/embed.js",
        answer: Kind::Unchanged,
        least: 0.9,
    },
    Read {
        name: "site loader, three notices",
        path: "/s/three/embed.js",
        answer: Kind::Full,
        least: 0.9,
    },
];

const UNKNOWN: &str = "/v1/sites/unknown/feed";

/// The path whose latency is measured.
const LATENCY: &str = "/v1/sites/quiet/feed";
/// Requests a second while latency is measured.
const RATE: u32 = 1000;
/// Maximum ratio of our 99.9th percentile of the latency to the reference's.
const MOST: f64 = 1.3;

/// Measurements of one read on both servers, and the ratio of each round.
#[derive(Default)]
struct Pair {
    ours: Samples,
    reference: Samples,
    ratio: Samples,
}

pub fn measure(rounds: u32, seconds: u32, oha: &Path) -> Vec<Check> {
    let server = sites();
    let recorded = |path: &str| (path.to_owned(), record_answer(&server, path));
    let answers: Vec<_> = READS.iter().map(|read| recorded(read.path)).collect();
    let reference = Reference::start(&answers);
    let answers = answers.iter().map(|(_, answer)| answer);
    let measured: Vec<(&Read, &Answer)> = READS
        .iter()
        .zip(answers)
        .filter(|(read, answer)| read.path == UNKNOWN || answer.status == 200)
        .collect();
    eprintln!(
        "→ {rounds} rounds of {} reads on both servers …",
        measured.len() + 1
    );
    let sides = [server.url(), reference.server.url()];
    let mut rates: Vec<Pair> = measured.iter().map(|_| Pair::default()).collect();
    let mut latency = Pair::default();
    // The first round compiles and fills caches.
    for round in 0..=rounds {
        for ((read, answer), pair) in measured.iter().zip(&mut rates) {
            let load = Load {
                oha,
                seconds: if round == 0 { 1 } else { seconds },
                rate: None,
                if_none_match: match read.answer {
                    Kind::Full => None,
                    Kind::Unchanged => answer.header("etag"),
                },
                status: match read.answer {
                    Kind::Full => answer.status,
                    Kind::Unchanged => 304,
                },
            };
            let outcomes = in_turn(round, &sides, |side| {
                load.send(&format!("{side}{}", read.path))
            });
            pair.add(round, outcomes.map(|outcome| outcome.per_s));
        }
        let load = Load {
            oha,
            seconds: if round == 0 { 1 } else { 2 * seconds },
            rate: Some(RATE),
            if_none_match: None,
            status: 200,
        };
        let outcomes = in_turn(round, &sides, |side| load.send(&format!("{side}{LATENCY}")));
        latency.add(round, outcomes.map(|outcome| outcome.slow_ms));
    }
    print(&measured, &rates, &latency)
}

fn print(measured: &[(&Read, &Answer)], rates: &[Pair], latency: &Pair) -> Vec<Check> {
    println!();
    println!(
        "{:<28}{:<26}{:<26}{:<20}limit",
        "requests a second", "ours", "JavaScript", "ratio"
    );
    let row = |name: &str, pair: &Pair, decimals: usize, check: &Check| {
        let [ours, reference] = [&pair.ours, &pair.reference].map(|side| side.summary(decimals));
        let ratio = pair.ratio.summary(2);
        println!("{name:<28}{ours:<26}{reference:<26}{ratio:<20}{check}");
    };
    let mut checks = Vec::new();
    for ((read, _), pair) in measured.iter().zip(rates) {
        let check = Check::at_least(pair.ratio.median(), read.least);
        row(read.name, pair, 0, &check);
        checks.push(check);
    }
    for read in READS {
        if !measured.iter().any(|(found, _)| found.name == read.name) {
            println!("{:<28}not measured: there is no such address", read.name);
        }
    }
    println!("ms at {RATE} requests a second");
    let check = Check::at_most(latency.ratio.median(), MOST);
    row("quiet feed, 99.9 %", latency, 2, &check);
    checks.push(check);
    checks
}

impl Pair {
    /// Adds the values of both sides, except for the first round.
    fn add(&mut self, round: u32, [ours, reference]: [f64; 2]) {
        if round > 0 {
            self.ours.push(ours);
            self.reference.push(reference);
            self.ratio.push(ours / reference);
        }
    }
}

/// Loads both sides; each is first in every other round.
fn in_turn(
    round: u32,
    [ours, theirs]: &[String; 2],
    load: impl Fn(&str) -> Outcome,
) -> [Outcome; 2] {
    if round.is_multiple_of(2) {
        [load(ours), load(theirs)]
    } else {
        let theirs = load(theirs);
        [load(ours), theirs]
    }
}

/// Starts a server with a site without incidents and one with three notices.
fn sites() -> Server {
    let server = Server::start();
    server.create_site(&json!({ "slug": "quiet", "name": "Quiet" }));
    let token = server.create_site(&json!({ "slug": "three", "name": "Three" }));
    let create = |path: &str, body: &Value| {
        let created = server.post(&format!("/v1/sites/three{path}"), &token, body);
        assert_eq!(created.status, 201, "{path}: {}", created.text());
    };
    create("/components", &json!({ "name": "Sending" }));
    create("/incidents", &sending_outage());
    for _ in 0..2 {
        create("/incidents", &outage());
    }
    server
}

/// Returns the answer without compression. The second read is answered from memory.
fn record_answer(server: &Server, path: &str) -> Answer {
    let read = || server.get(path);
    read();
    read()
}
