//! The site's own templates.

use std::collections::BTreeMap;

use gloo_net::http::Method;
use notice::wire::{
    enums::{Impact, Kind, Status, StringEnum},
    ids::TemplateId,
    input::{NewTemplate, RestoredTexts},
    language::Language,
    template::Template,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    conflict::{
        merge::{self, Difference, NamedValue},
        remote::use_remote,
        resolve::{initial_sending, on_resolved, resolution},
    },
    context::Context,
    form::{
        Texts,
        draft::use_draft,
        lines, non_blank,
        sending::Sending,
        submit::{self, Target},
        translations,
    },
    route::Route,
    server::failure::{Failure, FieldError},
    templates::{self, Occasion},
    text::labels,
    ui::{
        self,
        confirm_button::ConfirmButton,
        input::{self, Field},
        tabs,
        typing::Typing,
    },
    view::{
        ContextProps,
        fields::translations::{self, TranslatedForm},
    },
};

/// Lists the site's own templates and the built-in ones.
#[component]
pub fn Templates(props: &ContextProps) -> Html {
    let context = &props.context;
    let may_write = context.session.may_write();
    let occasions = [
        Occasion::Begin(Kind::Incident),
        Occasion::Begin(Kind::Maintenance),
        Occasion::Begin(Kind::Announcement),
        Occasion::Update,
        Occasion::End,
    ];
    let built_in = occasions
        .into_iter()
        .flat_map(|occasion| templates::offered(occasion, &[]));
    html! {
        <main class="column">
            { ui::heading("Templates", Some("Texts to start from. {components} is replaced by the selected components, {start} and {end} by when the incident began and ended, and {works|work} by the form that fits one or several components.")) }
            { tabs::settings(context, &Route::Templates) }
            if context.snapshot.templates.is_empty() { { ui::empty("No custom templates yet. These built-in ones are available to everyone.") } }
            if !context.snapshot.templates.is_empty() {
            <ul class="rows">
                { for context.snapshot.templates.iter().map(|template| html! {
                    <li>
                        <a href={context.href(&Route::Template(Some(template.id.clone())))}>{ &template.content.name }</a>
                        <span class="soft">{ template.content.title.clone().or(template.content.body.clone()).unwrap_or_default() }</span>
                    </li>
                }) }
            </ul>
            }
            <section>
                <h2>{ "Built-in templates" }</h2>
                <ul class="rows">
                    { for built_in.map(|template| html! { <li><span>{ template.name }</span><span class="soft">{ template.texts.body }</span></li> }) }
                </ul>
            </section>
            if may_write {
                { ui::action_bar(None, html! { <a class="button primary" href={context.href(&Route::Template(None))}>{ "New template" }</a> }) }
            }
        </main>
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// `None`: a new template.
    pub id: Option<TemplateId>,
}

/// The stored draft. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Edit {
    /// The stored template that the draft is based on; `None`: the template is new.
    #[serde(rename = "stood")]
    base: Option<Form>,
    form: Form,
}

/// The form. Stored drafts use these field names; enum values are texts, empty for "Any".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    kind: String,
    status: String,
    impact: String,
    title: String,
    body: String,
    advice: String,
    works: String,
    broken: String,
    check: String,
    /// Minutes until the next update.
    minutes: String,
    text: BTreeMap<Language, Texts>,
}

fn form_of(template: &Template) -> Form {
    let input = &template.content;
    let name = |name: Option<&'static str>| name.unwrap_or_default().to_owned();
    Form {
        name: input.name.clone(),
        kind: name(input.kind.map(StringEnum::as_str)),
        status: name(input.status.map(StringEnum::as_str)),
        impact: name(input.impact.map(StringEnum::as_str)),
        title: input.title.clone().unwrap_or_default(),
        body: input.body.clone().unwrap_or_default(),
        advice: input.advice.clone().unwrap_or_default(),
        works: input.works.join("\n"),
        broken: input.broken.join("\n"),
        check: input
            .restored
            .clone()
            .and_then(|restored| restored.check)
            .unwrap_or_default(),
        minutes: input
            .next_update_minutes
            .map(|minutes| minutes.to_string())
            .unwrap_or_default(),
        text: input
            .text
            .iter()
            .map(|(language, text)| (language.clone(), Texts::of(text)))
            .collect(),
    }
}

