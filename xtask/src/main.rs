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
    /// Measure, and compare with the limits.
    Bench {
        #[command(subcommand)]
        subject: Bench,
    },
    /// Build and deploy to Cloudflare.
    Deploy {
        /// Build and check, but upload nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Install the tools that the build needs.
    Setup,
}

#[derive(Subcommand)]
enum Bench {
    /// A site with many past incidents against an empty one, another site's feed during its long operations, and memory.
    Site {
        /// Number of past incidents.
        #[arg(long, default_value_t = 10_000)]
        incidents: u32,
        /// Number of rounds, each with every operation on both sites.
        #[arg(long, default_value_t = 30)]
        rounds: u32,
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
        Command::Bench {
            subject: Bench::Site { incidents, rounds },
        } => return bench::site(incidents, rounds),
        Command::Deploy { dry_run } => {
            let mode = if dry_run {
                deploy::Mode::DryRun
            } else {
                deploy::Mode::Deploy
            };
            deploy::run(mode)?;
        }
        Command::Setup => drop(setup::run()?),
    }
    Ok(ExitCode::SUCCESS)
}
