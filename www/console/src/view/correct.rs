//! Correcting a published update. The journal keeps the old text.

use std::{collections::BTreeMap, rc::Rc};

use notice::{
    project::view::UpdateView,
    wire::{
        ids::{IncidentId, UpdateId},
        language::Language,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::FieldError,
    changes::{self, Named},
    desk::Desk,
    draft::use_draft,
    form::filled,
    input::{self, Field},
    route::{Route, Task},
    submit::{self, Target},
    unfinished,
    view::{
        self,
        conflict::{Difference, conflict, opened, settled},
        found::use_read_incident,
        theirs::use_theirs,
        written,
    },
};

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Of which incident.
    pub id: IncidentId,
    /// Which update.
    pub update: UpdateId,
}

/// What was said, in every language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Said {
    body: String,
    text: BTreeMap<Language, String>,
}

/// As it was read, and as it is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    etag: String,
    stood: Said,
    said: Said,
}

impl Said {
    fn of(update: &UpdateView) -> Self {
        Self {
            body: update.body.clone(),
            text: update.text.clone(),
        }
    }

    /// Every field as the API has it.
    fn values(&self) -> Vec<Named> {
        let said = |text: &String| filled(text).map(|body| json!({ "body": body }));
        let text: BTreeMap<&Language, _> = self
            .text
            .iter()
            .map(|(language, body)| (language, said(body)))
            .collect();
        vec![
            ("body", "Message", json!(self.body.trim())),
            ("text", "Translations", json!(text)),
        ]
    }
}

/// The texts that the draft changed and that are published otherwise by now.
fn differences(form: &Form, now: &Said) -> Vec<Difference> {
    changes::differences(form.said.values(), form.stood.values(), now.values())
}

/// The view, once the incident is there with its entity tag.
#[component]
pub fn Correct(props: &Props) -> Html {
    let (incident, etag) = match use_read_incident(&props.desk, &props.id) {
        Ok(found) => found,
        Err(shown) => return shown,
    };
    let mut said = incident.updates.into_iter();
    match said.find(|update| update.id == props.update) {
        Some(said) => {
            html! { <Correcting desk={props.desk.clone()} id={props.id.clone()} said={Rc::new(said)} {etag} /> }
        }
        None => {
            let back = props
                .desk
                .href(&Route::Incident(props.id.clone(), Task::Read));
            html! {
                <main class="column">
                    { view::heading("Not found", None) }
                    <div class="alert" role="alert"><p>{ "This update is not there any more." }</p></div>
                    { view::bar(Some((back, "Go to incident")), Html::default()) }
                </main>
            }
        }
    }
}

/// The errors of the texts as they are typed. Texts that were published like this are not checked.
fn wrong(form: &Form) -> Vec<FieldError> {
    let own = ("/body".to_owned(), &form.said.body, Some(&form.stood.body));
    let others = form.said.text.iter().map(|(language, text)| {
        let stood = form.stood.text.get(language);
        (format!("/text/{language}/body"), text, stood)
    });
    let all = std::iter::once(own).chain(others);
    all.filter_map(|(pointer, text, stood)| {
        let detail = match text.trim() {
            "" if pointer == "/body" => "Write a message.",
            _ if stood == Some(text) => return None,
            text => unfinished::reason(text)?,
        };
        Some(FieldError {
            pointer,
            detail: detail.to_owned(),
        })
    })
    .collect()
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct CorrectingProps {
    desk: Desk,
    id: IncidentId,
    said: Rc<UpdateView>,
    etag: String,
}

#[component]
fn Correcting(props: &CorrectingProps) -> Html {
    let CorrectingProps {
        desk,
        id,
        said,
        etag,
    } = props;
    let path = format!("/incidents/{id}/updates/{}", said.id);
    let draft = use_draft(desk.slug(), &format!("correct:{id}:{}", said.id), || Form {
        etag: etag.clone(),
        stood: Said::of(said),
        said: Said::of(said),
    });
    let form = draft.value();
    let sending = use_state(|| opened(&differences(&form, &Said::of(said))));
    let theirs = use_theirs(desk, path.clone(), &sending);
    let back = Route::Incident(id.clone(), Task::Read);
    let save = {
        let (desk, draft, sending, path) =
            (desk.clone(), draft.clone(), sending.clone(), path.clone());
        let (etag, back) = (form.etag.clone(), back.clone());
        Callback::from(move |()| {
            if submit::has_to_settle(&sending) {
                return;
            }
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                then.say
                    .emit("Correction saved. The journal keeps the old text.".to_owned());
                then.go(&back);
            });
            let build = |form: &Form| {
                let wrong = wrong(form);
                if !wrong.is_empty() {
                    return Err(submit::refusal(wrong));
                }
                Ok(changes::patch(form.said.values(), form.stood.values()).to_string())
            };
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::patch(path.clone(), Some(etag.clone())),
                build,
                done,
            );
        })
    };
    let both = |now: &UpdateView, etag: &str| {
        let (now, etag) = (Said::of(now), etag.to_owned());
        let found = differences(&form, &now);
        let settled = settled(&draft, &sending, move |form: &mut Form, taken| {
            let pointers: Vec<String> = taken.iter().map(|name| format!("/{name}")).collect();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            form.said = changes::merged(&form.stood, &form.said, &now, &pointers);
            form.stood = now.clone();
            form.etag.clone_from(&etag);
        });
        conflict(found, settled)
    };
    let shown = sending.with(wrong(&form));
    let others = desk.facts.site.languages.iter().skip(1).map(|language| {
        let to = language.clone();
        let on = draft.on(move |form: &mut Form, text| {
            form.said.text.insert(to.clone(), text);
        });
        let value = form.said.text.get(language).cloned().unwrap_or_default();
        input::text(
            &Field::new(format!("body-{language}"), written::name(language))
                .error(shown.error(&format!("/text/{language}"))),
            4,
            &value,
            on,
        )
    });
    html! {
        <main class="column">
            { view::heading("Correct update", Some("A correction notifies nobody. The update is marked as corrected.")) }
            { theirs.shown(&sending, &["/body"], both) }
            { input::text(&Field::new("body", "Message").error(shown.error("/body")), 5, &form.said.body, draft.on(|form: &mut Form, text| form.said.body = text)) }
            { for others }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary("Save correction", sending.is_busy() || theirs.is_reading(), save)) }
        </main>
    }
}
