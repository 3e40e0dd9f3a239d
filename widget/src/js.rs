//! Untyped access to JavaScript objects.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/src/js.js")]
extern "C" {
    /// Reads a property; `undefined` if there is none, or if `of` is `null` or `undefined`.
    ///
    /// `Reflect::get` throws for `null` and `undefined`, and each exception that Rust catches leaks an entry in
    /// wasm-bindgen's table of references.
    pub fn property(of: &JsValue, name: &str) -> JsValue;
}

#[inline(never)]
pub fn set(of: &Object, name: &str, value: &JsValue) {
    // Fails for frozen objects only, and the widget never writes to a frozen object.
    let _ = Reflect::set(of, &name.into(), value);
}

/// The strings in an array; `None` when the value is not an array.
#[inline(never)]
pub fn strings(value: &JsValue) -> Option<Vec<String>> {
    Array::is_array(value).then(|| {
        Array::from(value)
            .iter()
            .filter_map(|text| text.as_string())
            .collect()
    })
}

/// A number as a `u32`: NaN is 0, fractions are cut off, and anything out of range is the nearest `u32`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and makes NaN zero"
)]
pub fn whole(number: f64) -> u32 {
    number as u32
}
