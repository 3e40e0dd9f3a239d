//! A real Chromium of a test's own.

use std::{
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{WebDriver, common::command::Command, error::WebDriverResult};

use crate::{
    logs::{self, ConsoleLine, NetworkRequest, ReadLog},
    session::Session,
    tree::Tree,
};

/// How long a page may take to become what a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked at meanwhile.
pub(crate) const GLANCE: Duration = Duration::from_millis(40);

/// What a test may want otherwise than usual.
#[derive(Clone, Debug)]
pub struct Options {
    /// Width and height of the window, in CSS pixels.
    pub window: (u32, u32),
    /// The browser's language.
    pub language: String,
    /// Further arguments for Chromium.
    pub arguments: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window: (1280, 800),
            language: "en-US".to_owned(),
            arguments: Vec::new(),
        }
    }
}

/// A running browser. Dropping it ends it and its driver.
#[derive(Debug)]
pub struct Browser {
    session: Option<Session>,
    profile: TempDir,
    options: Options,
    requests: Mutex<Vec<NetworkRequest>>,
    console: Mutex<Vec<ConsoleLine>>,
}

impl Browser {
    /// Starts a browser with a fresh profile.
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// Starts a browser that differs.
    pub async fn with(options: Options) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let session = Session::start(&profile, &options).await;
        Self {
            session: Some(session),
            profile,
            options,
            requests: Mutex::default(),
            console: Mutex::default(),
        }
    }

    /// Closes the browser as a user would and opens it again on the same profile: storage and cache stay.
    pub async fn restart(&mut self) {
        self.collect_logs().await;
        if let Some(session) = self.session.take() {
            session.quit().await;
        }
        self.session = Some(Session::start(&self.profile, &self.options).await);
    }

    /// The folder with everything that the browser remembers.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// thirtyfour's driver, for whatever is not here: tabs, keys, storage of WebDriver's kind.
    pub fn driver(&self) -> &WebDriver {
        &self.session.as_ref().expect("the browser is open").driver
    }

    /// Opens an address and waits until everything on the page has loaded.
    pub async fn goto(&self, url: &str) {
        self.begin(url).await;
        self.wait_until_loaded().await;
    }

    /// Opens an address and returns as soon as the page begins: for pages whose `load` never fires.
    pub async fn begin(&self, url: &str) {
        let answer = self.devtools("Page.navigate", json!({ "url": url })).await;
        let error = &answer["errorText"];
        assert!(error.is_null(), "{url} does not open: {error}");
    }

    /// Loads the page again and waits until everything on it has loaded.
    pub async fn reload(&self) {
        self.run("window.__leaving = true").await;
        self.devtools("Page.reload", json!({})).await;
        self.wait_until_loaded().await;
    }

    async fn wait_until_loaded(&self) {
        let script = "return document.readyState === 'complete' && !window.__leaving";
        let deadline = Instant::now() + PATIENCE;
        // Between two pages there is none that a script could run in: that is no failure yet.
        while !self
            .try_run(script)
            .await
            .is_ok_and(|loaded| loaded == true)
        {
            assert!(
                Instant::now() < deadline,
                "waited {PATIENCE:?} for the page to load"
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Runs the body of a function in the page and returns what it returns, waiting for a promise.
    pub async fn run(&self, script: &str) -> Value {
        self.try_run(script).await.expect("the script runs")
    }

    async fn try_run(&self, script: &str) -> WebDriverResult<Value> {
        let answer = self.driver().execute(script, Vec::new()).await?;
        Ok(answer.json().clone())
    }

    /// Any DevTools command.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        match self.driver().cdp().send_raw(method, parameters).await {
            Ok(answer) => answer,
            Err(error) => panic!("DevTools refused {method}: {error}"),
        }
    }

    /// Runs a script in every page opened from now on, before any of its own and whatever its content policy says.
    pub async fn before_each_page(&self, script: &str) {
        let parameters = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", parameters)
            .await;
    }

    /// The page as it is now, closed shadow roots and frames included.
    pub async fn pierce(&self) -> Tree {
        let parameters = json!({ "depth": -1, "pierce": true });
        let answer = self.devtools("DOM.getDocument", parameters).await;
        Tree::read(&answer["root"])
    }

    /// Looks at the page until it is as a test wants it; panics with what was there when it does not become so.
    pub async fn wait_for(&self, what: &str, is_so: impl Fn(&Tree) -> bool) -> Tree {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let tree = self.pierce().await;
            if is_so(&tree) {
                return tree;
            }
            if Instant::now() > deadline {
                let shown = tree.banner().or(tree.element("body")).unwrap_or(&tree);
                let console = self.console().await;
                panic!("waited {PATIENCE:?} for {what}; there is:\n{shown}\nconsole: {console:#?}");
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The same for what a script returns.
    pub async fn wait_for_script(
        &self,
        what: &str,
        script: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let value = self.run(script).await;
            if is_so(&value) {
                return value;
            }
            assert!(
                Instant::now() < deadline,
                "waited {PATIENCE:?} for {what}; there is {value}"
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The same for the browser's requests.
    pub async fn wait_for_request(
        &self,
        what: &str,
        is_so: impl Fn(&NetworkRequest) -> bool,
    ) -> NetworkRequest {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let requests = self.network_requests().await;
            if let Some(found) = requests.iter().find(|request| is_so(request)) {
                return found.clone();
            }
            assert!(
                Instant::now() < deadline,
                "waited {PATIENCE:?} for {what}; there were {requests:#?}"
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Presses and releases a key, such as `Tab`, `Enter`, `Escape` or a space.
    pub async fn press(&self, key: &str) {
        // Enter and the space bar act on buttons by the text they would type.
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            _ => (0, ""),
        };
        for (kind, text) in [("keyDown", text), ("keyUp", "")] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.devtools("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Every request the browser has sent so far, in order.
    pub async fn network_requests(&self) -> Vec<NetworkRequest> {
        self.collect_logs().await;
        self.requests.lock().expect("no panic here").clone()
    }

    /// Everything on the console so far.
    pub async fn console(&self) -> Vec<ConsoleLine> {
        self.collect_logs().await;
        self.console.lock().expect("no panic here").clone()
    }

    /// What is wrong according to the console: exceptions, errors logged, requests that failed.
    pub async fn console_errors(&self) -> Vec<ConsoleLine> {
        let mut lines = self.console().await;
        lines.retain(|line| line.level == "SEVERE");
        lines
    }

    /// A picture of what is seen, as PNG.
    pub async fn screenshot(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for the picture");
        }
        self.driver().screenshot(path).await.expect("a picture");
    }

    async fn collect_logs(&self) {
        let requests = self.new_entries("performance").await;
        let requests = requests.iter().filter_map(logs::network_request);
        self.requests
            .lock()
            .expect("no panic here")
            .extend(requests);
        let lines = self.new_entries("browser").await;
        let lines = lines.iter().map(logs::console_line);
        self.console.lock().expect("no panic here").extend(lines);
    }

    async fn new_entries(&self, log: &'static str) -> Vec<Value> {
        let command = Command::ExtensionCommand(Box::new(ReadLog(log)));
        let answer = self.driver().handle().cmd(command).await;
        answer
            .and_then(|answer| answer.value())
            .expect("ChromeDriver's log")
    }
}
