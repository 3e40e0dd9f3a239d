//! Everywhere there is to go, and out.

use gloo_net::http::Method;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::{self, Failure, Given},
    desk::Desk,
    route::{self, Route},
    session::{self, Session},
    view, words,
};

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Every session of this device.
    pub others: Vec<Session>,
    /// Called when this one is gone.
    pub left: Callback<()>,
}

/// The view.
#[component]
pub fn Menu(props: &Props) -> Html {
    let Props { desk, others, left } = props;
    let wrong = use_state(|| None::<String>);
    let session = &desk.session;
    let sign_out = {
        let (session, left, wrong) = (session.clone(), left.clone(), wrong.clone());
        Callback::from(move |()| {
            let (session, left, wrong) = (session.clone(), left.clone(), wrong.clone());
            spawn_local(async move {
                // A pasted token may be in use elsewhere; a device's session is of this device alone.
                if session.is_device {
                    let path = session.path("/tokens/self");
                    let ended = api::send(
                        Method::DELETE,
                        &path,
                        Some(&session.token),
                        &Given::default(),
                    )
                    .await;
                    if let Err(failure) = ended
                        && failure != Failure::SignedOut
                    {
                        return wrong.set(Some(format!(
                            "{} You are still signed in.",
                            failure.words()
                        )));
                    }
                }
                let is_root = session::root().is_some_and(|(token, _)| token == session.token);
                if is_root {
                    session::remove_root();
                } else {
                    session::remove(&session.site);
                }
                left.emit(());
            });
        })
    };
    let places = [
        (Route::Home, "Now"),
        (Route::Maintenance, "Maintenance"),
        (Route::History, "History"),
        (Route::Templates, "Templates"),
        (Route::Components, "Components"),
        (Route::Settings, "Settings"),
        (Route::Access, "Devices and tokens"),
        (Route::Journal, "Journal"),
    ];
    let name = if session.name.is_empty() {
        "This device"
    } else {
        session.name.as_str()
    };
    html! {
        <main class="column">
            { view::heading(&desk.facts.site.name, Some(&format!("{name} · {}", words::role(session.role)))) }
            <ul class="rows places">
                { for places.iter().map(|(route, label)| html! { <li><a href={desk.href(route)}>{ *label }</a></li> }) }
                <li><a href={format!("/s/{}", session.site)}>{ "Status page" }</a></li>
            </ul>
            if others.len() > 1 {
                <section>
                    <h2>{ "Other sites" }</h2>
                    <ul class="rows">
                        { for others.iter().filter(|other| other.site != session.site).map(|other| html! {
                            <li><a href={Route::Home.href(&other.site)}>{ other.site.to_string() }</a></li>
                        }) }
                    </ul>
                </section>
            }
            if session::root().is_some() { <a class="button" href={route::SITES}>{ "All sites" }</a> }
            if let Some(words) = &*wrong { <div class="alert" role="alert"><p>{ words }</p></div> }
            { view::secondary("Sign out", sign_out) }
        </main>
    }
}
