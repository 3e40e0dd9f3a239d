//! The devices that are signed in, and the tokens for programs.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::{
    enums::{Role, StringEnum},
    time::Timestamp,
};
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use super::{COPY_NOW, Form, role_choices};
use crate::{
    browser::task::Task,
    context::Context,
    form::{
        draft::use_draft,
        sending::Sending,
        submit::{self, Target},
    },
    server::{
        documents::{Collection, Secret, TokenDocument},
        failure::Failure,
        request::Answer,
    },
    text::labels,
    time::{clock, format},
    ui::{
        self,
        confirm_button::ConfirmButton,
        input::{self, Field},
        typing::Typing,
    },
};

#[derive(Clone, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// Number of changes that the operator has made in this view; when it rises, the list is read again.
    pub changes: u32,
    /// Called when a device or token was revoked.
    pub changed: Callback<()>,
}

/// The devices and tokens.
#[derive(Clone, Debug, PartialEq)]
struct TokenList {
    all: Vec<TokenDocument>,
    /// The id of this device's token.
    own_id: String,
}

/// Lists devices and tokens, each with a button that revokes it.
#[component]
pub fn Tokens(props: &Props) -> Html {
    let Props {
        context,
        changes,
        changed,
    } = props;
    let list = use_state(|| None::<Result<Rc<TokenList>, Failure>>);
    let action = use_state(|| Sending::Idle);
    {
        let (session, on_session_end, list) = (
            context.session.clone(),
            context.on_session_end.clone(),
            list.clone(),
        );
        use_effect_with((session, *changes), move |(session, _)| {
            let session = Rc::clone(session);
            let task = session.is_owner().then(|| {
                Task::start(async move {
                    let own = session.get::<TokenDocument>("/tokens/self").await;
                    let all = session.get::<Collection<TokenDocument>>("/tokens").await;
                    match (own, all) {
                        (Err(Failure::SignedOut), _) | (_, Err(Failure::SignedOut)) => {
                            on_session_end.emit(());
                        }
                        (Err(failure), _) | (_, Err(failure)) => list.set(Some(Err(failure))),
                        (Ok((own, _)), Ok((all, _))) => {
                            let all = all.items;
                            let own_id = own.id;
                            list.set(Some(Ok(Rc::new(TokenList { all, own_id }))));
                        }
                    }
                })
            });
            move || drop(task)
        });
    }
    // The new secret of a rotated token.
    let rotated = use_state(|| None::<Secret>);
    let rotate = |id: &str| {
        let (context, action, path) = (
            context.clone(),
            action.clone(),
            format!("/tokens/{id}/rotate"),
        );
        let rotated = rotated.clone();
        Callback::from(move |()| {
            let rotated = rotated.clone();
            let done = Callback::from(move |answer: Answer| rotated.set(answer.read().ok()));
            submit::send_action(&context, &action, Target::post(path.clone()), None, done);
        })
    };
    let revoke = |token: &TokenDocument, is_own: bool| {
        let (context, action, path) = (
            context.clone(),
            action.clone(),
            format!("/tokens/{}", token.id),
        );
        let done = if is_own {
            context.on_session_end.clone()
        } else {
            changed.clone()
        };
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::send_action(&context, &action, target, None, done.reform(|_| ()));
        })
    };
    let item = |token: &TokenDocument, is_own: bool| {
        let (question, confirm) = if is_own {
            (
                "This device: you will be signed out.".to_owned(),
                "Yes, revoke this device",
            )
        } else {
            (String::new(), "Yes, revoke it")
        };
        html! {
            <li key={token.id.clone()}>
                <span>{ name(token) }if is_own { <span class="badge">{ "This device" }</span> }</span>
                <span class="soft">{ describe(token) }</span>
                { for unused(token, clock::now()).map(|text| html! { <span class="state minor">{ text }</span> }) }
                <div class="buttons small">
                    if token.kind == "token" && !is_own { <ConfirmButton label="Rotate token" confirm="Yes, the old token stops working" on={rotate(&token.id)} /> }
                    <ConfirmButton label="Revoke" {question} {confirm} on={revoke(token, is_own)} />
                </div>
            </li>
        }
    };
    let content = match &*list {
        _ if !context.session.is_owner() => {
            ui::empty("Only owners see the list of devices and tokens.")
        }
        None => ui::loading(),
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
        }
        Some(Ok(tokens)) => html! {
            <ul class="rows">{ for tokens.all.iter().map(|token| item(token, token.id == tokens.own_id)) }</ul>
        },
    };
    html! {
        <section>
            <h2>{ "Devices and tokens" }</h2>
            { ui::failure(&action, &[]) }
            { content }
            { for rotated.iter().map(|secret| ui::secret(secret.token.as_deref(), COPY_NOW)) }
        </section>
    }
}

