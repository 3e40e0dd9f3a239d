//! Telling it elsewhere: a text and a link to paste.

use js_sys::Reflect;
use notice::{markdown::first_line, project::view::IncidentView};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, component, html, use_state};

use crate::{
    clock,
    draft::use_draft,
    input::{self, Field},
    route::{Route, Task},
    view::{self, found::use_incident, incident::Props},
};

/// The view.
#[component]
pub fn Share(props: &Props) -> Html {
    let Props { desk, id } = props;
    let copied = use_state(|| None::<&'static str>);
    // `None`: the words follow from how it stands.
    let typed = use_draft(desk.slug(), &format!("share:{id}"), || None::<String>);
    let incident = match use_incident(desk, id) {
        Ok(found) => found.incident,
        Err(shown) => return shown,
    };
    let own = typed.value();
    let is_own = own.is_some();
    let text = own.unwrap_or_else(|| told(&desk.facts.site.name, &incident));
    let copy = |what: &'static str, text: String, done: Callback<()>| {
        let copied = copied.clone();
        Callback::from(move |()| {
            let (copied, text, done) = (copied.clone(), text.clone(), done.clone());
            spawn_local(async move {
                let Some(window) = web_sys::window() else {
                    return;
                };
                let navigator = window.navigator();
                // Pages that come over plain HTTP have none.
                let has_clipboard = Reflect::get(&navigator, &"clipboard".into())
                    .is_ok_and(|found| found.is_object());
                let is_copied = has_clipboard
                    && JsFuture::from(navigator.clipboard().write_text(&text))
                        .await
                        .is_ok();
                copied.set(Some(if is_copied {
                    done.emit(());
                    what
                } else {
                    "This browser does not let us: select it and copy it by hand"
                }));
            });
        })
    };
    let edit = typed.on(|own: &mut Option<String>, text| *own = Some(text));
    let anew = {
        let typed = typed.clone();
        Callback::from(move |()| typed.reset(None))
    };
    // What is on its way elsewhere need not wait here.
    let taken = Callback::from(move |()| typed.forget());
    let back = desk.href(&Route::Incident(id.clone(), Task::Read));
    html! {
        <main class="column">
            { view::heading("Share", Some(&incident.title)) }
            <p class="soft">{ "For a chat, a mail or a post elsewhere. The link always shows how it stands." }</p>
            { input::text(&Field::new("text", "Text"), 6, &text, edit) }
            if is_own {
                <p class="aside">{ view::secondary("Begin again from how it stands", anew) }</p>
            }
            <p class="link"><a href={incident.url.clone()}>{ &incident.url }</a></p>
            <p role="status">{ copied.unwrap_or_default() }</p>
            <div class="actions">
                <a class="button" href={back}>{ "Back" }</a>
                { view::secondary("Copy the link", copy("Link copied", incident.url.clone(), Callback::noop())) }
                { view::primary("Copy the text", false, copy("Text copied", text.clone(), taken)) }
            </div>
        </main>
    }
}

/// What happened, what to do, when there is more; and where.
fn told(site: &str, incident: &IncidentView) -> String {
    let over = !incident.is_open();
    let mut told = if over {
        format!("{site}: working again. {}", incident.title)
    } else {
        format!("{site}: {}", incident.title)
    };
    let mut say = |sentence: &str| {
        if !told.ends_with(['.', '!', '?']) {
            told.push('.');
        }
        told.push(' ');
        told.push_str(sentence);
    };
    if let Some(update) = incident.newest() {
        say(&first_line(&update.body));
    }
    if let Some(advice) = incident.advice.as_ref().filter(|_| !over) {
        say(&first_line(advice));
    }
    let check = incident
        .restored
        .as_ref()
        .and_then(|restored| restored.check.as_ref());
    if let Some(check) = check {
        say(check);
    }
    if let Some(at) = incident.next_update_at.filter(|_| !over) {
        say(&format!("Next update by {}.", clock::zoned(at)));
    }
    format!("{told}\n{}", incident.url)
}
