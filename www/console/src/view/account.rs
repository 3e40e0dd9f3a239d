//! The session of this device, its other sessions, and signing out.

use gloo_net::http::Method;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    context::Context,
    route::{self, Route},
    server::{
        failure::Failure,
        request::{self, Payload},
        session::{self, Session},
    },
    text::labels,
    ui,
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// All sessions of this device.
    pub sessions: Vec<Session>,
    /// Called when the session was removed.
    pub on_sign_out: Callback<()>,
}

#[component]
pub fn Account(props: &Props) -> Html {
    let Props {
        context,
        sessions,
        on_sign_out,
    } = props;
    let error = use_state(|| None::<String>);
    let session = &context.session;
    let on_click = {
        let (session, on_sign_out, error) = (session.clone(), on_sign_out.clone(), error.clone());
        Callback::from(move |()| {
            let (session, on_sign_out, error) =
                (session.clone(), on_sign_out.clone(), error.clone());
            spawn_local(async move {
                match sign_out(&session).await {
                    Ok(()) => on_sign_out.emit(()),
                    Err(failure) => {
                        error.set(Some(format!(
                            "{} You are still signed in.",
                            failure.message()
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
            { ui::heading("Account", Some(&format!("{name} · {}", labels::role(session.role)))) }
            <ul class="rows places">
                <li><a href={format!("/s/{}", session.site)}>{ "Status page" }</a></li>
                <li><a href="/docs/embed">{ "Guide" }</a></li>
                if session::root_token().is_some() { <li><a href={route::SITES}>{ "All sites" }</a></li> }
            </ul>
            if sessions.len() > 1 {
                <section>
                    <h2>{ "Other sites" }</h2>
                    <ul class="rows places">
                        { for sessions.iter().filter(|other| other.site != session.site).map(|other| html! {
                            <li><a href={Route::Home.href(&other.site)}>{ other.site.to_string() }</a></li>
                        }) }
                    </ul>
                </section>
            }
            if let Some(error) = &*error { <div class="alert" role="alert"><p>{ error }</p></div> }
            <div class="buttons">{ ui::secondary("Sign out", on_click) }</div>
        </main>
    }
}

/// Removes a session from this device. A session from an invitation is revoked on the server; a pasted token stays valid, because it
/// may be in use elsewhere.
///
/// # Errors
/// If the server did not confirm. The session is then kept.
async fn sign_out(session: &Session) -> Result<(), Failure> {
    if session.is_device {
        let path = session.path("/tokens/self");
        let payload = Payload::default();
        match request::send(Method::DELETE, &path, Some(&session.token), &payload).await {
            Ok(_) | Err(Failure::SignedOut) => {}
            Err(failure) => return Err(failure),
        }
    }
    let is_root = session::root_token().is_some_and(|(token, _)| token == session.token);
    if is_root {
        session::remove_root_token();
    } else {
        session::remove(&session.site);
    }
    Ok(())
}
