//! The card in Yew.
//!
//! The loader imports it when there is a notice to show, and calls [`start`] once. From then on the widget decides when to
//! request the feed. The requests, the storage and the events are the loader's functions, so that their code exists once.

#![expect(
    missing_docs,
    reason = "no crate outside this workspace uses it: names that say everything have no comment"
)]

pub mod announcer;
pub mod app;
mod choices;
mod dom;
pub mod element;
pub mod feed_parser;
pub mod format;
mod instance;
mod js;
pub mod loader;
pub mod memory;
pub mod screen;
pub mod texts;
mod truncation;
pub mod view;

use js_sys::{Function, Object};
#[cfg(target_arch = "wasm32")]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// 2.7 KB smaller than the default allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[expect(
    unsafe_code,
    reason = "a page's script has one thread, as the allocator asks"
)]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// Starts the widget. Called once. The returned function dispatches events to it:
///
/// * `configure`, `open`, `mount`, `refresh`, `destroy`: a call of the page, after the loader has updated `options` or `state`
/// * `polled {origin} {failures} {seconds}`: another tab's request was answered, with the seconds until the next request, or has
///   failed, with the number of failures in a row and the seconds of the `Retry-After`
/// * `lead`: this tab holds the lock, and requests the feed for all tabs
///
/// Parameters:
///
/// * `ask(origin)`: requests the feed. Resolves to `{ feed }`, or on failure to `{ seconds }` with the `Retry-After` or 0;
///   never rejects
/// * `clock()`: milliseconds since 1970 by the server's clock
/// * `emit(name, detail)`: emits an event to the page's listeners
/// * `page()`: the page's current declarations: `{ segments, components, slots, paths, drill }`
/// * `storage(name, value?)`: reads or writes a stored object
/// * `options`: the attributes of the script tag, changed by `configure`
/// * `state`: `Allclear.state`, with the current feed and the time of its confirmation
/// * `origins`, `origin`, `failures`, `due`: the state of polling: the number of origins, the current one, its failures in a
///   row, and the time of the next request by the monotonic clock in milliseconds
/// * `mounts`: an array of pairs, an element given to `mount` and its component slugs
/// * `record`: the record that cards share, see `loader/handover.js`
#[expect(
    clippy::too_many_arguments,
    reason = "an object with named properties would make the loader larger"
)]
#[wasm_bindgen]
pub fn start(
    ask: Function,
    clock: Function,
    emit: Function,
    page: Function,
    storage: Function,
    options: Object,
    state: Object,
    origins: u32,
    origin: u32,
    failures: u32,
    due: f64,
    mounts: &JsValue,
    record: Object,
) -> Option<Function> {
    let loader = loader::Loader {
        ask,
        clock,
        emit,
        page,
        storage,
        options,
        state,
        record,
    };
    let polling = notice::browser::polling::Polling::resume(origins, origin, failures, due);
    instance::open(loader, mounts, polling)
}

/// Removes the widget, like the page's `destroy`.
pub fn stop() {
    instance::close();
}
