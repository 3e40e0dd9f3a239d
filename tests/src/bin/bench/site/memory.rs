//! Growth of the server's memory since its start.

use std::{fs, thread, time::Duration};

use e2e::{ROOT_TOKEN, Server};

use crate::figures::Check;

/// Maximum growth, in megabytes of 2^20 bytes.
const MOST_MB: f64 = 64.0;
/// Maximum number of attempts while another job of the site runs. The nightly verification may be due at the restart, because
/// the imported events have the times of their file.
const ATTEMPTS: u32 = 120;
/// Pause between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// Restarts the server, and measures after the history, a verification and an export of the large site.
pub fn measure(server: &mut Server) -> Vec<Check> {
    eprintln!("→ Memory after a restart …");
    server.restart();
    let read = |path: &str| {
        let client = server.patient_client();
        let attempt = || {
            let answer = client.request("GET", path).token(ROOT_TOKEN).receive();
            answer.expect("an answer").status
        };
        let status = (1..ATTEMPTS).map(|_| attempt()).find(|status| {
            let is_busy = *status == 409;
            if is_busy {
                thread::sleep(PAUSE);
            }
            !is_busy
        });
        assert_eq!(status, Some(200), "{path}");
    };
    // The first requests load the code.
    read("/v1/sites/empty/feed");
    read("/s/empty");
    let start = resident_mb(server.pid());
    println!("memory at the start         {start:>7.1} MB");
    [
        ("history", "/s/large/history"),
        ("verify", "/v1/sites/large/verify"),
        ("export", "/v1/sites/large/export"),
    ]
    .into_iter()
    .map(|(name, path)| {
        read(path);
        let value = resident_mb(server.pid()) - start;
        let check = Check::at_most(value, MOST_MB);
        println!("  more after {name:<15}{value:>8.1} MB  {check}");
        check
    })
    .collect()
}

/// The resident set of a process.
fn resident_mb(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("Linux, with /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes.and_then(|text| text.parse().ok()).expect("VmRSS");
    kilobytes / 1024.0
}
