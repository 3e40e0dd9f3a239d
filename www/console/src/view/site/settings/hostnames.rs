//! The saved host names: which of them serve the site, and the DNS record that confirms each of the others.

use std::rc::Rc;

use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    browser::task::Task,
    context::Context,
    form::{
        sending::Sending,
        submit::{self, Target},
    },
    server::{
        documents::{Collection, ListedHostname},
        failure::Failure,
    },
    ui::{self, copy::Copy},
};

#[derive(Clone, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
}

/// Lists the saved host names. Renders nothing for a site without any.
#[component]
pub fn Hostnames(props: &Props) -> Html {
    let context = &props.context;
    let list = use_state(|| None::<Result<Rc<Vec<ListedHostname>>, Failure>>);
    let action = use_state(|| Sending::Idle);
    let confirmations = use_state(|| 0_u32);
    {
        let (session, on_session_end, list) = (
            context.session.clone(),
            context.on_session_end.clone(),
            list.clone(),
        );
        let saved = context.snapshot.site.hostnames.clone();
        use_effect_with((session, saved, *confirmations), move |(session, _, _)| {
            let session = Rc::clone(session);
            let task = Task::start(async move {
                let read = session.get::<Collection<ListedHostname>>("/hostnames");
                match read.await {
                    Ok((page, _)) => list.set(Some(Ok(Rc::new(page.items)))),
                    Err(Failure::SignedOut) => on_session_end.emit(()),
                    Err(failure) => list.set(Some(Err(failure))),
                }
            });
            move || drop(task)
        });
    }
    let confirm = |name: &ListedHostname| {
        let (context, action) = (context.clone(), action.clone());
        let path = format!("/hostnames/{}/confirm", name.host);
        let (next, confirmations) = (confirmations.wrapping_add(1), confirmations.clone());
        Callback::from(move |()| {
            let confirmations = confirmations.clone();
            let done = Callback::from(move |_| confirmations.set(next));
            submit::send_action(&context, &action, Target::post(path.clone()), None, done);
        })
    };
    let item = |name: &ListedHostname| {
        html! {
            <li key={name.host.clone()}>
                <span>{ &name.host }</span>
                if name.confirmed {
                    <span class="soft">{ "Confirmed: serves the status page." }</span>
                } else {
                    <span class="soft">{ "Not confirmed, so it serves nothing yet." }</span>
                    if context.session.is_owner() {
                        <p>{ "Add this TXT record to the DNS, then confirm. The administrator of this server can confirm without it." }</p>
                        <Copy label={format!("Name of the TXT record for {}", name.host)} text={name.record.name.clone()} />
                        <Copy label={format!("Value of the TXT record for {}", name.host)} text={name.record.value.clone()} />
                        <div class="buttons small">{ ui::labelled("Confirm", &format!("Confirm {}", name.host), confirm(name)) }</div>
                    }
                }
            </li>
        }
    };
    let content = match &*list {
        None => return Html::default(),
        Some(Err(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
        }
        Some(Ok(list)) if list.is_empty() => return Html::default(),
        Some(Ok(list)) => html! { <ul class="rows">{ for list.iter().map(item) }</ul> },
    };
    html! {
        <section>
            <h2>{ "Confirmation of host names" }</h2>
            { failure(&action) }
            { content }
        </section>
    }
}

/// Renders the failure of a confirmation. Only owners have the buttons, so a 403 means that the server has no DNS resolver.
fn failure(action: &Sending) -> Html {
    match action {
        Sending::Failed(Failure::Refused(problem)) if problem.status == 403 => html! {
            <div class="alert" role="alert">
                <p>{ "This server cannot read DNS records. Ask its administrator to confirm the name." }</p>
            </div>
        },
        _ => ui::failure(action, &[]),
    }
}
