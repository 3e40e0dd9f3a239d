//! Incidents that have ended, newest first, page by page.

use std::rc::Rc;

use notice::project::view::IncidentView;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    context::Context,
    server::{documents::Collection, failure::Failure},
    ui,
    view::incidents::rows,
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// The heading; not rendered if empty.
    #[prop_or_default]
    pub title: &'static str,
    /// Additional query parameters, beginning with `&`.
    #[prop_or_default]
    pub query: &'static str,
    /// The text of the empty state; not rendered if empty.
    #[prop_or_default]
    pub empty: &'static str,
}

#[component]
pub fn PastIncidents(props: &Props) -> Html {
    let Props {
        context,
        title,
        query,
        empty,
    } = props;
    let loaded = use_state(|| None::<(Rc<Vec<IncidentView>>, Option<String>)>);
    let failure = use_state(|| None::<Failure>);
    let fetch = {
        let (context, loaded, failure) = (context.clone(), loaded.clone(), failure.clone());
        let query = *query;
        Callback::from(move |cursor: Option<String>| {
            let (context, loaded, failure) = (context.clone(), loaded.clone(), failure.clone());
            spawn_local(async move {
                let path = match &cursor {
                    Some(cursor) => format!("/incidents?limit=50&cursor={cursor}{query}"),
                    None => format!("/incidents?limit=50{query}"),
                };
                match context.session.get::<Collection<IncidentView>>(&path).await {
                    Ok((page, _)) => {
                        let before = loaded.as_ref().filter(|_| cursor.is_some());
                        let mut all = before.map(|(all, _)| (**all).clone()).unwrap_or_default();
                        all.extend(page.items);
                        failure.set(None);
                        loaded.set(Some((Rc::new(all), page.next)));
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(error) => failure.set(Some(error)),
                }
            });
        })
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(None));
    }
    if let (None, Some(failure)) = (&*loaded, &*failure) {
        let retry = fetch.reform(|()| None);
        return html! {
            <div class="alert" role="alert"><p>{ failure.message() }</p>{ ui::secondary("Try again", retry) }</div>
        };
    }
    let Some((all, next)) = &*loaded else {
        return ui::loading();
    };
    let ended: Vec<&IncidentView> = all
        .iter()
        .filter(|incident| !incident.is_open() && !incident.draft)
        .collect();
    let more = next.clone().map(|cursor| {
        let fetch = fetch.clone();
        let on = Callback::from(move |()| fetch.emit(Some(cursor.clone())));
        ui::secondary("Show older", on)
    });
    html! {
        <>
            if ended.is_empty() && !empty.is_empty() && next.is_none() { { ui::empty(empty) } }
            { rows::list(context, title, &ended) }
            if let Some(failure) = &*failure { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
            if next.is_some() { <div class="buttons">{ for more }</div> }
        </>
    }
}
