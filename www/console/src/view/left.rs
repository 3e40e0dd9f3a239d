//! The fields that the operator has left. A wrong value is pointed out from then on, not while it is still being typed.

use web_sys::{FocusEvent, HtmlElement};
use yew::{Callback, TargetCast, UseStateHandle, hook, use_state};

/// The fields, by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Left(UseStateHandle<Vec<String>>);

/// Keeps the fields that were left since the view began.
#[hook]
pub fn use_left() -> Left {
    Left(use_state(Vec::new))
}

impl Left {
    /// Whether a field was left.
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|left| left == id)
    }

    /// For `onfocusout` around the fields.
    pub fn on_leave(&self) -> Callback<FocusEvent> {
        let left = self.0.clone();
        Callback::from(move |event: FocusEvent| {
            let id = event
                .target_dyn_into::<HtmlElement>()
                .map(|field| field.id());
            if let Some(id) = id.filter(|id| !id.is_empty() && !left.contains(id)) {
                let mut next = (*left).clone();
                next.push(id);
                left.set(next);
            }
        })
    }

    /// The form begins again.
    pub fn forget(&self) {
        self.0.set(Vec::new());
    }
}
