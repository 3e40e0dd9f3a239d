//! The operator console: signing in, publishing, saying more, resolving, and the settings of a site. It reuses `notice`
//! for every rule (what a form would lead to is decided here as the server decides it) and shows the real card.

mod api;
mod app;
mod changes;
mod clock;
mod contrast;
mod desk;
mod documents;
mod draft;
mod field_names;
mod form;
mod input;
mod joining;
mod outcome;
mod preview;
mod reach;
mod readable;
mod ready_made;
mod route;
mod session;
mod storage;
mod submit;
mod task;
#[cfg(test)]
mod testing;
mod told;
mod unfinished;
mod view;
mod wall;
mod words;
mod zones;

use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the console into `#console`.
#[wasm_bindgen(start)]
pub fn start() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    if let Some(root) = document.get_element_by_id("console") {
        let properties = app::Properties {
            invitation: session::take_invitation(),
        };
        yew::Renderer::<app::App>::with_root_and_props(root, properties).render();
    }
}
