//! Waiting for something on behalf of what is on the screen.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// Work under way. It ends with this: what comes too late changes nothing.
#[derive(Debug)]
pub struct Task(AbortHandle);

impl Task {
    /// Begins.
    pub fn begin(work: impl Future<Output = ()> + 'static) -> Self {
        let (work, handle) = abortable(work);
        spawn_local(async {
            // Ended before its time is ended as well.
            let _ = work.await;
        });
        Self(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
