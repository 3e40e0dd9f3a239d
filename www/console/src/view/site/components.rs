//! The components of the product.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    body::slug,
    wire::{component::Component, ids::Slug, input::NewComponent},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    browser::focus,
    context::Context,
    form::{
        draft::use_draft,
        non_blank,
        sending::Sending,
        submit::{self, Target},
    },
    server::{
        failure::{Failure, FieldError},
        request,
    },
    text::labels,
    ui::{
        self,
        confirm_button::ConfirmButton,
        input::{self, Choice, Field},
        touched::use_touched,
        typing::Typing,
    },
    view::ContextProps,
};

/// The form of a component. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    /// Typed only if none can be derived from the name.
    slug: String,
    group: String,
    tier: Option<u8>,
}

/// JSON pointers of the fields that show their own errors.
const POINTERS: &[&str] = &["/name", "/slug", "/group"];

impl Form {
    /// Returns whether the slug has to be typed, because the name has no Latin letters or digits.
    fn needs_slug(&self) -> bool {
        let name = self.name.trim();
        !name.is_empty() && slug::free(name, |_| false).is_none()
    }

    /// Returns the slug that was typed, in lower case: phones begin fields with a capital letter.
    fn typed_slug(&self) -> Option<Slug> {
        Slug::parse(&self.slug.trim().to_lowercase())
    }

    fn request(&self) -> NewComponent {
        NewComponent {
            name: self.name.trim().to_owned(),
            slug: self.typed_slug().filter(|_| self.needs_slug()),
            group: non_blank(&self.group),
            tier: self.tier,
            position: None,
        }
    }

    /// Returns the errors of all fields. `others` are the slugs of the other components.
    fn errors<'a>(&self, mut others: impl Iterator<Item = &'a Slug>) -> Vec<FieldError> {
        let rejection = notice::body::check::component(&self.request()).err();
        let failure = rejection.map(|rejection| Failure::from(&rejection));
        let mut errors = failure.map_or_else(Vec::new, |failure| failure.errors().to_vec());
        if self.needs_slug() {
            let detail = match self.typed_slug() {
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
            ..Choice::new(1, labels::tier(1))
        },
        Choice::new(2, labels::tier(2)),
        Choice::new(3, labels::tier(3)),
    ];
    input::choice(&Field::new("tier", "Importance"), Some(&value), choices, on)
}

#[component]
pub fn Components(props: &ContextProps) -> Html {
    let context = &props.context;
    let draft = use_draft(context.slug(), "components:new", Form::default);
    let sending = use_state(|| Sending::Idle);
    let action = use_state(|| Sending::Idle);
    let touched = use_touched();
    let form = draft.value();
    // Errors of the touched fields.
    let typed = form.errors(slugs(context)).into_iter();
    let typed = typed.filter(|error| touched.has(error.pointer.trim_start_matches('/')));
    let shown = without_fixed_errors(&sending, &form, context).with_errors(typed.collect());
    let error = |pointer: &str| shown.error(pointer);
    let add = {
        let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
        let touched = touched.clone();
        Callback::from(move |()| {
            let (sent, idle, touched) = (draft.clone(), sending.clone(), touched.clone());
            let done = Callback::from(move |_| {
                touched.reset();
                sent.reset(Form::default());
                idle.set(Sending::Idle);
            });
            let build = |form: &Form| {
                let errors = form.errors(slugs(&context));
                if !errors.is_empty() {
                    return Err(Failure::invalid(errors));
                }
                request::to_json(&form.request())
            };
            submit::submit(
                &context,
                &draft,
                &sending,
                Target::post("/components"),
                build,
                done,
            );
        })
    };
    let may_write = context.session.may_write();
    let last = context.snapshot.components.len().saturating_sub(1);
    html! {
        <main class="column">
            { ui::heading("Components", Some("The parts of your product that users know, under the names they use.")) }
            { ui::failure(&action, &[]) }
            if context.snapshot.components.is_empty() { { ui::empty("No components yet. Add what users would say is broken.") } }
            <ul class="rows">
                { for context.snapshot.components.iter().enumerate().map(|(index, component)| html! {
                    <ComponentRow key={component.id.to_string()} context={context.clone()} component={Rc::new(component.clone())}
                        is_first={index == 0} is_last={index == last} {may_write} action={action.clone()} />
                }) }
            </ul>
            if may_write {
                <section onfocusout={touched.on_focus_out()}>
                    <h2>{ "Add a component" }</h2>
                    { ui::failure(&without_fixed_errors(&sending, &form, context), POINTERS) }
                    { input::line(&Field::new("name", "Name").error(error("/name")), Typing::Name, &form.name, draft.on(|form: &mut Form, text| form.name = text)) }
                    if form.needs_slug() {
                        { input::line(&Field::new("slug", "Slug").hint("A short name in letters a-z, digits and hyphens, for your pages and the API. This name contains none of them, so enter a slug.").error(error("/slug")),
                            Typing::Code, &form.slug, draft.on(|form: &mut Form, text| form.slug = text)) }
                    }
                    { input::line(&Field::new("group", "Group").hint("Optional. Components of one group stand together.").error(error("/group")), Typing::Name, &form.group, draft.on(|form: &mut Form, text| form.group = text)) }
                    { tier(form.tier.unwrap_or(2), &draft.on(|form: &mut Form, tier| form.tier = Some(tier))) }
                    <div class="buttons">{ ui::primary("Add", sending.is_busy(), add) }</div>
                </section>
            }
        </main>
    }
}

