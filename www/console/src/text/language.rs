//! Names of languages.

use js_sys::{Array, Function, Object, Reflect};
use notice::wire::language::Language;
use wasm_bindgen::JsCast;

/// Returns a language's name in that language, such as `Deutsch`. Falls back to the language tag.
pub fn name(language: &Language) -> String {
    let tag = language.as_str();
    display_name(tag).unwrap_or_else(|| tag.to_owned())
}

/// Calls `Intl.DisplayNames`. `None` in a browser without it, and for a tag that it rejects.
fn display_name(tag: &str) -> Option<String> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"language".into()).ok()?;
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &"DisplayNames".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let names = Reflect::construct(&constructor, &Array::of2(&tag.into(), &options)).ok()?;
    let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
    of.call1(&names, &tag.into()).ok()?.as_string()
}
