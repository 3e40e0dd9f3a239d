//! Compares a large site with an empty one, and measures another site's feed during the large site's long operations.

mod contention;
mod cost;
mod memory;
mod seed;

use e2e::{Server, ServerOptions};

use crate::figures::Limit;

/// Measures a site with this number of past incidents.
pub fn measure(incidents: u32, rounds: u32) -> Vec<Limit> {
    let mut server = Server::with(&ServerOptions {
        write_limit: Some(0),
        ..ServerOptions::default()
    });
    let file = seed::sites(&server, incidents);
    let mut limits = memory::measure(&mut server);
    limits.extend(cost::measure(&server, rounds));
    limits.extend(contention::measure(&server, &file));
    limits
}
