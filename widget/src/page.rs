//! What the card asks of the browser: an element to live in, words for times, news of the page. In JavaScript, since it
//! is 3 KB less there.

use js_sys::Function;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn mount(mode: &str, style: &str) -> Result<Element, JsValue>;
    fn unmount(root: &Element);
    /// A moment in words of a locale: the day (0), the time (1), the time with its zone (2).
    pub fn say(milliseconds: f64, locale: &str, detail: u32) -> String;
    /// The locale to say times in, for a language.
    pub fn variety(tag: &str) -> String;
    /// An appointment as an address that can be downloaded.
    pub fn appointment(id: &str, title: &str, start: f64, end: f64) -> String;
    /// Whether the page is hidden.
    pub fn hidden() -> bool;
    /// Whether the browser is online.
    pub fn online() -> bool;

    type Listener;
    #[wasm_bindgen(constructor)]
    fn new(heard: &JsValue) -> Listener;
    #[wasm_bindgen(method)]
    fn later(this: &Listener, name: &str, milliseconds: u32);
    #[wasm_bindgen(method)]
    fn never(this: &Listener, name: &str);
    #[wasm_bindgen(method, js_name = "await")]
    fn await_answer(this: &Listener, question: &JsValue);
    #[wasm_bindgen(method, getter)]
    fn answer(this: &Listener) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn mouth(this: &Listener) -> Function;
    #[wasm_bindgen(method)]
    fn stop(this: &Listener);
}

/// The only style sheet, with the dark values wherever they hold. In it everything on the host is important: a page's
/// `* { all: unset !important }` beats anything less. It knows no rem, which belongs to the host.
const STYLE: &str = concat!(
    include_str!("../style/card.css"),
    ".theme-dark{",
    include_str!("../style/dark.css"),
    "}@media(prefers-color-scheme:dark){.root:not(.theme-light){",
    include_str!("../style/dark.css"),
    "}}",
);

/// `<allclear-banner>` while it is on the page.
pub struct Mount(Element);

impl Mount {
    /// Puts it there; `None` in a browser without constructed style sheets.
    pub fn new(shadow: &str) -> Option<Self> {
        mount(shadow, STYLE).ok().map(Self)
    }

    /// Where Yew draws.
    pub fn root(&self) -> Element {
        self.0.clone()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        unmount(&self.0);
    }
}

/// One ear for everything that happens, by name, until it is dropped: the page's `online`, `offline` and
/// `visibilitychange`, timers, answers, and whatever the host says through [`Hearing::mouth`].
pub struct Hearing {
    listener: Listener,
    _heard: Closure<dyn FnMut(String)>,
}

impl Hearing {
    /// Begins to hear.
    pub fn new(heard: impl FnMut(String) + 'static) -> Self {
        let heard = Closure::<dyn FnMut(String)>::new(heard);
        Self {
            listener: Listener::new(heard.as_ref()),
            _heard: heard,
        }
    }

    /// What is said to this is heard.
    pub fn mouth(&self) -> Function {
        self.listener.mouth()
    }

    /// Hears `name` in so many milliseconds, and no more when it was to be heard before.
    pub fn later(&self, name: &str, milliseconds: u32) {
        self.listener.later(name, milliseconds);
    }

    /// Does not hear `name` after all.
    pub fn never(&self, name: &str) {
        self.listener.never(name);
    }

    /// Hears `answered` when a promise has come true.
    pub fn await_answer(&self, question: &JsValue) {
        self.listener.await_answer(question);
    }

    /// What it came to.
    pub fn answer(&self) -> JsValue {
        self.listener.answer()
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.listener.stop();
    }
}
