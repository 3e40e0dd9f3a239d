//! Selecting components where there are many: by name, or under their groups, which are folded.

use std::rc::Rc;

use notice::wire::{component::Component, ids::ComponentId, words::ComponentStatus};
use web_sys::HtmlElement;
use yew::{
    Callback, Html, classes, component, html, use_effect_with, use_mut_ref, use_node_ref, use_state,
};

use crate::{
    desk::Facts,
    form::Picked,
    input::{self, Field},
    words,
};

/// Up to here they all stand in view.
pub const FEW: usize = 12;
/// So many are shown of what is called alike.
const SHOWN: usize = 12;

/// What it is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// The site, with its parts.
    pub facts: Rc<Facts>,
    /// Those that are not offered.
    #[prop_or_default]
    pub except: Vec<ComponentId>,
    /// Those that are picked.
    pub picked: Vec<Picked>,
    /// One was tapped.
    pub toggle: Callback<Component>,
}

/// A field to find them by, and all of them, folded. What is picked is only marked here: nothing moves under the thumb.
#[component]
pub fn Find(props: &Props) -> Html {
    let sought = use_state(String::new);
    let all: Vec<&Component> = props
        .facts
        .components
        .iter()
        .filter(|one| !props.except.contains(&one.id))
        .collect();
    let typed = {
        let sought = sought.clone();
        Callback::from(move |text| sought.set(text))
    };
    let field = Field::new("find-part", "Find a component").hint(format!(
        "Type a few letters of its name or group. There are {}.",
        all.len()
    ));
    let (said, list) = match sought.trim() {
        "" => (String::new(), groups(props, &all)),
        sought => found(props, &all, sought),
    };
    html! {
        <section class="find">
            { input::line(&field, "search", &sought, typed) }
            // There before there are words in it: a region that comes with its words is not read aloud.
            <p class="soft" role="status">{ said }</p>
            { list }
        </section>
    }
}

/// How many are called so, and the first of them.
fn found(props: &Props, all: &[&Component], sought: &str) -> (String, Html) {
    let all = all.iter().copied();
    let found: Vec<&Component> = all.filter(|one| is_called(one, sought)).collect();
    let said = match found.len() {
        0 => "No component matches.".to_owned(),
        1 => "1 component matches.".to_owned(),
        many if many > SHOWN => {
            format!(
                "{many} components match. The first {SHOWN} are shown; type more to narrow them down."
            )
        }
        many => format!("{many} components match."),
    };
    let shown = found.into_iter().take(SHOWN);
    let list = html! {
        <div class="parts" key="found"><ul>{ for shown.map(|component| one(props, component, true)) }</ul></div>
    };
    (said, list)
}

fn groups(props: &Props, all: &[&Component]) -> Html {
    let group = |name: Option<&String>| {
        let of = || all.iter().filter(|one| one.group.as_ref() == name);
        let picked = of().filter(|one| is_picked(props, one)).count();
        let title = match name {
            Some(name) => name.as_str(),
            None if all.iter().any(|one| one.group.is_some()) => "Other",
            None => "All components",
        };
        let many = match (of().count(), picked) {
            (many, 0) => many.to_string(),
            (many, picked) => format!("{many}, {picked} selected"),
        };
        html! {
            <details class="parts group" key={name.cloned().unwrap_or_default()}>
                <summary><span>{ title }</span><span class="soft">{ many }</span></summary>
                <ul>{ for of().map(|component| one(props, component, false)) }</ul>
            </details>
        }
    };
    html! { <div class="groups" key="groups">{ for named(all.iter().copied()).into_iter().map(group) }</div> }
}

/// The groups in the order of their first parts.
pub fn named<'a>(all: impl IntoIterator<Item = &'a Component>) -> Vec<Option<&'a String>> {
    let mut groups: Vec<Option<&String>> = Vec::new();
    for component in all {
        if !groups.contains(&component.group.as_ref()) {
            groups.push(component.group.as_ref());
        }
    }
    groups
}

