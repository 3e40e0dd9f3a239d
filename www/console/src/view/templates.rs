//! The site's own templates.

use std::collections::BTreeMap;

use gloo_net::http::Method;
use notice::wire::{
    ids::TemplateId,
    input::{NewTemplate, RestoredWords},
    language::Language,
    template::Template,
    words::{Impact, Kind, Status, Word},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::{Failure, FieldError},
    changes::{self, Named},
    desk::Desk,
    draft::use_draft,
    form::{Words, filled, lines, translations},
    input::{self, Field},
    ready_made::{self, Moment},
    route::Route,
    submit::{self, Sending, Target},
    view::{
        self, DeskProps,
        conflict::{Difference, conflict, opened, settled},
        sure::Sure,
        tabs,
        theirs::use_theirs,
        written,
    },
    words,
};

/// The list.
#[component]
pub fn Templates(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let write = desk.session.may_write();
    let ready = [
        Moment::Begin(Kind::Incident),
        Moment::Begin(Kind::Maintenance),
        Moment::Begin(Kind::Announcement),
        Moment::Update,
        Moment::End,
    ];
    let ready = ready
        .into_iter()
        .flat_map(|moment| ready_made::offered(moment, &[]));
    html! {
        <main class="column">
            { view::heading("Templates", Some("Texts to start from. {components} is replaced by the selected components, {start} and {end} by when the incident began and ended, and {works|work} by the form that fits one or several components.")) }
            { tabs::settings(desk, &Route::Templates) }
            if desk.facts.templates.is_empty() { { view::empty("No custom templates yet. These built-in ones are available to everyone.") } }
            if !desk.facts.templates.is_empty() {
            <ul class="rows">
                { for desk.facts.templates.iter().map(|template| html! {
                    <li>
                        <a href={desk.href(&Route::Template(Some(template.id.clone())))}>{ &template.words.name }</a>
                        <span class="soft">{ template.words.title.clone().or(template.words.body.clone()).unwrap_or_default() }</span>
                    </li>
                }) }
            </ul>
            }
            <section>
                <h2>{ "Built-in templates" }</h2>
                <ul class="rows">
                    { for ready.map(|ready| html! { <li><span>{ ready.name }</span><span class="soft">{ ready.words.body }</span></li> }) }
                </ul>
            </section>
            if write {
                { view::bar(None, html! { <a class="button primary" href={desk.href(&Route::Template(None))}>{ "New template" }</a> }) }
            }
        </main>
    }
}

/// What the form is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Which; `None`: a new one.
    pub id: Option<TemplateId>,
}

/// The words as they were read (of a new template none), and as they are to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    stood: Option<Form>,
    form: Form,
}

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
    minutes: String,
    text: BTreeMap<Language, Words>,
}

fn form_of(template: &Template) -> Form {
    let words = &template.words;
    let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
    Form {
        name: words.name.clone(),
        kind: word(words.kind.map(Word::as_str)),
        status: word(words.status.map(Word::as_str)),
        impact: word(words.impact.map(Word::as_str)),
        title: words.title.clone().unwrap_or_default(),
        body: words.body.clone().unwrap_or_default(),
        advice: words.advice.clone().unwrap_or_default(),
        works: words.works.join("\n"),
        broken: words.broken.join("\n"),
        check: words
            .restored
            .clone()
            .and_then(|restored| restored.check)
            .unwrap_or_default(),
        minutes: words
            .next_update_minutes
            .map(|minutes| minutes.to_string())
            .unwrap_or_default(),
        text: words
            .text
            .iter()
            .map(|(language, text)| (language.clone(), Words::of(text)))
            .collect(),
    }
}

/// The errors of the fields as they are typed.
fn wrong(form: &Form) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let minutes = form.minutes.trim();
    if !minutes.is_empty() && minutes.parse::<u32>().is_err() {
        errors.push(FieldError {
            pointer: "/next_update_minutes".to_owned(),
            detail: "Enter whole minutes, for example 30.".to_owned(),
        });
    }
    errors.extend(placeholders(form));
    let rejection = notice::check::template(&input(form)).err();
    let failure = rejection.map(|rejection| submit::objection(&rejection));
    let objections = failure.as_ref().map_or(&[][..], submit::errors);
    // A name that is not typed yet is asked for when the template is saved.
    let is_typed = |error: &&FieldError| error.pointer != "/name" || !form.name.trim().is_empty();
    errors.extend(objections.iter().filter(is_typed).cloned());
    errors
}