fn name(token: &TokenDocument) -> String {
    match (token.name.as_str(), token.kind.as_str()) {
        ("", "session") => "Unnamed device".to_owned(),
        ("", _) => "Unnamed token".to_owned(),
        (name, _) => name.to_owned(),
    }
}

fn describe(token: &TokenDocument) -> String {
    let kind = if token.kind == "session" {
        "Device"
    } else {
        "Token"
    };
    let used = match token.last_used_at {
        Some(at) => format!("last used {}", format::date(at)),
        None => "never used".to_owned(),
    };
    format!("{kind} · {} · {used}", labels::role(token.role))
}

/// Days without use after which a device is marked, and the server announces that the device is unused. After 90 days the server
/// ends its session.
const UNUSED_DAYS: i64 = 60;

/// Returns a note about a device that has not been used for long.
fn unused(token: &TokenDocument, now: Timestamp) -> Option<String> {
    let used_at = token.last_used_at.or(token.created_at)?;
    let days = now.seconds().saturating_sub(used_at.seconds()) / 86_400;
    let is_unused = token.kind == "session" && days > UNUSED_DAYS;
    is_unused
        .then(|| format!("Unused for {days} days. Unused devices are signed out after 90 days."))
}

#[derive(Clone, PartialEq, yew::Properties)]
pub struct NewProps {
    pub context: Context,
    /// Called when a token was created.
    pub changed: Callback<()>,
}

/// Creates a token for a program.
#[component]
pub fn NewToken(props: &NewProps) -> Html {
    let context = &props.context;
    let draft = use_draft(context.slug(), "access:token", || {
        Form::with_role(Role::Alerts)
    });
    let form = draft.value();
    let sending = use_state(|| Sending::Idle);
    let created = use_state(|| None::<Secret>);
    let create = {
        let (context, draft, sending, created) = (
            context.clone(),
            draft.clone(),
            sending.clone(),
            created.clone(),
        );
        let changed = props.changed.clone();
        Callback::from(move |()| {
            let (sent, idle) = (draft.clone(), sending.clone());
            let (created, changed) = (created.clone(), changed.clone());
            let done = Callback::from(move |answer: Answer| {
                created.set(answer.read::<Secret>().ok());
                sent.reset(Form::with_role(Role::Alerts));
                idle.set(Sending::Idle);
                changed.emit(());
            });
            let target = Target::post("/tokens");
            submit::submit(&context, &draft, &sending, target, Form::request, done);
        })
    };
    html! {
        <section>
            <h2>{ "New token" }</h2>
            <p class="soft">{ "For scripts and monitoring. Devices of people are invited instead." }</p>
            { ui::failure(&sending, &["/name"]) }
            { input::line(&Field::new("token-name", "Token name").hint("Such as “Alertmanager”.").error(sending.error("/name")), Typing::Name, &form.name,
                draft.on(|form: &mut Form, text| form.name = text)) }
            { input::choice(&Field::new("token-role", "Role"), Some(&form.role), role_choices(Role::ALL), &draft.on(|form: &mut Form, role| form.role = role)) }
            <div class="buttons">{ ui::secondary(if sending.is_busy() { "Creating …" } else { "Create token" }, create) }</div>
            { for created.iter().map(|secret| ui::secret(secret.token.as_deref(), COPY_NOW)) }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::unused;
    use crate::server::documents::TokenDocument;
    use notice::wire::time::Timestamp;
    use serde_json::json;

    #[test]
    fn a_device_that_is_unused_for_60_days_is_marked() {
        let now = Timestamp::parse("2026-11-21T08:00:00Z").unwrap();
        for (kind, created_at, last_used_at, days) in [
            (
                "session",
                "2026-01-01T00:00:00Z",
                json!("2026-09-22T00:00:00Z"),
                None,
            ),
            (
                "session",
                "2026-01-01T00:00:00Z",
                json!("2026-09-21T00:00:00Z"),
                Some(61),
            ),
            ("session", "2026-09-21T08:00:00Z", json!(null), Some(61)),
            ("session", "2026-11-20T08:00:00Z", json!(null), None),
            (
                "token",
                "2026-01-01T00:00:00Z",
                json!("2026-01-01T00:00:00Z"),
                None,
            ),
        ] {
            let token: TokenDocument = serde_json::from_value(json!({
                "id": "tok_1", "role": "editor", "name": "", "kind": kind, "created_at": created_at,
                "last_used_at": last_used_at
            }))
            .unwrap();
            let expected = days.map(|days| format!("Unused for {days} days."));
            let found = unused(&token, now);
            let found = found.map(|text| format!("{}.", text.split_once('.').unwrap().0));
            assert_eq!(found, expected, "{token:?}");
        }
    }
}
