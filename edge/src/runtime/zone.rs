//! Moments as people in a time zone write them. The runtime knows the zones; we do not.

use js_sys::{Array, Date as JsDate, Function, Object, Reflect};
use notice::wire::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};

/// A moment in a time zone, as in `21 Nov 2026, 19:00`; RFC 3339 where the runtime does not know the zone.
pub fn say(at: Timestamp, zone: &str) -> String {
    local(at, zone).unwrap_or_else(|| at.to_string())
}

fn local(at: Timestamp, zone: &str) -> Option<String> {
    let options = Object::new();
    for (name, value) in [
        ("timeZone", zone),
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
    let moment = JsDate::new(&JsValue::from_f64(at.seconds() as f64 * 1000.0));
    // Called by hand, since a zone that is not known throws.
    let write: Function = Reflect::get(&moment, &"toLocaleString".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let arguments = Array::of2(&"en-GB".into(), &options);
    write.apply(&moment, &arguments).ok()?.as_string()
}
