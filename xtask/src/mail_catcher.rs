//! Starts a mail server on this machine that delivers nothing, for `cargo xtask dev` and tests:
//! `xtask/mail/catcher.mjs`, run by Node.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{command::find_on_path, process, workspace};

/// Maximum duration of a start.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// How connections are encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS.
    StartTls,
    #[default]
    Plain,
}

/// The behaviour of the server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub security: Security,
    /// User name and password that the server requires; `None` if it offers no login.
    pub login: Option<(String, String)>,
    /// Whether the server never answers after it has received a mail.
    pub hangs: bool,
    /// Replies to `RCPT` by address, such as `550 5.1.1 No such user`.
    pub refusals: Vec<(String, String)>,
}

/// A running mail server. Ended on drop.
#[derive(Debug)]
pub struct MailCatcher {
    child: Child,
    security: Security,
    smtp_port: u16,
    http_port: u16,
    lines: Receiver<Value>,
}

impl MailCatcher {
    /// Starts a server, and waits until it listens.
    ///
    /// # Errors
    /// When Node or a package is missing.
    pub fn start(options: &Options) -> anyhow::Result<Self> {
        let node = find_on_path(&["node"]).context("cannot find node on the PATH")?;
        let refusals = options.refusals.iter();
        let refusals: Map<String, Value> = refusals
            .map(|(address, reply)| (address.clone(), json!(reply)))
            .collect();
        let login = options.login.as_ref();
        let login = login.map(|(user, password)| json!({ "user": user, "password": password }));
        let argument = json!({
            "security": options.security, "login": login, "hangs": options.hangs, "refusals": refusals,
        });
        let mut command = process::grouped(&node);
        command
            .arg(folder().join("catcher.mjs"))
            .arg(argument.to_string())
            // The server ends when its stdin is closed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut child = process::spawn(command).context("cannot start the mail catcher")?;
        let stdout = child.stdout.take().context("no stdout")?;
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let sent = serde_json::from_str(&line).map(|line| sender.send(line));
                if !matches!(sent, Ok(Ok(()))) {
                    break;
                }
            }
        });
        let mut catcher = Self {
            child,
            security: options.security,
            smtp_port: 0,
            http_port: 0,
            lines,
        };
        let Ok(line) = catcher.lines.recv_timeout(START_TIMEOUT) else {
            bail!("the mail catcher does not start: run `cargo xtask setup`");
        };
        let port = |name: &str| {
            let port = line
                .get("ready")
                .and_then(|ready| ready.get(name)?.as_u64());
            port.and_then(|port| u16::try_from(port).ok())
                .with_context(|| format!("the mail catcher says {line}"))
        };
        (catcher.smtp_port, catcher.http_port) = (port("smtp")?, port("http")?);
        Ok(catcher)
    }

    /// The value of `SMTP_URL` for this server.
    pub fn smtp_url(&self) -> String {
        let scheme = match self.security {
            Security::Tls => "smtps",
            Security::StartTls => "smtp",
            Security::Plain => "smtp+plain",
        };
        format!("{scheme}://localhost:{}", self.smtp_port)
    }

    /// The URL of the page that shows the mails.
    pub fn page_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http_port)
    }

    /// Waits for the next line: `{ "mail": … }`, or `{ "login_in_clear": true }`. `None` after the timeout.
    pub fn next(&self, timeout: Duration) -> Option<Value> {
        self.lines.recv_timeout(timeout).ok()
    }
}

impl Drop for MailCatcher {
    fn drop(&mut self) {
        // An error cannot be handled here.
        let _ = process::kill(&mut self.child);
    }
}

/// The certificate of catchers with TLS, in PEM. Its private key is in the repository, so only
/// servers of `dev` and of tests trust the certificate.
///
/// # Errors
/// When the file cannot be read.
pub fn certificate() -> anyhow::Result<String> {
    let path = folder().join("certificate.pem");
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn folder() -> PathBuf {
    workspace::root().join("xtask/mail")
}
