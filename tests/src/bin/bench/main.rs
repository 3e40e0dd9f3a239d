//! Measures how much a large site costs beside an empty one, and how much its long operations slow down another site.
//! Started by `cargo xtask bench site`; arguments are the number of past incidents and of rounds.

mod contention;
mod cost;
mod figures;
mod memory;
mod seed;

use std::process::ExitCode;

use e2e::{Server, ServerOptions};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u32| {
        let argument = arguments.next();
        argument.map_or(default, |text| text.parse().expect("a number"))
    };
    let (incidents, rounds) = (number(10_000), number(30));
    let mut server = Server::with(&ServerOptions {
        write_limit: Some(0),
        ..ServerOptions::default()
    });
    let file = seed::sites(&server, incidents);
    let mut limits = memory::measure(&mut server);
    limits.extend(cost::measure(&server, rounds));
    limits.extend(contention::measure(&server, &file));
    println!();
    let is_over = limits.iter().filter(|limit| !limit.is_kept()).count();
    println!("{} limits, {is_over} over", limits.len());
    if is_over == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
