//! A Yew app that owns the whole body, counts its clicks, and has a slot for notices.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::{Html, component, html, use_state};

/// Counts clicks anywhere in the app and shows the number.
#[component]
fn App() -> Html {
    let clicks = use_state(|| 0);
    let is_open = use_state(|| true);
    let count = {
        let clicks = clicks.clone();
        move |_| clicks.set(*clicks + 1)
    };
    let turn = {
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
            <button id="turn" onclick={turn}>{ "Turn" }</button>
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
