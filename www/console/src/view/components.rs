//! The components of the product.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    decide::free_component_slug,
    wire::{component::Component, ids::Slug, input::NewComponent},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::{Failure, FieldError},
    desk::Desk,
    draft::use_draft,
    form::filled,
    input::{self, Choice, Field},
    submit::{self, Sending, Target},
    view::{self, DeskProps, left::use_left, sure::Sure},
    words,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    /// Asked for where none can be made from the name.
    slug: String,
    group: String,
    tier: Option<u8>,
}

/// The fields that show what is wrong with them.
const POINTERS: &[&str] = &["/name", "/slug", "/group"];

impl Form {
    /// Whether the slug has to be typed: the name has no letters a-z or digits.
    fn needs_slug(&self) -> bool {
        let name = self.name.trim();
        !name.is_empty() && free_component_slug(name, |_| false).is_none()
    }

    fn input(&self) -> NewComponent {
        NewComponent {
            name: self.name.trim().to_owned(),
            slug: Slug::parse(self.slug.trim()).filter(|_| self.needs_slug()),
            group: filled(&self.group),
            tier: self.tier,
            position: None,
        }
    }

    /// Everything that is wrong. `others` are the slugs of the other components.
    fn wrong<'a>(&self, mut others: impl Iterator<Item = &'a Slug>) -> Vec<FieldError> {
        let rejection = notice::check::component(&self.input()).err();
        let failure = rejection.map(|rejection| submit::objection(&rejection));
        let mut errors = failure.map_or_else(Vec::new, |failure| submit::errors(&failure).to_vec());
        if self.needs_slug() {
            let detail = match Slug::parse(self.slug.trim()) {
                None => Some("Enter 2 to 39 letters a-z, digits or hyphens, for example sending."),
                Some(slug) if others.any(|other| *other == slug) => {
                    Some("Another component has this slug. Enter another.")
                }
                Some(_) => None,
            };
            errors.extend(detail.map(|detail| FieldError {
                pointer: "/slug".to_owned(),
                detail: detail.to_owned(),
            }));
        }
        errors
    }
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
    let left = use_left();
    let form = draft.value();
    // As they are typed, once their field was left.
    let typed = form.wrong(slugs(desk)).into_iter();
    let typed = typed.filter(|error| left.has(error.pointer.trim_start_matches('/')));
    let shown = still(&sending, &form, desk).with(typed.collect());
    let error = |pointer: &str| shown.error(pointer);
    let add = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        let left = left.clone();
        Callback::from(move |()| {
            let (empty, sent, left) = (draft.clone(), sending.clone(), left.clone());
            let done = Callback::from(move |_| {
                left.forget();
                empty.reset(Form::default());
                sent.set(Sending::Idle);
            });
            let build = |form: &Form| {
                let wrong = form.wrong(slugs(&desk));
                if !wrong.is_empty() {
                    return Err(submit::refusal(wrong));
                }
                serde_json::to_string(&form.input()).map_err(|_| Failure::Unreachable)
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
                <section onfocusout={left.on_leave()}>
                    <h2>{ "Add a component" }</h2>
                    { view::failure(&still(&sending, &form, desk), POINTERS) }
                    { input::line(&Field::new("name", "Name").error(error("/name")), "text", &form.name, draft.on(|form: &mut Form, text| form.name = text)) }
                    if form.needs_slug() {
                        { input::line(&Field::new("slug", "Slug").hint("A short name in letters a-z, digits and hyphens, for your pages and the API. The name has none to make it from.").error(error("/slug")),
                            "text", &form.slug, draft.on(|form: &mut Form, text| form.slug = text)) }
                    }
                    { input::line(&Field::new("group", "Group").hint("Optional. Components of one group stand together.").error(error("/group")), "text", &form.group, draft.on(|form: &mut Form, text| form.group = text)) }
                    { tier(form.tier.unwrap_or(2), &draft.on(|form: &mut Form, tier| form.tier = Some(tier))) }
                    <div class="buttons">{ view::primary("Add", sending.is_busy(), add) }</div>
                </section>
            }
        </main>
    }
}

