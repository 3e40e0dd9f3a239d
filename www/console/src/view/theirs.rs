//! The published version where sending ended in a conflict: read once for each conflict.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use yew::{Callback, Html, UseStateHandle, hook, html, use_effect_with, use_state};

use crate::{
    api::Failure,
    desk::Desk,
    submit::Sending,
    task::Task,
    view::{
        self,
        conflict::{Both, InView, unsettled},
    },
};

/// What stands now, where sending failed because it is not what was read.
#[derive(Clone, Debug)]
pub enum Theirs<T> {
    /// There is no conflict.
    None,
    /// It is being read.
    Reading,
    /// It could not be read; and what tries it again.
    Unread(Failure, Callback<()>),
    /// The thing, with its entity tag.
    Read(Rc<T>, Rc<str>),
}

/// Reads what stands at a path below the site, when sending has ended in a conflict.
#[hook]
pub fn use_theirs<T>(desk: &Desk, path: String, sending: &UseStateHandle<Sending>) -> Theirs<T>
where
    T: DeserializeOwned + 'static,
{
    let found = use_state(|| None::<Result<(Rc<T>, Rc<str>), Failure>>);
    let tries = use_state(|| 0_u32);
    let conflicts = sending.is_conflict();
    {
        let (found, session, ended) = (found.clone(), desk.session.clone(), desk.ended.clone());
        use_effect_with((conflicts, *tries), move |(conflicts, _)| {
            let reading = conflicts.then(|| {
                let found = found.clone();
                Task::begin(async move {
                    let read = match session.get::<T>(&path).await {
                        Ok((now, Some(etag))) => Ok((Rc::new(now), Rc::from(etag))),
                        Ok((_, None)) => Err(Failure::Unreachable),
                        Err(Failure::SignedOut) => return ended.emit(()),
                        Err(failure) => Err(failure),
                    };
                    found.set(Some(read));
                })
            });
            move || {
                // What was read for one conflict says nothing about the next.
                if reading.is_some() {
                    found.set(None);
                }
            }
        });
    }
    match (&*found, conflicts) {
        (_, false) => Theirs::None,
        (None, true) => Theirs::Reading,
        (Some(Ok((now, etag))), true) => Theirs::Read(Rc::clone(now), Rc::clone(etag)),
        (Some(Err(failure)), true) => {
            let next = tries.wrapping_add(1);
            Theirs::Unread(failure.clone(), Callback::from(move |()| tries.set(next)))
        }
    }
}

impl<T> Theirs<T> {
    /// Whether it is being read.
    pub fn is_reading(&self) -> bool {
        matches!(self, Self::Reading)
    }

    /// What went wrong with sending; of a conflict both texts, as `both` shows them.
    pub fn shown(
        &self,
        sending: &Sending,
        pointers: &[&str],
        both: impl FnOnce(&T, &str) -> Both,
    ) -> Html {
        match self {
            Self::None | Self::Reading => view::failure(sending, pointers),
            Self::Read(now, etag) => {
                let Both { shown, question } = both(now, etag);
                let said = match sending {
                    Sending::Unsettled(tries) => unsettled(*tries, question),
                    _ => Html::default(),
                };
                html! { <>{ shown }{ said }</> }
            }
            Self::Unread(failure, again) => html! {
                <InView key="unread" class="alert">
                    <h2 tabindex="-1">{ "Somebody else changed this while you were editing" }</h2>
                    <p>{ format!("The published version could not be loaded. {}", failure.words()) }</p>
                    <div class="buttons">{ view::secondary("Load again", again.clone()) }</div>
                </InView>
            },
        }
    }
}
