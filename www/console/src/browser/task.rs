//! Asynchronous work that is cancelled when its view disappears.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// A running task. Dropping it cancels the work, so that a late answer changes nothing.
#[derive(Debug)]
pub struct Task(AbortHandle);

impl Task {
    /// Starts the work at once.
    pub fn start(work: impl Future<Output = ()> + 'static) -> Self {
        let (work, handle) = abortable(work);
        spawn_local(async {
            // A cancelled task needs no handling.
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
