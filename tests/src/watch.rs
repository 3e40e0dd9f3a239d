//! What a host would notice of a bad guest: exceptions, refused content, layout that moves.

use serde_json::Value;

use crate::browser::Browser;

/// Runs in every page before any of its own scripts.
const WATCHER: &str = "
    const seen = { errors: [], rejections: [], violations: [], shift: 0 };
    Object.defineProperty(window, '__watched', { value: seen });
    addEventListener('error', event => seen.errors.push(String(event.message || event.target)), true);
    addEventListener('unhandledrejection', event => seen.rejections.push(String(event.reason)));
    document.addEventListener('securitypolicyviolation', event =>
        seen.violations.push(event.effectiveDirective + ' ' + event.blockedURI));
    new PerformanceObserver(list => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) seen.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
";

/// What has been noticed on a page since it loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// Uncaught exceptions, and resources that failed.
    pub errors: Vec<String>,
    /// Promises rejected with nobody to handle it.
    pub rejections: Vec<String>,
    /// What the content policy refused: the directive and the address.
    pub violations: Vec<String>,
    /// The sum of all layout shifts but those that follow upon what the reader did: by the measure's definition they are none.
    pub shift: f64,
}

impl Browser {
    /// Watches every page loaded from now on.
    pub async fn watch(&self) {
        self.before_each_page(WATCHER).await;
    }

    /// What has been noticed on this page.
    pub async fn watched(&self) -> Watched {
        let seen = self.run("return window.__watched").await;
        assert!(seen.is_object(), "call `watch` before loading the page");
        let list = |key: &str| -> Vec<String> {
            let words = seen[key].as_array().into_iter().flatten();
            words.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Watched {
            errors: list("errors"),
            rejections: list("rejections"),
            violations: list("violations"),
            shift: seen["shift"].as_f64().unwrap_or_default(),
        }
    }
}
