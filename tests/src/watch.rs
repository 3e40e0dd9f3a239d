//! Watches for harm to the host page: exceptions, violations of its content policy, layout shifts.

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

/// Harm recorded on a page since it loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// Uncaught exceptions, and resources that failed to load.
    pub errors: Vec<String>,
    /// Unhandled promise rejections.
    pub rejections: Vec<String>,
    /// Violations of the content policy: directive and address.
    pub violations: Vec<String>,
    /// Sum of all layout shifts, without those shortly after user input, as the metric defines.
    pub shift: f64,
}

impl Watched {
    /// Whether every exception and rejected promise was caught.
    pub fn is_error_free(&self) -> bool {
        self.errors.is_empty() && self.rejections.is_empty()
    }

    /// Panics unless every exception and rejected promise was caught.
    #[track_caller]
    pub fn assert_no_errors(&self) -> &Self {
        assert!(self.is_error_free(), "{self:?}");
        self
    }

    /// Panics when the content policy has refused something.
    #[track_caller]
    pub fn assert_no_violations(&self) -> &Self {
        assert!(self.violations.is_empty(), "{self:?}");
        self
    }

    /// Panics when the page's layout has shifted.
    #[track_caller]
    pub fn assert_no_shift(&self) -> &Self {
        assert!(self.shift.abs() < f64::EPSILON, "{self:?}");
        self
    }
}

impl Browser {
    /// Starts a browser that watches every page.
    pub async fn watching() -> Self {
        let browser = Self::start().await;
        browser.watch().await;
        browser
    }

    /// Watches every page loaded from now on.
    pub async fn watch(&self) {
        self.before_each_page(WATCHER).await;
    }

    /// The record of this page.
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
