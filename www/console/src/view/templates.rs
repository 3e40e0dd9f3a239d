//! The site's own words to begin with.

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
    api::Failure,
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
        conflict::{conflict, settled},
        sure::Sure,
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
            { view::heading("Templates", Some("Words to begin with at three in the morning. {parts} stands for what was picked, {start} and {end} for when it began and ended.")) }
            if desk.facts.templates.is_empty() { { view::empty("None of your own yet. These lie ready for everybody.") } }
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
                <h2>{ "Ready for everybody" }</h2>
                <ul class="rows">
                    { for ready.map(|ready| html! { <li><span>{ ready.name }</span><span class="soft">{ ready.words.body }</span></li> }) }
                </ul>
            </section>
            if write {
                { view::bar(None, html! { <a class="button primary" href={desk.href(&Route::Template(None))}>{ "Write one" }</a> }) }
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

fn request(form: &Form) -> Result<Value, Failure> {
    let restored = filled(&form.check).map(|check| RestoredWords {
        check: Some(check),
        ..RestoredWords::default()
    });
    let input = NewTemplate {
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
    };
    notice::check::template(&input).map_err(|rejection| submit::objection(&rejection))?;
    serde_json::to_value(&input).map_err(|_| Failure::Unreachable)
}

/// The whole of a new one; of one that stands, what is to change.
fn body(kept: &Kept) -> Result<String, Failure> {
    let mut asked = request(&kept.form)?;
    let stood = kept.stood.as_ref().map(request).transpose()?;
    if let (Some(asked), Some(stood)) = (asked.as_object_mut(), stood) {
        asked.retain(|name, value| stood.get(name) != Some(value));
    }
    Ok(asked.to_string())
}

/// Every field, to be compared.
fn values(form: &Form) -> Vec<Named> {
    vec![
        ("name", "Name", json!(form.name)),
        ("kind", "For", json!(form.kind)),
        ("status", "Where it stands", json!(form.status)),
        ("impact", "How bad it is", json!(form.impact)),
        (
            "minutes",
            "Minutes until the next word",
            json!(form.minutes),
        ),
        ("title", "Title", json!(form.title)),
        ("body", "What you say", json!(form.body)),
        ("advice", "What to do now", json!(form.advice)),
        ("works", "What works", json!(form.works)),
        ("broken", "What does not", json!(form.broken)),
        ("check", "What to check", json!(form.check)),
        ("text", "Translations", json!(form.text)),
    ]
}

/// A menu of words, with nothing chosen first.
fn menu<T: Word>(all: &[T], label: fn(T) -> &'static str) -> Vec<(String, String)> {
    let none = (String::new(), "Left open".to_owned());
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
    let sending = use_state(|| Sending::Idle);
    let path = format!("/templates/{name}");
    let theirs = use_theirs(desk, path.clone(), &sending);
    let Kept { form, stood } = draft.value();
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
            finish("Kept."),
        );
        let (stood, path) = (stood.clone(), id.as_ref().map(|_| path.clone()));
        Callback::from(move |()| {
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
        let of = |form: Option<&Form>| form.map(values).unwrap_or_default();
        let found = changes::differences(values(&form), of(stood.as_ref()), values(&now));
        let settle = |take: bool| {
            let now = now.clone();
            settled(&draft, &sending, move |kept: &mut Kept| {
                let stood = kept.stood.replace(now.clone());
                kept.form = match stood {
                    Some(stood) if !take => changes::merged(&stood, &kept.form, &now),
                    _ => now.clone(),
                };
            })
        };
        conflict(&found, settle(false), settle(true))
    };
    let delete = id.as_ref().map(|id| {
        let (desk, draft, sending, path) = (
            desk.clone(),
            draft.clone(),
            sending.clone(),
            format!("/templates/{id}"),
        );
        let done = finish("Deleted.");
        let on = Callback::from(move |()| {
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            draft.forget();
            submit::act(&desk, &sending, target, None, done.clone());
        });
        html! { <Sure label="Delete it" sure="Yes, delete it" {on} /> }
    });
    let error = |pointer: &str| sending.error(pointer);
    let statuses = [
        Status::Investigating,
        Status::Identified,
        Status::Monitoring,
        Status::Resolved,
    ];
    let impacts = [Impact::None, Impact::Minor, Impact::Major, Impact::Critical];
    html! {
        <main class="column">
            { view::heading(if id.is_some() { "Template" } else { "A template of your own" }, None) }
            { theirs.shown(&sending, &["/name", "/title", "/body", "/advice", "/works", "/broken", "/restored", "/next_update_minutes", "/text"], both) }
            { input::line(&Field::new("name", "What operators call it").error(error("/name")), "text", &form.name, draft.on(|kept: &mut Kept, text| kept.form.name = text)) }
            <div class="pair">
                { input::menu(&Field::new("kind", "For"), &form.kind, &menu(Kind::ALL, words::kind), draft.on(|kept: &mut Kept, word| kept.form.kind = word)) }
                { input::menu(&Field::new("status", "Where it stands"), &form.status, &menu(&statuses, words::status), draft.on(|kept: &mut Kept, word| kept.form.status = word)) }
                { input::menu(&Field::new("impact", "How bad it is"), &form.impact, &menu(&impacts, words::impact), draft.on(|kept: &mut Kept, word| kept.form.impact = word)) }
                { input::line(&Field::new("minutes", "Minutes until the next word").error(error("/next_update_minutes")), "number", &form.minutes, draft.on(|kept: &mut Kept, text| kept.form.minutes = text)) }
            </div>
            { input::line(&Field::new("title", "Title").hint("One without a title is offered for updates.").error(error("/title")), "text", &form.title, draft.on(|kept: &mut Kept, text| kept.form.title = text)) }
            { input::text(&Field::new("body", "What you say").error(error("/body")), 4, &form.body, draft.on(|kept: &mut Kept, text| kept.form.body = text)) }
            { input::text(&Field::new("advice", "What to do now").error(error("/advice")), 2, &form.advice, draft.on(|kept: &mut Kept, text| kept.form.advice = text)) }
            <div class="pair">
                { input::text(&Field::new("works", "What works").hint("A line each.").error(error("/works")), 3, &form.works, draft.on(|kept: &mut Kept, text| kept.form.works = text)) }
                { input::text(&Field::new("broken", "What does not").hint("A line each.").error(error("/broken")), 3, &form.broken, draft.on(|kept: &mut Kept, text| kept.form.broken = text)) }
            </div>
            { input::text(&Field::new("check", "What to check, at the end").error(error("/restored")), 2, &form.check, draft.on(|kept: &mut Kept, text| kept.form.check = text)) }
            { written::translations(&desk.facts.site.languages, &form.text, written::Extent::Template, &sending,
                &draft.on(|kept: &mut Kept, (language, part, text): written::Change| *part(kept.form.text.entry(language).or_default()) = text)) }
            if desk.session.may_write() {
                <div class="actions">
                    <a class="button" href={desk.href(&Route::Templates)}>{ "Cancel" }</a>
                    { for delete }
                    { view::primary("Keep it", sending.is_busy() || theirs.is_reading(), save) }
                </div>
            }
        </main>
    }
}