fn slugs(context: &Context) -> impl Iterator<Item = &Slug> {
    context
        .snapshot
        .components
        .iter()
        .map(|component| &component.slug)
}

/// Returns the state of sending without the errors of fields that have been fixed since.
fn without_fixed_errors(sending: &Sending, form: &Form, context: &Context) -> Sending {
    match sending {
        Sending::Failed(failure) if !failure.errors().is_empty() => {
            let current = form.errors(slugs(context));
            let is_current = |error: &&FieldError| {
                !POINTERS.contains(&error.pointer.as_str()) || current.contains(error)
            };
            let errors = failure.errors().iter().filter(is_current);
            let errors: Vec<FieldError> = errors.cloned().collect();
            match errors.is_empty() {
                true => Sending::Idle,
                false => Sending::Failed(Failure::invalid(errors)),
            }
        }
        other => other.clone(),
    }
}

/// Returns the fields of a component that operators edit.
fn edited_fields(component: &Component) -> (&str, Option<&str>, u8) {
    (&component.name, component.group.as_deref(), component.tier)
}

#[derive(Clone, PartialEq, yew::Properties)]
struct ComponentRowProps {
    context: Context,
    component: Rc<Component>,
    is_first: bool,
    is_last: bool,
    may_write: bool,
    action: yew::UseStateHandle<Sending>,
}

