//! Another site's feed while the large site is verified, exported and imported.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use e2e::{ROOT_TOKEN, Server};
use serde_json::json;

use super::seed;
use crate::figures::{Check, Samples};

/// Time between two reads of the feed. The duration of a read counts from the time at which the read is due, so that it includes
/// the wait behind a read that hangs.
const EVERY: Duration = Duration::from_millis(10);
/// Duration of the quiet measurement.
const QUIET: Duration = Duration::from_secs(3);
/// Maximum ratio of the median during an operation to the quiet median.
const MOST: f64 = 2.0;

pub fn measure(server: &Server, file: &[u8]) -> Vec<Check> {
    eprintln!("→ Another site's feed, quiet and beside verify, export and import …");
    let copy = json!({ "slug": "copy", "name": "Copy" });
    let created = server.post("/v1/sites", ROOT_TOKEN, &copy);
    assert_eq!(created.status, 201, "{}", created.text());
    let read = |path: &'static str| {
        move || {
            let client = server.patient_client();
            let answer = client.request("GET", path).token(ROOT_TOKEN).receive();
            assert_eq!(answer.expect("an answer").status, 200, "{path}");
        }
    };
    let quiet = feeds_beside(server, || thread::sleep(QUIET));
    let operations: [(&str, Samples); 3] = [
        (
            "verify",
            feeds_beside(server, read("/v1/sites/large/verify")),
        ),
        (
            "export",
            feeds_beside(server, read("/v1/sites/large/export")),
        ),
        (
            "import",
            feeds_beside(server, || seed::import(server, "copy", file)),
        ),
    ];
    println!();
    println!(
        "another site's feed         median (quartiles)          99 %        reads  ratio  limit"
    );
    row("quiet", &quiet, "");
    operations
        .iter()
        .map(|(name, samples)| {
            let value = samples.median() / quiet.median();
            let check = Check::at_most(value, MOST);
            let end = format!("{value:>7.2}  {check}");
            row(&format!("beside {name}"), samples, &end);
            check
        })
        .collect()
}

fn row(name: &str, samples: &Samples, end: &str) {
    let (most, count) = (samples.quantile(0.99), samples.count());
    println!("{name:<28}{samples:<28}{most:>7.1} ms {count:>8}{end}");
}

/// Reads the feed of `other` at a fixed rate while `work` runs.
fn feeds_beside(server: &Server, work: impl FnOnce() + Send) -> Samples {
    let is_done = AtomicBool::new(false);
    let client = server.patient_client();
    thread::scope(|scope| {
        scope.spawn(|| {
            work();
            is_done.store(true, Ordering::Relaxed);
        });
        let mut samples = Samples::default();
        let mut due = Instant::now();
        while !is_done.load(Ordering::Relaxed) {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let answer = client
                .request("GET", "/v1/sites/other/feed")
                .receive()
                .expect("an answer");
            assert_eq!(answer.status, 200);
            samples.add(due.elapsed());
            due += EVERY;
        }
        samples
    })
}
