//! Taking back what was published by mistake.

use notice::wire::input::Withdrawal;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::Failure,
    draft::use_draft,
    input::{self, Field},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::{self, found::use_incident, incident::Props},
};

/// The view.
#[component]
pub fn Withdraw(props: &Props) -> Html {
    let Props { desk, id } = props;
    let draft = use_draft(desk.slug(), &format!("withdraw:{id}"), String::new);
    let sending = use_state(|| Sending::Idle);
    let incident = match use_incident(desk, id) {
        Ok(found) => found.incident,
        Err(shown) => return shown,
    };
    let back = Route::Incident(id.clone(), Task::Read);
    let send = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        let (back, path) = (back.clone(), format!("/incidents/{id}/withdraw"));
        Callback::from(move |()| {
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                then.say
                    .emit("Withdrawn. Those who saw it read why, once.".to_owned());
                then.go(&back);
            });
            let build = |reason: &String| {
                let reason = reason.trim().to_owned();
                serde_json::to_string(&Withdrawal { reason }).map_err(|_| Failure::Unreachable)
            };
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::post(path.clone()),
                build,
                done,
            );
        })
    };
    html! {
        <main class="column">
            { view::heading("Withdraw", Some(&incident.title)) }
            <p>{ "For what was published by mistake. The card goes; those who saw it read your reason once. What is over but was true is resolved instead." }</p>
            { view::failure(&sending, &["/reason"]) }
            { input::text(&Field::new("reason", "Why was it a mistake?").hint("Users read this.").error(sending.error("/reason")), 3, &draft.value(), draft.on(|reason: &mut String, text| *reason = text)) }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary("Withdraw it", sending.is_busy(), send)) }
        </main>
    }
}
