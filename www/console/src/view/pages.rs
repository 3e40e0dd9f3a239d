//! A list that is read in pages: the newest page again and again, older ones when the operator asks for them.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, hook, html, use_effect_with, use_state};

use crate::{
    context::Context,
    form::sending::Sending,
    server::{documents::Collection, failure::Failure},
    ui,
    view::load::{Loaded, use_resource},
};

/// Entries per page.
const PAGE: usize = 20;
/// Time between two reads of the newest page while one of its entries waits, in milliseconds.
const POLL_MS: u32 = 2000;

/// A list of the API.
#[derive(Debug)]
pub struct Listing<T> {
    /// The path below the site. `None`: nothing is read.
    pub path: Option<String>,
    /// Returns the identity of an entry.
    pub id: fn(&T) -> &str,
    /// Returns whether an entry is expected to change within seconds.
    pub is_waiting: fn(&T) -> bool,
}

/// The entries after those of the newest page, and the cursor of the next page.
type Older<T> = (Vec<T>, Option<String>);

/// A list as far as it was read.
#[derive(Debug)]
pub struct Pages<T> {
    newest: Loaded<Collection<T>>,
    older: Option<Rc<Older<T>>>,
    /// The state of reading an older page.
    more: Sending,
    /// Reads the page at a cursor.
    show_older: Callback<String>,
    id: fn(&T) -> &str,
}

/// Reads a list. The newest page is read again when `changes` rises; older pages are then forgotten, because they may have changed
/// as well.
#[hook]
pub fn use_pages<T>(context: &Context, listing: Listing<T>, changes: u32) -> Pages<T>
where
    T: Clone + PartialEq + DeserializeOwned + 'static,
{
    let Listing {
        path,
        id,
        is_waiting,
    } = listing;
    let path = path.map(|path| format!("{path}?limit={PAGE}"));
    let polls = use_state(|| 0_u32);
    let reads = changes.wrapping_add(*polls);
    let newest = use_resource::<Collection<T>>(context, path.clone(), reads);
    {
        let mut entries = newest.value.iter().flat_map(|page| &page.items);
        let waits = entries.any(is_waiting);
        let polls = polls.clone();
        use_effect_with((waits, *polls), move |(waits, current)| {
            let next = current.wrapping_add(1);
            let poll = waits.then(|| Timeout::new(POLL_MS, move || polls.set(next)));
            move || drop(poll)
        });
    }
    let older = use_state(|| None::<Rc<Older<T>>>);
    let more = use_state(|| Sending::Idle);
    {
        let older = older.clone();
        use_effect_with(changes, move |_| older.set(None));
    }
    let show_older = {
        let (context, older, more) = (context.clone(), older.clone(), more.clone());
        Callback::from(move |cursor: String| {
            let Some(path) = &path else { return };
            let (context, older, more) = (context.clone(), older.clone(), more.clone());
            let path = format!("{path}&cursor={cursor}");
            more.set(Sending::Busy);
            spawn_local(async move {
                match context.session.get::<Collection<T>>(&path).await {
                    Ok((page, _)) => {
                        let mut all = older.as_ref().map_or(Vec::new(), |older| older.0.clone());
                        all.extend(page.items);
                        older.set(Some(Rc::new((all, page.next))));
                        more.set(Sending::Idle);
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => more.set(Sending::Failed(failure)),
                }
            });
        })
    };
    Pages {
        newest,
        older: (*older).clone(),
        more: (*more).clone(),
        show_older,
        id,
    }
}

impl<T> Pages<T> {
    /// Renders the entries with a button that shows older ones. `none` is the message of an empty list.
    pub fn render(&self, none: &str, entry: impl Fn(&T) -> Html) -> Html {
        let page = match (&self.newest.value, &self.newest.failure) {
            (Some(page), _) if page.items.is_empty() => return ui::empty(none),
            (Some(page), _) => page,
            (None, Some(failure)) => {
                return html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> };
            }
            (None, None) => return ui::loading(),
        };
        let (shown, next) = joined(
            &page.items,
            page.next.as_ref(),
            self.older.as_deref(),
            self.id,
        );
        let button = next.map(|cursor| {
            let (show_older, cursor) = (self.show_older.clone(), cursor.clone());
            ui::secondary(
                "Show older",
                Callback::from(move |()| show_older.emit(cursor.clone())),
            )
        });
        html! {
            <>
                <ol class="journal">{ for shown.into_iter().map(entry) }</ol>
                { ui::failure(&self.more, &[]) }
                { for button }
            </>
        }
    }
}

/// Joins the newest entries and older ones, without those that are in both, and returns the cursor of the next page.
fn joined<'a, T>(
    newest: &'a [T],
    next: Option<&'a String>,
    older: Option<&'a Older<T>>,
    id: fn(&T) -> &str,
) -> (Vec<&'a T>, Option<&'a String>) {
    let Some((older, next_older)) = older else {
        return (newest.iter().collect(), next);
    };
    let is_new = |entry: &&T| newest.iter().all(|other| id(other) != id(entry));
    let all = newest.iter().chain(older.iter().filter(is_new));
    (all.collect(), next_older.as_ref())
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn older_pages_follow_without_repetitions() {
        let entries =
            |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        let (newest, older) = (entries(&["9", "8", "7"]), entries(&["7", "6"]));
        let next = Some("7".to_owned());
        let (all, after) = joined(&newest, next.as_ref(), None, String::as_str);
        assert_eq!(all, ["9", "8", "7"]);
        assert_eq!(after, next.as_ref());
        let older = (older, Some("6".to_owned()));
        let (all, after) = joined(&newest, next.as_ref(), Some(&older), String::as_str);
        assert_eq!(all, ["9", "8", "7", "6"]);
        assert_eq!(after.map(String::as_str), Some("6"));
    }
}
