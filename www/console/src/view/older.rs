//! What is over: the newest first, and further back on request.

use std::rc::Rc;

use notice::project::view::IncidentView;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    api::Failure,
    desk::Desk,
    documents::Collection,
    view::{self, home},
};

/// Which of what is over.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// The heading above the list; the empty string: none.
    #[prop_or_default]
    pub title: &'static str,
    /// Narrows the list down, as a query that begins with `&`.
    #[prop_or_default]
    pub query: &'static str,
    /// What is said of an empty list; the empty string: nothing.
    #[prop_or_default]
    pub empty: &'static str,
}

/// The list.
#[component]
pub fn Older(props: &Props) -> Html {
    let Props {
        desk,
        title,
        query,
        empty,
    } = props;
    let found = use_state(|| None::<(Rc<Vec<IncidentView>>, Option<String>)>);
    let wrong = use_state(|| None::<Failure>);
    let fetch = {
        let (desk, found, wrong, query) = (desk.clone(), found.clone(), wrong.clone(), *query);
        Callback::from(move |cursor: Option<String>| {
            let (desk, found, wrong) = (desk.clone(), found.clone(), wrong.clone());
            spawn_local(async move {
                let path = match &cursor {
                    Some(cursor) => format!("/incidents?limit=50&cursor={cursor}{query}"),
                    None => format!("/incidents?limit=50{query}"),
                };
                match desk.session.get::<Collection<IncidentView>>(&path).await {
                    Ok((part, _)) => {
                        let before = found.as_ref().filter(|_| cursor.is_some());
                        let mut all = before.map(|(all, _)| (**all).clone()).unwrap_or_default();
                        all.extend(part.items);
                        wrong.set(None);
                        found.set(Some((Rc::new(all), part.next)));
                    }
                    Err(Failure::SignedOut) => desk.ended.emit(()),
                    Err(failure) => wrong.set(Some(failure)),
                }
            });
        })
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(None));
    }
    if let (None, Some(failure)) = (&*found, &*wrong) {
        let again = fetch.reform(|()| None);
        return html! {
            <div class="alert" role="alert"><p>{ failure.words() }</p>{ view::secondary("Try again", again) }</div>
        };
    }
    let Some((all, next)) = &*found else {
        return html! { <p role="status" class="soft" aria-busy="true">{ "Loading …" }</p> };
    };
    let over: Vec<&IncidentView> = all
        .iter()
        .filter(|incident| !incident.is_open() && !incident.draft)
        .collect();
    let older = next.clone().map(|cursor| {
        let fetch = fetch.clone();
        let on = Callback::from(move |()| fetch.emit(Some(cursor.clone())));
        view::secondary("Show older", on)
    });
    html! {
        <>
            if over.is_empty() && !empty.is_empty() && next.is_none() { { view::empty(empty) } }
            { home::list(desk, title, &over) }
            if let Some(failure) = &*wrong { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
            if next.is_some() { <div class="buttons">{ for older }</div> }
        </>
    }
}
