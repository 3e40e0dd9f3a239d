//! Loads the published version when sending a form ends in a conflict.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use yew::{Callback, Html, UseStateHandle, hook, html, use_effect_with, use_state};

use super::resolve::{Resolution, unresolved_message};
use crate::{
    browser::task::Task,
    context::Context,
    form::sending::Sending,
    server::failure::Failure,
    ui::{self, in_view::InView},
};

/// The published version of what a form changes, loaded when sending the form ends in a conflict.
#[derive(Clone, Debug)]
pub enum Remote<T> {
    NoConflict,
    Loading,
    /// It could not be loaded; the callback tries again.
    Failed(Failure, Callback<()>),
    /// The version and its entity tag.
    Loaded(Rc<T>, Rc<str>),
}

/// Loads the resource at a path below the site once for each conflict.
#[hook]
pub fn use_remote<T>(
    context: &Context,
    path: String,
    sending: &UseStateHandle<Sending>,
) -> Remote<T>
where
    T: DeserializeOwned + 'static,
{
    let loaded = use_state(|| None::<Result<(Rc<T>, Rc<str>), Failure>>);
    let attempts = use_state(|| 0_u32);
    let is_conflict = sending.is_conflict();
    {
        let (loaded, session, on_session_end) = (
            loaded.clone(),
            context.session.clone(),
            context.on_session_end.clone(),
        );
        use_effect_with((is_conflict, *attempts), move |(is_conflict, _)| {
            let loading = is_conflict.then(|| {
                let loaded = loaded.clone();
                Task::start(async move {
                    let result = match session.get_tagged::<T>(&path).await {
                        Ok((remote, etag)) => Ok((Rc::new(remote), Rc::from(etag))),
                        Err(Failure::SignedOut) => return on_session_end.emit(()),
                        Err(failure) => Err(failure),
                    };
                    loaded.set(Some(result));
                })
            });
            move || {
                // Forgets the version, because the next conflict needs a newer one.
                if loading.is_some() {
                    loaded.set(None);
                }
            }
        });
    }
    match (&*loaded, is_conflict) {
        (_, false) => Remote::NoConflict,
        (None, true) => Remote::Loading,
        (Some(Ok((remote, etag))), true) => Remote::Loaded(Rc::clone(remote), Rc::clone(etag)),
        (Some(Err(failure)), true) => {
            let next = attempts.wrapping_add(1);
            Remote::Failed(
                failure.clone(),
                Callback::from(move |()| attempts.set(next)),
            )
        }
    }
}

impl<T> Remote<T> {
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading)
    }

    /// Renders the failure of sending or, in a conflict, the result of `resolve` for the published version. `pointers` are the
    /// fields that show their own errors.
    pub fn render(
        &self,
        sending: &Sending,
        pointers: &[&str],
        resolve: impl FnOnce(&T, &str) -> Resolution,
    ) -> Html {
        match self {
            Self::NoConflict | Self::Loading => ui::failure(sending, pointers),
            Self::Loaded(remote, etag) => {
                let Resolution { content, hint } = resolve(remote, etag);
                let message = match sending {
                    Sending::Unresolved(attempts) => unresolved_message(*attempts, hint),
                    _ => Html::default(),
                };
                html! { <>{ content }{ message }</> }
            }
            Self::Failed(failure, retry) => html! {
                <InView key="unread" class="alert">
                    <h2 tabindex="-1">{ "Somebody else changed this while you were editing" }</h2>
                    <p>{ format!("The published version could not be loaded. {}", failure.message()) }</p>
                    <div class="buttons">{ ui::secondary("Load again", retry.clone()) }</div>
                </InView>
            },
        }
    }
}
