//! Withdrawing an incident that was published by mistake.

use notice::wire::{enums::Kind, input::Withdrawal};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    form::{
        draft::use_draft,
        sending::Sending,
        submit::{self, Target},
        unfinished,
    },
    route::{Route, Task},
    rules::{
        reach::{self, Pages},
        receivers::{self, Change},
    },
    server::{
        failure::{Failure, FieldError},
        request,
    },
    time::clock,
    ui::{
        self,
        input::{self, Field},
    },
    view::{
        IncidentProps,
        fields::notify::{self, use_webhooks},
        incident::load::use_incident,
    },
};

#[component]
pub fn Withdraw(props: &IncidentProps) -> Html {
    let IncidentProps { context, id } = props;
    let draft = use_draft(context.slug(), &format!("withdraw:{id}"), String::new);
    let sending = use_state(|| Sending::Idle);
    let webhooks = use_webhooks(context, true);
    let incident = match use_incident(context, id) {
        Ok(loaded) => loaded.incident,
        Err(placeholder) => return placeholder,
    };
    let receivers = receivers::count(
        &context.snapshot,
        webhooks.as_deref(),
        Change::Withdrawal(&incident),
        clock::now(),
    );
    let back = Route::Incident(id.clone(), Task::Read);
    let label = match incident.kind {
        Kind::Incident | Kind::Unknown => "Withdraw incident",
        Kind::Maintenance => "Withdraw maintenance",
        Kind::Announcement => "Withdraw announcement",
    };
    let send = {
        let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
        let (back, path) = (back.clone(), format!("/incidents/{id}/withdraw"));
        let pages = Pages::of(&context.snapshot, &incident);
        Callback::from(move |()| {
            let (done_context, back) = (context.clone(), back.clone());
            let done = Callback::from(move |_| {
                let sentence = reach::sentence(&done_context.snapshot, pages, clock::now());
                let confirmation = format!("Withdrawn. {sentence}");
                done_context
                    .notify
                    .emit(receivers::with_queued(&confirmation, receivers));
                done_context.go(&back);
            });
            let build = |reason: &String| {
                let errors = errors(reason);
                if !errors.is_empty() {
                    return Err(Failure::invalid(errors));
                }
                let reason = reason.trim().to_owned();
                request::to_json(&Withdrawal { reason })
            };
            submit::submit(
                &context,
                &draft,
                &sending,
                Target::post(path.clone()),
                build,
                done,
            );
        })
    };
    let shown = sending.with_errors(errors(&draft.value()));
    html! {
        <main class="column">
            { ui::heading(label, Some(&incident.title)) }
            <p>{ "Removes an incident published by mistake. People who saw it see your reason once. If it really happened, resolve it instead." }</p>
            { ui::failure(&sending, &["/reason"]) }
            { input::text(&Field::new("reason", "Reason").hint("Users who saw it read this.").error(shown.error("/reason")), 3, &draft.value(), draft.on(|reason: &mut String, text| *reason = text)) }
            { notify::statement(receivers, None) }
            { ui::action_bar(Some((context.href(&back), "Cancel")), ui::primary(label, sending.is_busy(), send)) }
        </main>
    }
}

/// Returns the error of an unfinished reason.
fn errors(reason: &str) -> Vec<FieldError> {
    let detail = unfinished::reason(reason);
    let error = detail.map(|detail| FieldError {
        pointer: "/reason".to_owned(),
        detail: detail.to_owned(),
    });
    error.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::errors;

    #[test]
    fn an_unfinished_reason_is_refused() {
        assert_eq!(errors("Because: …").len(), 1);
        assert!(errors("Our own monitor was wrong.").is_empty());
    }
}
