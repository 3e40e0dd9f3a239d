//! What this browser keeps. Where storage is blocked nothing is kept, and nothing fails.

use gloo_events::EventListener;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

/// What every key begins with: the widget's own begin with `allclear:`.
const PREFIX: &str = "allclear-console:";

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is removed.
    Kept,
    /// Until the tab is closed.
    Tab,
}

/// What is kept under a name, if it can be read.
pub fn read<T: DeserializeOwned>(lifetime: Lifetime, name: &str) -> Option<T> {
    let key = format!("{PREFIX}{name}");
    match lifetime {
        Lifetime::Kept => LocalStorage::get(key).ok(),
        Lifetime::Tab => SessionStorage::get(key).ok(),
    }
}

/// Keeps something; `false` when the browser refuses.
pub fn write<T: Serialize>(lifetime: Lifetime, name: &str, value: &T) -> bool {
    let key = format!("{PREFIX}{name}");
    match lifetime {
        Lifetime::Kept => LocalStorage::set(key, value).is_ok(),
        Lifetime::Tab => SessionStorage::set(key, value).is_ok(),
    }
}

/// Forgets something.
pub fn remove(lifetime: Lifetime, name: &str) {
    let key = format!("{PREFIX}{name}");
    match lifetime {
        Lifetime::Kept => LocalStorage::delete(key),
        Lifetime::Tab => SessionStorage::delete(key),
    }
}

/// Tells of every change that another tab makes to what is kept under a name: the JSON that stands there from then on, or
/// that nothing does. It ends with the listener.
pub fn on_change_elsewhere(
    name: &str,
    changed: impl Fn(Option<String>) + 'static,
) -> Option<EventListener> {
    let key = format!("{PREFIX}{name}");
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "storage", move |event| {
        let event: &StorageEvent = event.unchecked_ref();
        if event.key().as_deref() == Some(&key) {
            changed(event.new_value());
        }
    }))
}

/// The names of all that is kept whose names begin so.
pub fn names(beginning: &str) -> Vec<String> {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    let Some(storage) = storage else {
        return Vec::new();
    };
    let length = storage.length().unwrap_or(0);
    (0..length)
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter_map(|key| key.strip_prefix(PREFIX).map(str::to_owned))
        .filter(|name| name.starts_with(beginning))
        .collect()
}
