//! The console's location: reading it from the address, changing it, and following its changes.

use gloo_events::EventListener;
use notice::wire::ids::Slug;
use wasm_bindgen::JsValue;
use yew::{hook, use_effect_with, use_state_eq};

use super::{Route, path::current_path};

/// The view that the address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The address names no site.
    None,
    /// The list of all sites.
    Sites,
    /// A view of a site.
    Site(Slug, Route),
}

/// The address of the list of all sites.
pub const SITES: &str = "#sites";

/// Parses a URL fragment. An unknown path leads to the site's home view.
fn parse(hash: &str) -> Location {
    if hash == SITES {
        return Location::Sites;
    }
    let path = hash.strip_prefix("#/").unwrap_or_default();
    let (site, rest) = path.split_once('/').unwrap_or((path, ""));
    Slug::parse(site).map_or(Location::None, |site| {
        Location::Site(site, Route::parse(rest).unwrap_or(Route::Home))
    })
}

fn hash() -> String {
    let window = web_sys::window();
    window
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Goes to a view of a site.
pub fn go(site: &Slug, route: &Route) {
    go_to(&route.href(site));
}

/// Goes to a URL fragment.
pub fn go_to(href: &str) {
    if let Some(window) = web_sys::window() {
        // Setting the fragment of the page's own address cannot fail.
        let _ = window.location().set_hash(href);
    }
}

/// Replaces the address of a view that has moved, so that the old one is not bookmarked or copied again.
fn replace_if_moved(hash: &str) {
    let Some((site, path)) = hash
        .strip_prefix("#/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return;
    };
    if let (Some(path), Some(window)) = (current_path(path), web_sys::window())
        && let Ok(history) = window.history()
    {
        let now = format!("#/{site}/{path}");
        // If the browser refuses, the old address still works.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&now));
    }
}

/// Returns the current location and redraws when it changes. A new view starts at the top of the page.
#[hook]
pub fn use_location() -> Location {
    let state = use_state_eq(|| {
        replace_if_moved(&hash());
        parse(&hash())
    });
    let changed = state.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                replace_if_moved(&hash());
                changed.set(parse(&hash()));
                if let Some(window) = web_sys::window() {
                    window.scroll_to_with_x_and_y(0.0, 0.0);
                }
            })
        });
        move || drop(listener)
    });
    (*state).clone()
}

#[cfg(test)]
mod tests {
    use super::{Location, parse};
    use crate::route::Route;
    use notice::wire::ids::Slug;

    #[test]
    fn invalid_addresses_lead_to_home() {
        for (hash, site) in [
            ("", None),
            ("#/acme", Some("acme")),
            ("#/acme/nothing", Some("acme")),
            ("#/acme/new/party", Some("acme")),
            ("#nonsense", None),
        ] {
            let expected = site.and_then(Slug::parse);
            let expected =
                expected.map_or(Location::None, |site| Location::Site(site, Route::Home));
            assert_eq!(parse(hash), expected, "{hash}");
        }
        assert_eq!(parse("#sites"), Location::Sites);
    }
}
