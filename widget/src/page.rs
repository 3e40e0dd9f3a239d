//! What the card asks of the browser: places to draw in, words for times, news of the page. In JavaScript, since it is
//! 3 KB less there: `src/page/`.

use js_sys::{Array, Function, Object};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

use crate::host::Host;

#[wasm_bindgen(module = "/src/page/words.js")]
extern "C" {
    /// A moment in words of a locale: the day (0), the time (1), the time with its zone (2).
    pub fn say(milliseconds: f64, locale: &str, detail: u32) -> String;
    /// The locale to say times in, for a language.
    pub fn variety(tag: &str) -> String;
    /// A number in a locale's words, of the plural forms of a text.
    pub fn count(forms: &str, number: u32, locale: &str) -> String;
    fn words(tag: &str, heard: &Function) -> Option<String>;
}

// What only the build imports: `xtask/src/build/widget.rs` puts it before the instance.
#[wasm_bindgen(module = "/src/page/guard.js")]
extern "C" {
    fn guard();
}

// What only the last one imports is named, or it would not lie beside it.
#[wasm_bindgen(module = "/src/page/place.js")]
extern "C" {
    fn place();
}
#[wasm_bindgen(module = "/src/page/places.js")]
extern "C" {
    type Places;
}
#[wasm_bindgen(module = "/src/page/placement.js")]
extern "C" {
    type Placement;
}
#[wasm_bindgen(module = "/src/page/fit.js")]
extern "C" {
    fn fit();
}
#[wasm_bindgen(module = "/src/page/seen.js")]
extern "C" {
    type Seen;
}

#[wasm_bindgen(module = "/src/page/page.js")]
extern "C" {
    /// A property of whatever this is; undefined when it has none. Not by `Reflect`, which throws where there is nothing:
    /// each exception that Rust takes in leaves a place in the table of references behind.
    pub fn property(of: &JsValue, name: &str) -> JsValue;
    /// Whether the page is hidden.
    pub fn hidden() -> bool;
    /// Whether the browser is online.
    pub fn online() -> bool;
    /// Whether the layout viewport is lower than 480 CSS px.
    pub fn low() -> bool;
    /// Milliseconds by a clock that nobody sets.
    pub fn elapsed() -> f64;

    #[wasm_bindgen(js_name = Page)]
    type Script;
    #[wasm_bindgen(constructor, catch, js_class = "Page")]
    fn new(
        heard: &JsValue,
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
    fn others(this: &Script) -> Array;
    #[wasm_bindgen(method)]
    fn covers(this: &Script) -> bool;
    #[wasm_bindgen(method)]
    fn announce(this: &Script, is_urgent: bool, text: &str, language: &str);
    #[wasm_bindgen(method)]
    fn drawn(this: &Script);
    #[wasm_bindgen(method)]
    fn later(this: &Script, name: &str, milliseconds: u32);
    #[wasm_bindgen(method)]
    fn never(this: &Script, name: &str);
    #[wasm_bindgen(method, js_name = "await")]
    fn await_answer(this: &Script, question: &JsValue);
    #[wasm_bindgen(method, getter)]
    fn answer(this: &Script) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn mouth(this: &Script) -> Function;
    #[wasm_bindgen(method)]
    fn stop(this: &Script);
}

/// The only style sheet, with the dark values wherever they hold. In it everything on the host is important: a page's
/// `* { all: unset !important }` beats anything less. It knows no rem, which belongs to the host.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/card.css"));

/// Places to draw in, and one ear for everything that happens, by name, until it is dropped: the page's `online`,
/// `offline` and `visibilitychange`, timers, answers, what a reader does (`toggle inc_… own`, `pill inc_… own`,
/// `hide inc_… own`, `less - own`, `escape - own`, with the place's key), what has been seen (`seen inc_… 0`), how much of
/// a text has room (`cut advice inc_… own 37`), `resized`, and whatever the host says through [`Page::mouth`].
pub struct Page {
    script: Script,
    _heard: Closure<dyn FnMut(String)>,
}

/// A place beside the page's own.
pub struct Slot {
    /// Where to draw.
    pub root: Element,
    /// What to call it.
    pub key: String,
    /// The components it is for, between spaces; empty: for whatever the page is.
    pub components: String,
    /// It is connected and rendered.
    pub is_rendered: bool,
}

impl Page {
    /// Begins to hear, and makes the places; `None` in a browser without constructed style sheets.
    pub fn open(
        host: &Host,
        mounts: &JsValue,
        heard: impl FnMut(String) + 'static,
    ) -> Option<Self> {
        let heard = Closure::<dyn FnMut(String)>::new(heard);
        let script = Script::new(
            heard.as_ref(),
            STYLE,
            &host.emit,
            &host.options,
            &host.state,
            mounts,
            &host.record,
        );
        Some(Self {
            script: script.ok()?,
            _heard: heard,
        })
    }

    /// The place of the page's own.
    pub fn own(&self) -> Element {
        self.script.own()
    }

    /// The others.
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
        self.script.others().iter().map(slot).collect()
    }

    /// Whether a card of the page's own would cover what has the focus.
    pub fn covers(&self) -> bool {
        self.script.covers()
    }

    /// Fills one of the two live regions, the urgent or the polite one, with a text in a language; or empties it.
    pub fn announce(&self, is_urgent: bool, text: &str, language: &str) {
        self.script.announce(is_urgent, text, language);
    }

    /// Says that everything has been drawn.
    pub fn drawn(&self) {
        self.script.drawn();
    }

    /// The card's words in a language, if they are here; else `words` is heard when they are.
    pub fn words(&self, tag: &str) -> Option<String> {
        words(tag, &self.mouth())
    }

    /// What is said to this is heard.
    pub fn mouth(&self) -> Function {
        self.script.mouth()
    }

    /// Hears `name` in so many milliseconds, and no more when it was to be heard before.
    pub fn later(&self, name: &str, milliseconds: u32) {
        self.script.later(name, milliseconds);
    }

    /// Does not hear `name` after all.
    pub fn never(&self, name: &str) {
        self.script.never(name);
    }

    /// Hears `answered` when a promise has come true.
    pub fn await_answer(&self, question: &JsValue) {
        self.script.await_answer(question);
    }

    /// What it came to.
    pub fn answer(&self) -> JsValue {
        self.script.answer()
    }

    /// Takes the places away, and hears no more.
    pub fn close(&self) {
        self.script.stop();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.close();
    }
}