/// Returns the errors of the fields. A missing name is not an error here; see [`request`].
fn errors(form: &Form) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let minutes = form.minutes.trim();
    if !minutes.is_empty() && minutes.parse::<u32>().is_err() {
        errors.push(FieldError {
            pointer: "/next_update_minutes".to_owned(),
            detail: "Enter whole minutes, for example 30.".to_owned(),
        });
    }
    errors.extend(placeholder_errors(form));
    let rejection = notice::body::check::template(&input(form)).err();
    let failure = rejection.map(|rejection| Failure::from(&rejection));
    let rejected = failure.as_ref().map_or(&[][..], Failure::errors);
    // A missing name is reported when the template is saved.
    let is_typed = |error: &&FieldError| error.pointer != "/name" || !form.name.trim().is_empty();
    errors.extend(rejected.iter().filter(is_typed).cloned());
    errors
}

/// Returns the errors of texts with unknown placeholders.
fn placeholder_errors(form: &Form) -> Vec<FieldError> {
    let primary = [
        ("/title", &form.title),
        ("/body", &form.body),
        ("/advice", &form.advice),
        ("/works", &form.works),
        ("/broken", &form.broken),
        ("/restored", &form.check),
    ];
    let primary = primary.map(|(pointer, text)| (pointer.to_owned(), text.as_str()));
    let translations = form.text.iter().flat_map(|(language, texts)| {
        ["title", "body", "advice", "works", "broken", "check"]
            .map(|name| (format!("/text/{language}/{name}"), texts.get(name)))
    });
    primary
        .into_iter()
        .chain(translations)
        .filter_map(|(pointer, text)| {
            Some(FieldError {
                pointer,
                detail: templates::invalid_placeholder(text)?.to_owned(),
            })
        })
        .collect()
}

fn request(form: &Form) -> Result<Value, Failure> {
    let mut errors = errors(form);
    if form.name.trim().is_empty() {
        errors.push(FieldError {
            pointer: "/name".to_owned(),
            detail: "Enter a name.".to_owned(),
        });
    }
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    serde_json::to_value(input(form)).map_err(|_| Failure::Unwritable)
}

fn input(form: &Form) -> NewTemplate {
    let restored = non_blank(&form.check).map(|check| RestoredTexts {
        check: Some(check),
        ..RestoredTexts::default()
    });
    NewTemplate {
        name: form.name.trim().to_owned(),
        kind: Kind::parse(&form.kind),
        title: non_blank(&form.title),
        status: Status::parse(&form.status),
        impact: Impact::parse(&form.impact),
        body: non_blank(&form.body),
        advice: non_blank(&form.advice),
        works: lines(&form.works),
        broken: lines(&form.broken),
        restored,
        next_update_minutes: form.minutes.trim().parse().ok(),
        text: translations(&form.text),
    }
}

/// Returns the request body: all fields of a new template, the changed fields of an existing one.
fn body(edit: &Edit) -> Result<String, Failure> {
    let mut body = request(&edit.form)?;
    let base = edit.base.as_ref().map(input);
    let base = base
        .map(|base| serde_json::to_value(base).map_err(|_| Failure::Unwritable))
        .transpose()?;
    if let (Some(fields), Some(base)) = (body.as_object_mut(), base) {
        fields.retain(|name, value| base.get(name) != Some(value));
    }
    Ok(body.to_string())
}

/// Returns every field, for comparison.
fn values(form: &Form) -> Vec<NamedValue> {
    vec![
        ("name", "Name", json!(form.name)),
        ("kind", "Kind", json!(form.kind)),
        ("status", "Status", json!(form.status)),
        ("impact", "Severity", json!(form.impact)),
        ("minutes", "Next update in (minutes)", json!(form.minutes)),
        ("title", "Title", json!(form.title)),
        ("body", "Message", json!(form.body)),
        ("advice", "What should users do now?", json!(form.advice)),
        ("works", "What still works", json!(form.works)),
        ("broken", "What doesn't work", json!(form.broken)),
        ("check", "What should users check?", json!(form.check)),
        ("text", "Translations", json!(form.text)),
    ]
}

