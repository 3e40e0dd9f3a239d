//! Writing to the clipboard.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Clipboard;

/// Copies a text. Returns `false` if the page has no clipboard or the browser denies access.
pub async fn copy(text: &str) -> bool {
    let copied = async {
        let navigator = web_sys::window()?.navigator();
        // Pages over plain HTTP have no clipboard.
        let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
        let clipboard = clipboard.is_object().then_some(clipboard)?;
        let clipboard: Clipboard = clipboard.unchecked_into();
        JsFuture::from(clipboard.write_text(text)).await.ok()
    };
    copied.await.is_some()
}
