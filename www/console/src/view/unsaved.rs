//! Forms that were begun on this device and not sent.

use yew::{Callback, Html, component, html, use_force_update};

use crate::{
    desk::Desk,
    draft,
    route::{Route, Task},
    view::{DeskProps, publish, sure::Sure},
};

/// How many forms of a site there are.
pub fn count(desk: &Desk) -> usize {
    let forms = draft::unfinished(desk.slug());
    forms
        .iter()
        .filter(|form| described(desk, form).is_some())
        .count()
}

/// The list; nothing where it is empty.
#[component]
pub fn Unsaved(props: &DeskProps) -> Html {
    let redraw = use_force_update();
    let desk = &props.desk;
    let forms: Vec<(String, Route, String)> = draft::unfinished(desk.slug())
        .into_iter()
        .filter_map(|form| {
            let (route, words) = described(desk, &form)?;
            Some((form, route, words))
        })
        .collect();
    if forms.is_empty() {
        return Html::default();
    }
    let discard = |form: String| {
        let (slug, redraw) = (desk.slug().clone(), redraw.clone());
        Callback::from(move |()| {
            draft::discard(&slug, &form);
            redraw.force_update();
        })
    };
    html! {
        <section>
            <h2>{ "Unsaved drafts" }</h2>
            <p class="soft">{ "Typed on this device and not sent yet." }</p>
            <ul class="rows">
                { for forms.into_iter().map(|(form, route, words)| html! {
                    <li key={form.clone()}>
                        <a href={desk.href(&route)}>{ words }</a>
                        <div class="buttons small"><Sure label="Discard" sure="Yes, discard it" on={discard(form)} /></div>
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// The view that a kept form belongs to, and its name; `None` for a form that no view has any more.
fn described(desk: &Desk, form: &str) -> Option<(Route, String)> {
    let (name, rest) = form.split_once(':').unwrap_or((form, ""));
    let (id, extra) = rest.split_once(':').unwrap_or((rest, ""));
    let path = match (name, id) {
        ("new", _) => format!("new/{rest}"),
        ("template", id) => format!("settings/templates/{id}"),
        ("settings", "") => name.to_owned(),
        ("component" | "components", _) => "components".to_owned(),
        ("settings", section) => format!("settings/{section}"),
        ("access", _) => "settings/access".to_owned(),
        _ if extra.is_empty() => format!("incidents/{id}/{name}"),
        _ => format!("incidents/{id}/{name}/{extra}"),
    };
    let route = Route::parse(&path)?;
    let words = match &route {
        Route::Publish(kind, _) => publish::title(*kind).to_owned(),
        Route::Incident(id, task) => {
            let title = desk
                .incident(id)
                .map_or_else(|| id.to_string(), |incident| incident.title.clone());
            let what = match task {
                Task::Update(_) => "Update",
                Task::Resolve(_) => "Resolution",
                Task::Edit => "Edit",
                Task::Withdraw => "Withdrawal",
                Task::Correct(_) => "Correction",
                Task::Postmortem => "Postmortem",
                Task::Share => "Text to share",
                Task::Read => return None,
            };
            format!("{what}: {title}")
        }
        Route::Template(_) => "Template".to_owned(),
        Route::Settings => "Settings: General".to_owned(),
        Route::Contacts => "Settings: Contacts".to_owned(),
        Route::OnCall => "Settings: On call".to_owned(),
        Route::Components => "Component".to_owned(),
        Route::Access => "Invitation or token".to_owned(),
        _ => return None,
    };
    Some((route, words))
}
