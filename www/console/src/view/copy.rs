//! A text to copy: shown whole, with a button that copies it.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlTextAreaElement;
use yew::{AttrValue, Callback, Html, component, html, use_node_ref, use_state};

/// What is copied.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it is.
    pub label: AttrValue,
    /// The text.
    pub text: AttrValue,
}

/// How the last try went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copied {
    NotYet,
    Done,
    Refused,
}

/// The text in full and a button that copies it.
#[component]
pub fn Copy(props: &Props) -> Html {
    let copied = use_state(|| Copied::NotYet);
    let field = use_node_ref();
    let copy = {
        let (copied, field, text) = (copied.clone(), field.clone(), props.text.clone());
        Callback::from(move |_| {
            let (copied, field, text) = (copied.clone(), field.clone(), text.clone());
            spawn_local(async move {
                if write(&text).await.is_some() {
                    return copied.set(Copied::Done);
                }
                // Without permission the text is at least selected, for the keyboard's own copy.
                if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                    field.select();
                }
                copied.set(Copied::Refused);
            });
        })
    };
    html! {
        <div class="copy">
            <textarea ref={field} class="secret" readonly=true rows="2" aria-label={props.label.clone()} value={props.text.clone()} />
            <div class="buttons">
                <button type="button" onclick={copy}>{ "Copy" }</button>
                <span role="status" class="soft">
                    { match *copied { Copied::NotYet => "", Copied::Done => "Copied", Copied::Refused => "The browser does not allow copying. Copy the selected text." } }
                </span>
            </div>
        </div>
    }
}

/// `None` where the browser has no clipboard for this page, or refuses.
async fn write(text: &str) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    // Pages over plain HTTP have no clipboard.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let clipboard: web_sys::Clipboard = clipboard.dyn_into().ok()?;
    JsFuture::from(clipboard.write_text(text)).await.ok()?;
    Some(())
}
