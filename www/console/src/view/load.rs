//! Reads a resource of the site that is not part of the snapshot.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use yew::{hook, use_effect_with, use_state};

use crate::{browser::task::Task, context::Context, server::failure::Failure};

/// A resource as it was last read.
#[derive(Debug, PartialEq)]
pub struct Loaded<T> {
    /// The last version that could be read.
    pub value: Option<Rc<T>>,
    /// Why the latest read failed; `None`: it did not, or it is the first and goes on.
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

/// Reads the resource at a path below the site: when the view appears, when `changes` rises, and whenever the snapshot is read
/// again. Without a path nothing is read.
#[hook]
pub fn use_resource<T>(context: &Context, path: Option<String>, changes: u32) -> Loaded<T>
where
    T: DeserializeOwned + PartialEq + 'static,
{
    let loaded = use_state(Loaded::default);
    {
        let (loaded, on_session_end) = (loaded.clone(), context.on_session_end.clone());
        // The address differs after each read, also if nothing has changed.
        let snapshot = Rc::as_ptr(&context.snapshot).addr();
        let dependencies = (Rc::clone(&context.session), path, snapshot, changes);
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
            // Cancels a read that was overtaken.
            move || drop(task)
        });
    }
    (*loaded).clone()
}