fn slugs(desk: &Desk) -> impl Iterator<Item = &Slug> {
    desk.facts
        .components
        .iter()
        .map(|component| &component.slug)
}

/// How sending stands, without the errors of fields that are right by now.
fn still(sending: &Sending, form: &Form, desk: &Desk) -> Sending {
    match sending {
        Sending::Failed(failure) if !submit::errors(failure).is_empty() => {
            let wrong = form.wrong(slugs(desk));
            let is_wrong = |error: &&FieldError| {
                !POINTERS.contains(&error.pointer.as_str()) || wrong.contains(error)
            };
            let errors = submit::errors(failure).iter().filter(is_wrong);
            let errors: Vec<FieldError> = errors.cloned().collect();
            match errors.is_empty() {
                true => Sending::Idle,
                false => Sending::Failed(submit::refusal(errors)),
            }
        }
        other => other.clone(),
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
                slug: component.slug.to_string(),
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
    // Its slug stays, and is not sent.
    let error = |form: &Form, pointer: &str| {
        let wrong = form.wrong(std::iter::empty());
        Sending::Idle.with(wrong).error(pointer)
    };
    let save = |form: &Form| {
        let (form, change) = (form.clone(), change.clone());
        Callback::from(move |()| {
            if !form.wrong(std::iter::empty()).is_empty() {
                return submit::point_at_errors();
            }
            let patch = json!({ "name": form.name.trim(), "group": filled(&form.group), "tier": form.tier });
            change.emit(patch);
        })
    };
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
                    { input::line(&Field::new(format!("name-{}", component.slug), "Name").error(error(form, "/name")), "text", &form.name, edit(|form, text| form.name = text)) }
                    { input::line(&Field::new(format!("group-{}", component.slug), "Group").error(error(form, "/group")), "text", &form.group, edit(|form, text| form.group = text)) }
                    { tier(form.tier.unwrap_or(2), &open.on(|open: &mut Option<Form>, tier| open.get_or_insert_default().tier = Some(tier))) }
                    <div class="buttons">
                    { view::secondary("Save", save(form)) }
                    { view::secondary("Cancel", close) }
                    </div>
                </div>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::Form;
    use notice::wire::ids::Slug;

    #[test]
    fn a_slug_is_asked_for_where_a_name_gives_none() {
        for (name, needs) in [
            ("Отправка", true),
            ("送信", true),
            ("إرسال", true),
            ("é", true),
            ("Отправка 2", false),
            ("Sending", false),
            ("A", false),
            ("  ", false),
        ] {
            let form = Form {
                name: name.to_owned(),
                ..Form::default()
            };
            assert_eq!(form.needs_slug(), needs, "{name}");
        }
    }

    #[test]
    fn a_wrong_value_is_refused_at_its_field() {
        let taken = Slug::parse("sending").unwrap();
        for (name, slug, group, pointer) in [
            ("Отправка", "", "", "/slug"),
            ("Отправка", "x", "", "/slug"),
            ("Отправка", "Отправка", "", "/slug"),
            ("Отправка", "sending", "", "/slug"),
            ("Отправка", "otpravka", "", ""),
            ("", "", "", "/name"),
            (&"x".repeat(150), "", "", "/name"),
            ("Sending", "no slug", "", ""),
            ("Sending", "", &"x".repeat(150), "/group"),
        ] {
            let form = Form {
                name: name.to_owned(),
                slug: slug.to_owned(),
                group: group.to_owned(),
                tier: None,
            };
            let wrong = form.wrong([&taken].into_iter());
            let at = wrong.first().map_or("", |error| error.pointer.as_str());
            assert_eq!(
                (at, wrong.len()),
                (pointer, usize::from(!pointer.is_empty())),
                "{name} {slug}"
            );
        }
    }
}
