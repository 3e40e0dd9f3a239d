//! What is over: the newest first, and further back on request.

use std::rc::Rc;

use notice::project::view::IncidentView;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    api::Failure,
    documents::Collection,
    view::{self, DeskProps, home},
};

/// The view.
#[component]
pub fn History(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let found = use_state(|| None::<(Rc<Vec<IncidentView>>, Option<String>)>);
    let wrong = use_state(|| None::<Failure>);
    let fetch = {
        let (desk, found, wrong) = (desk.clone(), found.clone(), wrong.clone());
        Callback::from(move |cursor: Option<String>| {
            let (desk, found, wrong) = (desk.clone(), found.clone(), wrong.clone());
            spawn_local(async move {
                let path = match &cursor {
                    Some(cursor) => format!("/incidents?limit=50&cursor={cursor}"),
                    None => "/incidents?limit=50".to_owned(),
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
    let content = match &*found {
        None if wrong.is_some() => Html::default(),
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Reading …" }</p> },
        Some((all, next)) => {
            let over: Vec<&IncidentView> = all
                .iter()
                .filter(|incident| !incident.is_open() && !incident.draft)
                .collect();
            let older = next.clone().map(|cursor| {
                let fetch = fetch.clone();
                view::secondary(
                    "Older",
                    Callback::from(move |()| fetch.emit(Some(cursor.clone()))),
                )
            });
            html! {
                <>
                    if over.is_empty() { { view::empty("Nothing has happened yet.") } }
                    { home::list(desk, "Over", &over) }
                    { for older }
                </>
            }
        }
    };
    html! {
        <main class="column">
            { view::heading("History", None) }
            if let Some(failure) = &*wrong { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
            { content }
        </main>
    }
}
