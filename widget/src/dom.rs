//! The bindings of `src/dom/`: containers to draw in, events, timers, focus, announcements, and the formatting of times.

use js_sys::{Array, Function, Object};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

use crate::loader::Loader;

#[wasm_bindgen(module = "/src/dom/format.js")]
extern "C" {
    /// A time in a locale: the day (0), the time of day (1), or the time of day with the name of the zone (2).
    #[wasm_bindgen(js_name = formatTime)]
    pub fn format_time(milliseconds: f64, locale: &str, detail: u32) -> String;
    /// The locale in which the times of a language are formatted.
    #[wasm_bindgen(js_name = localeOf)]
    pub fn locale_of(tag: &str) -> String;
    /// A number in the plural form that the locale has for it.
    #[wasm_bindgen(js_name = formatCount)]
    pub fn format_count(forms: &str, number: u32, locale: &str) -> String;
}

#[wasm_bindgen(module = "/src/dom/clock.js")]
extern "C" {
    /// Milliseconds of the monotonic clock.
    pub fn elapsed() -> f64;
}

#[wasm_bindgen(module = "/src/dom/texts.js")]
extern "C" {
    #[wasm_bindgen(js_name = fetchedTexts)]
    fn fetched_texts(tag: &str, dispatch: &Function) -> Option<String>;
}

// The build wraps the instance's exports with it (`xtask/src/build/widget.rs`).
#[wasm_bindgen(module = "/src/dom/guard.js")]
extern "C" {
    fn guard();
}

// The build imports it before the others.
#[wasm_bindgen(module = "/src/dom/globals.js")]
extern "C" {
    fn globals();
}

// wasm-bindgen copies only the scripts that are named: these are imported by other scripts.
#[wasm_bindgen(module = "/src/dom/container.js")]
extern "C" {
    fn container();
}
#[wasm_bindgen(module = "/src/dom/announcer.js")]
extern "C" {
    fn announcer();
}
#[wasm_bindgen(module = "/src/dom/containers.js")]
extern "C" {
    type Containers;
}
#[wasm_bindgen(module = "/src/dom/keeper.js")]
extern "C" {
    fn keep();
}
#[wasm_bindgen(module = "/src/dom/reports.js")]
extern "C" {
    fn makeReports();
}
#[wasm_bindgen(module = "/src/dom/isolation.js")]
extern "C" {
    fn isolate();
}
#[wasm_bindgen(module = "/src/dom/placement.js")]
extern "C" {
    fn place();
}
#[wasm_bindgen(module = "/src/dom/bar.js")]
extern "C" {
    fn barHeight();
}
#[wasm_bindgen(module = "/src/dom/fit.js")]
extern "C" {
    fn measureTexts();
}
#[wasm_bindgen(module = "/src/dom/seen.js")]
extern "C" {
    fn watchTitles();
}

#[wasm_bindgen(module = "/src/dom/dom.js")]
extern "C" {
    /// Whether the page is hidden.
    pub fn hidden() -> bool;
    /// Whether the browser is online.
    pub fn online() -> bool;
    /// Whether the layout viewport is lower than 480 CSS px.
    pub fn low() -> bool;

    #[wasm_bindgen(js_name = Dom)]
    type Script;
    #[wasm_bindgen(constructor, catch, js_class = "Dom")]
    fn new(
        handler: &JsValue,
        style: &str,
        emit: &Function,
        options: &Object,
        state: &Object,
        mounts: &JsValue,
        record: &Object,
    ) -> Result<Script, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn own(this: &Script) -> Element;
    #[wasm_bindgen(method)]
    fn slots(this: &Script) -> Array;
    #[wasm_bindgen(method)]
    fn covers(this: &Script) -> bool;
    #[wasm_bindgen(method)]
    fn report(this: &Script, shown: Array, over: Array, hidden: &str, is_stale: bool);
    #[wasm_bindgen(method)]
    fn news(this: &Script, entries: &Array);
    #[wasm_bindgen(method)]
    fn announce(this: &Script, is_urgent: bool, text: &str, language: &str);
    #[wasm_bindgen(method)]
    fn drawn(this: &Script);
    #[wasm_bindgen(method)]
    fn later(this: &Script, name: &str, milliseconds: u32);
    #[wasm_bindgen(method)]
    fn cancel(this: &Script, name: &str);
    #[wasm_bindgen(method, js_name = "await")]
    fn await_answer(this: &Script, request: &JsValue);
    #[wasm_bindgen(method, getter)]
    fn answer(this: &Script) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn dispatch(this: &Script) -> Function;
    #[wasm_bindgen(method)]
    fn stop(this: &Script);
}

