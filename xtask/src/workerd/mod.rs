//! Starts and ends `workerd` with the build in `dist/`.

mod kept;
mod output;
mod trust;

use std::{
    fs,
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, bail};
use time::OffsetDateTime;

use crate::{http::Client, mail::Mail, node, process};

pub use output::Log;
use output::Output;

/// Maximum duration of a start. A start usually takes less than 1 s, but longer on a slow disk under load.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// Time between SIGTERM and SIGKILL in `terminate`. A command must end within 10 s after a signal.
const TERMINATE_TIMEOUT: Duration = Duration::from_secs(8);

/// The addresses that the server may connect to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Public addresses, so that no webhook reaches the operator's own network.
    #[default]
    Public,
    /// Loopback and private addresses too: for tests.
    PublicAndPrivate,
}

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The output of the build.
    pub dist: PathBuf,
    /// The folder of the databases; created if missing.
    pub data: PathBuf,
    /// The folder in which the embedded files of earlier versions are kept. `None`: only the build's files are served.
    pub kept: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// The token that has the role of an owner on every site.
    pub root_token: String,
    /// The base of absolute links; by default the server's own origin.
    pub public_url: Option<String>,
    /// Value of `WRITE_LIMIT`: writes per minute and token, `0` for no limit. `None`: the Worker's default.
    pub write_limit: Option<String>,
    /// Value of `TRUST_PROXY`: `1` to trust the client's address in a proxy's header, or `0`. `None`: the Worker's default.
    pub trust_proxy: Option<String>,
    /// Value of `DOH_URL`: the DNS resolver for the records that confirm host names. `None`: only
    /// root can confirm host names.
    pub doh_url: Option<String>,
    /// Value of `HEARTBEAT_URL`: the monitor that gets a request each minute. `None`: no requests are sent.
    pub heartbeat_url: Option<String>,
    pub mail: Mail,
    /// Whether `/dev/outbox` shows the sent messages, for `cargo xtask dev`.
    pub shows_outbox: bool,
    pub network: Network,
    /// Shift of the server's clock, in seconds. For tests.
    pub clock_offset_s: i64,
    pub log: Log,
}

/// A running server: a process of workerd. Killed on drop.
#[derive(Debug)]
pub struct WorkerdProcess {
    child: Child,
    port: u16,
}

impl WorkerdProcess {
    /// Starts a server, and waits until it answers.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        Self::start_unless(config, &AtomicBool::new(false))
    }

    /// Like [`WorkerdProcess::start`], but stops waiting when `stop` is set.
    pub fn start_unless(config: &Config, stop: &AtomicBool) -> anyhow::Result<Self> {
        if config.port != 0 {
            check_port(config.port)?;
            return start_on(config, config.port, stop);
        }
        // The port is chosen before the start, because the server's own origin is one of its
        // settings. Another process may take the port before the server does: then another one is
        // tried.
        let mut last = anyhow!("no port was tried");
        for _ in 0..5 {
            match start_on(config, free_port()?, stop) {
                Err(error) if error.is::<AddressTaken>() => last = error,
                other => return other,
            }
        }
        Err(last)
    }

    /// The server's origin, such as `http://127.0.0.1:8787`.
    pub fn url(&self) -> String {
        origin(self.port)
    }

    /// The port that the server listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of workerd itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The exit status, if the server has exited.
    pub fn exited(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Sends SIGTERM, and SIGKILL after 8 s, because workerd does not exit while a Durable Object hangs.
    pub fn terminate(mut self) -> anyhow::Result<ExitStatus> {
        Ok(process::terminate(&mut self.child, TERMINATE_TIMEOUT)?)
    }

    /// Ends the server with SIGKILL.
    pub fn kill(mut self) -> anyhow::Result<ExitStatus> {
        Ok(process::kill(&mut self.child)?)
    }
}

impl Drop for WorkerdProcess {
    fn drop(&mut self) {
        // An error cannot be handled here.
        let _ = process::kill(&mut self.child);
    }
}

/// Another process listens on the port.
#[derive(Debug, thiserror::Error)]
#[error("{0} is already in use: stop the program that uses it, or choose another port with --port")]
struct AddressTaken(String);

/// Checks that the port is free.
///
/// # Errors
/// `AddressTaken` if another process listens on it. Other errors are ignored: workerd reports them in more detail.
pub fn check_port(port: u16) -> anyhow::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(AddressTaken(origin(port)).into())
        }
        _ => Ok(()),
    }
}

