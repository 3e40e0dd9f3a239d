//! Several windows of one browser, each in view.

use serde_json::{Value, json};
use thirtyfour::WindowHandle;

use crate::browser::Browser;

/// One of a browser's windows or tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab(WindowHandle);

impl Browser {
    /// The tab that scripts and clicks go to.
    pub async fn tab(&self) -> Tab {
        Tab(self.driver().window().await.expect("a window"))
    }

    /// Opens an address in a window of its own, which the rest goes to.
    pub async fn open_window(&self, url: &str) -> Tab {
        let handle = self.driver().new_window().await.expect("a new window");
        self.turn_to(&Tab(handle.clone())).await;
        self.goto(url).await;
        Tab(handle)
    }

    /// Puts this tab's window out of view, or back.
    pub async fn set_minimized(&self, minimized: bool) {
        let window = self.devtools("Browser.getWindowForTarget", json!({})).await;
        let state = if minimized { "minimized" } else { "normal" };
        let bounds = json!({ "windowId": window["windowId"], "bounds": { "windowState": state } });
        self.devtools("Browser.setWindowBounds", bounds).await;
    }

    /// Sends scripts and clicks to another tab. It does not come into view by this.
    pub async fn turn_to(&self, tab: &Tab) {
        let driver = self.driver();
        driver
            .switch_to_window(tab.0.clone())
            .await
            .expect("the window is there");
    }

    /// Closes a tab as its user would, without asking it.
    pub async fn close(&self, tab: &Tab) {
        self.turn_to(tab).await;
        self.driver().close_window().await.expect("it closes");
    }

    /// What a script returns in each of these tabs.
    pub async fn run_in(&self, tabs: &[Tab], script: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for tab in tabs {
            self.turn_to(tab).await;
            all.push(self.run(script).await);
        }
        all
    }
}
