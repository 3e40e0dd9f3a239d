//! Inviting a device, and the list of pending invitations.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::enums::Role;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use super::{Form, role_choices};
use crate::{
    browser::task::Task,
    context::Context,
    form::{
        draft::use_draft,
        sending::Sending,
        submit::{self, Target},
    },
    server::{
        documents::{Collection, InvitationDocument, PendingInvitation},
        failure::Failure,
        request::Answer,
    },
    text::labels,
    time::{clock, format},
    ui::{
        self,
        confirm_button::ConfirmButton,
        copy::Copy,
        input::{self, Field},
        typing::Typing,
    },
};

#[derive(Clone, PartialEq, yew::Properties)]
pub struct InviteProps {
    pub context: Context,
    /// Called when an invitation was created.
    pub changed: Callback<()>,
}

/// Creates an invitation: a link and its QR code, which give another device its own session.
#[component]
pub fn Invite(props: &InviteProps) -> Html {
    let context = &props.context;
    let draft = use_draft(context.slug(), "access:invitation", || {
        Form::with_role(Role::Editor)
    });
    let form = draft.value();
    let sending = use_state(|| Sending::Idle);
    let created = use_state(|| None::<InvitationDocument>);
    let roles: &[Role] = if context.session.is_owner() {
        &[Role::Owner, Role::Editor, Role::Viewer]
    } else {
        &[Role::Editor, Role::Viewer]
    };
    let invite = {
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
                created.set(answer.read().ok());
                sent.reset(Form::with_role(Role::Editor));
                idle.set(Sending::Idle);
                changed.emit(());
            });
            let target = Target::post("/invitations?qr=svg");
            submit::submit(&context, &draft, &sending, target, Form::request, done);
        })
    };
    html! {
        <section>
            <h2>{ "Invite a device" }</h2>
            { ui::failure(&sending, &["/name"]) }
            { input::line(&Field::new("device", "Device name").hint("Such as “Sam's phone”. It is suggested when the device joins.").error(sending.error("/name")), Typing::Name, &form.name,
                draft.on(|form: &mut Form, text| form.name = text)) }
            { input::choice(&Field::new("role", "Role"), Some(&form.role), role_choices(roles), &draft.on(|form: &mut Form, role| form.role = role)) }
            <div class="buttons">{ ui::primary("Create invitation", sending.is_busy(), invite) }</div>
            { for created.iter().map(render_invitation) }
        </section>
    }
}

fn render_invitation(invitation: &InvitationDocument) -> Html {
    let picture = invitation.qr.as_ref().map(|qr| {
        let qr = String::from(js_sys::encode_uri_component(qr));
        format!("data:image/svg+xml,{qr}")
    });
    let until = format::time(invitation.expires_at);
    html! {
        <div class="invitation" role="status">
            { for picture.map(|src| html! { <img {src} alt="QR code of the invitation" width="240" height="240" /> }) }
            <p>{ format!("Scan it with the other device's camera, or open the link there. It works once and expires at {until}.") }</p>
            if invitation.url.is_none() { <p>{ ui::SECRET_LOST }</p> }
            { for invitation.url.iter().map(|url| html! { <Copy label="Invitation link" text={url.clone()} /> }) }
        </div>
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
pub struct PendingProps {
    pub context: Context,
    /// Number of changes that the operator has made in this view; when it rises, the list is read again.
    pub changes: u32,
    /// Called when an invitation was revoked.
    pub changed: Callback<()>,
}

/// Lists the invitations that were not used yet, each with a button that revokes it. Renders nothing for an empty list.
#[component]
pub fn Pending(props: &PendingProps) -> Html {
    let PendingProps {
        context,
        changes,
        changed,
    } = props;
    // Removes expired invitations from the list.
    clock::use_passing_time();
    let list = use_state(|| None::<Result<Rc<Vec<PendingInvitation>>, Failure>>);
    let action = use_state(|| Sending::Idle);
    {
        let (session, on_session_end, list) = (
            context.session.clone(),
            context.on_session_end.clone(),
            list.clone(),
        );
        use_effect_with((session, *changes), move |(session, _)| {
            let session = Rc::clone(session);
            let task = Task::start(async move {
                let read = session.get::<Collection<PendingInvitation>>("/invitations");
                match read.await {
                    Ok((page, _)) => list.set(Some(Ok(Rc::new(page.items)))),
                    Err(Failure::SignedOut) => on_session_end.emit(()),
                    Err(failure) => list.set(Some(Err(failure))),
                }
            });
            move || drop(task)
        });
    }
    let revoke = |invitation: &PendingInvitation| {
        let (context, action, changed) = (context.clone(), action.clone(), changed.clone());
        let path = format!("/invitations/{}", invitation.id);
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::send_action(&context, &action, target, None, changed.reform(|_| ()));
        })
    };
    let now = clock::now();
    let item = |invitation: &PendingInvitation| {
        let may_revoke = context.session.is_owner() || invitation.role != Role::Owner;
        html! {
            <li key={invitation.id.clone()}>
                <span>{ if invitation.name.is_empty() { "Unnamed device" } else { &invitation.name } }</span>
                <span class="soft">{ format!("{} · expires at {}", labels::role(invitation.role), format::time(invitation.expires_at)) }</span>
                if may_revoke {
                    <div class="buttons small"><ConfirmButton label="Revoke" confirm="Yes, revoke it" on={revoke(invitation)} /></div>
                }
            </li>
        }
    };
    let content = match &*list {
        None => return Html::default(),
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
        }
        Some(Ok(list)) => {
            let mut pending = list.iter().filter(|one| one.expires_at > now).peekable();
            if pending.peek().is_none() && *action == Sending::Idle {
                return Html::default();
            }
            html! { <ul class="rows">{ for pending.map(item) }</ul> }
        }
    };
    html! {
        <section>
            <h2>{ "Pending invitations" }</h2>
            { ui::failure(&action, &[]) }
            { content }
        </section>
    }
}
