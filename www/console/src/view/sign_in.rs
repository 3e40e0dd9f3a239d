//! Signing in with an invitation or a token.

use gloo_net::http::Method;
use notice::wire::ids::Slug;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;
use yew::{Callback, Html, component, hook, html, use_effect_with, use_state};

use crate::{
    browser::{storage::Lifetime, task::Task},
    form::draft::use_draft,
    route::Route,
    server::{
        documents::{ReadInvitation, TokenDocument},
        failure::Failure,
        invitation::Invitation,
        redeem::{self, RedeemError},
        request::{self, Payload},
        session::{self, Session},
    },
    text::labels,
    time::format,
    ui::{
        self,
        input::{self, Field},
        typing::Typing,
    },
};

fn lifetime(remember: bool) -> Lifetime {
    if remember {
        Lifetime::Permanent
    } else {
        Lifetime::Tab
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct JoinProps {
    pub invitation: Invitation,
    /// Called with the site of the new session.
    pub on_sign_in: Callback<Option<Slug>>,
}

/// Signs in with an invitation from the page's address.
#[component]
pub fn Join(props: &JoinProps) -> Html {
    // A draft, because the link may be opened again while it is valid.
    let name = use_draft("*", "device", || None::<String>);
    let state = use_invitation(&props.invitation);
    let suggested = match &state {
        InvitationState::Valid(document) => document.name.clone(),
        _ => String::new(),
    };
    let role = match &state {
        InvitationState::Valid(document) => Some(labels::role(document.role)),
        InvitationState::Loading => Some("…"),
        _ => None,
    };
    let shown = name.value().unwrap_or(suggested);
    let remember = use_state(|| true);
    let is_busy = use_state(|| false);
    let error = use_state(|| None::<RedeemError>);
    let is_invalid = state == InvitationState::Invalid || *error == Some(RedeemError::Invalid);
    let join = {
        let (name, remember) = (name.clone(), remember.clone());
        let (is_busy, error) = (is_busy.clone(), error.clone());
        let device = shown.trim().to_owned();
        let (invitation, on_sign_in) = (props.invitation.clone(), props.on_sign_in.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *is_busy {
                return;
            }
            is_busy.set(true);
            error.set(None);
            let (is_busy, error, remember) = (is_busy.clone(), error.clone(), *remember);
            let (invitation, on_sign_in) = (invitation.clone(), on_sign_in.clone());
            let (name, device) = (name.clone(), device.clone());
            spawn_local(async move {
                match redeem::redeem(&invitation, &device, lifetime(remember)).await {
                    Ok(session) => {
                        name.forget();
                        session::add(&session, lifetime(remember));
                        on_sign_in.emit(Some(session.site));
                    }
                    Err(failure) => {
                        is_busy.set(false);
                        error.set(Some(failure));
                    }
                }
            });
        })
    };
    let field = Field::new("device", "Device name")
        .hint("Shown in the list of devices, where this device can be revoked.");
    let remember_field = Field::new("remember", "Remember this device")
        .hint("It stays signed in until it is revoked or has not been used for 90 days.");
    if is_invalid {
        return invalid();
    }
    let (title, subtitle) = invitation_heading(&state, &props.invitation);
    let set_remember = remember.clone();
    html! {
        <main class="column narrow">
            { ui::heading(&title, Some(&subtitle)) }
            // Shown while loading as well, so that nothing below moves.
            if let Some(role) = role {
                <dl class="facts"><div><dt>{ "Role" }</dt><dd>{ role }</dd></div></dl>
            }
            <form onsubmit={join}>
                { input::line(&field, Typing::Name, &shown, name.on(|name: &mut Option<String>, text| *name = Some(text))) }
                { input::check(&remember_field, *remember, Callback::from(move |on| set_remember.set(on))) }
                if let Some(error) = &*error { <div class="alert" role="alert"><p>{ error.to_string() }</p></div> }
                <div class="actions">
                    <button type="submit" class="primary" disabled={*is_busy}>{ if *is_busy { "Signing in …" } else { "Sign in on this device" } }</button>
                </div>
            </form>
        </main>
    }
}

/// Renders the state of an invitation that cannot be used.
fn invalid() -> Html {
    // The address without the fragment, which restarts the console.
    let console = web_sys::window().and_then(|window| window.location().pathname().ok());
    html! {
        <main class="column narrow">
            { ui::heading("This invitation cannot be used", None) }
            <div class="alert" role="alert"><p>{ RedeemError::Invalid.to_string() }</p></div>
            <div class="actions"><a class="button" href={console}>{ "Sign in another way" }</a></div>
        </main>
    }
}

/// The state of an invitation that was not redeemed yet.
#[derive(Clone, Debug, PartialEq)]
enum InvitationState {
    Loading,
    Valid(ReadInvitation),
    /// It was used or revoked, or has expired.
    Invalid,
    /// This device has tried to redeem it, and the answer was lost. Another attempt finds the session.
    InDoubt,
    /// The server did not answer.
    Unknown,
}

/// Reads an invitation without using it up.
#[hook]
fn use_invitation(invitation: &Invitation) -> InvitationState {
    let state = use_state(|| InvitationState::Loading);
    {
        let state = state.clone();
        use_effect_with(invitation.clone(), move |invitation| {
            let invitation = invitation.clone();
            let task = Task::start(async move {
                state.set(match redeem::read(&invitation).await {
                    Ok(document) => InvitationState::Valid(document),
                    Err(RedeemError::Invalid) if redeem::is_in_doubt(&invitation) => {
                        InvitationState::InDoubt
                    }
                    Err(RedeemError::Invalid) => InvitationState::Invalid,
                    Err(RedeemError::Failed(_)) => InvitationState::Unknown,
                });
            });
            move || drop(task)
        });
    }
    (*state).clone()
}

/// Returns the title and the subtitle: the site, and when the invitation expires.
fn invitation_heading(state: &InvitationState, invitation: &Invitation) -> (String, String) {
    match state {
        InvitationState::Valid(document) => (
            format!("Join {}", document.site),
            format!(
                "This link works once and expires at {}.",
                format::time(document.expires_at)
            ),
        ),
        InvitationState::Loading => (
            format!("Join {}", invitation.site),
            "This link works once and expires at ….".to_owned(),
        ),
        InvitationState::InDoubt => (
            format!("Join {}", invitation.site),
            "Your last try was not confirmed. Sign in again: nothing is used twice.".to_owned(),
        ),
        InvitationState::Invalid | InvitationState::Unknown => (
            format!("Join {}", invitation.site),
            "This link works once and expires 15 minutes after it was created.".to_owned(),
        ),
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct SignInProps {
    /// The site in the address.
    pub site: Option<Slug>,
    /// The site whose session has just ended.
    pub ended_site: Option<Slug>,
    /// The sessions of other sites.
    pub others: Vec<Session>,
    /// Called with the site of the new session; `None`: the root token, which has access to all sites.
    pub on_sign_in: Callback<Option<Slug>>,
}

/// Signs in with a pasted token or invitation link.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let token = use_state(String::new);
    let remember = use_state(|| false);
    let is_busy = use_state(|| false);
    let error = use_state(|| None::<String>);
    let alternative = use_state(|| None::<Alternative>);
    let sign_in = {
        let (token, remember) = (token.clone(), remember.clone());
        let (is_busy, error) = (is_busy.clone(), error.clone());
        let (site, on_sign_in) = (props.site.clone(), props.on_sign_in.clone());
        let alternative = alternative.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *is_busy {
                return;
            }
            is_busy.set(true);
            error.set(None);
            alternative.set(None);
            let (is_busy, error, remember) = (is_busy.clone(), error.clone(), *remember);
            let alternative = alternative.clone();
            let (token, site, on_sign_in) =
                (token.trim().to_owned(), site.clone(), on_sign_in.clone());
            spawn_local(async move {
                let access = match Invitation::parse(&token) {
                    Some(invitation) => {
                        let redeemed = redeem::redeem(&invitation, "", lifetime(remember)).await;
                        let redeemed = redeemed.map(Access::Site);
                        redeemed.map_err(|failure| failure.to_string())
                    }
                    None => access_of(&token, site).await,
                };
                match access {
                    Ok(Access::Site(session)) => {
                        session::add(&session, lifetime(remember));
                        on_sign_in.emit(Some(session.site));
                    }
                    Ok(Access::Root(session)) => {
                        session::add_root_token(&token, lifetime(remember));
                        if let Some(session) = &session {
                            session::add(session, lifetime(remember));
                        }
                        on_sign_in.emit(session.map(|session| session.site));
                    }
                    Ok(Access::Alternative(other)) => {
                        is_busy.set(false);
                        error.set(Some(other.message()));
                        alternative.set(Some(other));
                    }
                    Err(message) => {
                        is_busy.set(false);
                        error.set(Some(message));
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
        .error((*error).clone());
    let remember_field = Field::new("remember", "Remember this device")
        .hint("Otherwise you are signed out when you close this tab.");
    let (set_token, set_remember) = (token.clone(), remember.clone());
    let button = alternative.as_ref().map(|other| {
        let (other, token) = (other.clone(), token.trim().to_owned());
        let (remember, on_sign_in) = (*remember, props.on_sign_in.clone());
        let go = {
            let other = other.clone();
            Callback::from(move |()| match &other {
                Alternative::Site { session, .. } => {
                    session::add(session, lifetime(remember));
                    on_sign_in.emit(Some(session.site.clone()));
                }
                Alternative::Sites { .. } => {
                    session::add_root_token(&token, lifetime(remember));
                    on_sign_in.emit(None);
                }
            })
        };
        ui::secondary(&other.button_label(), go)
    });
    let (clear_alternative, clear_error) = (alternative.clone(), error.clone());
    html! {
        <main class="column narrow">
            { ui::heading(&title, Some("Allclear console")) }
            if props.ended_site.is_some() {
                <div class="alert" role="alert">
                    <p>{ "Your session expired or was revoked. What you typed is kept on this device: sign in to continue." }</p>
                </div>
            }
            <form onsubmit={sign_in}>
                { input::line(&field, Typing::Secret, &token, Callback::from(move |text| {
                    set_token.set(text);
                    // The results were about another token.
                    clear_alternative.set(None);
                    clear_error.set(None);
                })) }
                if let Some(button) = button { <p>{ button }</p> }
                { input::check(&remember_field, *remember, Callback::from(move |on| set_remember.set(on))) }
                <div class="actions">
                    <button type="submit" class="primary" disabled={*is_busy}>{ if *is_busy { "Signing in …" } else { "Sign in" } }</button>
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

/// The sites that a token gives access to.
enum Access {
    Site(Session),
    /// Every site, because the token is the root token. With a session for the requested site, if one was requested.
    Root(Option<Session>),
    /// Other sites than the requested one.
    Alternative(Alternative),
}

/// The sites that a token gives access to, where the requested one is not among them.
#[derive(Clone, Debug, PartialEq)]
enum Alternative {
    Site {
        requested: Slug,
        session: Session,
    },
    /// Every site of the server, but the requested one does not exist.
    Sites {
        requested: Slug,
    },
}

impl Alternative {
    fn message(&self) -> String {
        match self {
            Self::Site { requested, session } => {
                format!(
                    "Your token is for another site: {}, not {requested}.",
                    session.site
                )
            }
            Self::Sites { requested } => {
                format!("Your token works, but this server has no site {requested}.")
            }
        }
    }

    fn button_label(&self) -> String {
        match self {
            Self::Site { session, .. } => format!("Go to {}", session.site),
            Self::Sites { .. } => "Show all sites".to_owned(),
        }
    }
}

/// Asks the server what a token gives access to.
///
/// # Errors
/// A message for the operator.
async fn access_of(token: &str, requested: Option<Slug>) -> Result<Access, String> {
    let site_of_token = session::site_of(token);
    let Some(site) = site_of_token.clone().or_else(|| requested.clone()) else {
        return match list_sites(token).await {
            Ok(()) => Ok(Access::Root(None)),
            Err(failure) => Err(message(&failure)),
        };
    };
    let path = format!("/v1/sites/{site}/tokens/self");
    let document = request::send(Method::GET, &path, Some(token), &Payload::default())
        .await
        .and_then(|answer| answer.read::<TokenDocument>());
    let document = match document {
        Ok(document) => document,
        // The token may be the root token, which names no site, while the requested site does not exist.
        Err(failure) if site_of_token.is_none() && is_unknown(&failure) => {
            return match list_sites(token).await {
                Ok(()) => Ok(Access::Alternative(Alternative::Sites { requested: site })),
                Err(_) => Err(message(&failure)),
            };
        }
        Err(failure) => return Err(message(&failure)),
    };
    let session = Session {
        site,
        token: token.to_owned(),
        role: document.role,
        name: document.name,
        is_device: document.kind == "session",
    };
    let other = requested.filter(|requested| *requested != session.site);
    Ok(match (document.kind.as_str(), other) {
        ("root", _) => Access::Root(Some(session)),
        (_, Some(requested)) => Access::Alternative(Alternative::Site { requested, session }),
        _ => Access::Site(session),
    })
}

/// Lists the sites, which only the root token may do.
async fn list_sites(token: &str) -> Result<(), Failure> {
    let payload = Payload::default();
    let answer = request::send(Method::GET, "/v1/sites?limit=1", Some(token), &payload).await;
    answer.map(|_| ())
}

/// Returns whether the server does not know the token or the site.
fn is_unknown(failure: &Failure) -> bool {
    match failure {
        Failure::SignedOut => true,
        Failure::Refused(problem) => problem.status == 404,
        _ => false,
    }
}

fn message(failure: &Failure) -> String {
    match failure {
        Failure::SignedOut => {
            "This token doesn't work. It may be revoked or incomplete. Tokens of a site begin with ac_ and the site's slug."
                .to_owned()
        }
        failure => failure.message(),
    }
}
