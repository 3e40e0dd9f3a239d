//! The errors that block publishing, with a link to each field.

use notice::project::view::IncidentView;
use yew::{Callback, Html, html};

use crate::{
    api,
    form::Words,
    route::{self, Task},
    unfinished,
};

/// One thing to put right.
#[derive(Clone, Debug)]
pub struct Blocker {
    /// An instruction.
    pub words: String,
    /// The view with its field.
    pub href: String,
    /// The field's id in that view.
    pub field: String,
}

/// What keeps a draft from being published: texts that are unfinished or contradict each other, and a question about its
/// audience. `to` gives the address of a task of the incident.
pub fn in_draft(incident: &IncidentView, to: &impl Fn(Task) -> String) -> Vec<Blocker> {
    let edited = |label: String, field: String, detail: &str| Blocker {
        words: api::sentence(&format!("{label}: {detail}")),
        href: to(Task::Edit),
        field,
    };
    let own = unfinished::wrong(&words_of(incident)).into_iter();
    let own = own.filter(|(name, _)| *name != "body");
    let own = own.map(|(name, detail)| edited(label(name).to_owned(), name.to_owned(), &detail));
    let others = incident.text.iter().flat_map(|(language, text)| {
        let wrong = unfinished::wrong(&Words::of(text)).into_iter();
        let wrong = wrong.filter(|(name, _)| *name != "body");
        wrong.map(move |(name, detail)| {
            let label = format!("Translation ({language}), {}", label(name).to_lowercase());
            edited(label, format!("text-{language}-{name}"), &detail)
        })
    });
    let messages = incident.updates.iter().flat_map(|update| {
        let said = |label: String, field: String, text: &str| {
            Some(Blocker {
                words: format!("{label}: {}.", unfinished::reason(text)?),
                href: to(Task::Correct(update.id.clone())),
                field,
            })
        };
        let own = said("Message".to_owned(), "body".to_owned(), &update.body);
        let others = update.text.iter().filter_map(move |(language, text)| {
            let label = format!("Translation ({language}), message");
            said(label, format!("body-{language}"), text)
        });
        own.into_iter().chain(others).collect::<Vec<_>>()
    });
    let audience = incident.audience.as_ref().filter(|audience| {
        !audience.segments.is_empty()
            && audience
                .undeclared_segments
                .or(audience.undeclared)
                .is_none()
    });
    let unanswered = audience.map(|_| Blocker {
        words: "Choose whether pages that declare no segments show it.".to_owned(),
        href: to(Task::Edit),
        field: "undeclared-segments".to_owned(),
    });
    own.chain(others)
        .chain(messages)
        .chain(unanswered)
        .collect()
}

/// The words that a draft publishes in the site's own language.
fn words_of(incident: &IncidentView) -> Words {
    let restored = incident.restored.clone();
    let (back, check, still) = restored.map_or_else(Default::default, |restored| {
        (restored.back, restored.check, restored.still)
    });
    Words {
        title: incident.title.clone(),
        body: incident
            .newest()
            .map(|update| update.body.clone())
            .unwrap_or_default(),
        advice: incident.advice.clone().unwrap_or_default(),
        works: incident.works.join("\n"),
        broken: incident.broken.join("\n"),
        back: back.join("\n"),
        check: check.unwrap_or_default(),
        still: still.join("\n"),
    }
}

/// A text's label.
fn label(name: &str) -> &'static str {
    match name {
        "title" => "Title",
        "advice" => "Advice",
        "works" => "What still works",
        "broken" => "What doesn't work",
        "check" => "What to check",
        "back" => "What works again",
        "still" => "What still doesn't work",
        _ => "Message",
    }
}

/// The list's id in the page.
pub const ID: &str = "blockers";

/// The list; nothing where nothing is wrong.
pub fn list(blockers: &[Blocker]) -> Html {
    if blockers.is_empty() {
        return Html::default();
    }
    let one = |blocker: &Blocker| {
        let field = blocker.field.clone();
        let aim = Callback::from(move |_| route::aim(&field));
        html! { <li><a href={blocker.href.clone()} onclick={aim}>{ &blocker.words }</a></li> }
    };
    html! {
        <section class="warning blockers" id={ID} tabindex="-1" aria-labelledby="blockers-label">
            <h2 id="blockers-label">{ "Fix before publishing" }</h2>
            <ul>{ for blockers.iter().map(one) }</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::in_draft;
    use crate::{route::Task, testing::incident};
    use notice::wire::language::Language;
    use serde_json::json;

    #[test]
    fn a_draft_lists_what_is_unfinished_in_every_language() {
        let mut draft = incident(
            &json!({ "draft": true, "body": "The cause:", "works": ["Sending"], "broken": ["Sending"] }),
        );
        let german = Language::parse("de").unwrap();
        let title = json!({ "title": "Störung:" });
        let title = serde_json::from_value(title).unwrap();
        draft.text.insert(german.clone(), title);
        draft.updates[0].text.insert(german, "Ursache:".to_owned());
        let found = in_draft(&draft, &|_: Task| String::new());
        let fields: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["broken", "text-de-title", "body", "body-de"]);
        let whole = incident(&json!({ "draft": true, "body": "We know the cause." }));
        assert!(in_draft(&whole, &|_: Task| String::new()).is_empty());
    }
}
