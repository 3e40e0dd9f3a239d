//! A real server of a test's own: workerd on a free port with its own data folder.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use xtask::{
    http::{Answer, Client, Request},
    workerd::{Config, Log, Network, Running},
    workspace,
};

/// An owner of every site on every test server.
pub const ROOT_TOKEN: &str = "root_for_tests";

/// How long a request may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a test may want otherwise than usual.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Moves the server's one clock, in seconds.
    pub clock_offset_s: i64,
    /// What the server may reach.
    pub network: Network,
    /// What absolute links begin with; absent: the server's own address.
    pub public_url: Option<String>,
    /// Writes a minute and token; absent: the server's default.
    pub write_limit: Option<u32>,
    /// Whether `X-Forwarded-For` is believed.
    pub trust_proxy: bool,
    /// What is served; absent: what the build left.
    pub dist: Option<PathBuf>,
}

/// A running server, or one that has been killed and can be started again.
#[derive(Debug)]
pub struct Server {
    config: Config,
    running: Option<Running>,
    client: Client,
    folder: TempDir,
}

impl Server {
    /// Starts a server.
    #[track_caller]
    pub fn start() -> Self {
        Self::with(&Options::default())
    }

    /// Starts a server that differs.
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
            port: 0,
            root_token: ROOT_TOKEN.to_owned(),
            public_url: options.public_url.clone(),
            write_limit: options.write_limit.map(|limit| limit.to_string()),
            trust_proxy: options.trust_proxy.then(|| "1".to_owned()),
            network: options.network,
            clock_offset_s: options.clock_offset_s,
            log: Log::File(folder.path().join("workerd.log")),
        };
        let running = launch(&config);
        config.port = running.port();
        Self {
            client: Client::new(&running.url(), PATIENCE),
            running: Some(running),
            config,
            folder,
        }
    }

    /// The server's origin, such as `http://127.0.0.1:8787`. The same after a restart.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.config.port)
    }

    /// The process id of workerd itself.
    #[track_caller]
    pub fn pid(&self) -> u32 {
        self.running.as_ref().expect("the server is down").pid()
    }

    /// Where the objects' databases lie.
    pub fn data(&self) -> PathBuf {
        self.config.data.clone()
    }

    /// What workerd has printed so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("workerd.log")).unwrap_or_default()
    }

    /// Ends the server as a crash would. What it had acknowledged must be there after [`Server::start_again`].
    #[track_caller]
    pub fn kill9(&mut self) {
        let running = self.running.take().expect("the server is down already");
        running.kill9().expect("the server can be killed");
    }

    /// Starts a killed server on the same data and port.
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "the server is up already");
        self.running = Some(launch(&self.config));
    }

    /// Ends the server in an orderly way and starts it again on the same data and port.
    #[track_caller]
    pub fn restart(&mut self) {
        let running = self.running.take().expect("the server is down");
        running.terminate().expect("the server can be ended");
        self.start_again();
    }

    /// The same with its clock moved, in seconds from the real one.
    #[track_caller]
    pub fn restart_at(&mut self, clock_offset_s: i64) {
        self.config.clock_offset_s = clock_offset_s;
        self.restart();
    }

    /// A client whose requests fail with an error rather than a panic, for tests that break the server.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Begins a request of any kind: `.token(…)`, `.key(…)`, `.header(…)`, `.json(…)`, `.bytes(…)`, then `.send()`.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        self.client.request(method, path)
    }

    /// POSTs JSON as the holder of this token.
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

    /// GETs as the holder of this token.
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

#[track_caller]
fn launch(config: &Config) -> Running {
    match Running::start(config) {
        Ok(running) => running,
        Err(error) => panic!("the server did not start: {error:#}"),
    }
}
