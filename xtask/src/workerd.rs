//! Starts `workerd` on what the build left in `dist/`, and ends it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, bail};

use crate::{http::Client, node, process};

/// Long enough for a slow disk under load; a start takes well under a second.
const START_DEADLINE: Duration = Duration::from_secs(30);
/// How long `terminate` waits before it kills. The whole command promises to end within 10 s.
const PATIENCE: Duration = Duration::from_secs(8);
/// How many lines of workerd's log an error shows.
const SHOWN_LINES: usize = 40;

/// What the server may reach outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Public addresses only, so that no webhook reaches into the operator's own network.
    #[default]
    Public,
    /// Loopback and private addresses as well: for tests.
    PublicAndPrivate,
}

/// Where workerd's own output goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Log {
    /// To our stderr.
    #[default]
    Stderr,
    /// To the end of this file.
    File(PathBuf),
}

/// Everything a server needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the build left.
    pub dist: PathBuf,
    /// Where the objects' databases lie; made when missing.
    pub data: PathBuf,
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// An owner of every site.
    pub root_token: String,
    /// What absolute links begin with; absent: the server's own address.
    pub public_url: Option<String>,
    /// Writes a minute and token.
    pub write_limit: Option<String>,
    /// Whether a proxy in front is trusted to name the client.
    pub trust_proxy: Option<String>,
    /// What the server may reach.
    pub network: Network,
    /// Moves the server's one clock, in seconds. For tests.
    pub clock_offset_s: i64,
    /// Where its output goes.
    pub log: Log,
}

/// A server that has answered. Dropping it ends it at once.
#[derive(Debug)]
pub struct Running {
    child: Child,
    port: u16,
}

impl Running {
    /// Starts a server and waits until it answers.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        Self::start_unless(config, &AtomicBool::new(false))
    }

    /// The same, giving up as soon as `stop` is set.
    pub fn start_unless(config: &Config, stop: &AtomicBool) -> anyhow::Result<Self> {
        if config.port != 0 {
            check_port(config.port)?;
            return start_on(config, config.port, stop);
        }
        // The port must be known before the server is (its own address is one of its settings), so another process
        // may take it in between.
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

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of workerd itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn exited(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to end and makes it after 8 s: a hung object never ends by itself.
    pub fn terminate(mut self) -> anyhow::Result<ExitStatus> {
        Ok(process::terminate(&mut self.child, PATIENCE)?)
    }

    /// Ends it as a crash would.
    pub fn kill9(mut self) -> anyhow::Result<ExitStatus> {
        Ok(process::kill(&mut self.child)?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing is left to do about a process that cannot be ended.
        let _ = process::kill(&mut self.child);
    }
}

/// Another process listens there.
#[derive(Debug, thiserror::Error)]
#[error("{0} is already in use: stop the program that uses it, or choose another port with --port")]
struct AddressTaken(String);

/// Whether a server could listen on this port now.
///
/// # Errors
/// When another process does.
pub fn check_port(port: u16) -> anyhow::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(AddressTaken(origin(port)).into())
        }
        // Whatever else is wrong with it workerd says better.
        _ => Ok(()),
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn start_on(config: &Config, port: u16, stop: &AtomicBool) -> anyhow::Result<Running> {
    let capnp = match config.network {
        Network::Public => "workerd.capnp",
        Network::PublicAndPrivate => "workerd-private.capnp",
    };
    let capnp = built(&config.dist, capnp)?;
    for part in [
        "asset-table.json",
        "worker/index.js",
        "worker/index_bg.wasm",
    ] {
        built(&config.dist, part)?;
    }
    let assets = built(&config.dist, "assets")?;
    fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot create {}", config.data.display()))?;

    let mut command = process::grouped(&node::workerd()?);
    command
        .arg("serve")
        .arg(&capnp)
        .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
        .arg(directory("data", &config.data)?)
        .arg(directory("assets", &assets)?)
        // It reports on this descriptor when it listens: its stdout, which is a pipe to us.
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
    let mut running = Running { child, port };
    wait_until_ready(&mut running, &output, stop)?;
    Ok(running)
}

/// A part of what the build leaves.
fn built(dist: &Path, part: &str) -> anyhow::Result<PathBuf> {
    let path = dist.join(part);
    if !path.exists() {
        bail!(
            "{} is missing: run `cargo xtask build` first",
            path.display()
        );
    }
    Ok(path)
}

/// Names a directory of the config on the command line, absolute so that no current folder matters.
fn directory(name: &str, path: &Path) -> anyhow::Result<String> {
    let path = path
        .canonicalize()
        .with_context(|| format!("{} is missing", path.display()))?;
    Ok(format!("--directory-path={name}={}", path.display()))
}

/// The server's settings. Those that are absent are removed, so that none leaks in from our own environment.
fn environment(config: &Config, port: u16) -> [(&'static str, Option<String>); 6] {
    let private = config.network == Network::PublicAndPrivate;
    let offset = config.clock_offset_s;
    let public_url = config.public_url.clone().unwrap_or_else(|| origin(port));
    [
        ("ROOT_TOKEN", Some(config.root_token.clone())),
        ("PUBLIC_URL", Some(public_url)),
        ("WRITE_LIMIT", config.write_limit.clone()),
        ("TRUST_PROXY", config.trust_proxy.clone()),
        ("CLOCK_OFFSET", (offset != 0).then(|| offset.to_string())),
        ("ALLOW_PRIVATE", private.then(|| "1".to_owned())),
    ]
}

/// First the listening socket of this very process, then an answer from the Worker behind it.
fn wait_until_ready(
    running: &mut Running,
    output: &Output,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + START_DEADLINE;
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
                output.last_words()
            );
        }
        if !listening {
            listening = output
                .listening
                .recv_timeout(Duration::from_millis(50))
                .is_ok();
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
        START_DEADLINE.as_secs(),
        output.last_words()
    )
}

