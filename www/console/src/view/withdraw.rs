//! Withdrawing what was published by mistake.

use notice::wire::{input::Withdrawal, words::Kind};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::{Failure, FieldError},
    clock,
    draft::use_draft,
    input::{self, Field},
    reach::{self, Pages},
    route::{Route, Task},
    submit::{self, Sending, Target},
    unfinished,
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
    let label = match incident.kind {
        Kind::Incident | Kind::Unknown => "Withdraw incident",
        Kind::Maintenance => "Withdraw maintenance",
        Kind::Announcement => "Withdraw announcement",
    };
    let send = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        let (back, path) = (back.clone(), format!("/incidents/{id}/withdraw"));
        let pages = Pages::of(&desk.facts, &incident);
        Callback::from(move |()| {
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                let shown = reach::shown(&then.facts, pages, clock::now());
                then.say.emit(format!("Withdrawn. {shown}"));
                then.go(&back);
            });
            let build = |reason: &String| {
                let wrong = wrong(reason);
                if !wrong.is_empty() {
                    return Err(submit::refusal(wrong));
                }
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
    let shown = sending.with(wrong(&draft.value()));
    html! {
        <main class="column">
            { view::heading(label, Some(&incident.title)) }
            <p>{ "Removes an incident published by mistake. People who saw it see your reason once. If it really happened, resolve it instead." }</p>
            { view::failure(&sending, &["/reason"]) }
            { input::text(&Field::new("reason", "Reason").hint("Users who saw it read this.").error(shown.error("/reason")), 3, &draft.value(), draft.on(|reason: &mut String, text| *reason = text)) }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary(label, sending.is_busy(), send)) }
        </main>
    }
}

/// The error of the reason as it is typed, if it is unfinished.
fn wrong(reason: &str) -> Vec<FieldError> {
    let detail = unfinished::reason(reason);
    let error = detail.map(|detail| FieldError {
        pointer: "/reason".to_owned(),
        detail: detail.to_owned(),
    });
    error.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn a_half_sentence_is_no_reason() {
        assert_eq!(wrong("Because: …").len(), 1);
        assert!(wrong("Our own monitor was wrong.").is_empty());
    }
}
