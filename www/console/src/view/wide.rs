//! Whether there is room for the preview beside the form.

use gloo_events::EventListener;
use yew::{hook, use_effect_with, use_state_eq};

/// From here on, in CSS pixels, the preview stands beside.
const QUERY: &str = "(min-width: 1080px)";

/// Whether there is room now.
#[hook]
pub fn use_is_wide() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media(QUERY).ok().flatten());
    let wide = use_state_eq(|| query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    let changed = wide.clone();
    use_effect_with((), move |()| {
        let listener = query.map(|query| {
            let asked = query.clone();
            EventListener::new(&query, "change", move |_| changed.set(asked.matches()))
        });
        move || drop(listener)
    });
    *wide
}
