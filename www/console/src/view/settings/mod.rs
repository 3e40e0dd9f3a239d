//! A site's settings, as its owners change them.

mod fields;
mod lists;

use std::rc::Rc;

use notice::wire::site::Site;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use self::fields::Fields;
use crate::{
    api::{Failure, FieldError, Problem},
    changes, contrast,
    draft::{Draft, use_draft},
    input::{self, Field},
    route::Route,
    submit::{self, Sending, Target},
    view::{self, DeskProps, conflict::conflict},
};

/// The settings as they were read, and as they are to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    etag: Option<String>,
    stood: Fields,
    /// As they are to be.
    pub fields: Fields,
}

/// The view.
#[component]
pub fn Settings(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let draft = use_draft(desk.slug(), "settings", || Form {
        etag: desk.facts.site_etag.clone(),
        stood: Fields::of(&desk.facts.site),
        fields: Fields::of(&desk.facts.site),
    });
    let sending = use_state(|| Sending::Idle);
    let theirs = use_state(|| None::<(Fields, Option<String>)>);
    let form = draft.value();
    if *sending == Sending::Failed(Failure::Conflict) && theirs.is_none() {
        let (theirs, session) = (theirs.clone(), Rc::clone(&desk.session));
        spawn_local(async move {
            if let Ok((site, etag)) = session.get::<Site>("").await {
                theirs.set(Some((Fields::of(&site), etag)));
            }
        });
    }
    let save = {
        let (desk, draft, sending) = (desk.clone(), draft.clone(), sending.clone());
        let etag = form.etag.clone();
        Callback::from(move |()| {
            let then = desk.clone();
            let done = Callback::from(move |_| {
                then.say.emit("The settings are kept.".to_owned());
                then.go(&Route::Home);
            });
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::patch("", etag.clone()),
                request,
                done,
            );
        })
    };
    let both = theirs.as_ref().map(|(now, etag)| {
        let settle = |take: bool| {
            let (draft, sending, theirs) = (draft.clone(), sending.clone(), theirs.clone());
            let (now, etag) = (now.clone(), etag.clone());
            Callback::from(move |()| {
                draft.edit(|form| {
                    form.fields = if take {
                        now.clone()
                    } else {
                        changes::merged(&form.stood, &form.fields, &now)
                    };
                    form.stood = now.clone();
                    form.etag.clone_from(&etag);
                });
                draft.begin_anew();
                theirs.set(None);
                sending.set(Sending::Idle);
            })
        };
        let (mine, stood) = (form.fields.values(), form.stood.values());
        let found = changes::differences(mine, stood, now.values());
        conflict(&found, settle(false), settle(true))
    });
    let owner = desk.session.is_owner();
    html! {
        <main class="column">
            { view::heading("Settings", (!owner).then_some("Only owners change them.")) }
            { view::failure(&sending, lists::POINTERS) }
            { for both }
            <fieldset class="all" disabled={!owner}>
                { pause(&draft, &form) }
                { lists::fields(&form.fields, &sending, &draft) }
            </fieldset>
            if owner { { view::bar(Some((desk.href(&Route::Home), "Cancel")), view::primary("Save", sending.is_busy(), save)) } }
        </main>
    }
}

fn pause(draft: &Draft<Form>, form: &Form) -> Html {
    input::check(
        &Field::new("paused", "Pause every embed").hint("Every card disappears within ten seconds, wherever it is shown. For when the card itself does harm."),
        form.fields.paused,
        draft.on(|form: &mut Form, on| form.fields.paused = on),
    )
}

/// The merge patch, unless a colour cannot be read.
fn request(form: &Form) -> Result<String, Failure> {
    let colours = [
        ("/colours/light", &form.fields.light, contrast::PAPERS.0),
        ("/colours/dark", &form.fields.dark, contrast::PAPERS.1),
    ];
    let errors: Vec<FieldError> = colours
        .into_iter()
        .filter(|(_, colour, _)| !colour.is_empty())
        .filter_map(|(pointer, colour, paper)| {
            let (detail, fits) = contrast::verdict(colour, paper);
            (!fits).then(|| FieldError {
                pointer: pointer.to_owned(),
                detail,
            })
        })
        .collect();
    if errors.is_empty() {
        return Ok(changes::patch(form.fields.values(), form.stood.values()).to_string());
    }
    Err(Failure::Refused(Problem {
        status: 422,
        code: "invalid_field".to_owned(),
        detail: String::new(),
        errors,
    }))
}
