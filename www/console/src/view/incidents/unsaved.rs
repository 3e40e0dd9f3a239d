//! Unsaved drafts: forms that are stored on this device and were not sent.

use yew::{Callback, Html, component, html, use_force_update};

use crate::{
    context::Context,
    form::draft,
    route::{Route, Task},
    ui::confirm_button::ConfirmButton,
    view::ContextProps,
};

/// Counts the unsaved drafts of the site.
pub fn count(context: &Context) -> usize {
    let forms = draft::stored_forms(context.slug());
    forms
        .iter()
        .filter(|form| describe(context, form).is_some())
        .count()
}

/// Lists the unsaved drafts. Renders nothing for an empty list.
#[component]
pub fn Unsaved(props: &ContextProps) -> Html {
    let redraw = use_force_update();
    let context = &props.context;
    let forms: Vec<(String, Route, String)> = draft::stored_forms(context.slug())
        .into_iter()
        .filter_map(|form| {
            let (route, description) = describe(context, &form)?;
            Some((form, route, description))
        })
        .collect();
    if forms.is_empty() {
        return Html::default();
    }
    let discard = |form: String| {
        let (slug, redraw) = (context.slug().clone(), redraw.clone());
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
                { for forms.into_iter().map(|(form, route, description)| html! {
                    <li key={form.clone()}>
                        <a href={context.href(&route)}>{ description }</a>
                        <div class="buttons small"><ConfirmButton label="Discard" confirm="Yes, discard it" on={discard(form)} /></div>
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// Returns the view of a stored form and a description; `None` for a form that no view has any more.
fn describe(context: &Context, form: &str) -> Option<(Route, String)> {
    let (name, rest) = form.split_once(':').unwrap_or((form, ""));
    let (id, detail) = rest.split_once(':').unwrap_or((rest, ""));
    let path = match (name, id) {
        ("new", _) => format!("new/{rest}"),
        ("template", id) => format!("settings/templates/{id}"),
        ("webhook", "new") => "settings/webhooks/new".to_owned(),
        ("webhook", id) => format!("settings/webhooks/{id}/edit"),
        ("settings", "") => name.to_owned(),
        ("component" | "components", _) => "components".to_owned(),
        ("settings", section) => format!("settings/{section}"),
        ("access", _) => "settings/access".to_owned(),
        _ if detail.is_empty() => format!("incidents/{id}/{name}"),
        _ => format!("incidents/{id}/{name}/{detail}"),
    };
    let route = Route::parse(&path)?;
    let description = match &route {
        Route::Publish(..) => route.title().to_owned(),
        Route::Incident(id, task) => {
            let title = context
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
        Route::EditWebhook(_) => "Webhook".to_owned(),
        Route::Settings => "Settings: General".to_owned(),
        Route::Contacts => "Settings: Contacts".to_owned(),
        Route::OnCall => "Settings: On call".to_owned(),
        Route::Components => "Component".to_owned(),
        Route::Access => "Invitation or token".to_owned(),
        _ => return None,
    };
    Some((route, description))
}
