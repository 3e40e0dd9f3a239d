//! Incidents that were due to appear while the service was away, with the operator's decision: publish or discard.

use notice::{project::view::IncidentView, wire::input::Withdrawal};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    context::Context,
    form::{
        draft,
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Task},
    server::request,
    time::format,
    ui::{self, confirm_button::ConfirmButton},
    view::{
        IncidentProps,
        fields::blockers,
        incident::load::{LoadedIncident, use_incident},
    },
};

/// The reason for withdrawing an announcement that was never shown.
const REASON: &str = "It was due while the service was away, and was not announced.";

/// Lists the missed incidents of a site. Renders nothing for an empty list.
pub fn list(context: &Context) -> Html {
    let missed: Vec<&IncidentView> = context
        .snapshot
        .incidents
        .iter()
        .filter(|incident| incident.missed_at.is_some())
        .collect();
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
                        <Missed context={context.clone()} id={incident.id.clone()} />
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// The due time of a missed incident, with the buttons for the decision.
#[component]
pub fn Missed(props: &IncidentProps) -> Html {
    let IncidentProps { context, id } = props;
    let sending = use_state(|| Sending::Idle);
    // One key for all attempts: it is published once.
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
    let publish = etag.and_then(Result::ok).map(|etag| {
        let (context, sending, done) = (context.clone(), sending.clone(), done("Published."));
        let target = Target {
            key: Some((*key).clone()),
            ..Target::patch(format!("/incidents/{id}"), Some(etag))
        };
        let body = publication(&incident);
        Callback::from(move |()| {
            let (target, body) = (target.clone(), body.clone());
            submit::send_action(&context, &sending, target, Some(body), done.clone());
        })
    });
    let discard = {
        let (context, sending, done) = (context.clone(), sending.clone(), done("Discarded."));
        let (target, body) = discarding(&incident);
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
                        <ConfirmButton label="Publish" confirm="Yes, publish it" on={publish} />
                    }
                    <ConfirmButton label="Discard" confirm="Yes, discard it" on={discard} />
                </div>
            }
        </>
    }
}

/// The change that makes a missed incident appear: a draft is published, an announcement gets the time that it has.
fn publication(incident: &IncidentView) -> String {
    let body = match incident.draft {
        true => serde_json::json!({ "draft": false }),
        false => serde_json::json!({ "announce_from": incident.announce_from }),
    };
    body.to_string()
}

/// The request that discards a missed incident: a draft is deleted, an announcement withdrawn before anybody has seen it.
fn discarding(incident: &IncidentView) -> (Target, Option<String>) {
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
    use super::{discarding, publication};
    use crate::testing::incident;
    use serde_json::json;

    #[test]
    fn drafts_and_announcements_have_requests_of_their_own() {
        let draft = incident(&json!({ "draft": true }));
        assert_eq!(publication(&draft), r#"{"draft":false}"#);
        assert_eq!(discarding(&draft).1, None);
        let announcement = incident(&json!({
            "kind": "announcement", "impact": null, "announce_from": "2026-11-22T08:00:00Z"
        }));
        assert_eq!(
            publication(&announcement),
            r#"{"announce_from":"2026-11-22T08:00:00Z"}"#
        );
        let (target, body) = discarding(&announcement);
        assert!(target.path.ends_with("/withdraw"), "{}", target.path);
        assert!(body.unwrap().contains("reason"));
    }
}