/// The errors of texts whose placeholders nothing would replace.
fn placeholders(form: &Form) -> Vec<FieldError> {
    let own = [
        ("/title", &form.title),
        ("/body", &form.body),
        ("/advice", &form.advice),
        ("/works", &form.works),
        ("/broken", &form.broken),
        ("/restored", &form.check),
    ];
    let own = own.map(|(pointer, text)| (pointer.to_owned(), text.as_str()));
    let others = form.text.iter().flat_map(|(language, words)| {
        ["title", "body", "advice", "works", "broken", "check"]
            .map(|name| (format!("/text/{language}/{name}"), words.part(name)))
    });
    own.into_iter()
        .chain(others)
        .filter_map(|(pointer, text)| {
            Some(FieldError {
                pointer,
                detail: ready_made::wrong(text)?.to_owned(),
            })
        })
        .collect()
}

fn request(form: &Form) -> Result<Value, Failure> {
    let mut errors = wrong(form);
    if form.name.trim().is_empty() {
        errors.push(FieldError {
            pointer: "/name".to_owned(),
            detail: "Enter a name.".to_owned(),
        });
    }
    if !errors.is_empty() {
        return Err(submit::refusal(errors));
    }
    serde_json::to_value(input(form)).map_err(|_| Failure::Unreachable)
}

fn input(form: &Form) -> NewTemplate {
    let restored = filled(&form.check).map(|check| RestoredWords {
        check: Some(check),
        ..RestoredWords::default()
    });
    NewTemplate {
        name: form.name.trim().to_owned(),
        kind: words::word(&form.kind),
        title: filled(&form.title),
        status: words::word(&form.status),
        impact: words::word(&form.impact),
        body: filled(&form.body),
        advice: filled(&form.advice),
        works: lines(&form.works),
        broken: lines(&form.broken),
        restored,
        next_update_minutes: form.minutes.trim().parse().ok(),
        text: translations(&form.text),
    }
}

/// The whole of a new one; of one that stands, what is to change.
fn body(kept: &Kept) -> Result<String, Failure> {
    let mut asked = request(&kept.form)?;
    let stood = kept.stood.as_ref().map(input);
    let stood = stood
        .map(|stood| serde_json::to_value(stood).map_err(|_| Failure::Unreachable))
        .transpose()?;
    if let (Some(asked), Some(stood)) = (asked.as_object_mut(), stood) {
        asked.retain(|name, value| stood.get(name) != Some(value));
    }
    Ok(asked.to_string())
}

