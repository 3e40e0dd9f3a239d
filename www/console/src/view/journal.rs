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
    documents::{About, Collection, FieldChange, JournalEntry, TokenDocument},
    readable,
    route::{Route, Task},
    view::{self, DeskProps, tabs},
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
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Loading …" }</p> },
        Some((all, next)) => {
            let older = next.clone().map(|cursor| {
                let fetch = fetch.clone();
                view::secondary(
                    "Show older",
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
            { view::heading("Journal", Some("Every change, by whom and when. Entries cannot be changed.")) }
            { tabs::settings(desk, &Route::Journal) }
            if let Some(failure) = &*wrong { <div class="alert" role="alert"><p>{ failure.words() }</p></div> }
            { content }
        </main>
    }
}

fn line(desk: &Desk, entry: &JournalEntry, names: &BTreeMap<String, String>) -> Html {
    let row = &entry.row;
    let actor = match row.actor.as_str() {
        "root" => "Root token",
        "alarm" => "Automatic",
        other => names.get(other).map_or(other, String::as_str),
    };
    let details = serde_json::to_string_pretty(&entry.event).unwrap_or_default();
    let components = |id: &str| {
        let all = desk.facts.components.iter();
        let mut found = all.filter(|component| component.id.as_str() == id);
        found.next().map(|component| component.name.clone())
    };
    let change = |change: &FieldChange| {
        let shown = |value| or_nothing(readable::value(&change.field, value, &components));
        html! {
            <div>
                <dt>{ readable::label(&change.field) }</dt>
                <dd><del>{ shown(&change.before) }</del><span class="to" aria-label="changed to">{ "→" }</span><ins>{ shown(&change.after) }</ins></dd>
            </div>
        }
    };
    let mut changes: Vec<&FieldChange> = entry.changes.iter().collect();
    changes.sort_by_key(|change| readable::place(&change.field));
    html! {
        <li key={row.seq}>
            <p class="what">{ headline(desk, entry) }</p>
            <p class="soft">{ format!("{actor} · {}", clock::full(row.at)) }</p>
            if !changes.is_empty() { <dl class="changes">{ for changes.into_iter().map(change) }</dl> }
            <details>
                <summary>{ format!("Entry {}", row.seq) }</summary>
                <pre tabindex="0">{ details }</pre>
            </details>
        </li>
    }
}

fn or_nothing(shown: String) -> String {
    if shown.is_empty() {
        "(empty)".to_owned()
    } else {
        shown
    }
}

/// What happened, with a link to what it happened to.
fn headline(desk: &Desk, entry: &JournalEntry) -> Html {
    let words = match entry.changes.as_slice() {
        [only] if only.field == "paused" && only.after == true => "Every embed paused".to_owned(),
        [only] if only.field == "paused" => "Every embed resumed".to_owned(),
        _ => said(&entry.row.event_type, &entry.event),
    };
    match &entry.about {
        Some(about) if about.kind == "site" => {
            html! { <a href={desk.href(&Route::Settings)}>{ words }</a> }
        }
        Some(about) => html! { <>{ words }{ ": " }{ link(desk, about) }</> },
        None => html! { { words } },
    }
}

/// A link to a component, a template or an incident.
fn link(desk: &Desk, about: &About) -> Html {
    let route = match about.kind.as_str() {
        "incident" => IncidentId::parse(&about.id).map(|id| Route::Incident(id, Task::Read)),
        "component" => Some(Route::Components),
        // A template that was deleted has no view any more.
        "template" => {
            let known = desk.facts.templates.iter().map(|template| &template.id);
            let mut known = known.filter(|id| id.as_str() == about.id);
            known.next().map(|id| Route::Template(Some(id.clone())))
        }
        _ => None,
    };
    let name = about.name.as_ref().unwrap_or(&about.id);
    match route {
        Some(route) => html! { <a href={desk.href(&route)}>{ name }</a> },
        None => html! { { name } },
    }
}

/// An event's name in words; one that is not known here as it is.
fn said(event_type: &str, event: &Value) -> String {
    let words = match event_type {
        "site.created" => "Site created",
        "site.changed" => "Settings changed",
        "site.restored" => "Site restored from an export",
        "site.redacted" => "Personal data erased",
        "journal.repaired" => "Journal repaired",
        "component.created" => "Component created",
        "component.changed" => "Component changed",
        "component.deleted" => "Component deleted",
        "template.created" => "Template created",
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
        "notice.imminent" => "Maintenance starts soon",
        "notice.expired" => "Resolved notice removed",
        "promise.due" => "Update due soon",
        "promise.overdue" => "Update overdue",
        "promise.escalated" => "Escalation due to next on-call target (not sent)",
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
        Some(Value::Null) => format!("{what} draft created"),
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
            ("announcement", json!(null), "Announcement draft created"),
        ] {
            let event = json!({ "incident": { "kind": kind, "published_at": published_at } });
            assert_eq!(said("incident.created", &event), words);
        }
        assert_eq!(said("site.changed", &json!({})), "Settings changed");
        assert_eq!(said("what.is_new", &json!({})), "what.is_new");
    }
}
