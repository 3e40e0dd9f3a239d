//! Watches for harm to the host page: exceptions, violations of its content policy, layout shifts.

use serde_json::Value;

use crate::browser::Browser;

/// Runs in every page before any of its own scripts.
const WATCHER: &str = "{
    const seen = { errors: [], rejections: [], violations: [], shift: 0 };
    Object.defineProperty(window, '__watched', { value: seen });
    // A page may replace `push`.
    const note = (list, text) => { list[list.length] = text };
    addEventListener('error', event => note(seen.errors, `${event.message || event.target}`), true);
    addEventListener('unhandledrejection', event => note(seen.rejections, `${event.reason}`));
    document.addEventListener('securitypolicyviolation', event =>
        note(seen.violations, event.effectiveDirective + ' ' + event.blockedURI));
    new PerformanceObserver(list => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) seen.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
}";

/// Records the texts of the live regions in every shadow root: the role, and the text without space around it.
const ANNOUNCEMENTS: &str = "{
    const announced = [];
    Object.defineProperty(window, '__announced', { value: announced });
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (options) {
        const root = attachShadow.call(this, options);
        const texts = new Map();
        new MutationObserver(() => {
            for (const region of root.querySelectorAll('[role=status],[role=alert]')) {
                const text = region.textContent.trim();
                if (text && texts.get(region) !== text) announced.push(`${region.role}: ${text}`);
                texts.set(region, text);
            }
        }).observe(root, { childList: true, characterData: true, subtree: true });
        return root;
    };
}";

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

    /// Records what the cards of every page loaded from now on announce to screen readers. An announcement stays in its region
    /// for 5 s only, so that a slow test may not find it there.
    pub async fn record_announcements(&self) {
        self.before_each_page(ANNOUNCEMENTS).await;
    }

    /// The announcements of this page so far, such as `status: Major: Messages are delayed.`: the role of the region and the
    /// text.
    pub async fn announcements(&self) -> Vec<String> {
        let all = self.run("return window.__announced").await;
        serde_json::from_value(all).expect("call `record_announcements` before loading the page")
    }

    /// Waits until the page has announced a text that contains these words.
    pub async fn wait_for_announcement(&self, words: &str) {
        self.wait_for_script(words, "return window.__announced", |all| {
            let texts = all.as_array().into_iter().flatten();
            let mut texts = texts.filter_map(Value::as_str);
            texts.any(|text| text.contains(words))
        })
        .await;
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