/// Every field, to be compared.
fn values(form: &Form) -> Vec<Named> {
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

/// The fields that the draft changed and that are stored with other values by now.
fn differences(form: &Form, stood: Option<&Form>, now: &Form) -> Vec<Difference> {
    let stood = stood.map(values).unwrap_or_default();
    changes::differences(values(form), stood, values(now))
}

/// A menu of words, with nothing chosen first.
fn menu<T: Word>(all: &[T], label: fn(T) -> &'static str) -> Vec<(String, String)> {
    let none = (String::new(), "Any".to_owned());
    let words = all
        .iter()
        .map(|word| (word.as_str().to_owned(), label(*word).to_owned()));
    std::iter::once(none).chain(words).collect()
}

/// The form.
#[component]
pub fn EditTemplate(props: &Props) -> Html {
    let Props { desk, id } = props;
    let standing = id.as_ref().and_then(|id| {
        desk.facts
            .templates
            .iter()
            .find(|template| template.id == *id)
    });
    let name = id.as_ref().map_or("new", |id| id.as_str());
    let draft = use_draft(desk.slug(), &format!("template:{name}"), || Kept {
        stood: standing.map(form_of),
        form: standing.map(form_of).unwrap_or_default(),
    });
    let path = format!("/templates/{name}");
    let Kept { form, stood } = draft.value();
    let sending = use_state(|| {
        let now = standing.map(form_of).or(stood.clone());
        let found = now.map(|now| differences(&form, stood.as_ref(), &now));
        opened(&found.unwrap_or_default())
    });
    let theirs = use_theirs(desk, path.clone(), &sending);
    let finish = {
        let desk = desk.clone();
        move |words: &'static str| {
            let desk = desk.clone();
            Callback::from(move |_| {
                desk.say.emit(words.to_owned());
                desk.go(&Route::Templates);
            })
        }
    };
    let save = {
        let (desk, draft, sending, done) = (
            desk.clone(),
            draft.clone(),
            sending.clone(),
            finish("Template saved."),
        );
        let (stood, path) = (stood.clone(), id.as_ref().map(|_| path.clone()));
        Callback::from(move |()| {
            if submit::has_to_settle(&sending) {
                return;
            }
            if sending.is_busy() {
                return;
            }
            let (desk, draft, sending, done) =
                (desk.clone(), draft.clone(), sending.clone(), done.clone());
            let (stood, path) = (stood.clone(), path.clone());
            // From the first tap on: on a slow line reading takes as long as sending.
            sending.set(Sending::Busy);
            spawn_local(async move {
                let target = match path {
                    None => Target::post("/templates"),
                    Some(path) => match desk.session.get::<Template>(&path).await {
                        Ok((now, _)) if stood != Some(form_of(&now)) => {
                            return sending.set(Sending::Failed(Failure::Conflict));
                        }
                        Ok((_, etag)) => Target::patch(path, etag),
                        Err(Failure::SignedOut) => return desk.ended.emit(()),
                        Err(failure) => return sending.set(Sending::Failed(failure)),
                    },
                };
                sending.set(Sending::Idle);
                submit::submit(&desk, &draft, &sending, target, body, done);
            });
        })
    };
    let both = |now: &Template, _: &str| {
        let now = form_of(now);
        let found = differences(&form, stood.as_ref(), &now);
        let settled = settled(&draft, &sending, move |kept: &mut Kept, taken| {
            let pointers: Vec<String> = taken.iter().map(|name| format!("/{name}")).collect();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            if let Some(stood) = kept.stood.replace(now.clone()) {
                kept.form = changes::merged(&stood, &kept.form, &now, &pointers);
            }
        });
        conflict(found, settled)
    };
    let delete = id.as_ref().map(|id| {
        let (desk, draft, sending, path) = (
            desk.clone(),
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
            submit::act(&desk, &sending, target, None, done.clone());
        });
        html! { <Sure label="Delete template" sure="Yes, delete template" {on} /> }
    });
    let shown = sending.with(wrong(&form));
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
            { view::heading(if id.is_some() { "Edit template" } else { "New template" }, None) }
            { theirs.shown(&sending, &["/name", "/title", "/body", "/advice", "/works", "/broken", "/restored", "/next_update_minutes", "/text"], both) }
            { input::line(&Field::new("name", "Name").hint("Only operators see it.").error(error("/name")), "text", &form.name, draft.on(|kept: &mut Kept, text| kept.form.name = text)) }
            <div class="pair">
                { input::menu(&Field::new("kind", "Kind"), &form.kind, &menu(Kind::ALL, words::kind), draft.on(|kept: &mut Kept, word| kept.form.kind = word)) }
                { input::menu(&Field::new("status", "Status"), &form.status, &menu(&statuses, words::status), draft.on(|kept: &mut Kept, word| kept.form.status = word)) }
                { input::menu(&Field::new("impact", "Severity"), &form.impact, &menu(&impacts, words::impact), draft.on(|kept: &mut Kept, word| kept.form.impact = word)) }
                { input::line(&Field::new("minutes", "Next update in (minutes)").error(error("/next_update_minutes")), "number", &form.minutes, draft.on(|kept: &mut Kept, text| kept.form.minutes = text)) }
            </div>
            { input::line(&Field::new("title", "Title").hint("A template without a title is offered for updates.").error(error("/title")), "text", &form.title, draft.on(|kept: &mut Kept, text| kept.form.title = text)) }
            { input::text(&Field::new("body", "Message").error(error("/body")), 4, &form.body, draft.on(|kept: &mut Kept, text| kept.form.body = text)) }
            { input::text(&Field::new("advice", "What should users do now?").error(error("/advice")), 2, &form.advice, draft.on(|kept: &mut Kept, text| kept.form.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What still works").hint("One per line.").error(error("/works")), 3, &form.works, draft.on(|kept: &mut Kept, text| kept.form.works = text)) }
                { input::text(&Field::new("broken", "What doesn't work").hint("One per line.").error(error("/broken")), 3, &form.broken, draft.on(|kept: &mut Kept, text| kept.form.broken = text)) }
            </div>
            { input::text(&Field::new("check", "What should users check, when it is resolved?").error(error("/restored")), 2, &form.check, draft.on(|kept: &mut Kept, text| kept.form.check = text)) }
            { written::translations(&desk.facts.site.languages, &form.text, written::Extent::Template, &shown,
                &draft.on(|kept: &mut Kept, (language, part, text): written::Change| *part(kept.form.text.entry(language).or_default()) = text)) }
            if desk.session.may_write() {
                <div class="actions">
                    <a class="button" href={desk.href(&Route::Templates)}>{ "Cancel" }</a>
                    { for delete }
                    { view::primary("Save template", sending.is_busy() || theirs.is_reading(), save) }
                </div>
            }
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, wrong};
    use crate::form::Words;
    use notice::wire::language::Language;

    #[test]
    fn a_misspelt_placeholder_is_refused_in_its_own_field() {
        let mut form = Form {
            name: "Down".to_owned(),
            title: "{component} {is|are} down".to_owned(),
            check: "Check what you did since {begin}.".to_owned(),
            ..Form::default()
        };
        let words = Words {
            body: "{components} {ist|sind nicht erreichbar".to_owned(),
            ..Words::default()
        };
        form.text.insert(Language::parse("de").unwrap(), words);
        let found = wrong(&form);
        let pointers: Vec<&str> = found.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/title", "/restored", "/text/de/body"]);
    }
}
