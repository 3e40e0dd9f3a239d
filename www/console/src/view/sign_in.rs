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
        Read::Loading | Read::Gone | Read::Begun | Read::Unread => String::new(),
    };
    let role = match &read {
        Read::Found(found) => Some(words::role(found.role)),
        Read::Loading => Some("…"),
        Read::Gone | Read::Begun | Read::Unread => None,
    };
    let shown = name.value().unwrap_or(suggested);
    let remember = use_state(|| true);
    let busy = use_state(|| false);
    let wrong = use_state(|| None::<String>);
    let is_gone = read == Read::Gone || wrong.as_deref() == Some(GONE);
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
    if is_gone {
        return gone();
    }
    let (title, beneath) = invited(&read, &props.invitation);
    let ticked = remember.clone();
    html! {
        <main class="column narrow">
            { view::heading(&title, Some(&beneath)) }
            // There from the start: nothing below moves when the invitation has been read.
            if let Some(role) = role {
                <dl class="facts"><div><dt>{ "Role" }</dt><dd>{ role }</dd></div></dl>
            }
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

/// Shown of an invitation that cannot be used: there is nothing to sign in with.
fn gone() -> Html {
    // The address without its fragment: the console from its beginning.
    let console = web_sys::window().and_then(|window| window.location().pathname().ok());
    html! {
        <main class="column narrow">
            { view::heading("This invitation cannot be used", None) }
            <div class="alert" role="alert"><p>{ GONE }</p></div>
            <div class="actions"><a class="button" href={console}>{ "Sign in another way" }</a></div>
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
    /// This device has tried to use it and does not know whether it has: trying again finds out.
    Begun,
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
                    Err(Failure::SignedOut) if is_begun(&invitation) => Read::Begun,
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
        Read::Begun => (
            format!("Join {}", invitation.site),
            "Your last try was not confirmed. Sign in again: nothing is used twice.".to_owned(),
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
    let elsewhere = use_state(|| None::<Elsewhere>);
    let sign_in = {
        let (token, remember, busy, wrong) =
            (token.clone(), remember.clone(), busy.clone(), wrong.clone());
        let (site, signed_in) = (props.site.clone(), props.signed_in.clone());
        let elsewhere = elsewhere.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            busy.set(true);
            wrong.set(None);
            elsewhere.set(None);
            let (busy, wrong, remember) = (busy.clone(), wrong.clone(), *remember);
            let elsewhere = elsewhere.clone();
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
                    Ok(Found::Elsewhere(other)) => {
                        busy.set(false);
                        wrong.set(Some(other.words()));
                        elsewhere.set(Some(other));
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
    let go = elsewhere.as_ref().map(|other| {
        let (other, token) = (other.clone(), token.trim().to_owned());
        let (remember, signed_in) = (*remember, props.signed_in.clone());
        let go = {
            let other = other.clone();
            Callback::from(move |()| match &other {
                Elsewhere::Site { session, .. } => {
                    session::add(session, lifetime(remember));
                    signed_in.emit(Some(session.site.clone()));
                }
                Elsewhere::Sites { .. } => {
                    session::add_root(&token, lifetime(remember));
                    signed_in.emit(None);
                }
            })
        };
        view::secondary(&other.button(), go)
    });
    let (retyped, changed) = (elsewhere.clone(), wrong.clone());
    html! {
        <main class="column narrow">
            { view::heading(&title, Some("Allclear console")) }
            if props.ended.is_some() {
                <div class="alert" role="alert">
                    <p>{ "Your session expired or was revoked. What you typed is kept on this device: sign in to continue." }</p>
                </div>
            }
            <form onsubmit={sign_in}>
                { input::line(&field, "password", &token, Callback::from(move |text| {
                    typed.set(text);
                    // What was found is about another token.
                    retyped.set(None);
                    changed.set(None);
                })) }
                if let Some(go) = go { <p>{ go }</p> }
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
    /// Something else than what was asked for.
    Elsewhere(Elsewhere),
}

/// What a token works for, where it does not work for the site that was asked for.
#[derive(Clone, Debug, PartialEq)]
enum Elsewhere {
    /// Another site.
    Site { asked: Slug, session: Session },
    /// Every site of the server, which has none with the slug that was asked for.
    Sites { asked: Slug },
}

impl Elsewhere {
    fn words(&self) -> String {
        match self {
            Self::Site { asked, session } => {
                format!(
                    "Your token is for another site: {}, not {asked}.",
                    session.site
                )
            }
            Self::Sites { asked } => {
                format!("Your token works, but this server has no site {asked}.")
            }
        }
    }

    fn button(&self) -> String {
        match self {
            Self::Site { session, .. } => format!("Go to {}", session.site),
            Self::Sites { .. } => "Show all sites".to_owned(),
        }
    }
}

/// Looks up what a token is. The root token names no site.
async fn look_up(token: &str, asked: Option<Slug>) -> Result<Found, String> {
    let named = session::site_of(token);
    let Some(site) = named.clone().or_else(|| asked.clone()) else {
        return match list_sites(token).await {
            Ok(()) => Ok(Found::Root(None)),
            Err(failure) => Err(refused(&failure)),
        };
    };
    let path = format!("/v1/sites/{site}/tokens/self");
    let found = api::send(Method::GET, &path, Some(token), &Given::default())
        .await
        .and_then(|answer| answer.read::<TokenDocument>());
    let found = match found {
        Ok(found) => found,
        // The root token names no site, and a site that does not exist knows no token.
        Err(failure) if named.is_none() && is_unknown(&failure) => {
            return match list_sites(token).await {
                Ok(()) => Ok(Found::Elsewhere(Elsewhere::Sites { asked: site })),
                Err(_) => Err(refused(&failure)),
            };
        }
        Err(failure) => return Err(refused(&failure)),
    };
    let session = Session {
        site,
        token: token.to_owned(),
        role: found.role,
        name: found.name,
        is_device: found.kind == "session",
    };
    let other = asked.filter(|asked| *asked != session.site);
    Ok(match (found.kind.as_str(), other) {
        ("root", _) => Found::Root(Some(session)),
        (_, Some(asked)) => Found::Elsewhere(Elsewhere::Site { asked, session }),
        _ => Found::Site(session),
    })
}

/// Only the root token lists the sites.
async fn list_sites(token: &str) -> Result<(), Failure> {
    let nothing = Given::default();
    let answer = api::send(Method::GET, "/v1/sites?limit=1", Some(token), &nothing).await;
    answer.map(|_| ())
}

fn is_unknown(failure: &Failure) -> bool {
    match failure {
        Failure::SignedOut => true,
        Failure::Refused(problem) => problem.status == 404,
        _ => false,
    }
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
