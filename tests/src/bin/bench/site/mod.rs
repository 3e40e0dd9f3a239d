//! Compares a large site with an empty one, and measures another site's feed during the large site's long operations.

mod contention;
mod cost;
mod memory;
mod seed;

use e2e::{Server, ServerOptions};

use crate::figures::Check;

/// Measures a site with this number of past incidents.
pub fn measure(incidents: u32, rounds: u32) -> Vec<Check> {
    let mut server = Server::with(&ServerOptions {
        write_limit: Some(0),
        ..ServerOptions::default()
    });
    let file = seed::sites(&server, incidents);
    let mut checks = memory::measure(&mut server);
    checks.extend(cost::measure(&server, rounds));
    checks.extend(contention::measure(&server, &file));
    checks
}
