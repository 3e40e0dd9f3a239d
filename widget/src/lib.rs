//! The Yew card. The only room, with `embed/`, that knows the page.
//!
//! The loader imports this when there is something to show, and hands over once through [`start`]. From then on the
//! widget decides when to ask for the feed; the loader's functions do the asking, the storing and the telling, so that
//! they exist once.

pub mod announcer;
pub mod app;
mod choices;
mod connection;
mod cuts;
mod draw;
pub mod element;
pub mod feed_reading;
pub mod host;
pub mod memory;
pub mod moments;
mod page;
pub mod screen;
pub mod texts;
pub mod view;

use js_sys::{Function, Object};
#[cfg(target_arch = "wasm32")]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// A small allocator: 2.7 KB less than the usual one.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[expect(
    unsafe_code,
    reason = "a page's script has one thread, as the allocator asks"
)]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// Takes over from the loader. Called once; what it gives back is called with each of the host's wishes (`configure`,
/// `open`, `refresh`, `destroy`) after the loader has written down what there is to know, and with what other tabs say:
/// `told {origin} {failures in a row} {seconds}` when one of them asked, `lead` when it is for this tab to ask.
///
/// * `ask(origin)`: one request; resolves, never rejects, with `{ feed }`, or `{ seconds }` of a `Retry-After`, or 0, when it failed
/// * `clock()`: milliseconds since 1970 by the server's clock
/// * `emit(name, detail)`: tells the host
/// * `page()`: `{ segments, components, paths, drill }` as they are now
/// * `storage(name, value?)`: reads, or writes, what is remembered under a name
/// * `options`: the script tag's attributes and what `configure` changed
/// * `state`: what the host sees as `Allclear.state`; holds the feed that is handed over, and when it was confirmed
/// * `origins`, `origin`, `failures`, `due`: where polling stands
/// * `mounts`: elements that the host handed over, a `Map` to the slugs of the components they are for
/// * `record`: what a card that drew before leaves, and what this one leaves if it breaks: see `bringer` in
///   `embed/rules.js`
#[expect(
    clippy::too_many_arguments,
    reason = "names of properties would cost the loader bytes"
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
    let host = host::Host {
        ask,
        clock,
        emit,
        page,
        storage,
        options,
        state,
        record,
    };
    let polling = notice::polling::Polling::resume(origins, origin, failures, due);
    connection::open(host, mounts, polling)
}

/// Takes the widget away, as the host's `destroy` does.
pub fn stop() {
    connection::close();
}
