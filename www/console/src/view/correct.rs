//! Putting right what was said. The old words stay in the journal.

use std::{collections::BTreeMap, rc::Rc};

use notice::{
    project::view::{IncidentView, UpdateView},
    wire::{
        ids::{IncidentId, UpdateId},
        language::Language,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::Failure,
    desk::Desk,
    draft::use_draft,
    form::filled,
    input::{self, Field},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::{
        self,
        conflict::{Difference, conflict},
        incident::use_incident,
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    etag: String,
    body: String,
    text: BTreeMap<Language, String>,
}

/// The view, once the incident is there with its entity tag.
#[component]
pub fn Correct(props: &Props) -> Html {
    let found = match use_incident(&props.desk, &props.id) {
        Ok(found) => found,
        Err(shown) => return shown,
    };
    let said = |incident: &IncidentView| {
        let found = incident
            .updates
            .iter()
            .find(|update| update.id == props.update);
        found.cloned()
    };
    match (said(&found.0), found.1) {
        (Some(said), Some(etag)) => {
            html! { <Correcting desk={props.desk.clone()} id={props.id.clone()} said={Rc::new(said)} {etag} /> }
        }
        _ => html! {
            <main class="column" aria-busy="true"><p role="status" class="soft">{ "Reading …" }</p></main>
        },
    }
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
        body: said.body.clone(),
        text: said.text.clone(),
    });
    let sending = use_state(|| Sending::Idle);
    let theirs = use_state(|| None::<(String, String)>);
    let form = draft.value();
    if *sending == Sending::Failed(Failure::Conflict) && theirs.is_none() {
        let (theirs, session, path) = (theirs.clone(), Rc::clone(&desk.session), path.clone());
        spawn_local(async move {
            if let Ok((now, Some(etag))) = session.get::<UpdateView>(&path).await {
                theirs.set(Some((now.body, etag)));
            }
        });
    }
    let back = Route::Incident(id.clone(), Task::Read);
    let save = {
        let (desk, draft, sending, path) =
            (desk.clone(), draft.clone(), sending.clone(), path.clone());
        let (etag, back) = (form.etag.clone(), back.clone());
        Callback::from(move |()| {
            let (then, back) = (desk.clone(), back.clone());
            let done = Callback::from(move |_| {
                then.say
                    .emit("Corrected. The old words stay in the journal.".to_owned());
                then.go(&back);
            });
            let build = |form: &Form| {
                let text: BTreeMap<_, _> = form
                    .text
                    .iter()
                    .map(|(language, body)| {
                        (language, filled(body).map(|body| json!({ "body": body })))
                    })
                    .collect();
                Ok(json!({ "body": form.body.trim(), "text": text }).to_string())
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
    let both = theirs.as_ref().map(|(now, etag)| {
        let settle = |body: Option<String>| {
            let (draft, sending, theirs, etag) =
                (draft.clone(), sending.clone(), theirs.clone(), etag.clone());
            Callback::from(move |()| {
                draft.edit(|form| {
                    form.etag.clone_from(&etag);
                    if let Some(body) = &body {
                        form.body.clone_from(body);
                    }
                });
                draft.begin_anew();
                theirs.set(None);
                sending.set(Sending::Idle);
            })
        };
        let difference = Difference {
            label: "What was said".to_owned(),
            theirs: now.clone(),
            mine: form.body.clone(),
        };
        conflict(&[difference], settle(None), settle(Some(now.clone())))
    });
    let others = desk.facts.site.languages.iter().skip(1).map(|language| {
        let to = language.clone();
        let on = draft.on(move |form: &mut Form, text| {
            form.text.insert(to.clone(), text);
        });
        let value = form.text.get(language).cloned().unwrap_or_default();
        input::text(
            &Field::new(format!("body-{language}"), written::name(language)),
            4,
            &value,
            on,
        )
    });
    html! {
        <main class="column">
            { view::heading("Correct what was said", Some("Nobody is disturbed by a correction. The update says that it was corrected.")) }
            { view::failure(&sending, &["/body"]) }
            { for both }
            { input::text(&Field::new("body", "What should have been said").error(sending.error("/body")), 5, &form.body, draft.on(|form: &mut Form, text| form.body = text)) }
            { for others }
            { view::bar(Some((desk.href(&back), "Cancel")), view::primary("Correct it", sending.is_busy(), save)) }
        </main>
    }
}
