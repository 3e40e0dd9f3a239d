//! The selection of components. Many components are found by name, or in collapsed groups.

use std::rc::Rc;

use notice::wire::{component::Component, enums::ComponentStatus, ids::ComponentId};
use yew::{
    Callback, Html, classes, component, html, use_effect_with, use_mut_ref, use_node_ref, use_state,
};

use crate::{
    browser::focus,
    context::Snapshot,
    form::SelectedComponent,
    text::labels,
    ui::{
        input::{self, Field},
        typing::Typing,
    },
};

/// Maximum number of components that are all listed. If there are more, [`ComponentPicker`] finds them.
pub const MAX_LISTED: usize = 12;
/// Maximum number of search results shown.
const MAX_RESULTS: usize = 12;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub snapshot: Rc<Snapshot>,
    /// Components that are not offered.
    #[prop_or_default]
    pub except: Vec<ComponentId>,
    pub selected: Vec<SelectedComponent>,
    /// Called with the component that is selected or deselected.
    pub toggle: Callback<Component>,
}

/// A search field, and all components in collapsed groups. Selecting a component only marks it, so that nothing moves.
#[component]
pub fn ComponentPicker(props: &Props) -> Html {
    let query = use_state(String::new);
    let all: Vec<&Component> = props
        .snapshot
        .components
        .iter()
        .filter(|one| !props.except.contains(&one.id))
        .collect();
    let on_typed = {
        let query = query.clone();
        Callback::from(move |text| query.set(text))
    };
    let field = Field::new("find-component", "Find a component").hint(format!(
        "Type a few letters of its name or group. There are {}.",
        all.len()
    ));
    let (message, list) = match query.trim() {
        "" => (String::new(), groups(props, &all)),
        query => results(props, &all, query),
    };
    html! {
        <section class="find">
            { input::line(&field, Typing::Search, &query, on_typed) }
            // Always present: screen readers do not announce a live region that appears with its text.
            <p class="soft" role="status">{ message }</p>
            { list }
        </section>
    }
}

/// Renders the first results of a search, with a message about how many there are.
fn results(props: &Props, all: &[&Component], query: &str) -> (String, Html) {
    let all = all.iter().copied();
    let found: Vec<&Component> = all.filter(|one| matches(one, query)).collect();
    let message = match found.len() {
        0 => "No component matches.".to_owned(),
        1 => "1 component matches.".to_owned(),
        many if many > MAX_RESULTS => {
            format!(
                "{many} components match. The first {MAX_RESULTS} are shown; type more to narrow them down."
            )
        }
        many => format!("{many} components match."),
    };
    let shown = found.into_iter().take(MAX_RESULTS);
    let list = html! {
        <div class="components" key="found"><ul>{ for shown.map(|component| item(props, component, true)) }</ul></div>
    };
    (message, list)
}

fn groups(props: &Props, all: &[&Component]) -> Html {
    let group = |name: Option<&String>| {
        let of = || all.iter().filter(|one| one.group.as_ref() == name);
        let selected = of().filter(|one| is_selected(props, one)).count();
        let title = match name {
            Some(name) => name.as_str(),
            None if all.iter().any(|one| one.group.is_some()) => "Other",
            None => "All components",
        };
        let count = match (of().count(), selected) {
            (many, 0) => many.to_string(),
            (many, selected) => format!("{many}, {selected} selected"),
        };
        html! {
            <details class="components group" key={name.cloned().unwrap_or_default()}>
                <summary><span>{ title }</span><span class="soft">{ count }</span></summary>
                <ul>{ for of().map(|component| item(props, component, false)) }</ul>
            </details>
        }
    };
    html! { <div class="groups" key="groups">{ for group_names(all.iter().copied()).into_iter().map(group) }</div> }
}

/// Returns the groups in the order of their first components; `None` is the group of components without one.
pub fn group_names<'a>(all: impl IntoIterator<Item = &'a Component>) -> Vec<Option<&'a String>> {
    let mut groups: Vec<Option<&String>> = Vec::new();
    for component in all {
        if !groups.contains(&component.group.as_ref()) {
            groups.push(component.group.as_ref());
        }
    }
    groups
}

