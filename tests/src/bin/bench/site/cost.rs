//! Compares durations on the large site with those on an empty one, measured in turn.

use std::{thread, time::Duration};

use e2e::{ROOT_TOKEN, Server, outage_with};
use serde_json::json;
use xtask::http::Client;

use crate::figures::{Check, Samples};

/// Time after which a page in the Worker's memory is out of date, so that the next read is sent to the site's object.
const STALE: Duration = Duration::from_millis(1050);

/// A read that is measured on both sites.
struct Read {
    name: &'static str,
    /// The path, by the site's slug.
    path: fn(&str) -> String,
    /// Maximum ratio of the large site's median to the empty site's.
    most: f64,
}

const READS: &[Read] = &[
    Read {
        name: "feed",
        path: |site| format!("/v1/sites/{site}/feed"),
        most: 1.2,
    },
    Read {
        name: "status page",
        path: |site| format!("/s/{site}"),
        most: 1.2,
    },
    Read {
        name: "history",
        path: |site| format!("/s/{site}/history"),
        most: 2.0,
    },
    Read {
        name: "list",
        path: |site| format!("/v1/sites/{site}/incidents"),
        most: 2.0,
    },
    Read {
        name: "filter: status=resolved",
        path: |site| format!("/v1/sites/{site}/incidents?status=resolved"),
        most: 2.0,
    },
    Read {
        name: "filter: status=monitoring",
        path: |site| format!("/v1/sites/{site}/incidents?status=monitoring"),
        most: 2.0,
    },
    Read {
        name: "filter: kind=maintenance",
        path: |site| format!("/v1/sites/{site}/incidents?kind=maintenance"),
        most: 2.0,
    },
    Read {
        name: "filter: open=true",
        path: |site| format!("/v1/sites/{site}/incidents?open=true"),
        most: 2.0,
    },
];

pub fn measure(server: &Server, rounds: u32) -> Vec<Check> {
    eprintln!("→ {rounds} rounds of reads and publishes, about 2 s each …");
    let client = server.patient_client();
    let mut reads: Vec<[Samples; 2]> = READS.iter().map(|_| Default::default()).collect();
    let mut publishes: [Samples; 2] = Default::default();
    // The first round compiles and fills caches.
    for round in 0..=rounds {
        thread::sleep(STALE);
        for (read, samples) in READS.iter().zip(&mut reads) {
            for (side, site) in in_turn(round) {
                let path = (read.path)(site);
                let answer = if round == 0 {
                    get(&client, &path)
                } else {
                    samples[side].time(|| get(&client, &path))
                };
                assert_eq!(answer, 200, "{path}");
            }
        }
    }
    // Publishing comes last, because after it the empty site is not empty any more.
    for round in 0..=rounds {
        for (side, site) in in_turn(round) {
            let samples = &mut publishes[side];
            publish(&client, site, (round > 0).then_some(samples));
        }
    }
    println!();
    println!(
        "{:<28}{:<28}{:<28}{:>6}  limit",
        "", "large", "empty", "ratio"
    );
    let publish = ("publish", 1.2, &publishes);
    let reads = READS.iter().zip(&reads);
    reads
        .map(|(read, samples)| (read.name, read.most, samples))
        .chain([publish])
        .map(|(name, most, [large, empty])| {
            let value = large.median() / empty.median();
            let check = Check::at_most(value, most);
            println!("{name:<28}{large:<28}{empty:<28}{value:>6.2}  {check}");
            check
        })
        .collect()
}

/// The two sites in the order of a round: each is first in every other round.
fn in_turn(round: u32) -> [(usize, &'static str); 2] {
    let [large, empty] = [(0, "large"), (1, "empty")];
    if round.is_multiple_of(2) {
        [large, empty]
    } else {
        [empty, large]
    }
}

fn get(client: &Client, path: &str) -> u16 {
    let request = client.request("GET", path).token(ROOT_TOKEN);
    request.receive().expect("an answer").status
}

/// Publishes an incident, and withdraws it, so that the feed stays as it is.
fn publish(client: &Client, site: &str, samples: Option<&mut Samples>) {
    let path = format!("/v1/sites/{site}/incidents");
    let body = outage_with(&json!({ "components": [{ "id": "sending" }] }));
    let send = || {
        let request = client.request("POST", &path).token(ROOT_TOKEN);
        request.json(&body).send().expect("an answer")
    };
    let published = match samples {
        Some(samples) => samples.time(send),
        None => send(),
    };
    assert_eq!(published.status, 201, "{}", published.text());
    let id = published.json["id"].as_str().expect("an id").to_owned();
    let withdrawn = client
        .request("POST", &format!("{path}/{id}/withdraw"))
        .token(ROOT_TOKEN)
        .json(&json!({ "reason": "A measurement." }))
        .send()
        .expect("an answer");
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.text());
}
