//! Sharing an incident elsewhere: a text for a mail, a chat or a post, and its link.

use std::rc::Rc;

use notice::project::view::IncidentView;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    browser::{clipboard, focus},
    context::Context,
    form::draft::use_draft,
    route::{Route, Task},
    text::share::{self, Format},
    time::{clock, format},
    ui::{
        self,
        input::{self, Choice, Field},
    },
    view::{IncidentProps, incident::load::use_incident},
};

/// The edited text; without one the text is generated from the incident. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum EditedText {
    /// The stored form of earlier builds, which had no formats.
    Text(Option<String>),
    /// The text, the generated text that it was edited from, and its format.
    Edited {
        text: String,
        from: String,
        format: Format,
    },
}

#[component]
pub fn Share(props: &IncidentProps) -> Html {
    clock::use_passing_time();
    let IncidentProps { context, id } = props;
    let message = use_state(|| None::<&'static str>);
    let format = use_state(Format::default);
    let draft = use_draft(context.slug(), &format!("share:{id}"), || {
        EditedText::Text(None)
    });
    let incident = match use_incident(context, id) {
        Ok(loaded) => Rc::new(loaded.incident),
        Err(placeholder) => return placeholder,
    };
    let stored = draft.value();
    let (own, chosen) = match &stored {
        EditedText::Text(text) => (text.clone(), *format),
        EditedText::Edited { text, format, .. } => (Some(text.clone()), *format),
    };
    let generated = generate(context, &incident, chosen);
    // An edited text may no longer be true.
    let is_outdated = matches!(&stored, EditedText::Edited { from, .. } if *from != generated);
    let is_own = own.is_some();
    let text = own.unwrap_or_else(|| generated.clone());
    let shown_message = message.clone();
    let options = share_options(context);
    let warning = is_own.then(|| share::outdated_promise(&text, &incident, &options));
    let warning = warning.flatten();
    let edit = draft.on(move |edited: &mut EditedText, text| {
        // The new text was not copied.
        shown_message.set(None);
        let from = match &*edited {
            EditedText::Edited { from, .. } => from.clone(),
            EditedText::Text(_) => generated.clone(),
        };
        *edited = EditedText::Edited {
            text,
            from,
            format: chosen,
        };
    });
    let discard = {
        let draft = draft.clone();
        Callback::from(move |()| draft.reset(EditedText::Text(None)))
    };
    let choose = {
        let (format, message) = (format.clone(), message.clone());
        Callback::from(move |chosen| {
            message.set(None);
            format.set(chosen);
        })
    };
    let show_message = {
        let message = message.clone();
        Callback::from(move |text| message.set(Some(text)))
    };
    let copy_text = {
        let (context, incident) = (context.clone(), Rc::clone(&incident));
        let (own, draft) = (is_own.then(|| text.clone()), draft.clone());
        let show_message = show_message.clone();
        Callback::from(move |()| {
            // Generated when it is copied, because it depends on the time.
            let text = own
                .clone()
                .unwrap_or_else(|| generate(&context, &incident, chosen));
            if share::error(chosen, &text).is_some() {
                show_message.emit("Not copied. Fix the text first.");
                return focus::focus_first_error();
            }
            let draft = draft.clone();
            // A copied text is no longer an unsaved draft.
            let copied = Callback::from(move |()| draft.forget());
            copy(text, "Text copied.", show_message.clone(), copied);
        })
    };
    let copy_link = {
        let url = incident.url.clone();
        Callback::from(move |()| {
            copy(
                url.clone(),
                "Link copied.",
                show_message.clone(),
                Callback::noop(),
            );
        })
    };
    let formats = Format::ALL.map(|format| Choice::new(format, format.label()));
    let count = text.chars().count();
    let mut field = Field::new("text", "Text").error(share::error(chosen, &text));
    if chosen == Format::Post {
        field = field.note(format!("{count} of {} characters", share::POST_LENGTH));
    }
    let back = context.href(&Route::Incident(id.clone(), Task::Read));
    html! {
        <main class="column">
            { ui::heading("Share", Some(&incident.title)) }
            <p class="soft">{ "The link always shows the current status." }</p>
            if !is_own {
                { input::choice(&Field::new("format", "Copy as"), Some(&chosen), formats.to_vec(), &choose) }
            }
            if let Some(warning) = warning {
                <p class="warning" role="status">{ warning }</p>
            }
            if is_outdated {
                <p class="warning" role="status">{ "The incident has changed since you edited this text. Check that it is still true." }</p>
            }
            { input::text(&field, 6, &text, edit) }
            if is_own {
                <p class="aside">{ ui::secondary("Discard my text", discard) }</p>
            }
            <p class="link"><a href={incident.url.clone()}>{ &incident.url }</a></p>
            <p role="status">{ message.unwrap_or_default() }</p>
            <div class="actions">
                <a class="button" href={back}>{ "Back" }</a>
                { ui::secondary("Copy link", copy_link) }
                { ui::primary("Copy text", false, copy_text) }
            </div>
        </main>
    }
}

/// Generates the text as of now.
fn generate(context: &Context, incident: &IncidentView, format: Format) -> String {
    share::text(format, incident, &share_options(context))
}

fn share_options(context: &Context) -> share::ShareOptions<'_> {
    let site = &context.snapshot.site;
    share::ShareOptions {
        site: &site.name,
        overdue_after_s: site.overdue_after_s,
        now: clock::now(),
        time: &format::with_zone,
    }
}

/// Copies a text, shows the message for the result, and calls `copied` on success.
fn copy(
    text: String,
    success: &'static str,
    show_message: Callback<&'static str>,
    copied: Callback<()>,
) {
    spawn_local(async move {
        show_message.emit(if clipboard::copy(&text).await {
            copied.emit(());
            success
        } else {
            "This browser does not allow copying. Select the text and copy it by hand."
        });
    });
}
