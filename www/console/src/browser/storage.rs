//! Reads and writes browser storage. If storage is blocked or full, values are held in memory until the tab is closed.

use std::{cell::RefCell, collections::BTreeMap};

use gloo_events::EventListener;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Storage, StorageEvent};

/// Prefix of every key. The widget's keys begin with `allclear:`.
const PREFIX: &str = "allclear-console:";

/// Type of the window event that is dispatched when [`is_available`] changes.
const AVAILABILITY_CHANGED: &str = "allclear-console-keeping";

thread_local! {
    /// Values that the browser refused to store, as JSON.
    static REFUSED: RefCell<BTreeMap<(Lifetime, String), String>> = const { RefCell::new(BTreeMap::new()) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifetime {
    /// Until it is removed: `localStorage`.
    Permanent,
    /// Until the tab is closed: `sessionStorage`.
    Tab,
}

impl Lifetime {
    /// Returns the browser's storage; `None` if it is blocked.
    fn storage(self) -> Option<Storage> {
        let window = web_sys::window()?;
        let storage = match self {
            Self::Permanent => window.local_storage(),
            Self::Tab => window.session_storage(),
        };
        storage.ok().flatten()
    }
}

/// Reads a value; `None` if there is none, or it is not the expected JSON.
pub fn read<T: DeserializeOwned>(lifetime: Lifetime, name: &str) -> Option<T> {
    let refused = REFUSED.with_borrow(|all| all.get(&(lifetime, name.to_owned())).cloned());
    let key = format!("{PREFIX}{name}");
    let stored = || lifetime.storage()?.get_item(&key).ok().flatten();
    serde_json::from_str(&refused.or_else(stored)?).ok()
}

/// Stores a value. Returns `false` if the browser refuses and only this tab has it.
pub fn write<T: Serialize>(lifetime: Lifetime, name: &str, value: &T) -> bool {
    let Ok(text) = serde_json::to_string(value) else {
        return false;
    };
    let key = format!("{PREFIX}{name}");
    let storage = lifetime.storage();
    let is_stored = storage.is_some_and(|storage| storage.set_item(&key, &text).is_ok());
    set_refused(lifetime, name, (!is_stored).then_some(text));
    is_stored
}

/// Removes a value. Does nothing if it is missing.
pub fn remove(lifetime: Lifetime, name: &str) {
    if let Some(storage) = lifetime.storage() {
        // Removing a missing key does nothing.
        let _ = storage.remove_item(&format!("{PREFIX}{name}"));
    }
    set_refused(lifetime, name, None);
}

/// Sets or clears a value that the browser refused, and dispatches an event when the availability changes.
fn set_refused(lifetime: Lifetime, name: &str, text: Option<String>) {
    let before = is_available();
    REFUSED.with_borrow_mut(|all| {
        let key = (lifetime, name.to_owned());
        match text {
            Some(text) => all.insert(key, text),
            None => all.remove(&key),
        }
    });
    if before != is_available()
        && let (Some(window), Ok(event)) =
            (web_sys::window(), CustomEvent::new(AVAILABILITY_CHANGED))
    {
        // Dispatching an event that is not being dispatched cannot fail.
        let _ = window.dispatch_event(&event);
    }
}

/// Returns whether the browser stores every value.
pub fn is_available() -> bool {
    REFUSED.with_borrow(BTreeMap::is_empty)
}

/// Calls `on_change` when [`is_available`] changes, until the listener is dropped.
pub fn listen_to_availability(on_change: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(
        &window,
        AVAILABILITY_CHANGED,
        move |_| on_change(),
    ))
}

/// Calls `on_change` with the new JSON when another tab changes a permanent value, or with `None` when it removes the value,
/// until the listener is dropped.
pub fn listen(name: &str, on_change: impl Fn(Option<String>) + 'static) -> Option<EventListener> {
    let key = format!("{PREFIX}{name}");
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "storage", move |event| {
        let event: &StorageEvent = event.unchecked_ref();
        if event.key().as_deref() == Some(&key) {
            on_change(event.new_value());
        }
    }))
}

/// Returns the names of all permanent values that begin with `prefix`.
pub fn names(prefix: &str) -> Vec<String> {
    let refused = REFUSED.with_borrow(|all| {
        let names = all
            .keys()
            .filter(|(lifetime, _)| *lifetime == Lifetime::Permanent);
        names.map(|(_, name)| name.clone()).collect::<Vec<_>>()
    });
    let storage = Lifetime::Permanent.storage();
    let length = storage
        .as_ref()
        .map_or(0, |storage| storage.length().unwrap_or(0));
    let mut names: Vec<String> = (0..length)
        .filter_map(|index| storage.as_ref()?.key(index).ok().flatten())
        .filter_map(|key| key.strip_prefix(PREFIX).map(str::to_owned))
        .chain(refused)
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort();
    names.dedup();
    names
}
