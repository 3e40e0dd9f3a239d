//! The operator console: signing in, publishing, posting updates, resolving, and a site's settings. It dry-runs forms with
//! `notice`'s rules, which the server applies too, and previews with the real card.

#![allow(
    missing_docs,
    reason = "an application without users of its API; names of fields and variants say what they are"
)]

mod app;
mod browser;
mod conflict;
mod context;
mod form;
mod route;
mod rules;
mod server;
mod templates;
#[cfg(test)]
mod testing;
mod text;
mod time;
mod ui;
mod view;

use wasm_bindgen::prelude::wasm_bindgen;

/// Renders the console into the element `#console`.
#[wasm_bindgen(start)]
pub fn start() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    if let Some(root) = document.get_element_by_id("console") {
        let properties = app::Properties {
            invitation: server::invitation::take_from_address(),
        };
        yew::Renderer::<app::App>::with_root_and_props(root, properties).render();
    }
}
