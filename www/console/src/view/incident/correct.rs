//! Correcting the text of a published update. The journal keeps the old text.

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
    conflict::{
        merge::{self, Difference, NamedValue},
        remote::use_remote,
        resolve::{initial_sending, on_resolved, resolution},
    },
    context::Context,
    form::{
        draft::use_draft,
        non_blank,
        submit::{self, Target},
        unfinished,
    },
    route::{Route, Task},
    server::failure::{Failure, FieldError},
    text::language,
    ui::{
        self,
        input::{self, Field},
    },
    view::incident::load::use_tagged_incident,
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: IncidentId,
    pub update: UpdateId,
}

/// An update's message in every language. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Message {
    body: String,
    text: BTreeMap<Language, String>,
}

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    etag: String,
    /// The published version that the draft is based on.
    #[serde(rename = "stood")]
    base: Message,
    #[serde(rename = "said")]
    message: Message,
}

impl Message {
    fn of(update: &UpdateView) -> Self {
        Self {
            body: update.body.clone(),
            text: update.text.clone(),
        }
    }

    /// Returns the fields as in the API.
    fn values(&self) -> Vec<NamedValue> {
        let translation = |text: &String| non_blank(text).map(|body| json!({ "body": body }));
        let text: BTreeMap<&Language, _> = self
            .text
            .iter()
            .map(|(language, body)| (language, translation(body)))
            .collect();
        vec![
            ("body", "Message", json!(self.body.trim())),
            ("text", "Translations", json!(text)),
        ]
    }
}

/// Returns the texts that both the draft and the published version changed.
fn conflicts(form: &Form, remote: &Message) -> Vec<Difference> {
    merge::conflicts(form.message.values(), form.base.values(), remote.values())
}

#[component]
pub fn Correct(props: &Props) -> Html {
    let (incident, etag) = match use_tagged_incident(&props.context, &props.id) {
        Ok(loaded) => loaded,
        Err(placeholder) => return placeholder,
    };
    let mut updates = incident.updates.into_iter();
    match updates.find(|update| update.id == props.update) {
        Some(update) => {
            html! { <CorrectionForm context={props.context.clone()} id={props.id.clone()} update={Rc::new(update)} {etag} /> }
        }
        None => {
            let back = props
                .context
                .href(&Route::Incident(props.id.clone(), Task::Read));
            html! {
                <main class="column">
                    { ui::heading("Not found", None) }
                    <div class="alert" role="alert"><p>{ "This update is not there any more." }</p></div>
                    { ui::action_bar(Some((back, "Go to incident")), Html::default()) }
                </main>
            }
        }
    }
}

/// Returns the errors of the changed texts.
fn errors(form: &Form) -> Vec<FieldError> {
    let primary = (
        "/body".to_owned(),
        &form.message.body,
        Some(&form.base.body),
    );
    let translations = form.message.text.iter().map(|(language, text)| {
        let base = form.base.text.get(language);
        (format!("/text/{language}/body"), text, base)
    });
    let all = std::iter::once(primary).chain(translations);
    all.filter_map(|(pointer, text, base)| {
        let detail = match text.trim() {
            "" if pointer == "/body" => "Write a message.",
            _ if base == Some(text) => return None,
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
struct CorrectionFormProps {
    context: Context,
    id: IncidentId,
    update: Rc<UpdateView>,
    etag: String,
}

#[component]
fn CorrectionForm(props: &CorrectionFormProps) -> Html {
    let CorrectionFormProps {
        context,
        id,
        update,
        etag,
    } = props;
    let path = format!("/incidents/{id}/updates/{}", update.id);
    let draft = use_draft(
        context.slug(),
        &format!("correct:{id}:{}", update.id),
        || Form {
            etag: etag.clone(),
            base: Message::of(update),
            message: Message::of(update),
        },
    );
    let form = draft.value();
    let sending = use_state(|| initial_sending(&conflicts(&form, &Message::of(update))));
    let remote = use_remote(context, path.clone(), &sending);
    let back = Route::Incident(id.clone(), Task::Read);
    let save = {
        let (context, draft, sending, path) = (
            context.clone(),
            draft.clone(),
            sending.clone(),
            path.clone(),
        );
        let (etag, back) = (form.etag.clone(), back.clone());
        Callback::from(move |()| {
            if submit::is_blocked_by_conflict(&sending) {
                return;
            }
            let (done_context, back) = (context.clone(), back.clone());
            let done = Callback::from(move |_| {
                done_context
                    .notify
                    .emit("Correction saved. The journal keeps the old text.".to_owned());
                done_context.go(&back);
            });
            let build = |form: &Form| {
                let errors = errors(form);
                if !errors.is_empty() {
                    return Err(Failure::invalid(errors));
                }
                Ok(merge::patch(form.message.values(), form.base.values()).to_string())
            };
            submit::submit(
                &context,
                &draft,
                &sending,
                Target::patch(path.clone(), Some(etag.clone())),
                build,
                done,
            );
        })
    };
    let resolve = |remote: &UpdateView, etag: &str| {
        let (remote, etag) = (Message::of(remote), etag.to_owned());
        let conflicts = conflicts(&form, &remote);
        let resolved = on_resolved(&draft, &sending, move |form: &mut Form, from_remote| {
            let pointers: Vec<String> = from_remote.iter().map(|name| format!("/{name}")).collect();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            form.message = merge::merge(&form.base, &form.message, &remote, &pointers);
            form.base = remote.clone();
            form.etag.clone_from(&etag);
        });
        resolution(conflicts, resolved)
    };
    let shown = sending.with_errors(errors(&form));
    let translations = context
        .snapshot
        .site
        .languages
        .iter()
        .skip(1)
        .map(|language| {
            let to = language.clone();
            let on = draft.on(move |form: &mut Form, text| {
                form.message.text.insert(to.clone(), text);
            });
            let value = form.message.text.get(language).cloned().unwrap_or_default();
            input::text(
                &Field::new(format!("body-{language}"), language::name(language))
                    .error(shown.error(&format!("/text/{language}"))),
                4,
                &value,
                on,
            )
        });
    html! {
        <main class="column">
            { ui::heading("Correct update", Some("A correction notifies nobody. The update is marked as corrected.")) }
            { remote.render(&sending, &["/body"], resolve) }
            { input::text(&Field::new("body", "Message").error(shown.error("/body")), 5, &form.message.body, draft.on(|form: &mut Form, text| form.message.body = text)) }
            { for translations }
            { ui::action_bar(Some((context.href(&back), "Cancel")), ui::primary("Save correction", sending.is_busy() || remote.is_loading(), save)) }
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::Form;
    use serde_json::json;

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored = json!({ "etag": "\"1\"", "stood": { "body": "a" }, "said": { "body": "b" } });
        let form: Form = serde_json::from_value(stored).unwrap();
        assert_eq!(
            (form.base.body.as_str(), form.message.body.as_str()),
            ("a", "b")
        );
    }
}