/// What the heading of the picked ones is given.
#[derive(Clone, Debug, PartialEq, Eq, yew::Properties)]
pub struct CountProps {
    /// How many there are.
    pub picked: usize,
    /// Whether anything had the focus before they were drawn.
    pub had_focus: bool,
}

/// Whether anything has the focus. What is tapped has it in some browsers only.
pub fn has_focus() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let focused = document.and_then(|document| document.active_element());
    focused.is_some_and(|focused| focused.tag_name() != "BODY")
}

/// The heading of the picked ones. It takes the focus when what had it is let go of, and gone with its row.
#[component]
pub fn Count(props: &CountProps) -> Html {
    let heading = use_node_ref();
    let before = use_mut_ref(|| 0);
    {
        let (heading, had_focus) = (heading.clone(), props.had_focus);
        use_effect_with(props.picked, move |picked| {
            let is_fewer = *picked < before.replace(*picked);
            if is_fewer && had_focus && !has_focus() {
                let heading = heading.cast::<HtmlElement>();
                // A heading of our own can have the focus.
                let _ = heading.map(|heading| heading.focus());
            }
        });
    }
    let words = match props.picked {
        0 => "No component selected".to_owned(),
        picked => format!("{picked} selected"),
    };
    html! { <h2 tabindex="-1" ref={heading}>{ words }</h2> }
}

fn one(props: &Props, component: &Component, names_group: bool) -> Html {
    let picked = is_picked(props, component);
    let on = {
        let (toggle, component) = (props.toggle.clone(), component.clone());
        Callback::from(move |()| toggle.emit(component.clone()))
    };
    html! {
        <li class={classes!("part", picked.then_some("marked"))} key={component.id.to_string()}>
            { button(component, picked, names_group, on) }
        </li>
    }
}

/// A part as a large button; what is not right with it already is said.
pub fn button(component: &Component, picked: bool, names_group: bool, on: Callback<()>) -> Html {
    let group = component.group.as_deref().filter(|_| names_group);
    html! {
        <button type="button" aria-pressed={picked.to_string()} onclick={Callback::from(move |_| on.emit(()))}>
            <span>{ &component.name }</span>
            if let Some(group) = group { <small>{ group }</small> }
            if component.status != ComponentStatus::Operational {
                <small>{ words::component(component.status) }</small>
            }
        </button>
    }
}

fn is_picked(props: &Props, component: &Component) -> bool {
    props.picked.iter().any(|picked| picked.id == component.id)
}

/// Whether every word stands in the name or its group's.
fn is_called(component: &Component, sought: &str) -> bool {
    let group = component.group.as_deref().unwrap_or_default();
    let name = format!("{group} {}", component.name).to_lowercase();
    let sought = sought.to_lowercase();
    sought.split_whitespace().all(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{is_called, named};
    use notice::wire::component::Component;
    use serde_json::json;

    fn part(name: &str, group: Option<&str>) -> Component {
        serde_json::from_value(json!({
            "id": format!("cmp_{}", name.len()), "slug": "part", "name": name, "group": group, "tier": 2, "position": 0,
            "status": "operational", "since": "2026-11-21T00:00:00Z", "created_at": "2026-11-21T00:00:00Z"
        }))
        .unwrap()
    }

    #[test]
    fn parts_are_found_by_a_few_letters() {
        let sending = part("Sending", Some("Messaging Europe"));
        for (sought, expected) in [
            ("send", true),
            (" SEND ", true),
            ("eur send", true),
            ("send asia", false),
            ("sendings", false),
        ] {
            assert_eq!(is_called(&sending, sought), expected, "{sought}");
        }
    }

    #[test]
    fn groups_come_as_their_parts_do() {
        let all = [
            part("A", Some("One")),
            part("B", None),
            part("C", Some("One")),
        ];
        let named: Vec<_> = named(&all)
            .into_iter()
            .map(|name| name.map(String::as_str))
            .collect();
        assert_eq!(named, [Some("One"), None]);
    }
}
