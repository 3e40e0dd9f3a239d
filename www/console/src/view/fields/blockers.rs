//! The list of errors that block publishing, each with a link to its field.

use notice::project::view::IncidentView;
use yew::{Callback, Html, html};

use crate::{
    browser::focus,
    form::{Texts, unfinished},
    route::Task,
    server::failure,
};

/// An error that blocks publishing.
#[derive(Clone, Debug)]
pub struct Blocker {
    /// A sentence that says how to fix it.
    pub message: String,
    /// The link to the view that has the field.
    pub href: String,
    /// The HTML id of the field.
    pub field: String,
}

/// Returns the errors that block publishing a draft: unfinished or contradictory texts, and a missing choice about its
/// audience. `to` returns the link to a task of the incident.
pub fn of_draft(incident: &IncidentView, to: &impl Fn(Task) -> String) -> Vec<Blocker> {
    let in_fields = |label: String, field: String, detail: &str| Blocker {
        message: failure::sentence(&format!("{label}: {detail}")),
        href: to(Task::Edit),
        field,
    };
    let primary = unfinished::errors(&texts_of(incident)).into_iter();
    let primary = primary.filter(|(name, _)| *name != "body");
    let primary =
        primary.map(|(name, detail)| in_fields(label(name).to_owned(), name.to_owned(), &detail));
    let translations = incident.text.iter().flat_map(|(language, text)| {
        let errors = unfinished::errors(&Texts::of(text)).into_iter();
        let errors = errors.filter(|(name, _)| *name != "body");
        errors.map(move |(name, detail)| {
            let label = format!("Translation ({language}), {}", label(name).to_lowercase());
            in_fields(label, format!("text-{language}-{name}"), &detail)
        })
    });
    let messages = incident.updates.iter().flat_map(|update| {
        let in_message = |label: String, field: String, text: &str| {
            Some(Blocker {
                message: format!("{label}: {}.", unfinished::reason(text)?),
                href: to(Task::Correct(update.id.clone())),
                field,
            })
        };
        let primary = in_message("Message".to_owned(), "body".to_owned(), &update.body);
        let translations = update.text.iter().filter_map(move |(language, text)| {
            let label = format!("Translation ({language}), message");
            in_message(label, format!("body-{language}"), text)
        });
        primary.into_iter().chain(translations).collect::<Vec<_>>()
    });
    let audience = incident.audience.as_ref().filter(|audience| {
        !audience.segments.is_empty()
            && audience
                .undeclared_segments
                .or(audience.undeclared)
                .is_none()
    });
    let unanswered = audience.map(|_| Blocker {
        message: "Choose whether pages that declare no segments show it.".to_owned(),
        href: to(Task::Edit),
        field: "undeclared-segments".to_owned(),
    });
    primary
        .chain(translations)
        .chain(messages)
        .chain(unanswered)
        .collect()
}

/// Returns the draft's texts in the site's primary language.
fn texts_of(incident: &IncidentView) -> Texts {
    let restored = incident.restored.clone();
    let (back, check, still) = restored.map_or_else(Default::default, |restored| {
        (restored.back, restored.check, restored.still)
    });
    Texts {
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

/// The HTML id of the list.
pub const ID: &str = "blockers";

/// Renders the list. Empty if nothing blocks publishing.
pub fn list(blockers: &[Blocker]) -> Html {
    if blockers.is_empty() {
        return Html::default();
    }
    let item = |blocker: &Blocker| {
        let field = blocker.field.clone();
        let set_target = Callback::from(move |_| focus::set_next_target(&field));
        html! { <li><a href={blocker.href.clone()} onclick={set_target}>{ &blocker.message }</a></li> }
    };
    html! {
        <section class="warning blockers" id={ID} tabindex="-1" aria-labelledby="blockers-label">
            <h2 id="blockers-label">{ "Fix before publishing" }</h2>
            <ul>{ for blockers.iter().map(item) }</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::of_draft;
    use crate::{route::Task, testing::incident};
    use notice::wire::language::Language;
    use serde_json::json;

    #[test]
    fn unfinished_texts_block_a_draft_in_every_language() {
        let mut draft = incident(
            &json!({ "draft": true, "body": "The cause:", "works": ["Sending"], "broken": ["Sending"] }),
        );
        let german = Language::parse("de").unwrap();
        let title = json!({ "title": "Störung:" });
        let title = serde_json::from_value(title).unwrap();
        draft.text.insert(german.clone(), title);
        draft.updates[0].text.insert(german, "Ursache:".to_owned());
        let found = of_draft(&draft, &|_: Task| String::new());
        let fields: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["broken", "text-de-title", "body", "body-de"]);
        let whole = incident(&json!({ "draft": true, "body": "We know the cause." }));
        assert!(of_draft(&whole, &|_: Task| String::new()).is_empty());
    }
}