/// What workerd prints: passed on, the last lines kept for an error.
struct Output {
    listening: Receiver<()>,
    finished: Receiver<()>,
    last: Arc<Mutex<Vec<String>>>,
}

impl Output {
    fn attach(child: &mut Child, log: &Log) -> anyhow::Result<Self> {
        let last = Arc::new(Mutex::new(Vec::new()));
        let (listens, listening) = mpsc::channel();
        let (finishes, finished) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let mut sink: Box<dyn Write + Send> = match log {
                Log::Stderr => Box::new(std::io::stderr()),
                Log::File(path) => Box::new(
                    File::options()
                        .create(true)
                        .append(true)
                        .open(path)
                        .with_context(|| format!("cannot write {}", path.display()))?,
                ),
            };
            let last = Arc::clone(&last);
            let listens = listens.clone();
            let finishes = finishes.clone();
            std::thread::spawn(move || {
                pass_on(stream, &mut *sink, &last, &listens);
                drop(finishes);
            });
        }
        Ok(Self {
            listening,
            finished,
            last,
        })
    }

    /// Waits until both streams have been read to their end.
    fn finish(&self) {
        // Nothing is ever sent: it answers when the last sender is dropped, or gives up.
        let _ = self.finished.recv_timeout(Duration::from_secs(2));
    }

    /// The same as the end of an error's sentence.
    fn last_words(&self) -> String {
        match self.last_lines() {
            lines if lines.is_empty() => lines,
            lines => format!("; its last output:\n{lines}"),
        }
    }

    fn last_lines(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.join("\n")
    }
}

fn pass_on(
    stream: impl Read,
    sink: &mut dyn Write,
    last: &Mutex<Vec<String>>,
    listens: &Sender<()>,
) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if is_listen_report(&line) {
            // Once it is ready nobody asks any more.
            let _ = listens.send(());
            continue;
        }
        // The reading goes on whatever becomes of the sink: a full pipe would stop the server.
        let _ = writeln!(sink, "{line}");
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        last.push(line);
        let surplus = last.len().saturating_sub(SHOWN_LINES);
        last.drain(..surplus);
    }
}

/// A control message, one JSON object a line: `{"event":"listen","socket":"http","port":8787}`.
fn is_listen_report(line: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(line)
        .is_ok_and(|message| message.get("event").is_some_and(|event| event == "listen"))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::built;

    #[test]
    fn what_was_not_built_is_named_with_what_to_do() {
        let dist = tempfile::tempdir().unwrap();
        let error = built(dist.path(), "worker/index.js").unwrap_err();
        let error = error.to_string();
        assert!(error.contains("worker/index.js is missing"), "{error}");
        assert!(error.contains("cargo xtask build"), "{error}");
        fs::write(dist.path().join("workerd.capnp"), "").unwrap();
        let found = built(dist.path(), "workerd.capnp").unwrap();
        assert_eq!(found.parent(), Some(dist.path() as &Path));
    }
}
