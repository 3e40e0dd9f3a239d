//! A Yew app that owns the whole body, counts clicks, and has a slot for notices.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::{Html, component, html, use_state};

/// Counts clicks in `main` and shows the number. A second button removes the slot and adds it
/// again.
#[component]
fn App() -> Html {
    let clicks = use_state(|| 0);
    let is_open = use_state(|| true);
    let count = {
        let clicks = clicks.clone();
        move |_| clicks.set(*clicks + 1)
    };
    let toggle_slot = {
        let is_open = is_open.clone();
        move |_| is_open.set(!*is_open)
    };
    html! {
        <>
            <main onclick={count}>
                <h1>{ "A Yew app" }</h1>
                <output id="clicks">{ *clicks }</output>
                <button id="more">{ "More" }</button>
            </main>
            <button id="toggle-slot" onclick={toggle_slot}>{ "Toggle slot" }</button>
            if *is_open {
                <aside><div data-allclear-slot=""></div></aside>
            }
        </>
    }
}

/// Mounts the app on the body.
#[wasm_bindgen(start)]
fn start() {
    yew::Renderer::<App>::new().render();
}
