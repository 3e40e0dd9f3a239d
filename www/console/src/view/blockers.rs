//! The errors that block publishing, with a link to each field.

use notice::project::view::IncidentView;
use yew::{Callback, Html, html};

use crate::{
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

/// What keeps a draft from being published: unfinished texts, and a question about its audience. `to` gives the address of a task of the incident.
pub fn in_draft(incident: &IncidentView, to: &impl Fn(Task) -> String) -> Vec<Blocker> {
    let restored = incident.restored.as_ref();
    let check = restored.and_then(|restored| restored.check.as_deref());
    let fields = [
        ("Title", "title", unfinished::reason(&incident.title)),
        (
            "Advice",
            "advice",
            unfinished::reason(incident.advice.as_deref().unwrap_or_default()),
        ),
        (
            "What still works",
            "works",
            incident
                .works
                .iter()
                .find_map(|text| unfinished::reason(text)),
        ),
        (
            "What doesn't work",
            "broken",
            incident
                .broken
                .iter()
                .find_map(|text| unfinished::reason(text)),
        ),
        (
            "What to check",
            "check",
            unfinished::reason(check.unwrap_or_default()),
        ),
    ];
    let fields = fields.into_iter().filter_map(|(label, field, reason)| {
        Some(Blocker {
            words: format!("{label}: {}.", reason?),
            href: to(Task::Edit),
            field: field.to_owned(),
        })
    });
    let messages = incident.updates.iter().filter_map(|update| {
        Some(Blocker {
            words: format!("Message: {}.", unfinished::reason(&update.body)?),
            href: to(Task::Correct(update.id.clone())),
            field: "body".to_owned(),
        })
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
    fields.chain(messages).chain(unanswered).collect()
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
