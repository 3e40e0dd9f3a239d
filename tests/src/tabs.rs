//! Several windows of one browser.

use serde_json::{Value, json};
use thirtyfour::WindowHandle;

use crate::browser::Browser;

/// One of a browser's windows or tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab(WindowHandle);

impl Browser {
    /// The tab that receives scripts and clicks.
    pub async fn tab(&self) -> Tab {
        Tab(self.driver().window().await.expect("a window"))
    }

    /// Opens an address in a new window, which receives all later commands.
    pub async fn open_window(&self, url: &str) -> Tab {
        let handle = self.driver().new_window().await.expect("a new window");
        self.switch_to(&Tab(handle.clone())).await;
        self.goto(url).await;
        Tab(handle)
    }

    /// Minimises the current tab's window, or restores it.
    pub async fn set_minimized(&self, minimized: bool) {
        let window = self.devtools("Browser.getWindowForTarget", json!({})).await;
        let state = if minimized { "minimized" } else { "normal" };
        let bounds = json!({ "windowId": window["windowId"], "bounds": { "windowState": state } });
        self.devtools("Browser.setWindowBounds", bounds).await;
    }

    /// Switches to another tab, without bringing it into view.
    pub async fn switch_to(&self, tab: &Tab) {
        let driver = self.driver();
        driver
            .switch_to_window(tab.0.clone())
            .await
            .expect("the window is there");
    }

    /// Closes a tab as its user would.
    pub async fn close(&self, tab: &Tab) {
        self.switch_to(tab).await;
        self.driver().close_window().await.expect("it closes");
    }

    /// Runs a script in each of these tabs and returns the results.
    pub async fn run_in(&self, tabs: &[Tab], script: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for tab in tabs {
            self.switch_to(tab).await;
            all.push(self.run(script).await);
        }
        all
    }
}
