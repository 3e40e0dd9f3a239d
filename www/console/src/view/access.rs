//! Who may do what: devices, tokens, and invitations for more.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::words::{Role, Word};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    api::{Answer, Failure},
    clock,
    desk::Desk,
    documents::{Collection, InvitationDocument, Secret, TokenDocument},
    input::{self, Choice, Field},
    submit::{self, Sending, Target},
    view::{self, DeskProps},
    words,
};

/// The view.
#[component]
pub fn Access(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let tokens = use_state(|| None::<Result<Rc<Vec<TokenDocument>>, Failure>>);
    let acting = use_state(|| Sending::Idle);
    let fetch = {
        let (desk, tokens) = (desk.clone(), tokens.clone());
        Callback::from(move |()| {
            let (desk, tokens) = (desk.clone(), tokens.clone());
            spawn_local(async move {
                match desk
                    .session
                    .get::<Collection<TokenDocument>>("/tokens")
                    .await
                {
                    Ok((list, _)) => tokens.set(Some(Ok(Rc::new(list.items)))),
                    Err(Failure::SignedOut) => desk.ended.emit(()),
                    Err(failure) => tokens.set(Some(Err(failure))),
                }
            });
        })
    };
    {
        let (fetch, owner) = (fetch.clone(), desk.session.is_owner());
        use_effect_with((), move |()| {
            if owner {
                fetch.emit(());
            }
        });
    }
    let revoke = |id: &str| {
        let (desk, acting, path, fetch) = (
            desk.clone(),
            acting.clone(),
            format!("/tokens/{id}"),
            fetch.clone(),
        );
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::act(&desk, &acting, target, None, fetch.reform(|_| ()));
        })
    };
    let list = match &*tokens {
        _ if !desk.session.is_owner() => {
            view::empty("Only owners see the list of devices and tokens.")
        }
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Reading …" }</p> },
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
        }
        Some(Ok(list)) => html! {
            <ul class="rows">
                { for list.iter().map(|token| html! {
                    <li>
                        <span>{ named(token) }</span>
                        <span class="soft">{ described(token) }</span>
                        { view::secondary("Revoke", revoke(&token.id)) }
                    </li>
                }) }
            </ul>
        },
    };
    html! {
        <main class="column">
            { view::heading("Devices and tokens", None) }
            if desk.session.may_write() { <Invite desk={desk.clone()} changed={fetch.clone()} /> }
            <section>
                <h2>{ "Who is signed in, and what has a token" }</h2>
                { view::failure(&acting, &[]) }
                { list }
            </section>
            if desk.session.is_owner() { <NewToken desk={desk.clone()} changed={fetch} /> }
        </main>
    }
}

fn named(token: &TokenDocument) -> String {
    match (token.name.as_str(), token.kind.as_str()) {
        ("", "session") => "A device without a name".to_owned(),
        ("", _) => "A token without a name".to_owned(),
        (name, _) => name.to_owned(),
    }
}

fn described(token: &TokenDocument) -> String {
    let kind = if token.kind == "session" {
        "Device"
    } else {
        "Token"
    };
    let used = match token.last_used_at {
        Some(at) => format!(
            "used {}",
            clock::full(at).split(',').next().unwrap_or_default()
        ),
        None => "never used".to_owned(),
    };
    format!("{kind} · {} · {used}", words::role(token.role))
}

#[derive(Clone, PartialEq, yew::Properties)]
struct PartProps {
    desk: Desk,
    changed: Callback<()>,
}

fn roles(among: &[Role]) -> Vec<Choice<Role>> {
    among
        .iter()
        .map(|role| Choice::new(*role, words::role(*role)))
        .collect()
}

