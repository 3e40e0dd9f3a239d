//! Measures with a real server, and compares with the limits. Started by `cargo xtask bench`, which passes the subject and its
//! arguments.

mod feed;
mod figures;
mod page;
mod site;

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next();
    let subject = next().expect("a subject: start this by `cargo xtask bench`");
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).expect("a number");
    let checks = match subject.as_str() {
        "site" => site::measure(number(next()), number(next())),
        "page" => {
            let rounds = number(next());
            let mut folder = || PathBuf::from(next().expect("a folder"));
            let (installed, checkouts) = (folder(), folder());
            let profiles: Vec<String> = arguments.collect();
            page::measure(
                rounds,
                &page::Folders {
                    installed,
                    checkouts,
                },
                &profiles,
            )
        }
        "feed" => {
            let (rounds, seconds) = (number(next()), number(next()));
            let oha = PathBuf::from(next().expect("the path of oha"));
            feed::measure(rounds, seconds, &oha)
        }
        other => panic!("{other} cannot be measured"),
    };
    println!();
    let missed = checks.iter().filter(|check| !check.is_met()).count();
    println!("{} limits, {missed} missed", checks.len());
    if missed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