/// A port that is free at the time of the call.
pub fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn start_on(config: &Config, port: u16, stop: &AtomicBool) -> anyhow::Result<WorkerdProcess> {
    let capnp = configuration(config.network, config.kept.is_some());
    let capnp = require_build_output(&config.dist, &capnp)?;
    for part in [
        "asset-table.json",
        "worker/index.js",
        "worker/index_bg.wasm",
    ] {
        require_build_output(&config.dist, part)?;
    }
    let assets = require_build_output(&config.dist, "assets")?;
    fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot create {}", config.data.display()))?;
    if let Some(kept) = &config.kept {
        let now = OffsetDateTime::now_utc() + time::Duration::seconds(config.clock_offset_s);
        kept::update(kept, &config.dist, now)?;
    }
    // A temporary file, which workerd reads when it starts, and which is deleted at the end of this function.
    let certificate = config.mail.trusted_certificate.as_deref();
    let trusting_copy = certificate.map(|certificate| trust::config(&capnp, certificate));
    let trusting_copy = trusting_copy.transpose()?;
    let capnp = trusting_copy
        .as_ref()
        .map_or(capnp.as_path(), |file| file.path());

    let mut command = process::grouped(&node::workerd()?);
    command
        .arg("serve")
        // The folder from which workerd resolves absolute paths in the configuration.
        .arg("--import-path=/")
        .arg(capnp)
        .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
        .arg(directory("data", &config.data)?)
        .arg(directory("assets", &assets)?)
        .args(
            config
                .kept
                .iter()
                .map(|kept| directory("kept", kept))
                .collect::<Result<Vec<_>, _>>()?,
        )
        // workerd writes a message to this file descriptor, its stdout, when it listens.
        .arg("--control-fd=1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in environment(config, port) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = process::spawn(command).context("cannot start workerd")?;
    let output = Output::attach(&mut child, &config.log)?;
    let mut running = WorkerdProcess { child, port };
    wait_until_ready(&mut running, &output, stop)?;
    Ok(running)
}

/// The name of a configuration in `dist/`. `keeps_versions` adds the service of the earlier versions.
pub fn configuration(network: Network, keeps_versions: bool) -> String {
    let private = match network {
        Network::Public => "",
        Network::PublicAndPrivate => "-private",
    };
    let kept = if keeps_versions { "-kept" } else { "" };
    format!("workerd{private}{kept}.capnp")
}

/// Returns the path of a part of the build.
///
/// # Errors
/// When it does not exist.
fn require_build_output(dist: &Path, part: &str) -> anyhow::Result<PathBuf> {
    let path = dist.join(part);
    if !path.exists() {
        bail!(
            "{} is missing: run `cargo xtask build` first",
            path.display()
        );
    }
    Ok(path)
}

/// The argument for a directory of the configuration. The path is absolute, so that it does not
/// depend on the current folder.
fn directory(name: &str, path: &Path) -> anyhow::Result<String> {
    let path = path
        .canonicalize()
        .with_context(|| format!("{} is missing", path.display()))?;
    Ok(format!("--directory-path={name}={}", path.display()))
}

/// The settings as environment variables. Variables without a value are removed, so that none is inherited.
fn environment(config: &Config, port: u16) -> Vec<(&'static str, Option<String>)> {
    let private = config.network == Network::PublicAndPrivate;
    let offset = config.clock_offset_s;
    let public_url = config.public_url.clone().unwrap_or_else(|| origin(port));
    let mut variables = vec![
        ("ROOT_TOKEN", Some(config.root_token.clone())),
        ("PUBLIC_URL", Some(public_url)),
        ("WRITE_LIMIT", config.write_limit.clone()),
        ("TRUST_PROXY", config.trust_proxy.clone()),
        ("DOH_URL", config.doh_url.clone()),
        ("HEARTBEAT_URL", config.heartbeat_url.clone()),
        ("DEV_OUTBOX", config.shows_outbox.then(|| "1".to_owned())),
        ("CLOCK_OFFSET", (offset != 0).then(|| offset.to_string())),
        ("ALLOW_PRIVATE", private.then(|| "1".to_owned())),
    ];
    variables.extend(config.mail.environment());
    variables
}

/// Waits for workerd's `listen` message, then for an answer of `/healthz`. Without the message,
/// another server on the port could be the one that answers.
fn wait_until_ready(
    running: &mut WorkerdProcess,
    output: &Output,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + START_TIMEOUT;
    let client = Client::new(&running.url(), Duration::from_secs(5));
    let mut listening = false;
    let mut last = "it is not listening".to_owned();
    while Instant::now() < deadline {
        if stop.load(Ordering::Relaxed) {
            bail!("stopped during startup");
        }
        if let Some(status) = running.exited()? {
            output.finish();
            if output.last_lines().contains("Address already in use") {
                return Err(AddressTaken(running.url()).into());
            }
            bail!(
                "workerd exited during startup ({status}){}",
                output.error_suffix()
            );
        }
        if !listening {
            listening = output.wait_until_listening(Duration::from_millis(50));
            continue;
        }
        match client.get("/healthz") {
            Ok(answer) if answer.status == 200 => return Ok(()),
            Ok(answer) => last = format!("/healthz answered {}: {}", answer.status, answer.text()),
            Err(error) => last = format!("{error:#}"),
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    bail!(
        "workerd is not ready after {} s: {last}{}",
        START_TIMEOUT.as_secs(),
        output.error_suffix()
    )
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::require_build_output;

    #[test]
    fn an_error_names_the_missing_file_and_the_command() {
        let dist = tempfile::tempdir().unwrap();
        let error = require_build_output(dist.path(), "worker/index.js").unwrap_err();
        let error = error.to_string();
        assert!(error.contains("worker/index.js is missing"), "{error}");
        assert!(error.contains("cargo xtask build"), "{error}");
        fs::write(dist.path().join("workerd.capnp"), "").unwrap();
        let found = require_build_output(dist.path(), "workerd.capnp").unwrap();
        assert_eq!(found.parent(), Some(dist.path() as &Path));
    }
}
