//! `cargo xtask …`

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::{build, deploy, dev, serve, setup, shots, test, workerd::Network, workspace};

/// Build, run and test Allclear.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, serve it with the site `demo`, and print the addresses and tokens.
    Dev {
        /// The port on 127.0.0.1.
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Where everything is kept; .allclear/ in the checkout unless given.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Build everything into dist/.
    Build,
    /// Serve dist/ as it is.
    Serve {
        /// The port on 127.0.0.1; 0 picks a free one.
        #[arg(long)]
        port: u16,
        /// Where everything is kept.
        #[arg(long)]
        data: PathBuf,
        /// For tests: let the server reach loopback and private addresses.
        #[arg(long)]
        allow_private: bool,
        /// For tests: move the server's clock.
        #[arg(
            long,
            value_name = "SECONDS",
            default_value_t = 0,
            allow_hyphen_values = true
        )]
        clock_offset: i64,
    },
    /// Install what is missing and run every check and test.
    Test {
        /// Run the tests that take minutes as well.
        #[arg(long)]
        long: bool,
        /// Run only the tests whose names contain one of these, and no other check.
        filter: Vec<String>,
    },
    /// Make the pictures in docs/ and target/shots/.
    Shots {
        /// Make only the pictures whose names contain one of these.
        filter: Vec<String>,
    },
    /// Build and deploy to Cloudflare.
    Deploy {
        /// Check everything, upload nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Install what the build needs, and nothing else.
    Setup,
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
        Command::Dev { port, data } => {
            let data = data.unwrap_or_else(|| workspace::root().join(".allclear"));
            return dev::run(&dev::Options { port, data });
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
