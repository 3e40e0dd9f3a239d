//! Incidents that were due to appear while the service was away, with the operator's decision: publish or discard.

use notice::{
    project::view::IncidentView,
    wire::{ids::IncidentId, input::Withdrawal},
};
use serde_json::{Value, json};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    context::Context,
    form::{
        draft,
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Task},
    rules::receivers::{self, Change},
    server::request,
    time::{clock, format},
    ui::{self, confirm_button::ConfirmButton},
    view::{
        fields::{
            blockers,
            notify::{self, KnownWebhooks},
        },
        incident::load::{LoadedIncident, use_incident},
    },
};

/// The reason for withdrawing an announcement that was never shown.
const REASON: &str = "It was due while the service was away, and was not announced.";

/// Lists the missed incidents of a site. Renders nothing for an empty list.
pub fn list(context: &Context, webhooks: &KnownWebhooks) -> Html {
    let missed: Vec<&IncidentView> = of_site(context).collect();
    if missed.is_empty() {
        return Html::default();
    }
    html! {
        <section class="missed">
            <h2>{ "Due while the service was away: publish or discard" }</h2>
            <ul class="rows">
                { for missed.into_iter().map(|incident| html! {
                    <li key={incident.id.to_string()}>
                        <a href={context.href(&Route::Incident(incident.id.clone(), Task::Read))}>{ &incident.title }</a>
                        <Missed context={context.clone()} id={incident.id.clone()} webhooks={webhooks.clone()} />
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// Returns the missed incidents of a site.
pub fn of_site(context: &Context) -> impl Iterator<Item = &IncidentView> {
    let all = context.snapshot.incidents.iter();
    all.filter(|incident| incident.missed_at.is_some())
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: IncidentId,
    /// The site's webhooks, to say who is notified.
    pub webhooks: KnownWebhooks,
}

/// The due time of a missed incident, with the buttons for the decision.
#[component]
pub fn Missed(props: &Props) -> Html {
    let Props {
        context,
        id,
        webhooks,
    } = props;
    let sending = use_state(|| Sending::Idle);
    // One key for all attempts, so that the incident is published once.
    let key = use_state(draft::new_key);
    let LoadedIncident { incident, etag, .. } = match use_incident(context, id) {
        Ok(loaded) => loaded,
        Err(_) => return Html::default(),
    };
    let Some(missed_at) = incident.missed_at else {
        return Html::default();
    };
    let to = |task| context.href(&Route::Incident(id.clone(), task));
    let is_unfinished = incident.draft && !blockers::of_draft(&incident, &to).is_empty();
    let done = |message: &'static str| {
        let context = context.clone();
        Callback::from(move |_| {
            context.notify.emit(message.to_owned());
            context.go(&Route::Home);
        })
    };
    let receivers = receivers::count(
        &context.snapshot,
        webhooks.as_deref(),
        Change::Fields(&incident, publication(&incident)),
        clock::now(),
    );
    let publish = etag.and_then(Result::ok).map(|etag| {
        let (context, sending, done) = (context.clone(), sending.clone(), done("Published."));
        let target = Target {
            key: Some((*key).clone()),
            ..Target::patch(format!("/incidents/{id}"), Some(etag))
        };
        let body = publication(&incident).to_string();
        Callback::from(move |()| {
            let (target, body) = (target.clone(), body.clone());
            submit::send_action(&context, &sending, target, Some(body), done.clone());
        })
    });
    let discard = {
        let (context, sending, done) = (context.clone(), sending.clone(), done("Discarded."));
        let (target, body) = discard_request(&incident);
        Callback::from(move |()| {
            submit::send_action(
                &context,
                &sending,
                target.clone(),
                body.clone(),
                done.clone(),
            );
        })
    };
    html! {
        <>
            <span class="soft">{ format!("Was due {}", format::full(missed_at)) }</span>
            { ui::failure(&sending, &[]) }
            if context.session.may_write() {
                <div class="buttons small">
                    if is_unfinished {
                        <a class="button" href={to(Task::Read)}>{ "Finish and publish" }</a>
                    } else if let Some(publish) = publish {
                        <ConfirmButton label="Publish" question={notify::question(receivers)} cancel="No, do not publish" confirm="Yes, publish it" on={publish} />
                    }
                    <ConfirmButton label="Discard" confirm="Yes, discard it" on={discard} />
                </div>
            }
        </>
    }
}

/// The change that makes a missed incident appear: a draft is published; an announcement is patched with its own time.
fn publication(incident: &IncidentView) -> Value {
    match incident.draft {
        true => json!({ "draft": false }),
        false => json!({ "announce_from": incident.announce_from }),
    }
}

/// The request that discards a missed incident: a draft is deleted, an announcement withdrawn before anybody has seen it.
fn discard_request(incident: &IncidentView) -> (Target, Option<String>) {
    let path = format!("/incidents/{}", incident.id);
    if incident.draft {
        let target = Target {
            method: gloo_net::http::Method::DELETE,
            ..Target::post(path)
        };
        return (target, None);
    }
    let reason = REASON.to_owned();
    let body = request::to_json(&Withdrawal { reason }).ok();
    (Target::post(format!("{path}/withdraw")), body)
}

#[cfg(test)]
mod tests {
    use super::{discard_request, publication};
    use crate::testing::incident;
    use serde_json::json;

    #[test]
    fn missed_drafts_and_announcements_get_different_requests() {
        let draft = incident(&json!({ "draft": true }));
        assert_eq!(publication(&draft), json!({ "draft": false }));
        assert_eq!(discard_request(&draft).1, None);
        let announcement = incident(&json!({
            "kind": "announcement", "impact": null, "announce_from": "2026-11-22T08:00:00Z"
        }));
        assert_eq!(
            publication(&announcement),
            json!({ "announce_from": "2026-11-22T08:00:00Z" })
        );
        let (target, body) = discard_request(&announcement);
        assert!(target.path.ends_with("/withdraw"), "{}", target.path);
        assert!(body.unwrap().contains("reason"));
    }
}
