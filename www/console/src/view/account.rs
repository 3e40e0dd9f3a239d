//! Who is signed in on this device, the other sites it is signed in to, and signing out.

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
pub fn Account(props: &Props) -> Html {
    let Props { desk, others, left } = props;
    let wrong = use_state(|| None::<String>);
    let session = &desk.session;
    let sign_out = {
        let (session, left, wrong) = (session.clone(), left.clone(), wrong.clone());
        Callback::from(move |()| {
            let (session, left, wrong) = (session.clone(), left.clone(), wrong.clone());
            spawn_local(async move {
                match end(&session).await {
                    Ok(()) => left.emit(()),
                    Err(failure) => {
                        wrong.set(Some(format!(
                            "{} You are still signed in.",
                            failure.words()
                        )));
                    }
                }
            });
        })
    };
    let name = if session.name.is_empty() {
        "This device"
    } else {
        session.name.as_str()
    };
    html! {
        <main class="column">
            { view::heading("Account", Some(&format!("{name} · {}", words::role(session.role)))) }
            <ul class="rows places">
                <li><a href={format!("/s/{}", session.site)}>{ "Status page" }</a></li>
                <li><a href="/docs/embed">{ "Guide" }</a></li>
                if session::root().is_some() { <li><a href={route::SITES}>{ "All sites" }</a></li> }
            </ul>
            if others.len() > 1 {
                <section>
                    <h2>{ "Other sites" }</h2>
                    <ul class="rows places">
                        { for others.iter().filter(|other| other.site != session.site).map(|other| html! {
                            <li><a href={Route::Home.href(&other.site)}>{ other.site.to_string() }</a></li>
                        }) }
                    </ul>
                </section>
            }
            if let Some(words) = &*wrong { <div class="alert" role="alert"><p>{ words }</p></div> }
            <div class="buttons">{ view::secondary("Sign out", sign_out) }</div>
        </main>
    }
}

/// Ends a session on this device; a device's own also on the server. A pasted token may be in use elsewhere and stays valid.
///
/// # Errors
/// When the server could not be told; then nothing has changed.
async fn end(session: &Session) -> Result<(), Failure> {
    if session.is_device {
        let path = session.path("/tokens/self");
        let given = Given::default();
        match api::send(Method::DELETE, &path, Some(&session.token), &given).await {
            Ok(_) | Err(Failure::SignedOut) => {}
            Err(failure) => return Err(failure),
        }
    }
    let is_root = session::root().is_some_and(|(token, _)| token == session.token);
    if is_root {
        session::remove_root();
    } else {
        session::remove(&session.site);
    }
    Ok(())
}
