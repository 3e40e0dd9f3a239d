//! The view of an incident: its state, its timeline, and links to its forms.

use std::rc::Rc;

use notice::{
    project::view::{IncidentView, UpdateView},
    wire::{enums::Kind, time::Timestamp},
};
use serde_json::json;
use yew::{Callback, Html, classes, component, html, use_state};

use crate::{
    browser::focus,
    conflict::{
        merge::{self, NamedValue},
        remote::{Remote, use_remote},
        resolve,
    },
    context::Context,
    form::{
        draft,
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Task, UpdateStep},
    rules::{
        reach,
        receivers::{self, Change, Receivers},
    },
    text::{due, labels},
    time::{clock, format},
    ui::{self, confirm_button::ConfirmButton, heading::FocusHeading, in_view::InView},
    view::{
        IncidentProps,
        fields::{
            blockers,
            notify::{self, KnownWebhooks, use_webhooks},
        },
        incident::{edit::Fields, load::use_incident, missed::Missed, on_call::Paged},
    },
};

#[component]
pub fn Incident(props: &IncidentProps) -> Html {
    clock::use_passing_time();
    let context = &props.context;
    let sending = use_state(|| Sending::Idle);
    // One key for all attempts: the draft is published once.
    let key = use_state(draft::new_key);
    // The version that the operator saw when publishing.
    let seen = use_state(|| None::<Rc<IncidentView>>);
    let remote = use_remote(context, format!("/incidents/{}", props.id), &sending);
    let may_publish = |one: &IncidentView| one.draft || one.missed_at.is_some();
    let webhooks = use_webhooks(context, context.incident(&props.id).is_none_or(may_publish));
    let loaded = match use_incident(context, &props.id) {
        Ok(loaded) if loaded.is_pending => return ui::loading_view(),
        Ok(loaded) => loaded,
        Err(placeholder) => return placeholder,
    };
    let (incident, etag) = (loaded.incident, loaded.etag.and_then(Result::ok));
    let to = |task| context.href(&Route::Incident(incident.id.clone(), task));
    let now = clock::now();
    let blocking = match incident.draft {
        true => blockers::of_draft(&incident, &to),
        false => Vec::new(),
    };
    let is_blocked = !blocking.is_empty();
    let (receivers, appears_at) = count_receivers(context, &webhooks, &incident);
    let publish = {
        let (context, sending, seen) = (context.clone(), sending.clone(), seen.clone());
        let (known, key) = (Rc::new(incident.clone()), (*key).clone());
        // Publishes the version that is shown; after a conflict that is the remote one.
        let (known, etag) = match &remote {
            Remote::Loaded(now, etag) => (Rc::clone(now), Some(etag.to_string())),
            _ => (known, etag.clone()),
        };
        Callback::from(move |()| {
            if is_blocked {
                return focus::focus_id(blockers::ID);
            }
            let (done_context, published) = (context.clone(), Rc::clone(&known));
            let done = Callback::from(move |_| {
                let message = reach::confirmation(&done_context.snapshot, &published, clock::now());
                let queued = receivers.filter(|_| appears_at.is_none());
                done_context
                    .notify
                    .emit(receivers::with_queued(&message, queued));
                done_context.go(&Route::Home);
            });
            let target = Target {
                key: Some(key.clone()),
                ..Target::patch(format!("/incidents/{}", known.id), etag.clone())
            };
            seen.set(Some(Rc::clone(&known)));
            let body = Some(r#"{"draft":false}"#.to_owned());
            submit::send_action(&context, &sending, target, body, done);
        })
    };
    let delete = {
        let (context, sending, path) = (
            context.clone(),
            sending.clone(),
            format!("/incidents/{}", incident.id),
        );
        Callback::from(move |()| {
            let done_context = context.clone();
            let done = Callback::from(move |_| {
                done_context.notify.emit("Draft deleted.".to_owned());
                done_context.go(&Route::Home);
            });
            let target = Target {
                method: gloo_net::http::Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::send_action(&context, &sending, target, None, done);
        })
    };
    let publish_now = match etag {
        Some(_) => ui::primary(
            "Publish now",
            sending.is_busy() || remote.is_loading(),
            publish,
        ),
        None => ui::primary("Load again", false, loaded.retry),
    };
    html! {
        <main class="column">
            <article class={classes!("card", labels::tone(&incident))}>
                <p class="severity">
                    { labels::severity(&incident) }
                    if incident.is_open() { { " · " }{ labels::status(incident.status) } }
                    if incident.draft { <span class="badge">{ "Draft" }</span> }
                    if incident.drill { <span class="badge">{ "Drill" }</span> }
                </p>
                <h1 tabindex="-1">{ &incident.title }</h1>
                <FocusHeading />
                <p class="soft">{ period(&incident) }</p>
                if let Some((sentence, is_overdue)) = due::next_update(&incident, now) {
                    <p class={classes!("owing", is_overdue.then_some("late"))}>{ sentence }</p>
                }
                if let Some(reason) = &incident.withdrawn { <p>{ format!("Withdrawn: {reason}") }</p> }
                { details(&incident) }
            </article>
            if incident.missed_at.is_some() {
                <section class="missed">
                    <h2>{ "Due while the service was away: publish or discard" }</h2>
                    <Missed context={context.clone()} id={props.id.clone()} {webhooks} />
                </section>
            }
            { blockers::list(&blocking) }
            if incident.draft {
                { remote.render(&sending, &[], |now, _| changes_since(seen.as_deref(), now).into()) }
            } else if matches!(*sending, Sending::Failed(_)) {
                <p class="note" role="status">{ "Published." }</p>
            }
            if context.session.may_write() { { secondary_actions(&incident, &to, delete) } }
            if incident.kind == Kind::Incident && !incident.draft { <Paged context={context.clone()} id={props.id.clone()} /> }
            <section>
                <h2>{ "Timeline" }</h2>
                if incident.updates.is_empty() { { ui::empty("No updates yet.") } }
                <ol class="timeline">
                    { for incident.updates.iter().map(|update| timeline_entry(update, incident.draft, context.session.may_write().then(|| to(Task::Correct(update.id.clone()))))) }
                </ol>
            </section>
            if incident.draft && !is_blocked { { notify::statement(receivers, appears_at) } }
            if context.session.may_write() { { next_action(&incident, &to, publish_now) } }
        </main>
    }
}

/// Counts the chats and webhooks that are notified when a draft is published. Also returns the later time at which pages show it
/// first; `None`: at once.
fn count_receivers(
    context: &Context,
    webhooks: &KnownWebhooks,
    incident: &IncidentView,
) -> (Option<Receivers>, Option<Timestamp>) {
    if !incident.draft {
        return (None, None);
    }
    let now = clock::now();
    let appears_at = incident.announce_from.filter(|at| *at > now);
    let patch = match appears_at {
        // Counted as if the notice appeared now.
        Some(_) => json!({ "draft": false, "announce_from": now }),
        None => json!({ "draft": false }),
    };
    let change = Change::Fields(incident, patch);
    let receivers = receivers::count(&context.snapshot, webhooks.as_deref(), change, now);
    (receivers, appears_at)
}

/// Renders the fields of a draft that another operator has changed since the operator saw it.
fn changes_since(seen: Option<&IncidentView>, now: &IncidentView) -> Html {
    let changes = seen.map(|seen| merge::differences(public_values(seen), public_values(now)));
    let changes = changes.unwrap_or_default();
    html! {
        <InView key="since" class="conflict">
            <h2 tabindex="-1">{ "This draft was changed after you opened it" }</h2>
            { for changes.iter().map(|difference| resolve::sides(difference, "Current version", "As you opened it")) }
            <p>{ "It is not published yet. Publishing now publishes the current version." }</p>
        </InView>
    }
}

/// Returns every field of a draft that users will see.
fn public_values(incident: &IncidentView) -> Vec<NamedValue> {
    let bodies: Vec<&String> = incident.updates.iter().map(|update| &update.body).collect();
    let components: Vec<String> = incident
        .components
        .iter()
        .map(|affected| {
            format!(
                "{} {}",
                affected.name,
                labels::component_status(affected.status)
            )
        })
        .collect();
    let mut values = Fields::of(incident).values();
    values.extend([
        ("updates", "Message", json!(bodies)),
        ("components", "Components", json!(components)),
    ]);
    values
}

/// Returns the start, the end and the duration as text.
fn period(incident: &IncidentView) -> String {
    if incident.draft {
        return match incident.publish_at {
            Some(at) => format!("Publishes {}", format::time(at)),
            None => format!("Saved {}", format::relative(incident.updated_at)),
        };
    }
    let started = format::full(incident.started_at);
    match (incident.ended_at, incident.scheduled_until) {
        (Some(ended), _) => {
            let duration = format::duration(ended.seconds() - incident.started_at.seconds());
            format!("{started} to {}, {duration}", format::full(ended))
        }
        (None, Some(until)) => format!("{started} to {}", format::full(until)),
        _ => format!("Since {started}"),
    }
}

fn details(incident: &IncidentView) -> Html {
    let list = |title: &str, entries: &[String]| {
        if entries.is_empty() {
            return Html::default();
        }
        html! { <div><dt>{ title }</dt><dd><ul>{ for entries.iter().map(|entry| html! { <li>{ entry }</li> }) }</ul></dd></div> }
    };
    html! {
        <dl class="facts">
            if let Some(advice) = &incident.advice { <div><dt>{ "What to do now" }</dt><dd>{ advice }</dd></div> }
            { list("What still works", &incident.works) }
            { list("What doesn't work", &incident.broken) }
            if let Some(restored) = &incident.restored {
                if let Some(check) = &restored.check { <div><dt>{ "What to check" }</dt><dd>{ check }</dd></div> }
                { list("What works again", &restored.back) }
                { list("What still doesn't work", &restored.still) }
            }
            if !incident.components.is_empty() {
                <div><dt>{ "Components" }</dt><dd><ul class="tones">
                    { for incident.components.iter().map(|affected| html! {
                        <li>{ &affected.name }{ " " }<span class={labels::component_tone(affected.status)}>{ labels::component_status(affected.status) }</span></li>
                    }) }
                </ul></dd></div>
            }
            if let Some(postmortem) = &incident.postmortem { <div><dt>{ "Root cause" }</dt><dd>{ &postmortem.root_cause }</dd></div> }
        </dl>
    }
}

/// Renders all actions but the next one.
fn secondary_actions(
    incident: &IncidentView,
    to: &impl Fn(Task) -> String,
    delete: Callback<()>,
) -> Html {
    let is_withdrawn = incident.withdrawn.is_some();
    let has_ended = !incident.is_open();
    html! {
        <div class="buttons">
            if !incident.draft { <a class="button" href={to(Task::Share)}>{ "Share" }</a> }
            if !is_withdrawn { <a class="button" href={to(Task::Edit)}>{ "Edit" }</a> }
            if has_ended && !is_withdrawn && incident.kind != Kind::Announcement {
                <a class="button" href={to(Task::Postmortem)}>{ "Postmortem" }</a>
            }
            if incident.draft {
                <ConfirmButton label="Delete draft" confirm="Yes, delete it" on={delete} />
            } else if !is_withdrawn {
                <a class="button" href={to(Task::Withdraw)}>{ "Withdraw" }</a>
            }
        </div>
    }
}

/// Renders the next action: publish a draft, post an update, resolve or reopen.
fn next_action(incident: &IncidentView, to: &impl Fn(Task) -> String, publish: Html) -> Html {
    let has_ended = !incident.is_open();
    let end = labels::end_action(incident.kind);
    if incident.draft {
        ui::action_bar(None, publish)
    } else if !has_ended {
        let update = html! { <a class="button primary" href={to(Task::Update(UpdateStep::Write))}>{ "Post an update" }</a> };
        ui::action_bar(Some((to(Task::Resolve(UpdateStep::Write)), end)), update)
    } else if incident.kind == Kind::Incident && incident.withdrawn.is_none() {
        ui::action_bar(
            None,
            html! { <a class="button" href={to(Task::Update(UpdateStep::Write))}>{ "Reopen" }</a> },
        )
    } else {
        Html::default()
    }
}

/// Returns the sentence about an update's promise. A draft has promised nothing yet.
fn promise(time: &str, is_draft: bool) -> String {
    match is_draft {
        true => format!("Will promise the next update by {time} when it is published"),
        false => format!("Next update promised by {time}"),
    }
}

fn timeline_entry(update: &UpdateView, is_draft: bool, correct: Option<String>) -> Html {
    html! {
        <li key={update.id.to_string()}>
            <p class="soft">
                { labels::status(update.status) }{ " · " }{ format::full(update.at) }
                if let Some(at) = update.corrected_at { { format!(" · corrected {}", format::time(at)) } }
            </p>
            <p class="body">{ &update.body }</p>
            if let Some(at) = update.next_update_at { <p class="soft">{ promise(&format::time(at), is_draft) }</p> }
            if let Some(href) = correct { <a {href}>{ "Correct" }</a> }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::promise;

    #[test]
    fn a_draft_has_promised_nothing_yet() {
        assert_eq!(promise("09:00", false), "Next update promised by 09:00");
        assert_eq!(
            promise("09:00", true),
            "Will promise the next update by 09:00 when it is published"
        );
    }
}
