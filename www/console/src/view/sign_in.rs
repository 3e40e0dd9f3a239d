//! Signing in: by an invitation, or with a token.

use gloo_net::http::Method;
use notice::wire::ids::Slug;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;
use yew::{Callback, Html, component, hook, html, use_effect_with, use_state};

use crate::{
    api::{self, Failure, Given},
    clock,
    documents::{ReadInvitation, TokenDocument},
    draft::use_draft,
    input::{self, Field},
    joining::{GONE, is_begun, look_at, redeem},
    route::Route,
    session::{self, Invitation, Session},
    storage::Lifetime,
    task::Task,
    view, words,
};

fn lifetime(remember: bool) -> Lifetime {
    if remember {
        Lifetime::Kept
    } else {
        Lifetime::Tab
    }
}

/// What somebody who was invited sees.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct JoinProps {
    /// The invitation.
    pub invitation: Invitation,
    /// Called when this device has its session.
    pub signed_in: Callback<Option<Slug>>,
}

/// An invitation becomes this device's own session.
#[component]
pub fn Join(props: &JoinProps) -> Html {
    // The link can be opened again while it is valid: the device's name need not be typed again.
    let name = use_draft("*", "device", || None::<String>);
    let read = use_invitation(&props.invitation);
    let suggested = match &read {
        Read::Found(found) => found.name.clone(),
        Read::Loading | Read::Gone | Read::Unread => String::new(),
    };
    let role = match &read {
        Read::Found(found) => Some(words::role(found.role)),
        Read::Loading => Some("…"),
        Read::Gone | Read::Unread => None,
    };
    let shown = name.value().unwrap_or(suggested);
    let remember = use_state(|| true);
    let busy = use_state(|| false);
    let wrong = use_state(|| None::<String>);
    let join = {
        let (name, remember, busy, wrong) =
            (name.clone(), remember.clone(), busy.clone(), wrong.clone());
        let called = shown.trim().to_owned();
        let (invitation, signed_in) = (props.invitation.clone(), props.signed_in.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            busy.set(true);
            wrong.set(None);
            let (busy, wrong, remember) = (busy.clone(), wrong.clone(), *remember);
            let (invitation, signed_in) = (invitation.clone(), signed_in.clone());
            let (name, called) = (name.clone(), called.clone());
            spawn_local(async move {
                match redeem(&invitation, &called, lifetime(remember)).await {
                    Ok(session) => {
                        name.forget();
                        session::add(&session, lifetime(remember));
                        signed_in.emit(Some(session.site));
                    }
                    Err(words) => {
                        busy.set(false);
                        wrong.set(Some(words));
                    }
                }
            });
        })
    };
    let field = Field::new("device", "Device name")
        .hint("Shown in the list of devices, where this device can be revoked.");
    let kept = Field::new("remember", "Remember this device")
        .hint("It stays signed in until it is revoked or has not been used for 90 days.");
    let (title, beneath) = invited(&read, &props.invitation);
    let ticked = remember.clone();
    html! {
        <main class="column narrow">
            { view::heading(&title, Some(&beneath)) }
            // There from the start: nothing below moves when the invitation has been read.
            if let Some(role) = role {
                <dl class="facts"><div><dt>{ "Role" }</dt><dd>{ role }</dd></div></dl>
            }
            if read == Read::Gone { <div class="alert" role="alert"><p>{ GONE }</p></div> }
            <form onsubmit={join}>
                { input::line(&field, "text", &shown, name.on(|name: &mut Option<String>, text| *name = Some(text))) }
                { input::check(&kept, *remember, Callback::from(move |on| ticked.set(on))) }
                if let Some(words) = &*wrong { <div class="alert" role="alert"><p>{ words }</p></div> }
                <div class="actions">
                    <button type="submit" class="primary" disabled={*busy}>{ if *busy { "Signing in …" } else { "Sign in on this device" } }</button>
                </div>
            </form>
        </main>
    }
}

/// What is known of an invitation before it is used.
#[derive(Clone, Debug, PartialEq)]
enum Read {
    /// It is being read.
    Loading,
    /// It is valid.
    Found(ReadInvitation),
    /// It was used, revoked, or has expired.
    Gone,
    /// The server did not say.
    Unread,
}

/// Reads what an invitation gives, without using it up.
#[hook]
fn use_invitation(invitation: &Invitation) -> Read {
    let read = use_state(|| Read::Loading);
    {
        let read = read.clone();
        use_effect_with(invitation.clone(), move |invitation| {
            let invitation = invitation.clone();
            let reading = Task::begin(async move {
                read.set(match look_at(&invitation).await {
                    Ok(found) => Read::Found(found),
                    // This device has used it, and the answer was lost: joining again finds the session.
                    Err(Failure::SignedOut) if is_begun(&invitation) => Read::Unread,
                    Err(Failure::SignedOut) => Read::Gone,
                    Err(_) => Read::Unread,
                });
            });
            move || drop(reading)
        });
    }
    (*read).clone()
}

