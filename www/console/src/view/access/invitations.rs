//! Inviting a device, and the invitations that are pending.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::words::Role;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use super::{Asked, roles};
use crate::{
    api::{Answer, Failure},
    clock,
    desk::Desk,
    documents::{Collection, InvitationDocument, PendingInvitation},
    draft::use_draft,
    input::{self, Field},
    submit::{self, Sending, Target},
    task::Task,
    view::{self, copy::Copy, sure::Sure},
    words,
};

/// What the form is given.
#[derive(Clone, PartialEq, yew::Properties)]
pub struct InviteProps {
    /// What it works with.
    pub desk: Desk,
    /// Called when there is one more invitation.
    pub changed: Callback<()>,
}

/// A link and its QR code that give another device its own session.
#[component]
pub fn Invite(props: &InviteProps) -> Html {
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
    html! {
        <section>
            <h2>{ "Invite a device" }</h2>
            { view::failure(&sending, &["/name"]) }
            { input::line(&Field::new("device", "Device name").hint("Such as “Sam's phone”. It is suggested when the device joins.").error(sending.error("/name")), "text", &form.name,
                draft.on(|form: &mut Asked, text| form.name = text)) }
            { input::choice(&Field::new("role", "Role"), Some(&form.role), roles(may), &draft.on(|form: &mut Asked, role| form.role = role)) }
            <div class="buttons">{ view::primary("Create invitation", sending.is_busy(), invite) }</div>
            { for made.iter().map(shown) }
        </section>
    }
}

fn shown(invitation: &InvitationDocument) -> Html {
    let picture = invitation.qr.as_ref().map(|qr| {
        let qr = String::from(js_sys::encode_uri_component(qr));
        format!("data:image/svg+xml,{qr}")
    });
    let until = clock::time(invitation.expires_at);
    html! {
        <div class="invitation" role="status">
            { for picture.map(|src| html! { <img {src} alt="QR code of the invitation" width="240" height="240" /> }) }
            <p>{ format!("Scan it with the other device's camera, or open the link there. It works once and expires at {until}.") }</p>
            if invitation.url.is_none() { <p>{ view::LOST }</p> }
            { for invitation.url.iter().map(|url| html! { <Copy label="Invitation link" text={url.clone()} /> }) }
        </div>
    }
}

/// What the list is given.
#[derive(Clone, PartialEq, yew::Properties)]
pub struct PendingProps {
    /// What it works with.
    pub desk: Desk,
    /// Changes when it is to be read anew.
    pub changes: u32,
    /// Called when one is revoked.
    pub changed: Callback<()>,
}

/// Invitations that were not used yet, each with a way to revoke it; nothing where there are none.
#[component]
pub fn Pending(props: &PendingProps) -> Html {
    let PendingProps {
        desk,
        changes,
        changed,
    } = props;
    // An expired invitation leaves the list while somebody looks at it.
    clock::use_passing_time();
    let list = use_state(|| None::<Result<Rc<Vec<PendingInvitation>>, Failure>>);
    let acting = use_state(|| Sending::Idle);
    {
        let (session, ended, list) = (desk.session.clone(), desk.ended.clone(), list.clone());
        use_effect_with((session, *changes), move |(session, _)| {
            let session = Rc::clone(session);
            let reading = Task::begin(async move {
                let read = session.get::<Collection<PendingInvitation>>("/invitations");
                match read.await {
                    Ok((found, _)) => list.set(Some(Ok(Rc::new(found.items)))),
                    Err(Failure::SignedOut) => ended.emit(()),
                    Err(failure) => list.set(Some(Err(failure))),
                }
            });
            move || drop(reading)
        });
    }
    let revoke = |invitation: &PendingInvitation| {
        let (desk, acting, changed) = (desk.clone(), acting.clone(), changed.clone());
        let path = format!("/invitations/{}", invitation.id);
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::act(&desk, &acting, target, None, changed.reform(|_| ()));
        })
    };
    let now = clock::now();
    let one = |invitation: &PendingInvitation| {
        let may = desk.session.is_owner() || invitation.role != Role::Owner;
        html! {
            <li key={invitation.id.clone()}>
                <span>{ if invitation.name.is_empty() { "Unnamed device" } else { &invitation.name } }</span>
                <span class="soft">{ format!("{} · expires at {}", words::role(invitation.role), clock::time(invitation.expires_at)) }</span>
                if may {
                    <div class="buttons small"><Sure label="Revoke" sure="Yes, revoke it" on={revoke(invitation)} /></div>
                }
            </li>
        }
    };
    let content = match &*list {
        None => return Html::default(),
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
        }
        Some(Ok(list)) => {
            let mut pending = list.iter().filter(|one| one.expires_at > now).peekable();
            if pending.peek().is_none() && *acting == Sending::Idle {
                return Html::default();
            }
            html! { <ul class="rows">{ for pending.map(one) }</ul> }
        }
    };
    html! {
        <section>
            <h2>{ "Pending invitations" }</h2>
            { view::failure(&acting, &[]) }
            { content }
        </section>
    }
}