/// One component, with its form and the buttons that move and delete it.
#[component]
fn ComponentRow(props: &ComponentRowProps) -> Html {
    let ComponentRowProps {
        context,
        component,
        action,
        ..
    } = props;
    // The form is open while it has a value.
    let form = use_draft(
        context.slug(),
        &format!("component:{}", component.id),
        || None::<Form>,
    );
    // Changes use the entity tag of a version read just before.
    let change = {
        let (context, action, shown) = (context.clone(), action.clone(), Rc::clone(component));
        let form = form.clone();
        Callback::from(move |patch: serde_json::Value| {
            let (context, action, form) = (context.clone(), action.clone(), form.clone());
            let shown = Rc::clone(&shown);
            let path = format!("/components/{}", shown.id);
            spawn_local(async move {
                match context.session.get_tagged::<Component>(&path).await {
                    // The reload shows the other operator's version above the form.
                    Ok((now, _)) if edited_fields(&now) != edited_fields(&shown) => {
                        action.set(Sending::Failed(Failure::Conflict));
                        context.reload.emit(());
                    }
                    Ok((_, etag)) => {
                        let done = Callback::from(move |_| form.reset(None));
                        submit::send_action(
                            &context,
                            &action,
                            Target::patch(path, Some(etag)),
                            Some(patch.to_string()),
                            done,
                        );
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => action.set(Sending::Failed(failure)),
                }
            });
        })
    };
    let move_to = |position: u32| change.reform(move |()| json!({ "position": position }));
    let delete = {
        let (context, action, id) = (context.clone(), action.clone(), component.id.clone());
        Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(format!("/components/{id}"))
            };
            submit::send_action(&context, &action, target, None, Callback::noop());
        })
    };
    let open = {
        let (form, component) = (form.clone(), Rc::clone(component));
        Callback::from(move |()| {
            let initial = Form {
                name: component.name.clone(),
                slug: component.slug.to_string(),
                group: component.group.clone().unwrap_or_default(),
                tier: Some(component.tier),
            };
            form.edit(|form| *form = Some(initial));
        })
    };
    let edit = |edit: fn(&mut Form, String)| {
        form.on(move |form: &mut Option<Form>, text| edit(form.get_or_insert_default(), text))
    };
    let close = {
        let form = form.clone();
        Callback::from(move |()| form.reset(None))
    };
    let position = component.position;
    // The slug cannot be changed and is not sent, so no other slugs are passed.
    let error = |form: &Form, pointer: &str| {
        let errors = form.errors(std::iter::empty());
        Sending::Idle.with_errors(errors).error(pointer)
    };
    let save = |form: &Form| {
        let (form, change) = (form.clone(), change.clone());
        Callback::from(move |()| {
            if !form.errors(std::iter::empty()).is_empty() {
                return focus::focus_first_error();
            }
            let patch = json!({ "name": form.name.trim(), "group": non_blank(&form.group), "tier": form.tier });
            change.emit(patch);
        })
    };
    html! {
        <li>
            <span>{ &component.name }</span>
            <span class="soft">
                { component.slug.to_string() }
                if let Some(group) = &component.group { { format!(" · {group}") } }
                { format!(" · {} · {}", labels::tier(component.tier), labels::component_status(component.status)) }
            </span>
            if props.may_write {
                <div class="buttons small">
                    if !props.is_first { { ui::secondary("Up", move_to(position.saturating_sub(1))) } }
                    if !props.is_last { { ui::secondary("Down", move_to(position.saturating_add(1))) } }
                    { ui::secondary("Edit", open) }
                    <ConfirmButton label="Delete" confirm="Yes, delete it" on={delete} />
                </div>
            }
            if let Some(values) = &form.value() {
                <div class="inner">
                    { input::line(&Field::new(format!("name-{}", component.slug), "Name").error(error(values, "/name")), Typing::Name, &values.name, edit(|form, text| form.name = text)) }
                    { input::line(&Field::new(format!("group-{}", component.slug), "Group").error(error(values, "/group")), Typing::Name, &values.group, edit(|form, text| form.group = text)) }
                    { tier(values.tier.unwrap_or(2), &form.on(|form: &mut Option<Form>, tier| form.get_or_insert_default().tier = Some(tier))) }
                    <div class="buttons">
                    { ui::secondary("Save", save(values)) }
                    { ui::secondary("Cancel", close) }
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
    fn a_name_without_latin_letters_needs_a_slug() {
        for (name, expected) in [
            ("Отправка", true),
            ("送信", true),
            ("إرسال", true),
            ("é", false),
            ("Отправка 2", false),
            ("Sending", false),
            ("A", false),
            ("  ", false),
        ] {
            let form = Form {
                name: name.to_owned(),
                ..Form::default()
            };
            assert_eq!(form.needs_slug(), expected, "{name}");
        }
    }

    #[test]
    fn component_errors_point_to_their_field() {
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
            let errors = form.errors([&taken].into_iter());
            let at = errors.first().map_or("", |error| error.pointer.as_str());
            assert_eq!(
                (at, errors.len()),
                (pointer, usize::from(!pointer.is_empty())),
                "{name} {slug}"
            );
        }
    }
}
