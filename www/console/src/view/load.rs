//! Reads a resource of the site that is not part of the snapshot.

use std::{cell::Cell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use serde::de::DeserializeOwned;
use yew::{hook, use_effect_with, use_state};

use crate::{
    browser::task::Task,
    context::{Context, REFRESH_MS},
    server::failure::Failure,
};

/// A resource as it was last read.
#[derive(Debug, PartialEq)]
pub struct Loaded<T> {
    /// The last version that could be read.
    pub value: Option<Rc<T>>,
    /// The reason why the latest read failed; `None` if it succeeded, or if the first read is in progress.
    pub failure: Option<Failure>,
}

impl<T> Default for Loaded<T> {
    fn default() -> Self {
        Self {
            value: None,
            failure: None,
        }
    }
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            failure: self.failure.clone(),
        }
    }
}

/// Counts the times at which the snapshot is read again: every few seconds, and when the window gets the focus.
#[hook]
fn use_refreshes(is_needed: bool) -> u32 {
    let refreshes = use_state(|| 0_u32);
    let setter = refreshes.clone();
    use_effect_with(is_needed, move |is_needed| {
        let count = Rc::new(Cell::new(0_u32));
        let refresh = move || {
            count.set(count.get().wrapping_add(1));
            setter.set(count.get());
        };
        let timer = is_needed.then(|| Interval::new(REFRESH_MS, refresh.clone()));
        let window = web_sys::window().filter(|_| *is_needed);
        let listener =
            window.map(|window| EventListener::new(&window, "focus", move |_| refresh()));
        move || drop((timer, listener))
    });
    *refreshes
}

/// Reads the resource at a path below the site: when the view appears, when `changes` rises, when the snapshot has changed, and
/// as often as the snapshot is read. Without a path nothing is read.
#[hook]
pub fn use_resource<T>(context: &Context, path: Option<String>, changes: u32) -> Loaded<T>
where
    T: DeserializeOwned + PartialEq + 'static,
{
    let loaded = use_state(Loaded::default);
    let refreshes = use_refreshes(path.is_some());
    {
        let (loaded, on_session_end) = (loaded.clone(), context.on_session_end.clone());
        let snapshot = Rc::as_ptr(&context.snapshot).addr();
        let dependencies = (
            Rc::clone(&context.session),
            path,
            snapshot,
            changes,
            refreshes,
        );
        use_effect_with(dependencies, move |(session, path, ..)| {
            let task = path.clone().map(|path| {
                let session = Rc::clone(session);
                Task::start(async move {
                    let next = match session.get::<T>(&path).await {
                        Ok((value, _)) => Loaded {
                            value: Some(Rc::new(value)),
                            failure: None,
                        },
                        Err(Failure::SignedOut) => return on_session_end.emit(()),
                        Err(failure) => Loaded {
                            value: loaded.value.clone(),
                            failure: Some(failure),
                        },
                    };
                    loaded.set(next);
                })
            });
            // Cancels the read when a newer one begins.
            move || drop(task)
        });
    }
    (*loaded).clone()
}