/// The only style sheet. Its rules for the host element have `!important`, because a page's `* { all: unset !important }` beats
/// any others. It uses no `rem`, which depends on the host page.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/card.css"));

/// The containers, and the source of all events until it is dropped. An event is a name with values:
///
/// * of the page: `online`, `offline`, `visibilitychange`
/// * of timers that [`Dom::schedule`] set: their names
/// * `answered`: a request for the feed has resolved
/// * of the reader, with the notice and the key of the container: `toggle inc_… own`, `pill inc_… own`, `hide inc_… own`,
///   `less - own`, `escape - own`
/// * `seen inc_… 0`: a notice has been seen; with 1, the text of its newest update too
/// * `cut advice 3 inc_… own 37`: how much of a text fits, see [`crate::truncation`]
/// * `announce inc_… 0`: a notice is to be announced; with 1, urgently
/// * `resized`, `placed`, `containers`, `texts`: a reason to draw again
/// * of the loader: see [`crate::start`]
pub struct Dom {
    script: Script,
    _handler: Closure<dyn FnMut(String)>,
}

/// A container other than the page's own.
pub struct Slot {
    /// The element to draw in.
    pub root: Element,
    /// Its key in events.
    pub key: String,
    /// The slugs of its components, separated by spaces; empty when the page's own components apply.
    pub components: String,
    /// Whether it is connected and visible.
    pub is_rendered: bool,
}

impl Dom {
    /// Makes the containers and starts to call `handler` with events; `None` in a browser without constructed style sheets.
    pub fn open(
        loader: &Loader,
        mounts: &JsValue,
        handler: impl FnMut(String) + 'static,
    ) -> Option<Self> {
        let handler = Closure::<dyn FnMut(String)>::new(handler);
        let script = Script::new(
            handler.as_ref(),
            STYLE,
            &loader.emit,
            &loader.options,
            &loader.state,
            mounts,
            &loader.record,
        );
        Some(Self {
            script: script.ok()?,
            _handler: handler,
        })
    }

    /// The page's own container.
    pub fn own_container(&self) -> Element {
        self.script.own()
    }

    /// The other containers: slots of the page, and elements given to `mount`.
    pub fn slots(&self) -> Vec<Slot> {
        let slot = |slot: JsValue| {
            let slot = Array::from(&slot);
            let text = |index| slot.get(index).as_string().unwrap_or_default();
            Slot {
                root: slot.get(0).unchecked_into(),
                key: text(1),
                components: text(2),
                is_rendered: slot.get(3).is_truthy(),
            }
        };
        self.script.slots().iter().map(slot).collect()
    }

    /// Whether a card in the page's own container would cover the focused field.
    pub fn covers_focus(&self) -> bool {
        self.script.covers()
    }

    /// Reports to the page which notices are shown, which of them are over, which one the reader has just hidden, and whether the
    /// feed is stale.
    pub fn report(&self, shown: Array, over: Array, hidden: &str, is_stale: bool) {
        self.script.report(shown, over, hidden, is_stale);
    }

    /// Looks for news to announce, and dispatches `announce` when it is time: see [`crate::announcer::entries`].
    pub fn look_for_news(&self, entries: &Array) {
        self.script.news(entries);
    }

    /// Sets the text of the urgent or the polite live region.
    pub fn announce(&self, is_urgent: bool, text: &str, language: &str) {
        self.script.announce(is_urgent, text, language);
    }

    /// Called after each rendering: places the card, restores the focus, measures texts.
    pub fn after_rendering(&self) {
        self.script.drawn();
    }

    /// The card's texts in a language if they have arrived; otherwise dispatches `texts` when they do.
    pub fn texts(&self, tag: &str) -> Option<String> {
        fetched_texts(tag, &self.dispatcher())
    }

    /// The function that dispatches an event, by name.
    pub fn dispatcher(&self) -> Function {
        self.script.dispatch()
    }

    /// Dispatches an event after a delay. Replaces a scheduled event of the same name.
    pub fn schedule(&self, name: &str, milliseconds: u32) {
        self.script.later(name, milliseconds);
    }

    /// Cancels a scheduled event.
    pub fn cancel(&self, name: &str) {
        self.script.cancel(name);
    }

    /// Dispatches `answered` when a request has resolved.
    pub fn await_answer(&self, request: &JsValue) {
        self.script.await_answer(request);
    }

    /// The value that the last request resolved to.
    pub fn answer(&self) -> JsValue {
        self.script.answer()
    }

    /// Removes the containers and stops all events.
    pub fn close(&self) {
        self.script.stop();
    }
}

impl Drop for Dom {
    fn drop(&mut self) {
        self.close();
    }
}
