//! The devices that are signed in, and the tokens of machines.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::words::{Role, Word};
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use super::{Asked, COPY, roles};
use crate::{
    api::{Answer, Failure},
    clock,
    desk::Desk,
    documents::{Collection, Secret, TokenDocument},
    draft::use_draft,
    input::{self, Field},
    submit::{self, Sending, Target},
    task::Task,
    view::{self, sure::Sure},
    words,
};

/// What the list is given.
#[derive(Clone, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Changes when it is to be read anew.
    pub changes: u32,
    /// Called when one is revoked.
    pub changed: Callback<()>,
}

/// The devices and tokens, and which of them this device is.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    all: Vec<TokenDocument>,
    own: String,
}

/// Devices and tokens, each with a way to revoke it.
#[component]
pub fn Tokens(props: &Props) -> Html {
    let Props {
        desk,
        changes,
        changed,
    } = props;
    let known = use_state(|| None::<Result<Rc<Known>, Failure>>);
    let acting = use_state(|| Sending::Idle);
    {
        let (session, ended, known) = (desk.session.clone(), desk.ended.clone(), known.clone());
        use_effect_with((session, *changes), move |(session, _)| {
            let session = Rc::clone(session);
            let reading = session.is_owner().then(|| {
                Task::begin(async move {
                    let own = session.get::<TokenDocument>("/tokens/self").await;
                    let all = session.get::<Collection<TokenDocument>>("/tokens").await;
                    match (own, all) {
                        (Err(Failure::SignedOut), _) | (_, Err(Failure::SignedOut)) => {
                            ended.emit(());
                        }
                        (Err(failure), _) | (_, Err(failure)) => known.set(Some(Err(failure))),
                        (Ok((own, _)), Ok((all, _))) => {
                            let all = all.items;
                            known.set(Some(Ok(Rc::new(Known { all, own: own.id }))));
                        }
                    }
                })
            });
            move || drop(reading)
        });
    }
    // A token's new secret: the old one stops working.
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
    let revoke = |token: &TokenDocument, is_own: bool| {
        let (desk, acting, path) = (
            desk.clone(),
            acting.clone(),
            format!("/tokens/{}", token.id),
        );
        let done = if is_own {
            desk.ended.clone()
        } else {
            changed.clone()
        };
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::act(&desk, &acting, target, None, done.reform(|_| ()));
        })
    };
    let one = |token: &TokenDocument, is_own: bool| {
        let (question, sure) = if is_own {
            (
                "This device: you will be signed out.".to_owned(),
                "Yes, revoke this device",
            )
        } else {
            (String::new(), "Yes, revoke it")
        };
        html! {
            <li key={token.id.clone()}>
                <span>{ named(token) }if is_own { <span class="badge">{ "This device" }</span> }</span>
                <span class="soft">{ described(token) }</span>
                <div class="buttons small">
                    if token.kind == "token" && !is_own { <Sure label="Rotate token" sure="Yes, the old token stops working" on={rotate(&token.id)} /> }
                    <Sure label="Revoke" {question} {sure} on={revoke(token, is_own)} />
                </div>
            </li>
        }
    };
    let list = match &*known {
        _ if !desk.session.is_owner() => {
            view::empty("Only owners see the list of devices and tokens.")
        }
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Loading …" }</p> },
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
        }
        Some(Ok(known)) => html! {
            <ul class="rows">{ for known.all.iter().map(|token| one(token, token.id == known.own)) }</ul>
        },
    };
    html! {
        <section>
            <h2>{ "Devices and tokens" }</h2>
            { view::failure(&acting, &[]) }
            { list }
            { for fresh.iter().map(|made| view::secret(made.token.as_deref(), COPY)) }
        </section>
    }
}

fn named(token: &TokenDocument) -> String {
    match (token.name.as_str(), token.kind.as_str()) {
        ("", "session") => "Unnamed device".to_owned(),
        ("", _) => "Unnamed token".to_owned(),
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
        Some(at) => format!("last used {}", clock::date(at)),
        None => "never used".to_owned(),
    };
    format!("{kind} · {} · {used}", words::role(token.role))
}

/// What the form for a token is given.
#[derive(Clone, PartialEq, yew::Properties)]
pub struct NewProps {
    /// What it works with.
    pub desk: Desk,
    /// Called when there is one more token.
    pub changed: Callback<()>,
}

/// A token for a machine.
#[component]
pub fn NewToken(props: &NewProps) -> Html {
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
            <h2>{ "New token" }</h2>
            <p class="soft">{ "For scripts and monitoring. Devices of people are invited instead." }</p>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("token-name", "Token name").hint("Such as “Alertmanager”.").error(sending.error("/name")), "text", &form.name,
                draft.on(|form: &mut Asked, text| form.name = text)) }
            { input::choice(&Field::new("token-role", "Role"), Some(&form.role), roles(Role::ALL), &draft.on(|form: &mut Asked, role| form.role = role)) }
            <div class="buttons">{ view::secondary(if sending.is_busy() { "Creating …" } else { "Create token" }, make) }</div>
            { for made.iter().map(|made| view::secret(made.token.as_deref(), COPY)) }
        </section>
    }
}
