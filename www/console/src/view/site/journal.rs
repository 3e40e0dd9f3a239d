//! The journal: every change, by whom and when.

use std::{collections::BTreeMap, rc::Rc};

use notice::wire::{
    enums::{DisabledReason, Kind, StringEnum},
    ids::{IncidentId, WebhookId},
};
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    context::Context,
    route::{Route, Task},
    server::{
        documents::{About, Collection, FieldChange, JournalEntry, TokenDocument},
        failure::Failure,
    },
    text::{labels, on_call, values},
    time::format,
    ui::{self, tabs},
    view::ContextProps,
};

#[component]
pub fn Journal(props: &ContextProps) -> Html {
    let context = &props.context;
    let loaded = use_state(|| None::<(Rc<Vec<JournalEntry>>, Option<String>)>);
    let names = use_state(BTreeMap::<String, String>::new);
    let failure = use_state(|| None::<Failure>);
    let fetch = {
        let (context, loaded, failure) = (context.clone(), loaded.clone(), failure.clone());
        Callback::from(move |cursor: Option<String>| {
            let (context, loaded, failure) = (context.clone(), loaded.clone(), failure.clone());
            spawn_local(async move {
                let path = match &cursor {
                    Some(cursor) => format!("/journal?limit=50&cursor={cursor}"),
                    None => "/journal?limit=50".to_owned(),
                };
                match context.session.get::<Collection<JournalEntry>>(&path).await {
                    Ok((page, _)) => {
                        let before = loaded.as_ref().filter(|_| cursor.is_some());
                        let mut all = before.map(|(all, _)| (**all).clone()).unwrap_or_default();
                        all.extend(page.items);
                        failure.set(None);
                        loaded.set(Some((Rc::new(all), page.next)));
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(error) => failure.set(Some(error)),
                }
            });
        })
    };
    {
        let (fetch, context, names) = (fetch.clone(), context.clone(), names.clone());
        use_effect_with((), move |()| {
            fetch.emit(None);
            // Only owners may read the names of tokens; others see ids.
            if context.session.is_owner() {
                spawn_local(async move {
                    if let Ok((tokens, _)) = context
                        .session
                        .get::<Collection<TokenDocument>>("/tokens")
                        .await
                    {
                        let token_names =
                            tokens.items.into_iter().map(|token| (token.id, token.name));
                        names.set(token_names.filter(|(_, name)| !name.is_empty()).collect());
                    }
                });
            }
        });
    }
    let content = match &*loaded {
        None if failure.is_some() => Html::default(),
        None => ui::loading(),
        Some((all, next)) => {
            let more = next.clone().map(|cursor| {
                let fetch = fetch.clone();
                ui::secondary(
                    "Show older",
                    Callback::from(move |()| fetch.emit(Some(cursor.clone()))),
                )
            });
            html! {
                <>
                    <ol class="journal">{ for all.iter().map(|entry| item(context, entry, &names)) }</ol>
                    { for more }
                </>
            }
        }
    };
    html! {
        <main class="column">
            { ui::heading("Journal", Some("Every change, by whom and when. Entries cannot be changed.")) }
            { tabs::settings(context, &Route::Journal) }
            if let Some(failure) = &*failure { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
            { content }
        </main>
    }
}

fn item(context: &Context, entry: &JournalEntry, names: &BTreeMap<String, String>) -> Html {
    let row = &entry.row;
    let actor = match row.actor.as_str() {
        "root" => "Root token",
        "alarm" | "courier" => "Automatic",
        "on_call" => "On-call target",
        other => names.get(other).map_or(other, String::as_str),
    };
    let details = serde_json::to_string_pretty(&entry.event).unwrap_or_default();
    let component_name = |id: &str| {
        let all = context.snapshot.components.iter();
        let mut found = all.filter(|component| component.id.as_str() == id);
        found.next().map(|component| component.name.clone())
    };
    let change = |change: &FieldChange| {
        let text = |value| or_empty(values::text(&change.field, value, &component_name));
        html! {
            <div>
                <dt>{ values::label(&change.field) }</dt>
                <dd><del>{ text(&change.before) }</del><span class="to" aria-label="changed to">{ "→" }</span><ins>{ text(&change.after) }</ins></dd>
            </div>
        }
    };
    let mut changes: Vec<&FieldChange> = entry.changes.iter().collect();
    changes.sort_by_key(|change| values::position(&change.field));
    html! {
        <li key={row.seq}>
            <p class="what">{ headline(context, entry) }</p>
            <p class="soft">{ format!("{actor} · {}", format::full(row.at)) }</p>
            if !changes.is_empty() { <dl class="changes">{ for changes.into_iter().map(change) }</dl> }
            <details>
                <summary>{ format!("Entry {}", row.seq) }</summary>
                <pre tabindex="0">{ details }</pre>
            </details>
        </li>
    }
}

fn or_empty(text: String) -> String {
    if text.is_empty() {
        "(empty)".to_owned()
    } else {
        text
    }
}

/// Renders the event's description with a link to its subject.
fn headline(context: &Context, entry: &JournalEntry) -> Html {
    let description = match entry.changes.as_slice() {
        [only] if only.field == "paused" && only.after == true => "Every embed paused".to_owned(),
        [only] if only.field == "paused" => "Every embed resumed".to_owned(),
        _ => describe(&entry.row.event_type, &entry.event),
    };
    match &entry.about {
        Some(about) if about.kind == "site" => {
            html! { <a href={context.href(&Route::Settings)}>{ description }</a> }
        }
        Some(about) => html! { <>{ description }{ ": " }{ link(context, about) }</> },
        None => html! { <>{ description }{ disabled_webhook(context, &entry.event) }</> },
    }
}

/// Renders the webhook that an event has disabled, and why. Renders nothing for other events.
fn disabled_webhook(context: &Context, event: &Value) -> Html {
    let Some((id, host, reason)) = read_disabled(event) else {
        return Html::default();
    };
    let href = context.href(&Route::Webhook(id));
    html! { <>{ ": " }<a {href}>{ host }</a>{ ". " }{ reason }</> }
}

/// Reads a `webhook.disabled` event: the webhook's id, the host of its URL, and the reason as a sentence. `None` for other events.
fn read_disabled(event: &Value) -> Option<(WebhookId, &str, &'static str)> {
    let text = |field: &str| event.get(field).and_then(Value::as_str);
    let id = text("webhook").and_then(WebhookId::parse)?;
    let reason = text("cause").and_then(DisabledReason::parse)?;
    Some((id, text("host")?, reason.sentence()))
}

/// Renders the name of a component, template or incident, with a link if there is a view of it.
fn link(context: &Context, about: &About) -> Html {
    let route = match about.kind.as_str() {
        "incident" => IncidentId::parse(&about.id).map(|id| Route::Incident(id, Task::Read)),
        "component" => Some(Route::Components),
        // A deleted template has no view.
        "template" => {
            let known = context
                .snapshot
                .templates
                .iter()
                .map(|template| &template.id);
            let mut known = known.filter(|id| id.as_str() == about.id);
            known.next().map(|id| Route::Template(Some(id.clone())))
        }
        _ => None,
    };
    let name = about.name.as_ref().unwrap_or(&about.id);
    match route {
        Some(route) => html! { <a href={context.href(&route)}>{ name }</a> },
        None => html! { { name } },
    }
}

/// Describes an event. An unknown type is shown as it is.
fn describe(event_type: &str, event: &Value) -> String {
    let description = match event_type {
        "site.created" => "Site created",
        "site.changed" => "Settings changed",
        "site.restored" => "Site restored from an export",
        "site.redacted" => "Personal data erased",
        "journal.repaired" => return describe_repair(event),
        "clock.corrected" => "Clock corrected",
        "component.created" => "Component created",
        "component.changed" => "Component changed",
        "component.deleted" => "Component deleted",
        "template.created" => "Template created",
        "template.changed" => "Template changed",
        "template.deleted" => "Template deleted",
        "incident.created" => return describe_creation(event),
        "incident.updated" => "Update posted",
        "incident.changed" => "Incident changed",
        "incident.published" => "Published",
        "incident.withdrawn" => "Withdrawn",
        "incident.deleted" => "Draft deleted",
        "update.corrected" => "Update corrected",
        "postmortem.published" => "Postmortem published",
        "notice.announced" => "Announced",
        "notice.imminent" => "Maintenance starts soon",
        "notice.expired" => "Resolved notice removed",
        "schedule.missed" => "Due while the service was away",
        "promise.due" => "Update due soon",
        "promise.overdue" => "Update overdue",
        "promise.escalated" => "Update escalated to the next on-call target",
        "promise.acknowledged" => return describe_acknowledgement(event),
        "on_call.notified" | "on_call.failed" => {
            return on_call::entry(event).unwrap_or_else(|| event_type.to_owned());
        }
        "webhook.disabled" => "Webhook disabled",
        other => other,
    };
    description.to_owned()
}

/// Describes the creation of an incident: published, or as a draft.
fn describe_creation(event: &Value) -> String {
    let incident = event.get("incident");
    let field = |name| incident.and_then(|incident| incident.get(name));
    let kind = field("kind").and_then(Value::as_str).and_then(Kind::parse);
    let what = labels::kind(kind.unwrap_or(Kind::Unknown));
    match field("published_at") {
        Some(Value::Null) => format!("{what} draft created"),
        _ => format!("{what} published"),
    }
}

/// Describes a repair, with what was rebuilt from the journal.
fn describe_repair(event: &Value) -> String {
    let parts = event.get("rebuilt").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(Value::as_str);
    let parts: Vec<&str> = parts.collect();
    match parts.as_slice() {
        [] => "Journal repaired".to_owned(),
        parts => format!("Damaged data rebuilt: {}", parts.join(", ")),
    }
}

/// Describes an acknowledgement, with the name of the target.
fn describe_acknowledgement(event: &Value) -> String {
    match event.get("name").and_then(Value::as_str) {
        Some(name) => format!("Overdue update acknowledged by {name}"),
        None => "Overdue update acknowledged".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{describe, read_disabled};
    use serde_json::json;

    #[test]
    fn events_are_described() {
        for (kind, published_at, expected) in [
            (
                "incident",
                json!("2026-11-21T08:00:00Z"),
                "Incident published",
            ),
            ("announcement", json!(null), "Announcement draft created"),
        ] {
            let event = json!({ "incident": { "kind": kind, "published_at": published_at } });
            assert_eq!(describe("incident.created", &event), expected);
        }
        assert_eq!(
            describe("promise.acknowledged", &json!({ "name": "Operations" })),
            "Overdue update acknowledged by Operations"
        );
        assert_eq!(describe("site.changed", &json!({})), "Settings changed");
        assert_eq!(
            describe(
                "journal.repaired",
                &json!({ "rebuilt": ["settings", "incidents"] })
            ),
            "Damaged data rebuilt: settings, incidents"
        );
        assert_eq!(
            describe("journal.repaired", &json!({ "rows": [] })),
            "Journal repaired"
        );
        assert_eq!(describe("what.is_new", &json!({})), "what.is_new");
        assert_eq!(describe("webhook.disabled", &json!({})), "Webhook disabled");
    }

    #[test]
    fn a_disabled_webhook_is_named_with_the_reason() {
        let event = json!({ "type": "webhook.disabled", "webhook": "whk_1", "host": "hooks.example.com", "cause": "failing" });
        let (id, host, reason) = read_disabled(&event).unwrap();
        assert_eq!((id.as_str(), host), ("whk_1", "hooks.example.com"));
        assert_eq!(reason, "Its endpoint failed for five days.");
        assert_eq!(read_disabled(&json!({ "type": "promise.due" })), None);
    }
}
