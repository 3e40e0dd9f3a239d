//! Time zones by name: the runtime has the IANA database, so it is asked whether there is one.

use js_sys::{Array, Function, Object, Reflect};
use notice::rejection::Rejection;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

/// The one field of a site's body that needs the runtime.
#[derive(Debug, Deserialize)]
struct Wanted {
    time_zone: Option<String>,
}

/// The time zone a body asks for; `None` where it names none, or nothing that can be read, which is complained about
/// where the whole body is.
pub fn wanted(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Wanted>(body).ok()?.time_zone
}

/// The refusal of a zone that the runtime does not know.
pub fn refuse(zone: &str) -> Option<Rejection> {
    (!is_known(zone)).then(|| {
        Rejection::field(
            "/time_zone",
            "Must be an IANA time zone, for example Australia/Sydney.",
        )
    })
}

/// `new Intl.DateTimeFormat("en", { timeZone })` throws for a zone that does not exist.
fn is_known(zone: &str) -> bool {
    let made = || -> Result<JsValue, JsValue> {
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
    made().is_ok()
}
