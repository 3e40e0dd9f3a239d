//! Names of time zones as they are typed.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;

use super::intl;

/// Returns the canonical spelling of a zone: `Europe/Berlin` for `europe/berlin`. `None` if the browser does not know the zone.
pub fn canonical(text: &str) -> Option<String> {
    let text = text.trim();
    let resolved = resolve(text)?;
    let is_same = |name: &String| name.eq_ignore_ascii_case(text);
    // A link (an alias in the IANA database) such as `Asia/Kolkata` is kept, although browsers resolve it to another name.
    let known = supported().into_iter().find(is_same);
    let known = known.or_else(|| Some(resolved).filter(is_same));
    Some(known.unwrap_or_else(|| by_convention(text)))
}

/// Returns the name that the browser resolves a zone to; `None` for an unknown zone.
fn resolve(zone: &str) -> Option<String> {
    intl::time_zone(&intl::date_time_format("en", [("timeZone", zone)])?)
}

/// Returns the browser's list of zones, which has no links. Empty in a browser without a list.
fn supported() -> Vec<String> {
    let list = || -> Option<Array> {
        let intl = intl::intl()?;
        let list: Function = Reflect::get(&intl, &"supportedValuesOf".into())
            .ok()?
            .dyn_into()
            .ok()?;
        list.call1(&intl, &"timeZone".into()).ok()?.dyn_into().ok()
    };
    let list = list().unwrap_or_default();
    list.iter().filter_map(|name| name.as_string()).collect()
}

/// Segments of zone names in upper case.
const UPPER: &[&str] = &["utc", "gmt", "uct", "us", "nz", "gb"];
/// Segments of zone names in lower case.
const LOWER: &[&str] = &["of", "es", "au"];

/// Spells a name in a single case as the IANA database would: `Etc/UTC` for `etc/utc`. A name in mixed case is kept.
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
        if UPPER.contains(&word) || word.contains(|letter: char| letter.is_ascii_digit()) {
            part.to_ascii_uppercase()
        } else if LOWER.contains(&word) {
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
    fn names_in_one_case_get_the_spelling_of_the_iana_database() {
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
