//! Links between related views, as a row of tabs.

use yew::{Html, html};

use crate::{context::Context, route::Route};

#[derive(Clone, Debug)]
pub struct Tab {
    pub route: Route,
    pub label: &'static str,
    /// Number of entries in the view; 0 is not shown.
    pub count: usize,
}

/// A row of tabs. `name` is its accessible name.
pub fn tabs(context: &Context, name: &'static str, tabs: &[Tab], current: &Route) -> Html {
    html! {
        <nav class="tabs" aria-label={name}>
            { for tabs.iter().map(|tab| html! {
                <a href={context.href(&tab.route)} aria-current={(tab.route == *current).then_some("page")}>
                    { tab.label }
                    if tab.count > 0 { { " " }<span class="count">{ tab.count }</span> }
                </a>
            }) }
        </nav>
    }
}

/// The tabs of the settings.
pub fn settings(context: &Context, current: &Route) -> Html {
    let all = [
        (Route::Settings, "General"),
        (Route::Contacts, "Contacts"),
        (Route::OnCall, "On call"),
        (Route::Webhooks, "Webhooks"),
        (Route::Templates, "Templates"),
        (Route::Access, "Access"),
        (Route::Journal, "Journal"),
    ];
    let all = all.map(|(route, label)| Tab {
        route,
        label,
        count: 0,
    });
    tabs(context, "Settings", &all, current)
}
