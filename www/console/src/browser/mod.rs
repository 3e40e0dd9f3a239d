//! Access to the browser: storage, focus, clipboard, and tasks that are cancelled when their view unmounts.

pub mod clipboard;
pub mod focus;
pub mod storage;
pub mod task;

/// Returns whether the device has a network connection, as far as the browser knows.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}