#[derive(Clone, Debug, PartialEq, Eq, yew::Properties)]
pub struct CountProps {
    /// Number of selected components.
    pub selected: usize,
    /// Whether an element had the focus before this render.
    pub had_focus: bool,
}

/// Returns whether an element has the focus. In some browsers a click does not give a button the focus.
pub fn has_focus() -> bool {
    focus::focused().is_some()
}

/// The heading of the selected components. It gets the focus when the focused component is deselected and its row disappears.
#[component]
pub fn Count(props: &CountProps) -> Html {
    let heading = use_node_ref();
    let before = use_mut_ref(|| 0);
    {
        let (heading, had_focus) = (heading.clone(), props.had_focus);
        use_effect_with(props.selected, move |selected| {
            let is_fewer = *selected < before.replace(*selected);
            if is_fewer
                && had_focus
                && !has_focus()
                && let Some(heading) = heading.cast::<web_sys::Element>()
            {
                focus::set(heading);
            }
        });
    }
    let text = match props.selected {
        0 => "No component selected".to_owned(),
        selected => format!("{selected} selected"),
    };
    html! { <h2 tabindex="-1" ref={heading}>{ text }</h2> }
}

fn item(props: &Props, component: &Component, names_group: bool) -> Html {
    let is_selected = is_selected(props, component);
    let on = {
        let (toggle, component) = (props.toggle.clone(), component.clone());
        Callback::from(move |()| toggle.emit(component.clone()))
    };
    html! {
        <li class={classes!("component", is_selected.then_some("marked"))} key={component.id.to_string()}>
            { button(component, is_selected, names_group, on) }
        </li>
    }
}

/// Renders a component as a large button with its name, its group if `names_group`, and its status if it does not work.
pub fn button(
    component: &Component,
    is_selected: bool,
    names_group: bool,
    on: Callback<()>,
) -> Html {
    let group = component.group.as_deref().filter(|_| names_group);
    html! {
        <button type="button" aria-pressed={is_selected.to_string()} onclick={Callback::from(move |_| on.emit(()))}>
            <span>{ &component.name }</span>
            if let Some(group) = group { <small>{ group }</small> }
            if component.status != ComponentStatus::Operational {
                <small>{ labels::component_status(component.status) }</small>
            }
        </button>
    }
}

fn is_selected(props: &Props, component: &Component) -> bool {
    let mut selected = props.selected.iter();
    selected.any(|selected| selected.id == component.id)
}

/// Returns whether each word of a query occurs in the component's name or group.
fn matches(component: &Component, query: &str) -> bool {
    let group = component.group.as_deref().unwrap_or_default();
    let name = format!("{group} {}", component.name).to_lowercase();
    let query = query.to_lowercase();
    query.split_whitespace().all(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{group_names, matches};
    use notice::wire::component::Component;
    use serde_json::json;

    fn component(name: &str, group: Option<&str>) -> Component {
        serde_json::from_value(json!({
            "id": format!("cmp_{}", name.len()), "slug": "component", "name": name, "group": group, "tier": 2, "position": 0,
            "status": "operational", "since": "2026-11-21T00:00:00Z", "created_at": "2026-11-21T00:00:00Z"
        }))
        .unwrap()
    }

    #[test]
    fn components_are_found_by_a_few_letters() {
        let sending = component("Sending", Some("Messaging Europe"));
        for (query, expected) in [
            ("send", true),
            (" SEND ", true),
            ("eur send", true),
            ("send asia", false),
            ("sendings", false),
        ] {
            assert_eq!(matches(&sending, query), expected, "{query}");
        }
    }

    #[test]
    fn groups_are_in_the_order_of_their_first_components() {
        let all = [
            component("A", Some("One")),
            component("B", None),
            component("C", Some("One")),
        ];
        let names: Vec<_> = group_names(&all)
            .into_iter()
            .map(|name| name.map(String::as_str))
            .collect();
        assert_eq!(names, [Some("One"), None]);
    }
}