/// A link, and its picture, that gives another device its own session.
#[component]
fn Invite(props: &PartProps) -> Html {
    let desk = &props.desk;
    let role = use_state(|| Role::Editor);
    let name = use_state(String::new);
    let sending = use_state(|| Sending::Idle);
    let made = use_state(|| None::<InvitationDocument>);
    let may: &[Role] = if desk.session.is_owner() {
        &[Role::Owner, Role::Editor, Role::Viewer]
    } else {
        &[Role::Editor, Role::Viewer]
    };
    let invite = {
        let (desk, sending, made) = (desk.clone(), sending.clone(), made.clone());
        let (role, name) = (*role, (*name).clone());
        Callback::from(move |()| {
            let made = made.clone();
            let done = Callback::from(move |answer: Answer| made.set(answer.read().ok()));
            let name = name.trim();
            let body = if name.is_empty() {
                json!({ "role": role })
            } else {
                json!({ "role": role, "name": name })
            };
            submit::act(
                &desk,
                &sending,
                Target::post("/invitations"),
                Some(body.to_string()),
                done,
            );
        })
    };
    let (set_role, set_name) = (role.clone(), name.clone());
    let shown = made.as_ref().map(|invitation| {
        let picture = invitation.qr.as_ref().map(|qr| {
            format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(qr)))
        });
        html! {
            <div class="invitation" role="status">
                { for picture.map(|src| html! { <img {src} alt="QR code of the invitation" width="240" height="240" /> }) }
                <p>{ format!("Scan it with the other device's camera, or open the link there. It works once, until {}.", clock::time(invitation.expires_at)) }</p>
                { for invitation.url.iter().map(|url| html! { <p><input class="secret" readonly=true aria-label="Link of the invitation" value={url.clone()} /></p> }) }
            </div>
        }
    });
    html! {
        <section>
            <h2>{ "Invite a device" }</h2>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("device", "Whose device is it?").error(sending.error("/name")), "text", &name, Callback::from(move |text| set_name.set(text))) }
            { input::choice(&Field::new("role", "What may it do?"), Some(&*role), roles(may), &Callback::from(move |role| set_role.set(role))) }
            { view::bar(None, view::primary("Make an invitation", sending.is_busy(), invite)) }
            { for shown }
        </section>
    }
}

/// A token for a machine.
#[component]
fn NewToken(props: &PartProps) -> Html {
    let desk = &props.desk;
    let role = use_state(|| Role::Alerts);
    let name = use_state(String::new);
    let sending = use_state(|| Sending::Idle);
    let made = use_state(|| None::<String>);
    let make = {
        let (desk, sending, made, changed) = (
            desk.clone(),
            sending.clone(),
            made.clone(),
            props.changed.clone(),
        );
        let (role, name) = (*role, (*name).clone());
        Callback::from(move |()| {
            let (made, changed) = (made.clone(), changed.clone());
            let done = Callback::from(move |answer: Answer| {
                made.set(answer.read::<Secret>().ok().and_then(|secret| secret.token));
                changed.emit(());
            });
            let name = name.trim();
            let body = if name.is_empty() {
                json!({ "role": role })
            } else {
                json!({ "role": role, "name": name })
            };
            submit::act(
                &desk,
                &sending,
                Target::post("/tokens"),
                Some(body.to_string()),
                done,
            );
        })
    };
    let (set_role, set_name) = (role.clone(), name.clone());
    html! {
        <section>
            <h2>{ "A token for a machine" }</h2>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("token-name", "What is it for?").error(sending.error("/name")), "text", &name, Callback::from(move |text| set_name.set(text))) }
            { input::choice(&Field::new("token-role", "What may it do?"), Some(&*role), roles(Role::ALL), &Callback::from(move |role| set_role.set(role))) }
            { view::secondary(if sending.is_busy() { "Making it …" } else { "Make a token" }, make) }
            if let Some(token) = &*made {
                <div role="status">
                    <p>{ "Copy it now: it is not shown again." }</p>
                    <p><input class="secret" readonly=true aria-label="The token" value={token.clone()} /></p>
                </div>
            }
        </section>
    }
}
