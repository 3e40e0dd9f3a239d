//! The heading of a view, which takes the focus when the view appears, so that screen readers start there.

use notice::wire::ids::Slug;
use yew::{Html, component, hook, html, use_effect_with};

use crate::{browser::focus, route::Route};

/// A view's heading with an optional line below it.
pub fn heading(title: &str, subtitle: Option<&str>) -> Html {
    html! {
        <div class="heading">
            <h1 tabindex="-1">{ title }</h1>
            <FocusHeading />
            if let Some(subtitle) = subtitle { <p class="soft">{ subtitle }</p> }
        </div>
    }
}

/// Focuses the view's heading when this component appears, unless something else has the focus. For headings that appear after
/// the view, when its data has been loaded.
#[component]
pub fn FocusHeading() -> Html {
    use_effect_with((), |()| {
        if focus::focused().is_none() {
            focus::focus_heading();
        }
    });
    Html::default()
}

/// Sets the tab's title for a new view, and focuses its heading or the element that the previous view asked for.
#[hook]
pub fn use_view_focus(route: &Route, site: &Slug) {
    let title = format!("{} · {site} · Allclear", route.title());
    use_effect_with((route.clone(), title), |(_, title)| {
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = document {
            document.set_title(title);
        }
        if !focus::focus_next_target() {
            focus::focus_heading();
        }
    });
}
