//! Links to the views of one place, as a row of tabs.

use yew::{Html, html};

use crate::{desk::Desk, route::Route};

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Where it leads.
    pub route: Route,
    /// Its label.
    pub label: &'static str,
    /// How many entries it has; 0 is not shown.
    pub count: usize,
}

/// A row of tabs, of which `current` is open.
pub fn tabs(desk: &Desk, name: &'static str, tabs: &[Tab], current: &Route) -> Html {
    html! {
        <nav class="tabs" aria-label={name}>
            { for tabs.iter().map(|tab| html! {
                <a href={desk.href(&tab.route)} aria-current={(tab.route == *current).then_some("page")}>
                    { tab.label }
                    if tab.count > 0 { { " " }<span class="count">{ tab.count }</span> }
                </a>
            }) }
        </nav>
    }
}

/// The tabs of the settings.
pub fn settings(desk: &Desk, current: &Route) -> Html {
    let all = [
        (Route::Settings, "General"),
        (Route::Contacts, "Contacts"),
        (Route::OnCall, "On call"),
        (Route::Templates, "Templates"),
        (Route::Access, "Access"),
        (Route::Journal, "Journal"),
    ];
    let all = all.map(|(route, label)| Tab {
        route,
        label,
        count: 0,
    });
    tabs(desk, "Settings", &all, current)
}
