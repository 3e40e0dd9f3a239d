//! `cargo xtask …`

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::{
    bench, build, deploy, dev, mail::Mail, mail_catcher::Security, serve, setup, shots, test,
    workerd::Network, workspace,
};

/// Build, run and test Allclear.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build, serve with a site named demo, and print its addresses and tokens.
    Dev {
        /// Port on 127.0.0.1.
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Data folder [default: .allclear/ in the checkout].
        #[arg(long)]
        data: Option<PathBuf>,
        /// How the server connects to the mail catcher.
        #[arg(long, value_enum, default_value = "plain")]
        mail: Security,
    },
    /// Build into dist/.
    Build,
    /// Serve dist/ without building it.
    Serve {
        /// Port on 127.0.0.1; 0 picks a free one.
        #[arg(long)]
        port: u16,
        /// Data folder; created if missing.
        #[arg(long)]
        data: PathBuf,
        /// Let the server reach loopback and private addresses (for tests).
        #[arg(long)]
        allow_private: bool,
        /// Shift the server's clock by this many seconds (for tests).
        #[arg(
            long,
            value_name = "SECONDS",
            default_value_t = 0,
            allow_hyphen_values = true
        )]
        clock_offset: i64,
    },
    /// Install missing tools, then run every check and test.
    Test {
        /// Also run the tests that take minutes.
        #[arg(long)]
        long: bool,
        /// Run only tests whose names contain one of these, and no other checks.
        filter: Vec<String>,
    },
    /// Take the screenshots in docs/ and target/shots/.
    Shots {
        /// Take only screenshots whose names contain one of these.
        filter: Vec<String>,
    },
    /// Measure, and compare the results with the limits.
    Bench {
        #[command(subcommand)]
        subject: Bench,
    },
    /// Build and deploy to Cloudflare.
    Deploy {
        /// Build and check, but upload nothing.
        #[arg(long)]
        dry_run: bool,
        /// Nothing is deployed yet: do not download the embedded files that are live.
        #[arg(long)]
        first: bool,
    },
    /// Install the tools that the build needs.
    Setup,
}

#[derive(Subcommand)]
enum Bench {
    /// Compare a site with many past incidents with an empty one; measure another site's feed
    /// during long operations, and memory.
    Site {
        /// Number of past incidents.
        #[arg(long, default_value_t = 10_000)]
        incidents: u32,
        /// Number of rounds, each with every operation on both sites.
        #[arg(long, default_value_t = 30)]
        rounds: u32,
    },
    /// Time from navigation until a notice is painted, layout shift and long tasks, compared with other products' widgets.
    Page {
        /// Number of rounds, each with every widget, network and visit. Fewer than nine are for trials.
        #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Folder with checkouts of signalwire/status-widget and hundio/status.js, which are not measured without it.
        #[arg(long, value_name = "DIR")]
        peers: Option<PathBuf>,
        /// Measure only profiles whose names contain one of these: unthrottled, Fast 3G + 4 × CPU, Slow 4G.
        profiles: Vec<String>,
    },
    /// Requests per second and latency of reads, compared with a JavaScript worker that answers with the same bytes.
    Feed {
        /// Number of rounds, each with every read on both servers.
        #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Duration of each measurement, in seconds.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
    /// The price of a month on Cloudflare, by a model, for 1, 10 and 100 million page views.
    Price {
        /// Share of page views whose browser has an answer that is not older than poll_after_s, from 0 to 1.
        #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
        fresh: f64,
        /// Share of page views whose browser has no answer at all, from 0 to 1.
        #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
        first: f64,
        /// Time that a page is in view, in seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
        in_view: f64,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Dev { port, data, mail } => {
            let data = data.unwrap_or_else(|| workspace::root().join(".allclear"));
            return dev::run(&dev::Options { port, data, mail });
        }
        Command::Build => drop(build::run()?),
        Command::Serve {
            port,
            data,
            allow_private,
            clock_offset,
        } => {
            let network = if allow_private {
                Network::PublicAndPrivate
            } else {
                Network::Public
            };
            return serve::run(&serve::Options {
                port,
                data,
                network,
                mail: Mail::read()?,
                shows_outbox: false,
                clock_offset_s: clock_offset,
            });
        }
        Command::Test { long, filter } => {
            let length = if long {
                test::Length::Long
            } else {
                test::Length::Short
            };
            return test::run(length, &filter);
        }
        Command::Shots { filter } => shots::run(&filter)?,
        Command::Bench { subject } => return run_bench(subject),
        Command::Deploy { dry_run, first } => {
            let mode = if dry_run {
                deploy::Mode::DryRun
            } else {
                deploy::Mode::Deploy
            };
            let before = if first {
                deploy::Before::Nothing
            } else {
                deploy::Before::Deployment
            };
            deploy::run(mode, before)?;
        }
        Command::Setup => drop(setup::run()?),
    }
    Ok(ExitCode::SUCCESS)
}

fn run_bench(subject: Bench) -> anyhow::Result<ExitCode> {
    match subject {
        Bench::Site { incidents, rounds } => bench::site(incidents, rounds),
        Bench::Page {
            rounds,
            peers,
            profiles,
        } => bench::page(&bench::Page {
            rounds,
            peers,
            profiles,
        }),
        Bench::Feed { rounds, seconds } => bench::feed(rounds, seconds),
        Bench::Price {
            fresh,
            first,
            in_view,
        } => {
            bench::price::print(bench::price::Usage {
                fresh,
                first,
                in_view_s: in_view,
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
