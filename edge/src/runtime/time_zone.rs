//! Time zone names: the runtime has the IANA database.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Whether the runtime knows a time zone: `new Intl.DateTimeFormat("en", { timeZone })` throws otherwise.
pub fn is_known(zone: &str) -> bool {
    let construct = || -> Result<JsValue, JsValue> {
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl"))?;
        let format = Reflect::get(&intl, &JsValue::from_str("DateTimeFormat"))?;
        let options = Object::new();
        Reflect::set(
            &options,
            &JsValue::from_str("timeZone"),
            &JsValue::from_str(zone),
        )?;
        let arguments = Array::of2(&JsValue::from_str("en"), &options);
        let format: Function = format.dyn_into()?;
        Reflect::construct(&format, &arguments)
    };
    construct().is_ok()
}
