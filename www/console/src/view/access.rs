//! Who may do what: devices, tokens, and invitations for more.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::words::{Role, Word};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    api::{Answer, Failure},
    clock,
    desk::Desk,
    documents::{Collection, InvitationDocument, Secret, TokenDocument},
    draft::use_draft,
    form::filled,
    input::{self, Choice, Field},
    submit::{self, Sending, Target},
    view::{self, DeskProps, sure::Sure},
    words,
};

const COPY: &str = "Copy it now: it is not shown again.";

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
    // Another secret for a token: the old one opens nothing from then on.
    let fresh = use_state(|| None::<Secret>);
    let rotate = |id: &str| {
        let (desk, acting, path) = (desk.clone(), acting.clone(), format!("/tokens/{id}/rotate"));
        let fresh = fresh.clone();
        Callback::from(move |()| {
            let fresh = fresh.clone();
            let done = Callback::from(move |answer: Answer| fresh.set(answer.read().ok()));
            submit::act(&desk, &acting, Target::post(path.clone()), None, done);
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
                    <li key={token.id.clone()}>
                        <span>{ named(token) }</span>
                        <span class="soft">{ described(token) }</span>
                        <div class="buttons small">
                            if token.kind == "token" { <Sure label="New secret" sure="Yes, the old one ends" on={rotate(&token.id)} /> }
                            <Sure label="Revoke" sure="Yes, revoke it" on={revoke(&token.id)} />
                        </div>
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
                { for fresh.iter().map(|made| view::secret(made.token.as_deref(), COPY)) }
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

/// What is asked for: whose, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    name: String,
    role: Role,
}

impl Asked {
    fn of(role: Role) -> Self {
        Self {
            name: String::new(),
            role,
        }
    }

    fn request(&self) -> Result<String, Failure> {
        Ok(match filled(&self.name) {
            Some(name) => json!({ "role": self.role, "name": name }),
            None => json!({ "role": self.role }),
        }
        .to_string())
    }
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
    let draft = use_draft(desk.slug(), "access:invitation", || Asked::of(Role::Editor));
    let form = draft.value();
    let sending = use_state(|| Sending::Idle);
    let made = use_state(|| None::<InvitationDocument>);
    let may: &[Role] = if desk.session.is_owner() {
        &[Role::Owner, Role::Editor, Role::Viewer]
    } else {
        &[Role::Editor, Role::Viewer]
    };
    let invite = {
        let (desk, draft, sending, made) =
            (desk.clone(), draft.clone(), sending.clone(), made.clone());
        let changed = props.changed.clone();
        Callback::from(move |()| {
            let (empty, idle) = (draft.clone(), sending.clone());
            let (made, changed) = (made.clone(), changed.clone());
            let done = Callback::from(move |answer: Answer| {
                made.set(answer.read().ok());
                empty.reset(Asked::of(Role::Editor));
                idle.set(Sending::Idle);
                changed.emit(());
            });
            let target = Target::post("/invitations");
            submit::submit(&desk, &draft, &sending, target, Asked::request, done);
        })
    };
    let shown = made.as_ref().map(|invitation| {
        let picture = invitation.qr.as_ref().map(|qr| {
            format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(qr)))
        });
        html! {
            <div class="invitation" role="status">
                { for picture.map(|src| html! { <img {src} alt="QR code of the invitation" width="240" height="240" /> }) }
                <p>{ format!("Scan it with the other device's camera, or open the link there. It works once, until {}.", clock::time(invitation.expires_at)) }</p>
                if invitation.url.is_none() { <p>{ view::LOST }</p> }
                { for invitation.url.iter().map(|url| html! { <p><input class="secret" readonly=true aria-label="Link of the invitation" value={url.clone()} /></p> }) }
            </div>
        }
    });
    html! {
        <section>
            <h2>{ "Invite a device" }</h2>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("device", "Whose device is it?").error(sending.error("/name")), "text", &form.name, draft.on(|form: &mut Asked, text| form.name = text)) }
            { input::choice(&Field::new("role", "What may it do?"), Some(&form.role), roles(may), &draft.on(|form: &mut Asked, role| form.role = role)) }
            <div class="buttons">{ view::primary("Make an invitation", sending.is_busy(), invite) }</div>
            { for shown }
        </section>
    }
}

/// A token for a machine.
#[component]
fn NewToken(props: &PartProps) -> Html {
    let desk = &props.desk;
    let draft = use_draft(desk.slug(), "access:token", || Asked::of(Role::Alerts));
    let form = draft.value();
    let sending = use_state(|| Sending::Idle);
    let made = use_state(|| None::<Secret>);
    let make = {
        let (desk, draft, sending, made) =
            (desk.clone(), draft.clone(), sending.clone(), made.clone());
        let changed = props.changed.clone();
        Callback::from(move |()| {
            let (empty, idle) = (draft.clone(), sending.clone());
            let (made, changed) = (made.clone(), changed.clone());
            let done = Callback::from(move |answer: Answer| {
                made.set(answer.read::<Secret>().ok());
                empty.reset(Asked::of(Role::Alerts));
                idle.set(Sending::Idle);
                changed.emit(());
            });
            let target = Target::post("/tokens");
            submit::submit(&desk, &draft, &sending, target, Asked::request, done);
        })
    };
    html! {
        <section>
            <h2>{ "A token for a machine" }</h2>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("token-name", "What is it for?").error(sending.error("/name")), "text", &form.name, draft.on(|form: &mut Asked, text| form.name = text)) }
            { input::choice(&Field::new("token-role", "What may it do?"), Some(&form.role), roles(Role::ALL), &draft.on(|form: &mut Asked, role| form.role = role)) }
            { view::secondary(if sending.is_busy() { "Making it …" } else { "Make a token" }, make) }
            { for made.iter().map(|made| view::secret(made.token.as_deref(), COPY)) }
        </section>
    }
}
