//! What this browser keeps. Where storage is blocked or full, this tab remembers it until it is closed, and nothing fails.

use std::{cell::RefCell, collections::BTreeMap};

use gloo_events::EventListener;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Storage, StorageEvent};

/// What every key begins with: the widget's own begin with `allclear:`.
const PREFIX: &str = "allclear-console:";

/// Said in the window when what is kept no longer is, and when it is again.
const CHANGED: &str = "allclear-console-keeping";

thread_local! {
    /// What the browser refused to keep.
    static REFUSED: RefCell<BTreeMap<(Lifetime, String), String>> = const { RefCell::new(BTreeMap::new()) };
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifetime {
    /// Until it is removed.
    Kept,
    /// Until the tab is closed.
    Tab,
}

impl Lifetime {
    /// `None` where it is blocked.
    fn storage(self) -> Option<Storage> {
        let window = web_sys::window()?;
        let found = match self {
            Self::Kept => window.local_storage(),
            Self::Tab => window.session_storage(),
        };
        found.ok().flatten()
    }
}

/// What is kept under a name, if it can be read.
pub fn read<T: DeserializeOwned>(lifetime: Lifetime, name: &str) -> Option<T> {
    let refused = REFUSED.with_borrow(|all| all.get(&(lifetime, name.to_owned())).cloned());
    let key = format!("{PREFIX}{name}");
    let kept = || lifetime.storage()?.get_item(&key).ok().flatten();
    serde_json::from_str(&refused.or_else(kept)?).ok()
}

/// Keeps something; `false` when the browser refuses, and only this tab remembers it.
pub fn write<T: Serialize>(lifetime: Lifetime, name: &str, value: &T) -> bool {
    let Ok(text) = serde_json::to_string(value) else {
        return false;
    };
    let key = format!("{PREFIX}{name}");
    let storage = lifetime.storage();
    let kept = storage.is_some_and(|storage| storage.set_item(&key, &text).is_ok());
    remember(lifetime, name, (!kept).then_some(text));
    kept
}

/// Forgets something.
pub fn remove(lifetime: Lifetime, name: &str) {
    if let Some(storage) = lifetime.storage() {
        // What is not there need not go.
        let _ = storage.remove_item(&format!("{PREFIX}{name}"));
    }
    remember(lifetime, name, None);
}

/// What the browser refused to keep, or that it no longer does.
fn remember(lifetime: Lifetime, name: &str, text: Option<String>) {
    let before = is_keeping();
    REFUSED.with_borrow_mut(|all| {
        let place = (lifetime, name.to_owned());
        match text {
            Some(text) => all.insert(place, text),
            None => all.remove(&place),
        }
    });
    if before != is_keeping()
        && let (Some(window), Ok(event)) = (web_sys::window(), CustomEvent::new(CHANGED))
    {
        // An event of our own is always taken.
        let _ = window.dispatch_event(&event);
    }
}

/// Whether everything that was to be kept is.
pub fn is_keeping() -> bool {
    REFUSED.with_borrow(BTreeMap::is_empty)
}

/// Tells when that changes. It ends with the listener.
pub fn on_keeping(changed: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, CHANGED, move |_| changed()))
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
    let refused = REFUSED.with_borrow(|all| {
        let names = all
            .keys()
            .filter(|(lifetime, _)| *lifetime == Lifetime::Kept);
        names.map(|(_, name)| name.clone()).collect::<Vec<_>>()
    });
    let storage = Lifetime::Kept.storage();
    let length = storage
        .as_ref()
        .map_or(0, |storage| storage.length().unwrap_or(0));
    let mut names: Vec<String> = (0..length)
        .filter_map(|index| storage.as_ref()?.key(index).ok().flatten())
        .filter_map(|key| key.strip_prefix(PREFIX).map(str::to_owned))
        .chain(refused)
        .filter(|name| name.starts_with(beginning))
        .collect();
    names.sort();
    names.dedup();
    names
}
