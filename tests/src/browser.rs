//! A Chromium for one test.

use std::{path::Path, sync::Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{WebDriver, common::command::Command, error::WebDriverResult};

use crate::{
    logs::{self, ConsoleLine, NetworkRequest, ReadLog},
    session::{Options, Session},
    tree::Tree,
    wait::{WAIT_TIMEOUT, Wait},
};

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

    /// Starts a browser with these options.
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

    /// The folder of the browser's profile.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// thirtyfour's driver, for anything that this type does not offer.
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
        let wait = Wait::begin();
        // Between two pages no script can run; that is not an error yet.
        while !self
            .try_run(script)
            .await
            .is_ok_and(|loaded| loaded == true)
        {
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for the page to load"
            );
            wait.pause().await;
        }
    }

    /// Runs the body of a function in the page, awaits a promise, and returns the result.
    pub async fn run(&self, script: &str) -> Value {
        self.try_run(script).await.expect("the script runs")
    }

    async fn try_run(&self, script: &str) -> WebDriverResult<Value> {
        let answer = self.driver().execute(script, Vec::new()).await?;
        Ok(answer.json().clone())
    }

    /// Sends any DevTools command.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        match self.driver().cdp().send_raw(method, parameters).await {
            Ok(answer) => answer,
            Err(error) => panic!("DevTools refused {method}: {error}"),
        }
    }

    /// Runs a script in every page opened from now on, before the page's own scripts and regardless of its content
    /// policy.
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

    /// Waits until the page meets a condition; panics with the page's content at the time limit.
    pub async fn wait_for(&self, what: &str, condition: impl Fn(&Tree) -> bool) -> Tree {
        let wait = Wait::begin();
        loop {
            let tree = self.pierce().await;
            if condition(&tree) {
                return tree;
            }
            if wait.is_over() {
                let shown = tree.banner().or(tree.element("body")).unwrap_or(&tree);
                let console = self.console().await;
                panic!(
                    "waited {WAIT_TIMEOUT:?} for {what}; there is:\n{shown}\nconsole: {console:#?}"
                );
            }
            wait.pause().await;
        }
    }

    /// Waits until the result of a script meets a condition.
    pub async fn wait_for_script(
        &self,
        what: &str,
        script: &str,
        condition: impl Fn(&Value) -> bool,
    ) -> Value {
        let wait = Wait::begin();
        loop {
            let value = self.run(script).await;
            if condition(&value) {
                return value;
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what}; there is {value}"
            );
            wait.pause().await;
        }
    }

    /// Waits until a condition outside the browser is met, such as a request that a server has received; panics at the time limit.
    pub async fn wait_until(&self, what: &str, condition: impl Fn() -> bool) {
        self.wait_for_script(what, "return 0", |_| condition())
            .await;
    }

    /// Waits until the result of a script equals this value; panics with the last result at the time limit. For effects that no
    /// event announces: the right result may come late. A script that throws is tried again.
    pub async fn assert_eventually(&self, why: &str, script: &str, expected: Value) {
        self.eventually(why, script, |value| *value == expected)
            .await;
    }

    /// Waits until the result of a script meets a condition, and returns it. A script that throws is tried again: the element
    /// that it reads may not have been drawn yet.
    pub async fn eventually(
        &self,
        what: &str,
        script: &str,
        condition: impl Fn(&Value) -> bool,
    ) -> Value {
        let wait = Wait::begin();
        loop {
            let result = self.try_run(script).await;
            if let Ok(value) = &result
                && condition(value)
            {
                return value.clone();
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what}; there is {result:?} from {script}"
            );
            wait.pause().await;
        }
    }

    /// Waits for a request of the browser that meets a condition.
    pub async fn wait_for_request(
        &self,
        what: &str,
        condition: impl Fn(&NetworkRequest) -> bool,
    ) -> NetworkRequest {
        let wait = Wait::begin();
        loop {
            let requests = self.network_requests().await;
            if let Some(found) = requests.iter().find(|request| condition(request)) {
                return found.clone();
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what}; there were {requests:#?}"
            );
            wait.pause().await;
        }
    }

    /// Presses and releases a key, such as `Tab`, `Enter`, `Escape` or a space.
    pub async fn press(&self, key: &str) {
        self.press_with(key, 0).await;
    }

    /// Presses and releases a key while Shift is held.
    pub async fn press_with_shift(&self, key: &str) {
        self.press_with(key, 8).await;
    }

    async fn press_with(&self, key: &str, modifiers: u32) {
        // Enter, the space bar and letters type a text, which activates buttons.
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "F6" => (117, ""),
            " " => (32, " "),
            letter if letter.len() == 1 => (0, letter),
            _ => (0, ""),
        };
        for (kind, text) in [("keyDown", text), ("keyUp", "")] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text,
                                "modifiers": modifiers });
            self.devtools("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Every request the browser has sent so far, in order.
    pub async fn network_requests(&self) -> Vec<NetworkRequest> {
        self.collect_logs().await;
        self.requests.lock().expect("no panic here").clone()
    }

    /// All console lines so far.
    pub async fn console(&self) -> Vec<ConsoleLine> {
        self.collect_logs().await;
        self.console.lock().expect("no panic here").clone()
    }

    /// Exceptions, logged errors and failed requests, according to the console.
    pub async fn console_errors(&self) -> Vec<ConsoleLine> {
        let mut lines = self.console().await;
        lines.retain(|line| line.level == "SEVERE");
        lines
    }

    /// Saves a screenshot of the viewport as PNG.
    pub async fn screenshot(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for the picture");
        }
        self.driver().screenshot(path).await.expect("a picture");
    }

    /// The colour of a point in the viewport as `#rrggbb`, read from a screenshot.
    pub async fn colour_at(&self, x: f64, y: f64) -> String {
        let clip = json!({ "x": x, "y": y, "width": 1, "height": 1, "scale": 1 });
        let picture = self
            .devtools("Page.captureScreenshot", json!({ "clip": clip }))
            .await;
        let data = picture["data"].as_str().expect("a picture");
        let script = format!(
            "return (async () => {{
                const bytes = Uint8Array.from(atob('{data}'), (sign) => sign.charCodeAt(0));
                const bitmap = await createImageBitmap(new Blob([bytes], {{ type: 'image/png' }}));
                const canvas = new OffscreenCanvas(1, 1).getContext('2d');
                canvas.drawImage(bitmap, 0, 0);
                const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
                return '#' + [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
            }})();"
        );
        self.run(&script)
            .await
            .as_str()
            .expect("a colour")
            .to_owned()
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