/// Returns the fields that both the draft and the stored template changed.
fn conflicts(form: &Form, base: Option<&Form>, remote: &Form) -> Vec<Difference> {
    let base = base.map(values).unwrap_or_default();
    merge::conflicts(values(form), base, values(remote))
}

/// Returns the options of a menu of enum values, with "Any" first.
fn menu<T: StringEnum>(all: &[T], label: fn(T) -> &'static str) -> Vec<(String, String)> {
    let none = (String::new(), "Any".to_owned());
    let options = all
        .iter()
        .map(|value| (value.as_str().to_owned(), label(*value).to_owned()));
    std::iter::once(none).chain(options).collect()
}

#[component]
pub fn EditTemplate(props: &Props) -> Html {
    let Props { context, id } = props;
    let stored = id.as_ref().and_then(|id| {
        context
            .snapshot
            .templates
            .iter()
            .find(|template| template.id == *id)
    });
    let name = id.as_ref().map_or("new", |id| id.as_str());
    let draft = use_draft(context.slug(), &format!("template:{name}"), || Edit {
        base: stored.map(form_of),
        form: stored.map(form_of).unwrap_or_default(),
    });
    let path = format!("/templates/{name}");
    let Edit { form, base } = draft.value();
    let sending = use_state(|| {
        let now = stored.map(form_of).or(base.clone());
        let conflicts = now.map(|now| conflicts(&form, base.as_ref(), &now));
        initial_sending(&conflicts.unwrap_or_default())
    });
    let remote = use_remote(context, path.clone(), &sending);
    let finish = {
        let context = context.clone();
        move |message: &'static str| {
            let context = context.clone();
            Callback::from(move |_| {
                context.notify.emit(message.to_owned());
                context.go(&Route::Templates);
            })
        }
    };
    let save = {
        let (context, draft, sending, done) = (
            context.clone(),
            draft.clone(),
            sending.clone(),
            finish("Template saved."),
        );
        let (base, path) = (base.clone(), id.as_ref().map(|_| path.clone()));
        Callback::from(move |()| {
            if submit::is_blocked_by_conflict(&sending) {
                return;
            }
            if sending.is_busy() {
                return;
            }
            let (context, draft, sending, done) = (
                context.clone(),
                draft.clone(),
                sending.clone(),
                done.clone(),
            );
            let (base, path) = (base.clone(), path.clone());
            // Busy from the click on, while the template is read.
            sending.set(Sending::Busy);
            spawn_local(async move {
                let target = match path {
                    None => Target::post("/templates"),
                    Some(path) => match context.session.get_tagged::<Template>(&path).await {
                        Ok((now, _)) if base != Some(form_of(&now)) => {
                            return sending.set(Sending::Failed(Failure::Conflict));
                        }
                        Ok((_, etag)) => Target::patch(path, Some(etag)),
                        Err(Failure::SignedOut) => return context.on_session_end.emit(()),
                        Err(failure) => return sending.set(Sending::Failed(failure)),
                    },
                };
                sending.set(Sending::Idle);
                submit::submit(&context, &draft, &sending, target, body, done);
            });
        })
    };
    let resolve = |remote: &Template, _: &str| {
        let remote = form_of(remote);
        let conflicts = conflicts(&form, base.as_ref(), &remote);
        let resolved = on_resolved(&draft, &sending, move |edit: &mut Edit, from_remote| {
            let pointers: Vec<String> = from_remote.iter().map(|name| format!("/{name}")).collect();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            if let Some(base) = edit.base.replace(remote.clone()) {
                edit.form = merge::merge(&base, &edit.form, &remote, &pointers);
            }
        });
        resolution(conflicts, resolved)
    };
    let delete = id.as_ref().map(|id| {
        let (context, draft, sending, path) = (
            context.clone(),
            draft.clone(),
            sending.clone(),
            format!("/templates/{id}"),
        );
        let done = finish("Template deleted.");
        let on = Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            draft.forget();
            submit::send_action(&context, &sending, target, None, done.clone());
        });
        html! { <ConfirmButton label="Delete template" confirm="Yes, delete template" {on} /> }
    });
    let shown = sending.with_errors(errors(&form));
    let error = |pointer: &str| shown.error(pointer);
    let statuses = [
        Status::Investigating,
        Status::Identified,
        Status::Monitoring,
        Status::Resolved,
    ];
    let impacts = [Impact::None, Impact::Minor, Impact::Major, Impact::Critical];
    html! {
        <main class="column">
            { ui::heading(if id.is_some() { "Edit template" } else { "New template" }, None) }
            { remote.render(&sending, &["/name", "/title", "/body", "/advice", "/works", "/broken", "/restored", "/next_update_minutes", "/text"], resolve) }
            { input::line(&Field::new("name", "Name").hint("Only operators see it.").error(error("/name")), Typing::Name, &form.name, draft.on(|edit: &mut Edit, text| edit.form.name = text)) }
            <div class="pair">
                { input::menu(&Field::new("kind", "Kind"), &form.kind, &menu(Kind::ALL, labels::kind), draft.on(|edit: &mut Edit, word| edit.form.kind = word)) }
                { input::menu(&Field::new("status", "Status"), &form.status, &menu(&statuses, labels::status), draft.on(|edit: &mut Edit, word| edit.form.status = word)) }
                { input::menu(&Field::new("impact", "Severity"), &form.impact, &menu(&impacts, labels::impact), draft.on(|edit: &mut Edit, word| edit.form.impact = word)) }
                { input::line(&Field::new("minutes", "Next update in (minutes)").error(error("/next_update_minutes")), Typing::Number, &form.minutes, draft.on(|edit: &mut Edit, text| edit.form.minutes = text)) }
            </div>
            { input::line(&Field::new("title", "Title").hint("A template without a title is offered for updates.").error(error("/title")), Typing::Sentence, &form.title, draft.on(|edit: &mut Edit, text| edit.form.title = text)) }
            { input::text(&Field::new("body", "Message").error(error("/body")), 4, &form.body, draft.on(|edit: &mut Edit, text| edit.form.body = text)) }
            { input::text(&Field::new("advice", "What should users do now?").error(error("/advice")), 2, &form.advice, draft.on(|edit: &mut Edit, text| edit.form.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &form.works, draft.on(|edit: &mut Edit, text| edit.form.works = text)) }
                { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &form.broken, draft.on(|edit: &mut Edit, text| edit.form.broken = text)) }
            </div>
            { input::text(&Field::new("check", "What should users check when it is resolved?").error(error("/restored")), 2, &form.check, draft.on(|edit: &mut Edit, text| edit.form.check = text)) }
            { translations::translations(&context.snapshot.site.languages, &form.text, TranslatedForm::Template, &shown,
                &draft.on(|edit: &mut Edit, (language, field, text): translations::Change| *field(edit.form.text.entry(language).or_default()) = text)) }
            if context.session.may_write() {
                <div class="actions">
                    <a class="button" href={context.href(&Route::Templates)}>{ "Cancel" }</a>
                    { for delete }
                    { ui::primary("Save template", sending.is_busy() || remote.is_loading(), save) }
                </div>
            }
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Form, errors};
    use crate::form::Texts;
    use notice::wire::language::Language;
    use serde_json::json;

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored = json!({ "stood": { "title": "a" }, "form": { "title": "b" } });
        let edit: Edit = serde_json::from_value(stored).unwrap();
        assert_eq!(edit.base.unwrap().title, "a");
        assert_eq!(edit.form.title, "b");
    }

    #[test]
    fn a_misspelt_placeholder_is_an_error_of_its_field() {
        let mut form = Form {
            name: "Down".to_owned(),
            title: "{component} {is|are} down".to_owned(),
            check: "Check what you did since {begin}.".to_owned(),
            ..Form::default()
        };
        let texts = Texts {
            body: "{components} {ist|sind nicht erreichbar".to_owned(),
            ..Texts::default()
        };
        form.text.insert(Language::parse("de").unwrap(), texts);
        let errors = errors(&form);
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/title", "/restored", "/text/de/body"]);
    }
}
