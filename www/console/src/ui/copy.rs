//! A text with a button that copies it.

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::{AttrValue, Callback, Html, component, html, use_node_ref, use_state};

use crate::browser::clipboard;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// The accessible name of the text.
    pub label: AttrValue,
    pub text: AttrValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CopyState {
    NotCopied,
    Copied,
    /// The browser denied access to the clipboard.
    Denied,
}

/// Shows a text and a button that copies it. If the browser denies that, it selects the text.
#[component]
pub fn Copy(props: &Props) -> Html {
    let state = use_state(|| CopyState::NotCopied);
    let field = use_node_ref();
    let copy = {
        let (state, field, text) = (state.clone(), field.clone(), props.text.clone());
        Callback::from(move |_| {
            let (state, field, text) = (state.clone(), field.clone(), text.clone());
            spawn_local(async move {
                if clipboard::copy(&text).await {
                    return state.set(CopyState::Copied);
                }
                if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                    field.select();
                }
                state.set(CopyState::Denied);
            });
        })
    };
    html! {
        <div class="copy">
            <textarea ref={field} class="secret" readonly=true rows="2" aria-label={props.label.clone()} value={props.text.clone()} />
            <div class="buttons">
                <button type="button" onclick={copy}>{ "Copy" }</button>
                <span role="status" class="soft">
                    { match *state {
                        CopyState::NotCopied => "",
                        CopyState::Copied => "Copied",
                        CopyState::Denied => "The browser does not allow copying. Copy the selected text.",
                    } }
                </span>
            </div>
        </div>
    }
}
