//! Keyboard focus: on the heading of a new view, on the first invalid field, or on an element chosen by its id.

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, HtmlElement};

/// Delay until a state change has been drawn, in milliseconds.
const DRAW_MS: u32 = 50;

thread_local! {
    /// The element that takes the focus when the next view appears.
    static NEXT_TARGET: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Returns the element that has the focus; `None` if that is the page itself.
pub fn focused() -> Option<Element> {
    let focused = document()?.active_element()?;
    (focused.tag_name() != "BODY").then_some(focused)
}

/// Gives the focus to an element. One that cannot have the focus is ignored.
pub fn set(element: Element) {
    // An element without `focus` throws; there is nothing to do then.
    let _ = element.unchecked_into::<HtmlElement>().focus();
}

/// Makes the next view focus the element with this id instead of its heading.
pub fn set_next_target(id: &str) {
    NEXT_TARGET.set(Some(id.to_owned()));
}

/// Focuses the element that [`set_next_target`] chose. Returns `false` if none was chosen or the view does not have it.
pub fn focus_next_target() -> bool {
    NEXT_TARGET.take().is_some_and(|id| reveal(&id))
}

/// Focuses the element with this id, scrolls it into view and opens the `<details>` around it. Returns whether it exists.
fn reveal(id: &str) -> bool {
    let Some(found) = document().and_then(|document| document.get_element_by_id(id)) else {
        return false;
    };
    let mut ancestor = found.parent_element();
    while let Some(element) = ancestor {
        if element.tag_name() == "DETAILS" {
            // Setting a plain attribute cannot fail.
            let _ = element.set_attribute("open", "");
        }
        ancestor = element.parent_element();
    }
    // A group of buttons cannot have the focus; its first control can.
    let inner = found
        .query_selector("input, textarea, select, button")
        .ok()
        .flatten();
    let is_target = found.has_attribute("tabindex") || inner.is_none();
    let target = if is_target {
        found
    } else {
        inner.unwrap_or(found)
    };
    target.scroll_into_view();
    set(target);
    true
}

/// Focuses the view's heading. Without one the focus stays where it is.
pub fn focus_heading() {
    let heading = document().and_then(|document| document.query_selector("h1[tabindex]").ok()?);
    if let Some(heading) = heading {
        set(heading);
    }
}

/// Focuses the first invalid field once it has been drawn, or scrolls to the alert if no field is invalid.
pub fn focus_first_error() {
    spawn_local(async {
        TimeoutFuture::new(DRAW_MS).await;
        let find = |selector| document()?.query_selector(selector).ok()?;
        if let Some(field) = find("[aria-invalid=true]") {
            set(field);
        } else if let Some(alert) = find("[role=alert]") {
            alert.scroll_into_view();
        }
    });
}

/// Focuses the field or section with this id once it has been drawn, and opens the `<details>` around it.
pub fn focus_id(id: &str) {
    let id = id.to_owned();
    spawn_local(async move {
        TimeoutFuture::new(DRAW_MS).await;
        reveal(&id);
    });
}
