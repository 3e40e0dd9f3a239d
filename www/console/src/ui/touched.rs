//! Touched fields: those that had the focus and lost it. Their errors are shown from then on, not while they are first typed.

use web_sys::{FocusEvent, HtmlElement};
use yew::{Callback, TargetCast, UseStateHandle, hook, use_state};

/// The ids of the touched fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched(UseStateHandle<Vec<String>>);

/// Tracks the touched fields from the first render on.
#[hook]
pub fn use_touched() -> Touched {
    Touched(use_state(Vec::new))
}

impl Touched {
    /// Returns whether the field with this id was touched.
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|touched| touched == id)
    }

    /// Returns the callback for `onfocusout` of an element around the fields.
    pub fn on_focus_out(&self) -> Callback<FocusEvent> {
        let touched = self.0.clone();
        Callback::from(move |event: FocusEvent| {
            let id = event
                .target_dyn_into::<HtmlElement>()
                .map(|field| field.id());
            if let Some(id) = id.filter(|id| !id.is_empty() && !touched.contains(id)) {
                let mut next = (*touched).clone();
                next.push(id);
                touched.set(next);
            }
        })
    }

    /// Marks all fields as untouched.
    pub fn reset(&self) {
        self.0.set(Vec::new());
    }
}
