//! What the loader hands over: the page, the network and the memory, as functions.

use js_sys::{Array, Date, Function, Object, Reflect};
use notice::{
    audience::Page,
    wire::{feed::Feed, ids::IncidentId},
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{feed_reading, page::property};

/// The loader's side. See [`crate::start`] for what each part does.
pub struct Host {
    /// Asks an origin for the feed.
    pub ask: Function,
    /// The server's clock.
    pub clock: Function,
    /// Tells the host page.
    pub emit: Function,
    /// What the page declares.
    pub page: Function,
    /// Reads and writes what is remembered.
    pub storage: Function,
    /// The script tag's attributes.
    pub options: Object,
    /// `Allclear.state`.
    pub state: Object,
    /// What passes from card to card: see `bringer` in `embed/rules.js`.
    pub record: Object,
}

/// What came of one request.
pub enum Answer {
    /// A feed.
    Feed {
        /// It. A newer one may have been seen.
        feed: Box<Feed>,
    },
    /// Nothing came.
    Failure {
        /// The server's `Retry-After`, in seconds, or 0.
        retry_after_s: u32,
    },
}

impl Host {
    /// Milliseconds since 1970 by the server's clock.
    pub fn now_ms(&self) -> f64 {
        let now = self.clock.call0(&JsValue::NULL).ok();
        now.and_then(|now| now.as_f64()).unwrap_or_else(Date::now)
    }

    /// Seconds since 1970 by the server's clock.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn now(&self) -> i64 {
        (self.now_ms() / 1000.0) as i64
    }

    /// One request for the feed: a promise that is always kept, for [`read_answer`].
    pub fn ask(&self, origin: u32) -> JsValue {
        self.ask
            .call1(&JsValue::NULL, &origin.into())
            .unwrap_or(JsValue::UNDEFINED)
    }

    /// The feed that was handed over.
    pub fn feed(&self) -> Option<Box<Feed>> {
        read_feed(&property(&self.state, "feed"))
    }

    /// When the truth was last confirmed, in seconds since 1970. A server that does not say confirms it by answering.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn confirmed_at(&self) -> i64 {
        let text = self.confirmed_at_text().as_string().unwrap_or_default();
        let milliseconds = Date::parse(&text);
        if milliseconds.is_nan() {
            self.now()
        } else {
            (milliseconds / 1000.0) as i64
        }
    }

    /// The same, as it came.
    pub fn confirmed_at_text(&self) -> JsValue {
        property(&self.state, "confirmed_at")
    }

    /// One of the script tag's attributes; empty when it is not there.
    pub fn option(&self, name: &str) -> String {
        property(&self.options, name)
            .as_string()
            .unwrap_or_default()
    }

    /// What the page declares, now.
    pub fn page(&self) -> Page {
        let page = self
            .page
            .call0(&JsValue::NULL)
            .unwrap_or(JsValue::UNDEFINED);
        Page {
            segments: strings(&property(&page, "segments")),
            components: strings(&property(&page, "components")),
            slots: strings(&property(&page, "slots")).unwrap_or_default(),
            paths: strings(&property(&page, "paths")).unwrap_or_default(),
            drill: property(&page, "drill").is_truthy(),
        }
    }

    /// Tells the host page.
    pub fn emit(&self, name: &str, detail: &JsValue) {
        // A listener's own exception is its page's; nothing of ours depends on it.
        let _ = self.emit.call2(&JsValue::NULL, &name.into(), detail);
    }

    /// Tells the host page of a notice, as the feed has it.
    pub fn emit_notice(&self, name: &str, id: &IncidentId) {
        let notices = Array::from(&property(&property(&self.state, "feed"), "notices"));
        let found = notices
            .iter()
            .find(|notice| property(notice, "id").as_string().as_deref() == Some(id.as_str()));
        self.emit(name, &found.unwrap_or(JsValue::UNDEFINED));
    }

    /// Whether the feed was kept from an earlier visit, and nothing has confirmed it on this one.
    pub fn is_kept(&self) -> bool {
        property(&self.state, "stale").is_truthy()
    }

    /// Writes down a part of `Allclear.state`.
    pub fn set_state(&self, name: &str, value: &JsValue) {
        set(&self.state, name, value);
    }

    /// What a card that drew before this one has announced.
    pub fn announced(&self) -> Object {
        self.passed("announced").dyn_into().unwrap_or_default()
    }

    /// What passes from card to card under a name.
    pub fn passed(&self, name: &str) -> JsValue {
        property(&self.record, name)
    }

    /// The notice that the host wants opened.
    pub fn wanted(&self) -> Option<String> {
        property(&self.state, "open").as_string()
    }

    /// What is remembered under a name: an object, never nothing.
    pub fn recall(&self, name: &str) -> Object {
        let value = self.storage.call1(&JsValue::NULL, &name.into());
        value
            .ok()
            .and_then(|value| value.dyn_into().ok())
            .unwrap_or_default()
    }

    /// Remembers under a name.
    pub fn remember(&self, name: &str, value: &Object) {
        // The loader's function guards against a storage that is blocked or full.
        let _ = self.storage.call2(&JsValue::NULL, &name.into(), value);
    }
}

/// Sets a property.
#[inline(never)]
pub fn set(of: &Object, name: &str, value: &JsValue) {
    // Only a frozen object refuses, and ours are not.
    let _ = Reflect::set(of, &name.into(), value);
}

#[inline(never)]
fn strings(value: &JsValue) -> Option<Vec<String>> {
    Array::is_array(value).then(|| {
        Array::from(value)
            .iter()
            .filter_map(|text| text.as_string())
            .collect()
    })
}

fn read_feed(value: &JsValue) -> Option<Box<Feed>> {
    feed_reading::feed(value).map(Box::new)
}

/// What came of a request.
pub fn read_answer(answer: &JsValue) -> Answer {
    match read_feed(&property(answer, "feed")) {
        Some(feed) => Answer::Feed { feed },
        None => Answer::Failure {
            retry_after_s: whole(property(answer, "seconds").as_f64().unwrap_or_default()),
        },
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates"
)]
fn whole(seconds: f64) -> u32 {
    seconds as u32
}
