//! Serves `dist/` until a signal.

use std::{
    io::Write,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::{
    data::DataFolder,
    mail::Mail,
    process, secrets, settings,
    workerd::{Config, Log, Network, WorkerdProcess},
    workspace,
};

#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    pub data: PathBuf,
    pub network: Network,
    pub mail: Mail,
    /// Whether `/dev/outbox` shows the sent messages.
    pub shows_outbox: bool,
    /// Shift of the server's clock, in seconds.
    pub clock_offset_s: i64,
}

/// Starts the server, prints `ready http://127.0.0.1:PORT` once it answers, and returns after a signal or when workerd exits.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let stop = stop_flag()?;
    let _folder = DataFolder::take(&options.data)?;
    let running = start(&config(options)?, &stop)?;
    let Some(running) = running else {
        return Ok(ExitCode::SUCCESS);
    };
    print(&format!("ready {}", running.url()))?;
    wait_for_end(running, &stop)
}

/// The server's settings: from the command line, the environment, and the root token in the data folder.
pub fn config(options: &Options) -> anyhow::Result<Config> {
    let root_token = match settings::read("ROOT_TOKEN")? {
        Some(token) => token,
        None => secrets::root_token(&options.data)?,
    };
    Ok(Config {
        dist: workspace::dist(),
        data: options.data.clone(),
        kept: Some(options.data.join("kept")),
        port: options.port,
        root_token,
        public_url: settings::read("PUBLIC_URL")?,
        write_limit: settings::read("WRITE_LIMIT")?,
        trust_proxy: settings::read("TRUST_PROXY")?,
        doh_url: settings::read("DOH_URL")?,
        heartbeat_url: settings::read("HEARTBEAT_URL")?,
        mail: options.mail.clone(),
        shows_outbox: options.shows_outbox,
        network: options.network,
        clock_offset_s: options.clock_offset_s,
        log: Log::Stderr,
    })
}

/// A flag that SIGINT and SIGTERM set.
pub fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Starts the server; `None` if a signal arrives before it is ready.
pub fn start(config: &Config, stop: &AtomicBool) -> anyhow::Result<Option<WorkerdProcess>> {
    match WorkerdProcess::start_unless(config, stop) {
        Err(_) if stop.load(Ordering::Relaxed) => Ok(None),
        other => other.map(Some),
    }
}

/// Waits for a signal or for the exit of the server. After a signal, ends the server; after an
/// exit, returns its exit code.
pub fn wait_for_end(mut running: WorkerdProcess, stop: &AtomicBool) -> anyhow::Result<ExitCode> {
    loop {
        if stop.load(Ordering::Relaxed) {
            running.terminate()?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(status) = running.exited()? {
            eprintln!("error: workerd exited unexpectedly ({status})");
            // Exit code 0 is a failure too, because nothing has asked the server to end.
            return Ok(ExitCode::from(process::exit_code(status).max(1)));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Prints a line to stdout and flushes it.
pub fn print(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}
