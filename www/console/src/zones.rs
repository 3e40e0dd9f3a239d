//! Time zones by name, as they are typed: whether the browser knows one, and how it is spelled.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The spelling of a zone that the browser knows: `europe/berlin` is `Europe/Berlin`. `None` for any other text.
pub fn spelled(text: &str) -> Option<String> {
    let text = text.trim();
    let resolved = resolved(text)?;
    let is_same = |name: &String| name.eq_ignore_ascii_case(text);
    // A link such as `Asia/Kolkata` stays the one that was typed, whatever the browser resolves it to.
    let known = supported().into_iter().find(is_same);
    let known = known.or_else(|| Some(resolved).filter(is_same));
    Some(known.unwrap_or_else(|| by_convention(text)))
}

fn intl() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"Intl".into()).ok()
}

/// What the browser resolves a zone's name to; the constructor throws for one that does not exist.
fn resolved(zone: &str) -> Option<String> {
    let given = Object::new();
    Reflect::set(&given, &"timeZone".into(), &zone.into()).ok()?;
    let constructor = Reflect::get(&intl()?, &"DateTimeFormat".into()).ok()?;
    let constructor: Function = constructor.dyn_into().ok()?;
    let made = Reflect::construct(&constructor, &Array::of2(&"en".into(), &given)).ok()?;
    let resolve: Function = Reflect::get(&made, &"resolvedOptions".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = resolve.call0(&made).ok()?;
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

/// The zones that the browser lists; none in a browser without such a list. Links are missing in it.
fn supported() -> Vec<String> {
    let list = || -> Option<Array> {
        let intl = intl()?;
        let list: Function = Reflect::get(&intl, &"supportedValuesOf".into())
            .ok()?
            .dyn_into()
            .ok()?;
        list.call1(&intl, &"timeZone".into()).ok()?.dyn_into().ok()
    };
    let list = list().unwrap_or_default();
    list.iter().filter_map(|name| name.as_string()).collect()
}

/// Parts of names that are written in capitals, and in small letters.
const CAPITALS: &[&str] = &["utc", "gmt", "uct", "us", "nz", "gb"];
const SMALL: &[&str] = &["of", "es", "au"];

/// A name that was typed without regard to case, as the IANA database spells its names: `etc/utc` is `Etc/UTC`. One in both
/// cases stays as it is.
fn by_convention(text: &str) -> String {
    let has_capital = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let has_small = text.bytes().any(|byte| byte.is_ascii_lowercase());
    if has_capital && has_small {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let parts = lower.split_inclusive(['/', '_', '-', '+']).map(|part| {
        let word = part.trim_end_matches(['/', '_', '-', '+']);
        let mut letters = part.chars();
        if CAPITALS.contains(&word) || word.contains(|letter: char| letter.is_ascii_digit()) {
            part.to_ascii_uppercase()
        } else if SMALL.contains(&word) {
            part.to_owned()
        } else {
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::by_convention;

    #[test]
    fn a_link_is_spelled_as_the_database_spells_its_names() {
        for name in [
            "Etc/UTC",
            "Etc/GMT+5",
            "UTC",
            "US/Pacific",
            "Asia/Kolkata",
            "Europe/Kyiv",
            "Asia/Ho_Chi_Minh",
            "America/Argentina/Buenos_Aires",
            "Africa/Dar_es_Salaam",
            "America/Port-au-Prince",
            "America/Port_of_Spain",
        ] {
            for typed in [
                name.to_ascii_lowercase(),
                name.to_ascii_uppercase(),
                name.to_owned(),
            ] {
                assert_eq!(by_convention(&typed), name, "{typed}");
            }
        }
    }
}
