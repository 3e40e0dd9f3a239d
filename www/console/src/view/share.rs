//! Sharing an incident elsewhere: a text for a mail, a chat or a post, and the link.

use std::rc::Rc;

use js_sys::Reflect;
use notice::project::view::IncidentView;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    clock,
    desk::Desk,
    draft::use_draft,
    input::{self, Choice, Field},
    route::{Route, Task},
    submit,
    told::{self, Format},
    view::{self, found::use_incident, incident::Props},
};

/// The typed text; without one it is made from the incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Typed {
    /// As the console kept it before there were formats.
    Text(Option<String>),
    /// An edited text, the text that it was edited from, and the format.
    Edited {
        text: String,
        from: String,
        format: Format,
    },
}

/// The view.
#[component]
pub fn Share(props: &Props) -> Html {
    clock::use_passing_time();
    let Props { desk, id } = props;
    let copied = use_state(|| None::<&'static str>);
    let format = use_state(Format::default);
    let typed = use_draft(desk.slug(), &format!("share:{id}"), || Typed::Text(None));
    let incident = match use_incident(desk, id) {
        Ok(found) => Rc::new(found.incident),
        Err(shown) => return shown,
    };
    let kept = typed.value();
    let (own, of) = match &kept {
        Typed::Text(text) => (text.clone(), *format),
        Typed::Edited { text, format, .. } => (Some(text.clone()), *format),
    };
    let standing = told(desk, &incident, of);
    // An edited text may no longer be true.
    let is_outdated = matches!(&kept, Typed::Edited { from, .. } if *from != standing);
    let is_own = own.is_some();
    let text = own.unwrap_or_else(|| standing.clone());
    let edited = copied.clone();
    let promise = is_own.then(|| told::outdated_promise(&text, &incident, &setting(desk)));
    let promise = promise.flatten();
    let edit = typed.on(move |typed: &mut Typed, text| {
        // Nothing of the new text was copied.
        edited.set(None);
        let from = match &*typed {
            Typed::Edited { from, .. } => from.clone(),
            Typed::Text(_) => standing.clone(),
        };
        *typed = Typed::Edited {
            text,
            from,
            format: of,
        };
    });
    let discard = {
        let typed = typed.clone();
        Callback::from(move |()| typed.reset(Typed::Text(None)))
    };
    let choose = {
        let (format, copied) = (format.clone(), copied.clone());
        Callback::from(move |chosen| {
            copied.set(None);
            format.set(chosen);
        })
    };
    let say = {
        let copied = copied.clone();
        Callback::from(move |words| copied.set(Some(words)))
    };
    let copy_text = {
        let (desk, incident, say) = (desk.clone(), Rc::clone(&incident), say.clone());
        let (own, typed) = (is_own.then(|| text.clone()), typed.clone());
        Callback::from(move |()| {
            // The text is true when it is copied, not when it was drawn.
            let text = own.clone().unwrap_or_else(|| told(&desk, &incident, of));
            if told::refusal(of, &text).is_some() {
                say.emit("Not copied. Fix the text first.");
                return submit::point_at_errors();
            }
            let typed = typed.clone();
            // A copied text is no longer an unsaved draft.
            let taken = Callback::from(move |()| typed.forget());
            copy(text, "Text copied.", say.clone(), taken);
        })
    };
    let copy_link = {
        let url = incident.url.clone();
        Callback::from(move |()| {
            copy(url.clone(), "Link copied.", say.clone(), Callback::noop());
        })
    };
    let formats = Format::ALL.map(|format| Choice::new(format, format.name()));
    let count = text.chars().count();
    let mut field = Field::new("text", "Text").error(told::refusal(of, &text));
    if of == Format::Post {
        field = field.note(format!("{count} of {} characters", told::POST));
    }
    let back = desk.href(&Route::Incident(id.clone(), Task::Read));
    html! {
        <main class="column">
            { view::heading("Share", Some(&incident.title)) }
            <p class="soft">{ "The link always shows the current status." }</p>
            if !is_own {
                { input::choice(&Field::new("format", "Copy as"), Some(&of), formats.to_vec(), &choose) }
            }
            if let Some(words) = promise {
                <p class="warning" role="status">{ words }</p>
            }
            if is_outdated {
                <p class="warning" role="status">{ "The incident has changed since you edited this text. Check that it is still true." }</p>
            }
            { input::text(&field, 6, &text, edit) }
            if is_own {
                <p class="aside">{ view::secondary("Discard my text", discard) }</p>
            }
            <p class="link"><a href={incident.url.clone()}>{ &incident.url }</a></p>
            <p role="status">{ copied.unwrap_or_default() }</p>
            <div class="actions">
                <a class="button" href={back}>{ "Back" }</a>
                { view::secondary("Copy link", copy_link) }
                { view::primary("Copy text", false, copy_text) }
            </div>
        </main>
    }
}

/// The text as it is true now.
fn told(desk: &Desk, incident: &IncidentView, format: Format) -> String {
    told::text(format, incident, &setting(desk))
}

fn setting(desk: &Desk) -> told::Setting<'_> {
    let site = &desk.facts.site;
    told::Setting {
        site: &site.name,
        overdue_after_s: site.overdue_after_s,
        now: clock::now(),
        time: &clock::zoned,
    }
}

/// Copies a text, says so, and tells `done`; or says that the browser does not allow it.
fn copy(text: String, what: &'static str, say: Callback<&'static str>, done: Callback<()>) {
    spawn_local(async move {
        let Some(window) = web_sys::window() else {
            return;
        };
        let navigator = window.navigator();
        // Pages over plain HTTP have none.
        let has_clipboard =
            Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
        let is_copied = has_clipboard
            && JsFuture::from(navigator.clipboard().write_text(&text))
                .await
                .is_ok();
        say.emit(if is_copied {
            done.emit(());
            what
        } else {
            "This browser does not allow copying. Select the text and copy it by hand."
        });
    });
}
