//! Who did what when.

use std::{collections::BTreeMap, rc::Rc};

use notice::wire::{
    ids::IncidentId,
    words::{Kind, Word},
};
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::{
    api::Failure,
    clock,
    desk::Desk,
    documents::{Collection, JournalEntry, TokenDocument},
    view::{self, DeskProps},
    words,
};

/// The view.
#[component]
pub fn Journal(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let found = use_state(|| None::<(Rc<Vec<JournalEntry>>, Option<String>)>);
    let names = use_state(BTreeMap::<String, String>::new);
    let wrong = use_state(|| None::<Failure>);
    let fetch = {
        let (desk, found, wrong) = (desk.clone(), found.clone(), wrong.clone());
        Callback::from(move |cursor: Option<String>| {
            let (desk, found, wrong) = (desk.clone(), found.clone(), wrong.clone());
            spawn_local(async move {
                let path = match &cursor {
                    Some(cursor) => format!("/journal?limit=50&cursor={cursor}"),
                    None => "/journal?limit=50".to_owned(),
                };
                match desk.session.get::<Collection<JournalEntry>>(&path).await {
                    Ok((part, _)) => {
                        let before = found.as_ref().filter(|_| cursor.is_some());
                        let mut all = before.map(|(all, _)| (**all).clone()).unwrap_or_default();
                        all.extend(part.items);
                        wrong.set(None);
                        found.set(Some((Rc::new(all), part.next)));
                    }
                    Err(Failure::SignedOut) => desk.ended.emit(()),
                    Err(failure) => wrong.set(Some(failure)),
                }
            });
        })
    };
    {
        let (fetch, desk, names) = (fetch.clone(), desk.clone(), names.clone());
        use_effect_with((), move |()| {
            fetch.emit(None);
            // Only owners learn the names of tokens; to others an actor is an id.
            if desk.session.is_owner() {
                spawn_local(async move {
                    if let Ok((tokens, _)) = desk
                        .session
                        .get::<Collection<TokenDocument>>("/tokens")
                        .await
                    {
                        let named = tokens.items.into_iter().map(|token| (token.id, token.name));
                        names.set(named.filter(|(_, name)| !name.is_empty()).collect());
                    }
                });
            }
        });
    }
    let content = match &*found {
        None if wrong.is_some() => Html::default(),
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Reading …" }</p> },
        Some((all, next)) => {
            let older = next.clone().map(|cursor| {
                let fetch = fetch.clone();
                view::secondary(
                    "Older",
                    Callback::from(move |()| fetch.emit(Some(cursor.clone()))),
                )
            });
            html! {
                <>
                    <ol class="journal">{ for all.iter().map(|entry| line(desk, entry, &names)) }</ol>
                    { for older }
                </>
            }
        }
    };
    html! {
        <main class="column">
            { view::heading("Journal", Some("Every change, by whom and when. Nothing in it is ever changed.")) }
            if let Some(failure) = &*wrong { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
            { content }
        </main>
    }
}

fn line(desk: &Desk, entry: &JournalEntry, names: &BTreeMap<String, String>) -> Html {
    let row = &entry.row;
    let actor = match row.actor.as_str() {
        "root" => "The deployment's owner",
        other => names.get(other).map_or(other, String::as_str),
    };
    let details = serde_json::to_string_pretty(&entry.event).unwrap_or_default();
    html! {
        <li>
            <details>
                <summary>
                    <span>{ said(&row.event_type, &entry.event) }{ about(desk, &entry.event) }</span>
                    <span class="soft">{ format!("{actor} · {} · {}", clock::full(row.at), row.seq) }</span>
                </summary>
                <pre tabindex="0">{ details }</pre>
            </details>
        </li>
    }
}

/// What an event is about, where it has a name.
fn about(desk: &Desk, event: &Value) -> String {
    let named = |thing: &str, field: &str| event.get(thing)?.get(field)?.as_str();
    let known = || {
        let id = IncidentId::parse(event.get("incident")?.as_str()?)?;
        Some(desk.incident(&id)?.title.as_str())
    };
    let name = named("incident", "title")
        .or_else(|| named("component", "name"))
        .or_else(|| named("template", "name"))
        .or_else(known);
    name.map(|name| format!(": {name}")).unwrap_or_default()
}

/// An event's name in words; one that is not known here as it is.
fn said(event_type: &str, event: &Value) -> String {
    let words = match event_type {
        "site.created" => "The site was made",
        "site.changed" => "Settings changed",
        "site.restored" => "The site was restored from an export",
        "site.redacted" => "Words were erased",
        "journal.repaired" => "Journal repaired",
        "component.created" => "Component added",
        "component.changed" => "Component changed",
        "component.deleted" => "Component deleted",
        "template.created" => "Template added",
        "template.changed" => "Template changed",
        "template.deleted" => "Template deleted",
        "incident.created" => return made(event),
        "incident.updated" => "Update posted",
        "incident.changed" => "Incident changed",
        "incident.published" => "Published",
        "incident.withdrawn" => "Withdrawn",
        "incident.deleted" => "Draft deleted",
        "update.corrected" => "Update corrected",
        "postmortem.published" => "Postmortem published",
        "notice.announced" => "Announced",
        "notice.imminent" => "About to begin",
        "notice.expired" => "All-clear taken down",
        "promise.due" => "An update will be owed soon",
        "promise.overdue" => "An update is late",
        "promise.escalated" => "Somebody else was told that it is late",
        other => other,
    };
    words.to_owned()
}

/// What was made, and whether users know of it.
fn made(event: &Value) -> String {
    let incident = event.get("incident");
    let field = |name| incident.and_then(|incident| incident.get(name));
    let kind = field("kind").and_then(Value::as_str).and_then(Kind::parse);
    let what = words::kind(kind.unwrap_or(Kind::Unknown));
    match field("published_at") {
        Some(Value::Null) => format!("{what} drafted"),
        _ => format!("{what} published"),
    }
}

#[cfg(test)]
mod tests {
    use super::said;
    use serde_json::json;

    #[test]
    fn an_entry_says_what_was_made() {
        for (kind, published_at, words) in [
            (
                "incident",
                json!("2026-11-21T08:00:00Z"),
                "Incident published",
            ),
            ("announcement", json!(null), "Announcement drafted"),
        ] {
            let event = json!({ "incident": { "kind": kind, "published_at": published_at } });
            assert_eq!(said("incident.created", &event), words);
        }
        assert_eq!(said("site.changed", &json!({})), "Settings changed");
        assert_eq!(said("what.is_new", &json!({})), "what.is_new");
    }
}
