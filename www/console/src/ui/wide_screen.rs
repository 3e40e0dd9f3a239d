//! Whether the screen is wide enough to show the preview beside the form.

use gloo_events::EventListener;
use yew::{hook, use_effect_with, use_state_eq};

const QUERY: &str = "(min-width: 1080px)";

/// Returns whether the screen is wide, and redraws when that changes.
#[hook]
pub fn use_is_wide() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media(QUERY).ok().flatten());
    let is_wide = use_state_eq(|| query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    let changed = is_wide.clone();
    use_effect_with((), move |()| {
        let listener = query.map(|query| {
            let queried = query.clone();
            EventListener::new(&query, "change", move |_| changed.set(queried.matches()))
        });
        move || drop(listener)
    });
    *is_wide
}
