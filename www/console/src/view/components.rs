//! The components of the product.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::{component::Component, input::NewComponent};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::Failure,
    desk::Desk,
    draft::use_draft,
    form::filled,
    input::{self, Choice, Field},
    submit::{self, Sending, Target},
    view::{self, DeskProps, sure::Sure},
    words,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Form {
    name: String,
    group: String,
    tier: Option<u8>,
}

fn tier(value: u8, on: &Callback<u8>) -> Html {
    let choices = vec![
        Choice {
            hint: "Updates are due most often".to_owned(),
            ..Choice::new(1, words::tier(1))
        },
        Choice::new(2, words::tier(2)),
        Choice::new(3, words::tier(3)),
    ];
    input::choice(&Field::new("tier", "Importance"), Some(&value), choices, on)
}

/// The view.
#[component]
pub fn Components(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let draft = use_draft(desk.slug(), "components:new", Form::default);
    let sending = use_state(|| Sending::Idle);
    let acting = use_state(|| Sending::Idle);
    let form = draft.value();
    let add = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        Callback::from(move |()| {
            let (empty, sent) = (draft.clone(), sending.clone());
            let done = Callback::from(move |_| {
                empty.reset(Form::default());
                sent.set(Sending::Idle);
            });
            let build = |form: &Form| {
                let input = NewComponent {
                    name: form.name.trim().to_owned(),
                    slug: None,
                    group: filled(&form.group),
                    tier: form.tier,
                    position: None,
                };
                notice::check::component(&input)
                    .map_err(|rejection| submit::objection(&rejection))?;
                serde_json::to_string(&input).map_err(|_| Failure::Unreachable)
            };
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::post("/components"),
                build,
                done,
            );
        })
    };
    let write = desk.session.may_write();
    let last = desk.facts.components.len().saturating_sub(1);
    html! {
        <main class="column">
            { view::heading("Components", Some("What users recognise of your product, by the names they know.")) }
            { view::failure(&acting, &[]) }
            if desk.facts.components.is_empty() { { view::empty("No components yet. Add what users would say is broken.") } }
            <ul class="rows">
                { for desk.facts.components.iter().enumerate().map(|(index, component)| html! {
                    <One key={component.id.to_string()} desk={desk.clone()} component={Rc::new(component.clone())}
                        is_first={index == 0} is_last={index == last} {write} acting={acting.clone()} />
                }) }
            </ul>
            if write {
                <section>
                    <h2>{ "Add a component" }</h2>
                    { view::failure(&sending, &["/name", "/group"]) }
                    { input::line(&Field::new("name", "Name").error(sending.error("/name")), "text", &form.name, draft.on(|form: &mut Form, text| form.name = text)) }
                    { input::line(&Field::new("group", "Group").hint("Optional. Components of one group stand together.").error(sending.error("/group")), "text", &form.group, draft.on(|form: &mut Form, text| form.group = text)) }
                    { tier(form.tier.unwrap_or(2), &draft.on(|form: &mut Form, tier| form.tier = Some(tier))) }
                    <div class="buttons">{ view::primary("Add", sending.is_busy(), add) }</div>
                </section>
            }
        </main>
    }
}

/// What an operator says of a component.
fn described(component: &Component) -> (&str, Option<&str>, u8) {
    (&component.name, component.group.as_deref(), component.tier)
}

#[derive(Clone, PartialEq, yew::Properties)]
struct OneProps {
    desk: Desk,
    component: Rc<Component>,
    is_first: bool,
    is_last: bool,
    write: bool,
    acting: yew::UseStateHandle<Sending>,
}

/// One component: its place, its fields, its end.
#[component]
fn One(props: &OneProps) -> Html {
    let OneProps {
        desk,
        component,
        acting,
        ..
    } = props;
    // Open while there is something in it.
    let open = use_draft(desk.slug(), &format!("component:{}", component.id), || {
        None::<Form>
    });
    // What it changes is said with the entity tag of what is read just before.
    let change = {
        let (desk, acting, shown) = (desk.clone(), acting.clone(), Rc::clone(component));
        let open = open.clone();
        Callback::from(move |patch: serde_json::Value| {
            let (desk, acting, open) = (desk.clone(), acting.clone(), open.clone());
            let shown = Rc::clone(&shown);
            let path = format!("/components/{}", shown.id);
            spawn_local(async move {
                match desk.session.get::<Component>(&path).await {
                    // Theirs comes into view in the row, above what is being typed.
                    Ok((now, _)) if described(&now) != described(&shown) => {
                        acting.set(Sending::Failed(Failure::Conflict));
                        desk.reload.emit(());
                    }
                    Ok((_, etag)) => {
                        let done = Callback::from(move |_| open.reset(None));
                        submit::act(
                            &desk,
                            &acting,
                            Target::patch(path, etag),
                            Some(patch.to_string()),
                            done,
                        );
                    }
                    Err(Failure::SignedOut) => desk.ended.emit(()),
                    Err(failure) => acting.set(Sending::Failed(failure)),
                }
            });
        })
    };
    let to = |position: u32| change.reform(move |()| json!({ "position": position }));
    let delete = {
        let (desk, acting, id) = (desk.clone(), acting.clone(), component.id.clone());
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(format!("/components/{id}"))
            };
            submit::act(&desk, &acting, target, None, Callback::noop());
        })
    };
    let begin = {
        let (open, component) = (open.clone(), Rc::clone(component));
        Callback::from(move |()| {
            let form = Form {
                name: component.name.clone(),
                group: component.group.clone().unwrap_or_default(),
                tier: Some(component.tier),
            };
            open.edit(|open| *open = Some(form));
        })
    };
    let edit = |edit: fn(&mut Form, String)| {
        open.on(move |open: &mut Option<Form>, text| edit(open.get_or_insert_default(), text))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.reset(None))
    };
    let position = component.position;
    html! {
        <li>
            <span>{ &component.name }</span>
            <span class="soft">
                { component.slug.to_string() }
                if let Some(group) = &component.group { { format!(" · {group}") } }
                { format!(" · {} · {}", words::tier(component.tier), words::component(component.status)) }
            </span>
            if props.write {
                <div class="buttons small">
                    if !props.is_first { { view::secondary("Up", to(position.saturating_sub(1))) } }
                    if !props.is_last { { view::secondary("Down", to(position.saturating_add(1))) } }
                    { view::secondary("Edit", begin) }
                    <Sure label="Delete" sure="Yes, delete it" on={delete} />
                </div>
            }
            if let Some(form) = &open.value() {
                <div class="inner">
                    { input::line(&Field::new(format!("name-{}", component.slug), "Name"), "text", &form.name, edit(|form, text| form.name = text)) }
                    { input::line(&Field::new(format!("group-{}", component.slug), "Group"), "text", &form.group, edit(|form, text| form.group = text)) }
                    { tier(form.tier.unwrap_or(2), &open.on(|open: &mut Option<Form>, tier| open.get_or_insert_default().tier = Some(tier))) }
                    <div class="buttons">
                    { view::secondary("Save", change.reform({
                        let form = form.clone();
                        move |()| json!({ "name": form.name.trim(), "group": filled(&form.group), "tier": form.tier })
                    })) }
                    { view::secondary("Cancel", close) }
                    </div>
                </div>
            }
        </li>
    }
}
