//! Serves what is in `dist/` until told to stop.

use std::{
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::{
    data::DataFolder,
    process, settings,
    workerd::{Config, Log, Network, Running},
    workspace,
};

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Where everything is kept.
    pub data: PathBuf,
    /// What the server may reach.
    pub network: Network,
    /// Moves the server's clock, in seconds.
    pub clock_offset_s: i64,
}

/// Serves, prints `ready http://127.0.0.1:PORT` once it answers, and returns when a signal or workerd ends it.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let stop = stop_flag()?;
    let _folder = DataFolder::take(&options.data)?;
    let running = start(&config(options)?, &stop)?;
    let Some(running) = running else {
        return Ok(ExitCode::SUCCESS);
    };
    say(&format!("ready {}", running.url()))?;
    attend(running, &stop)
}

/// The server's settings: from the command line, the environment, and the root token kept in the data folder.
pub fn config(options: &Options) -> anyhow::Result<Config> {
    let root_token = match settings::read("ROOT_TOKEN")? {
        Some(token) => token,
        None => kept_root_token(&options.data)?,
    };
    Ok(Config {
        dist: workspace::dist(),
        data: options.data.clone(),
        port: options.port,
        root_token,
        public_url: settings::read("PUBLIC_URL")?,
        write_limit: settings::read("WRITE_LIMIT")?,
        trust_proxy: settings::read("TRUST_PROXY")?,
        network: options.network,
        clock_offset_s: options.clock_offset_s,
        log: Log::Stderr,
    })
}

/// Set by Ctrl-C and by SIGTERM.
pub fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Starts the server; `None` when it was told to stop meanwhile.
pub fn start(config: &Config, stop: &AtomicBool) -> anyhow::Result<Option<Running>> {
    match Running::start_unless(config, stop) {
        Err(_) if stop.load(Ordering::Relaxed) => Ok(None),
        other => other.map(Some),
    }
}

/// Stays until a signal comes, then ends the server; or until the server ends, whose code it passes on.
pub fn attend(mut running: Running, stop: &AtomicBool) -> anyhow::Result<ExitCode> {
    loop {
        if stop.load(Ordering::Relaxed) {
            running.terminate()?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(status) = running.exited()? {
            eprintln!("error: workerd exited unexpectedly ({status})");
            // Even an orderly end is a failure here: nobody asked for it.
            return Ok(ExitCode::from(process::exit_code(status).max(1)));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// One line on stdout, now.
pub fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// Writes a file that only its owner can read.
pub fn write_secret(path: &Path, secret: &str) -> anyhow::Result<()> {
    File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{secret}"))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The secret in this file, if there is one.
pub fn read_secret(path: &Path) -> Option<String> {
    let kept = fs::read_to_string(path).ok()?;
    let secret = kept.trim();
    (!secret.is_empty()).then(|| secret.to_owned())
}

/// Made at the first start, then the same for ever.
fn kept_root_token(data: &Path) -> anyhow::Result<String> {
    let path = data.join("root-token");
    if let Some(token) = read_secret(&path) {
        // A copy of the folder may have come back readable by all.
        fs::set_permissions(&path, Permissions::from_mode(0o600))
            .with_context(|| format!("cannot set permissions on {}", path.display()))?;
        return Ok(token);
    }
    fs::create_dir_all(data).with_context(|| format!("cannot create {}", data.display()))?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).context("cannot read random bytes from the system")?;
    let token = format!("root_{}", URL_SAFE_NO_PAD.encode(random));
    write_secret(&path, &token)?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_token_is_made_once_and_kept_private() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("deep");
        let token = kept_root_token(&folder).unwrap();
        assert_eq!(token.len(), "root_".len() + 43);
        let path = folder.join("root-token");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(kept_root_token(&folder).unwrap(), token);
        assert_eq!(mode(), 0o600, "also where a copy was laid back");
    }
}
