//! The functions and objects that the loader passes to [`crate::start`].

use js_sys::{Date, Function, Object};
use notice::{browser::audience::PageContext, wire::feed::Feed};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    feed_parser,
    js::{property, set, strings, whole},
};

/// The arguments of [`crate::start`], which describes each.
pub struct Loader {
    pub ask: Function,
    pub clock: Function,
    pub emit: Function,
    pub page: Function,
    pub storage: Function,
    pub options: Object,
    pub state: Object,
    /// The record that cards share: see `loader/handover.js`.
    pub record: Object,
}

/// The result of a request.
pub enum Answer {
    /// The feed, which may be older than the current one.
    Feed { feed: Box<Feed> },
    Failure {
        /// The server's `Retry-After` in seconds; 0 without one.
        retry_after_s: u32,
    },
}

impl Loader {
    /// Milliseconds since 1970 by the server's clock, or by the browser's if the loader's function throws.
    pub fn now_ms(&self) -> f64 {
        let now = self.clock.call0(&JsValue::NULL).ok();
        now.and_then(|now| now.as_f64()).unwrap_or_else(Date::now)
    }

    /// Seconds since 1970 by the server's clock.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn now(&self) -> i64 {
        (self.now_ms() / 1000.0) as i64
    }

    /// Requests the feed from an origin. The promise never rejects; [`read_answer`] reads its value.
    pub fn ask(&self, origin: u32) -> JsValue {
        self.ask
            .call1(&JsValue::NULL, &origin.into())
            .unwrap_or(JsValue::UNDEFINED)
    }

    /// The current feed of `Allclear.state`.
    pub fn feed(&self) -> Option<Box<Feed>> {
        read_feed(&property(&self.state, "feed"))
    }

    /// The time of the last confirmation of the feed, in seconds since 1970. The current time if the server did not send it.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn confirmed_at(&self) -> i64 {
        let text = self.confirmed_at_text().as_string().unwrap_or_default();
        // Without `Date.parse`, which some pages replace.
        let milliseconds = Date::new(&text.into()).get_time();
        if milliseconds.is_nan() {
            self.now()
        } else {
            (milliseconds / 1000.0) as i64
        }
    }

    /// The time of the last confirmation as the server sent it, for the page.
    pub fn confirmed_at_text(&self) -> JsValue {
        property(&self.state, "confirmed_at")
    }

    /// An option of the page; empty when it is not set.
    pub fn option(&self, name: &str) -> String {
        property(&self.options, name)
            .as_string()
            .unwrap_or_default()
    }

    /// The page's current declarations.
    pub fn page(&self) -> PageContext {
        let page = self
            .page
            .call0(&JsValue::NULL)
            .unwrap_or(JsValue::UNDEFINED);
        PageContext {
            segments: strings(&property(&page, "segments")),
            components: strings(&property(&page, "components")),
            slots: strings(&property(&page, "slots")).unwrap_or_default(),
            paths: strings(&property(&page, "paths")).unwrap_or_default(),
            drill: property(&page, "drill").is_truthy(),
        }
    }

    /// Whether the feed was stored on an earlier visit and has not been confirmed on this one.
    pub fn is_stale(&self) -> bool {
        property(&self.state, "stale").is_truthy()
    }

    /// Sets a property of `Allclear.state`.
    pub fn set_state(&self, name: &str, value: &JsValue) {
        set(&self.state, name, value);
    }

    /// A property of the record that cards share.
    pub fn record(&self, name: &str) -> JsValue {
        property(&self.record, name)
    }

    /// The id of the notice that the page asked to open.
    pub fn requested(&self) -> Option<String> {
        property(&self.state, "open").as_string()
    }

    /// Reads a stored object; empty when there is none.
    pub fn load(&self, name: &str) -> Object {
        let value = self.storage.call1(&JsValue::NULL, &name.into());
        value
            .ok()
            .and_then(|value| value.dyn_into().ok())
            .unwrap_or_default()
    }

    pub fn store(&self, name: &str, value: &Object) {
        // The loader's function handles a storage that is blocked or full.
        let _ = self.storage.call2(&JsValue::NULL, &name.into(), value);
    }
}

fn read_feed(value: &JsValue) -> Option<Box<Feed>> {
    feed_parser::parse(value).map(Box::new)
}

/// Reads the value that [`Loader::ask`] resolves to.
pub fn read_answer(answer: &JsValue) -> Answer {
    match read_feed(&property(answer, "feed")) {
        Some(feed) => Answer::Feed { feed },
        None => Answer::Failure {
            retry_after_s: whole(property(answer, "seconds").as_f64().unwrap_or_default()),
        },
    }
}