/// Where one is invited to, and until when.
fn invited(read: &Read, invitation: &Invitation) -> (String, String) {
    match read {
        Read::Found(found) => (
            format!("Join {}", found.site),
            format!(
                "This link works once and expires at {}.",
                clock::time(found.expires_at)
            ),
        ),
        Read::Loading => (
            format!("Join {}", invitation.site),
            "This link works once and expires at ….".to_owned(),
        ),
        Read::Gone | Read::Unread => (
            format!("Join {}", invitation.site),
            "This link works once and expires 15 minutes after it was created.".to_owned(),
        ),
    }
}

/// What somebody without a session sees.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct SignInProps {
    /// The site that was asked for.
    pub site: Option<Slug>,
    /// Whose session has just ended.
    pub ended: Option<Slug>,
    /// Where else one is signed in.
    pub others: Vec<Session>,
    /// Called when there is a session: of a site, or (`None`) of all.
    pub signed_in: Callback<Option<Slug>>,
}

/// A token or an invitation's link, pasted.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let token = use_state(String::new);
    let remember = use_state(|| false);
    let busy = use_state(|| false);
    let wrong = use_state(|| None::<String>);
    let sign_in = {
        let (token, remember, busy, wrong) =
            (token.clone(), remember.clone(), busy.clone(), wrong.clone());
        let (site, signed_in) = (props.site.clone(), props.signed_in.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            busy.set(true);
            wrong.set(None);
            let (busy, wrong, remember) = (busy.clone(), wrong.clone(), *remember);
            let (token, site, signed_in) =
                (token.trim().to_owned(), site.clone(), signed_in.clone());
            spawn_local(async move {
                let found = match Invitation::parse(&token) {
                    Some(invitation) => {
                        let redeemed = redeem(&invitation, "", lifetime(remember)).await;
                        redeemed.map(Found::Site)
                    }
                    None => look_up(&token, site).await,
                };
                match found {
                    Ok(Found::Site(session)) => {
                        session::add(&session, lifetime(remember));
                        signed_in.emit(Some(session.site));
                    }
                    Ok(Found::Root(session)) => {
                        session::add_root(&token, lifetime(remember));
                        if let Some(session) = &session {
                            session::add(session, lifetime(remember));
                        }
                        signed_in.emit(session.map(|session| session.site));
                    }
                    Err(words) => {
                        busy.set(false);
                        wrong.set(Some(words));
                    }
                }
            });
        })
    };
    let title = match &props.site {
        Some(site) => format!("Sign in to {site}"),
        None => "Sign in".to_owned(),
    };
    let field = Field::new("token", "Token or invitation link")
        .hint("On a phone, scan the QR code of an invitation instead: an owner or editor creates one in Settings, Access.")
        .error((*wrong).clone());
    let kept = Field::new("remember", "Remember this device")
        .hint("Otherwise you are signed out when you close this tab.");
    let (typed, ticked) = (token.clone(), remember.clone());
    html! {
        <main class="column narrow">
            { view::heading(&title, Some("Allclear console")) }
            if props.ended.is_some() {
                <div class="alert" role="alert">
                    <p>{ "Your session expired or was revoked. What you typed is kept on this device: sign in to continue." }</p>
                </div>
            }
            <form onsubmit={sign_in}>
                { input::line(&field, "password", &token, Callback::from(move |text| typed.set(text))) }
                { input::check(&kept, *remember, Callback::from(move |on| ticked.set(on))) }
                <div class="actions">
                    <button type="submit" class="primary" disabled={*busy}>{ if *busy { "Signing in …" } else { "Sign in" } }</button>
                </div>
            </form>
            if !props.others.is_empty() {
                <section>
                    <h2>{ "Your other sites" }</h2>
                    <ul class="rows">
                        { for props.others.iter().map(|session| html! {
                            <li><a href={Route::Home.href(&session.site)}>{ session.site.to_string() }</a></li>
                        }) }
                    </ul>
                </section>
            }
        </main>
    }
}

/// What a token gives access to.
enum Found {
    /// One site.
    Site(Session),
    /// Every site: it is the root token. With the session of the site that was asked for.
    Root(Option<Session>),
}

/// Looks up what a token is. The root token names no site.
async fn look_up(token: &str, asked: Option<Slug>) -> Result<Found, String> {
    let Some(site) = session::site_of(token).or(asked) else {
        let nothing = Given::default();
        return match api::send(Method::GET, "/v1/sites", Some(token), &nothing).await {
            Ok(_) => Ok(Found::Root(None)),
            Err(failure) => Err(refused(&failure)),
        };
    };
    let path = format!("/v1/sites/{site}/tokens/self");
    let found = api::send(Method::GET, &path, Some(token), &Given::default())
        .await
        .and_then(|answer| answer.read::<TokenDocument>())
        .map_err(|failure| refused(&failure))?;
    let session = Session {
        site,
        token: token.to_owned(),
        role: found.role,
        name: found.name,
        is_device: found.kind == "session",
    };
    Ok(match found.kind.as_str() {
        "root" => Found::Root(Some(session)),
        _ => Found::Site(session),
    })
}

fn refused(failure: &Failure) -> String {
    match failure {
        Failure::SignedOut => {
            "This token doesn't work. It may be revoked or incomplete. Tokens of a site begin with ac_ and the site's slug."
                .to_owned()
        }
        failure => failure.words(),
    }
}
