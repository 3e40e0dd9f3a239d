//! `Intl.DateTimeFormat`, the browser's access to time zones.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Returns the browser's `Intl` object.
pub fn intl() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"Intl".into()).ok()
}

/// Constructs a formatter. `None` for options that the browser rejects, such as an unknown time zone.
pub fn date_time_format<'a>(
    locale: &str,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<JsValue> {
    let given = Object::new();
    for (name, value) in options {
        Reflect::set(&given, &name.into(), &value.into()).ok()?;
    }
    let constructor = Reflect::get(&intl()?, &"DateTimeFormat".into()).ok()?;
    let constructor: Function = constructor.dyn_into().ok()?;
    Reflect::construct(&constructor, &Array::of2(&locale.into(), &given)).ok()
}

/// Returns the time zone of a formatter; `None` if the browser does not reveal it.
pub fn time_zone(format: &JsValue) -> Option<String> {
    let resolve: Function = Reflect::get(format, &"resolvedOptions".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = resolve.call0(format).ok()?;
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}
