//! A server for one test: workerd on a free port with its own data folder.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use xtask::{
    http::{Answer, Client, Request},
    mail::Mail,
    workerd::{Config, Log, Network, WorkerdProcess},
    workspace,
};

/// The root token of every test server.
pub const ROOT_TOKEN: &str = "root_for_tests";

/// Time limit of a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// Options that differ from the defaults.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Offset of the server's clock, in seconds.
    pub clock_offset_s: i64,
    /// The network that the server can reach.
    pub network: Network,
    /// Base of absolute links; default: the server's own address.
    pub public_url: Option<String>,
    /// Writes per minute and token; default: the server's.
    pub write_limit: Option<u32>,
    /// Whether the server trusts `X-Forwarded-For`.
    pub trust_proxy: bool,
    /// The DNS resolver that reads the records of host names.
    pub doh_url: Option<String>,
    /// The monitor that gets a request each minute.
    pub heartbeat_url: Option<String>,
    /// How the server sends mail; default: not at all.
    pub mail: Mail,
    /// Whether `/dev/outbox` shows the sent messages.
    pub shows_outbox: bool,
    /// The build to serve; default: `dist/`.
    pub dist: Option<PathBuf>,
    /// Whether the server keeps the embedded files of earlier versions, as `cargo xtask serve` does.
    pub keeps_versions: bool,
}

/// A running server, or one that has been killed and can be started again.
#[derive(Debug)]
pub struct Server {
    config: Config,
    running: Option<WorkerdProcess>,
    client: Client,
    folder: TempDir,
}

impl Server {
    #[track_caller]
    pub fn start() -> Self {
        Self::with(&Options::default())
    }

    /// Starts a server with these options.
    #[track_caller]
    pub fn with(options: &Options) -> Self {
        let dist = options.dist.clone().unwrap_or_else(workspace::dist);
        assert!(
            dist.join("asset-table.json").is_file(),
            "dist/ is missing: run `cargo xtask build` first"
        );
        let folder = tempfile::tempdir().expect("a folder for the server");
        let mut config = Config {
            dist,
            data: folder.path().join("data"),
            kept: options
                .keeps_versions
                .then(|| folder.path().join("data/kept")),
            port: 0,
            root_token: ROOT_TOKEN.to_owned(),
            public_url: options.public_url.clone(),
            write_limit: options.write_limit.map(|limit| limit.to_string()),
            trust_proxy: options.trust_proxy.then(|| "1".to_owned()),
            doh_url: options.doh_url.clone(),
            heartbeat_url: options.heartbeat_url.clone(),
            mail: options.mail.clone(),
            shows_outbox: options.shows_outbox,
            network: options.network,
            clock_offset_s: options.clock_offset_s,
            log: Log::File(folder.path().join("workerd.log")),
        };
        let running = launch(&config);
        config.port = running.port();
        Self {
            client: Client::new(&running.url(), REQUEST_TIMEOUT),
            running: Some(running),
            config,
            folder,
        }
    }

    /// The server's origin, such as `http://127.0.0.1:8787`; the same after a restart.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.config.port)
    }

    /// The process id of workerd itself.
    #[track_caller]
    pub fn pid(&self) -> u32 {
        self.running.as_ref().expect("the server is down").pid()
    }

    /// The folder of the objects' databases.
    pub fn data(&self) -> PathBuf {
        self.config.data.clone()
    }

    /// workerd's output so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("workerd.log")).unwrap_or_default()
    }

    /// Kills the server as a crash would. Acknowledged writes must survive until [`Server::start_again`].
    #[track_caller]
    pub fn kill(&mut self) {
        let running = self.running.take().expect("the server is down already");
        running.kill().expect("the server can be killed");
    }

    /// Starts a killed server on the same data and port.
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "the server is up already");
        self.running = Some(launch(&self.config));
    }

    /// Stops the server and starts it again on the same data and port.
    #[track_caller]
    pub fn restart(&mut self) {
        let running = self.running.take().expect("the server is down");
        running.terminate().expect("the server can be ended");
        self.start_again();
    }

    /// Stops the server, runs statements on the database of each site, as a defect of the disk or of another program might, and
    /// starts it again.
    #[track_caller]
    pub fn damage(&mut self, statements: &str) {
        let running = self.running.take().expect("the server is down");
        running.terminate().expect("the server can be ended");
        let folder = fs::read_dir(self.data().join("allclear-site")).expect("the sites' folder");
        for file in folder {
            let path = file.expect("a file").path();
            if path.extension().is_some_and(|name| name == "sqlite") {
                let database = rusqlite::Connection::open(&path).expect("a database");
                // Beside the sites' databases is the runtime's own, with the times of alarms.
                if database.prepare("SELECT 1 FROM journal").is_ok() {
                    database.execute_batch(statements).expect("statements");
                }
            }
        }
        self.start_again();
    }

    /// Restarts with the clock this many seconds ahead of the real time; behind it, if negative.
    #[track_caller]
    pub fn restart_with_clock_offset(&mut self, clock_offset_s: i64) {
        self.config.clock_offset_s = clock_offset_s;
        self.restart();
    }

    /// Restarts with another build.
    #[track_caller]
    pub fn restart_with(&mut self, dist: &Path) {
        self.config.dist = dist.to_owned();
        self.restart();
    }

    /// A client whose requests return an error instead of panicking, for tests that break the server.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A client for measurements: it keeps its connections, and waits up to ten minutes for an answer.
    pub fn patient_client(&self) -> Client {
        Client::with_kept_connections(&self.url(), Duration::from_secs(600))
    }

    /// Begins a request: `.token(…)`, `.key(…)`, `.header(…)`, `.json(…)`, `.bytes(…)`, then `.send()`.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        self.client.request(method, path)
    }

    /// POSTs JSON with this token.
    #[track_caller]
    pub fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.finish(self.request("POST", path).token(token).json(body))
    }

    /// POSTs JSON with an `Idempotency-Key`.
    #[track_caller]
    pub fn post_once(&self, path: &str, token: &str, key: &str, body: &Value) -> Answer {
        self.finish(self.request("POST", path).token(token).key(key).json(body))
    }

    /// GETs without a token.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.finish(self.request("GET", path))
    }

    /// GETs with this token.
    #[track_caller]
    pub fn get_as(&self, token: &str, path: &str) -> Answer {
        self.finish(self.request("GET", path).token(token))
    }

    /// The script tag that a host pastes, with these further attributes.
    pub fn embed(&self, site: &str, attributes: &str) -> String {
        let url = self.url();
        format!("<script async src=\"{url}/embed.js\" data-site=\"{site}\" {attributes}></script>")
    }

    #[track_caller]
    fn finish(&self, request: Request<'_>) -> Answer {
        match request.send() {
            Ok(answer) => answer,
            Err(error) => panic!("{error:#}\nworkerd said:\n{}", self.log()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("workerd said:\n{}", self.log());
        }
    }
}

/// Which cache or object a read was answered from: `memory`, `object`, …
pub fn source(answer: &Answer) -> &str {
    let timing = answer.header("server-timing").unwrap_or_default();
    timing.trim_start_matches("source;desc=")
}

/// An answer's status and the code of its problem; the code is empty where there is none.
pub fn code(answer: &Answer) -> (u16, &str) {
    let code = answer.json["code"].as_str();
    (answer.status, code.unwrap_or_default())
}

#[track_caller]
fn launch(config: &Config) -> WorkerdProcess {
    match WorkerdProcess::start(config) {
        Ok(running) => running,
        Err(error) => panic!("the server did not start: {error:#}"),
    }
}
