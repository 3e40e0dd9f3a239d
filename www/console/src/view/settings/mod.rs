//! A site's settings, as its owners change them.

mod fields;
mod lists;

use notice::wire::site::Site;
use serde::{Deserialize, Serialize};
use yew::{Callback, Html, component, html, use_state};

use self::fields::Fields;
use crate::{
    api::{Failure, FieldError, Problem},
    changes, contrast,
    draft::{Draft, use_draft},
    input::{self, Field},
    route::Route,
    submit::{self, Sending, Target},
    view::{
        self, DeskProps,
        conflict::{conflict, settled},
        theirs::use_theirs,
    },
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
    let theirs = use_theirs(desk, String::new(), &sending);
    let form = draft.value();
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
    let both = |site: &Site, etag: &str| {
        let (now, etag) = (Fields::of(site), etag.to_owned());
        let (mine, stood) = (form.fields.values(), form.stood.values());
        let found = changes::differences(mine, stood, now.values());
        let settle = |takes: bool| {
            let (now, etag) = (now.clone(), etag.clone());
            settled(&draft, &sending, move |form: &mut Form| {
                form.fields = if takes {
                    now.clone()
                } else {
                    changes::merged(&form.stood, &form.fields, &now)
                };
                form.stood = now.clone();
                form.etag = Some(etag.clone());
            })
        };
        conflict(&found, settle(false), settle(true))
    };
    let owner = desk.session.is_owner();
    html! {
        <main class="column">
            { view::heading("Settings", (!owner).then_some("Only owners change them.")) }
            { theirs.shown(&sending, lists::POINTERS, both) }
            <fieldset class="all" disabled={!owner}>
                { pause(&draft, &form) }
                { lists::fields(&form.fields, &sending, &draft) }
            </fieldset>
            if owner { { view::bar(Some((desk.href(&Route::Home), "Cancel")), view::primary("Save", sending.is_busy() || theirs.is_reading(), save)) } }
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
