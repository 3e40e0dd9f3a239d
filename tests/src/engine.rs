//! A browser of another engine than Chromium's, driven through classic WebDriver only: Firefox, or WebKitGTK's MiniBrowser.

mod start;

use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{WebDriver, WebElement, error::WebDriverResult};
use xtask::engines::{self, Missing};

use crate::{
    child::OwnedChild,
    wait::{WAIT_TIMEOUT, Wait},
};

/// Time limit of a WebDriver command: a browser that hangs fails the test before the test's own time limit.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Firefox,
    WebKitGtk,
}

/// A running browser. Dropping it ends it, its driver and its display.
#[derive(Debug)]
pub struct EngineBrowser {
    // Declared first, so that it is dropped first: closing the browser goes through its driver.
    driver: WebDriver,
    _processes: Vec<OwnedChild>,
    _folder: TempDir,
}

/// Script that returns the element that the function body `FIND` finds, once it does not move and nothing covers its middle.
const WHEN_READY: &str = "
    const element = (() => { FIND })();
    if (!element) return null;
    element.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const box = [left, top, width, height].join();
    const isStill = window.__lastBox === box;
    window.__lastBox = box;
    const hit = element.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
    return isStill && element.contains(hit) ? element : null;
";

/// Function body that returns the control with the label `LABEL`, else the first one whose label starts with it, as
/// `Operator::tap` does.
const CONTROL: &str = "
    const label = LABEL;
    const text = (control) => {
        const words = [];
        const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) words.push(...(texts.currentNode.data.match(/\\S+/g) ?? []));
        return words.join(' ');
    };
    const all = [...document.querySelectorAll('button, a, summary, label')];
    return all.find((control) => text(control) === label) ?? all.find((control) => text(control).startsWith(label + ' '));
";

impl Engine {
    /// Starts the browser with a fresh profile. If the engine is missing, prints what to install and returns `None`.
    pub async fn start(self) -> Option<EngineBrowser> {
        match self {
            Self::Firefox => Some(start::firefox(&found(engines::find_firefox())?).await),
            Self::WebKitGtk => Some(start::webkitgtk(&found(engines::find_webkitgtk())?).await),
        }
    }
}

/// Returns the engine's programs. If they are missing, prints what to install and returns `None`.
fn found<T>(programs: anyhow::Result<T>) -> Option<T> {
    match programs {
        Ok(programs) => Some(programs),
        Err(error) if Missing::of(&error).is_some() => {
            eprintln!("{error:#}");
            None
        }
        Err(error) => panic!("{error:#}"),
    }
}

impl EngineBrowser {
    /// Opens another page and waits until everything on it has loaded.
    pub async fn goto(&self, url: &str) {
        // Marks the previous page, because its `readyState` is complete too.
        self.run("window.__leaving = true").await;
        self.driver.goto(url).await.expect("the page opens");
        let script = "return !window.__leaving && document.readyState";
        self.wait_for_script("the page to load", script, |state| state == "complete")
            .await;
    }

    /// Runs the body of a function in the page and returns the result.
    pub async fn run(&self, script: &str) -> Value {
        self.try_run(script).await.expect("the script runs")
    }

    async fn try_run(&self, script: &str) -> WebDriverResult<Value> {
        let answer = self.driver.execute(script, Vec::new()).await?;
        Ok(answer.json().clone())
    }

    /// Waits until the result of a script meets a condition. Between two pages no script can run; that is not an error yet.
    pub async fn wait_for_script(
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
            if wait.is_over() {
                let page = self.try_run("return document.body.innerText").await;
                panic!("waited {WAIT_TIMEOUT:?} for {what}; there is {result:?}; page: {page:?}");
            }
            wait.pause().await;
        }
    }

    /// Waits for a text on the page, shadow roots and frames excluded.
    pub async fn wait_for_text(&self, words: &str) {
        let shown = "return document.body?.innerText ?? ''";
        self.wait_for_script(words, shown, |text| {
            text.as_str().is_some_and(|text| text.contains(words))
        })
        .await;
    }

    /// Waits until this body of a function returns an element that can be clicked, and clicks it as a user would.
    pub async fn click(&self, what: &str, find: &str) {
        let wait = Wait::begin();
        loop {
            let clicked = self.try_click(find).await;
            if clicked.is_ok() {
                return;
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} to click {what}: {clicked:?}"
            );
            wait.pause().await;
        }
    }

    async fn try_click(&self, find: &str) -> WebDriverResult<()> {
        self.ready_element(find).await?.click().await
    }

    async fn ready_element(&self, find: &str) -> WebDriverResult<WebElement> {
        let script = WHEN_READY.replace("FIND", find);
        self.driver.execute(script, Vec::new()).await?.element()
    }

    /// Clicks the control with exactly this label, or whose label starts with it.
    pub async fn tap(&self, label: &str) {
        let find = CONTROL.replace("LABEL", &Value::from(label).to_string());
        self.click(label, &find).await;
    }

    /// Clicks the field with this id and types into it.
    pub async fn type_into(&self, id: &str, text: &str) {
        let find = format!("return document.getElementById('{id}')");
        self.click(id, &find).await;
        let field = self.ready_element(&find).await.expect("the clicked field");
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Closes the browser as a user would.
    pub async fn quit(self) {
        self.driver.quit().await.expect("the browser closes");
    }
}
