//! The issues that block publishing a form, each at its field.

use notice::{
    rejection::Rejection,
    state::State,
    wire::{input::NewIncident, time::Timestamp, words::Kind},
};

use super::Form;
use crate::{
    api::FieldError,
    clock,
    desk::Facts,
    form::{Promise, Times, minutes_s},
    outcome,
    route::Step,
    submit, unfinished,
    view::{rows, when},
};

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The field, as a JSON pointer.
    pub pointer: String,
    /// An instruction, shown at the field.
    pub detail: String,
    /// The instruction with the field's name, shown in a list.
    pub listed: String,
    /// Whether the field is still empty: nothing is wrong with it yet, but it is needed.
    pub is_empty: bool,
    /// Whether the server takes it in a draft.
    pub may_wait: bool,
}

impl Issue {
    fn of(error: FieldError) -> Self {
        Self {
            listed: submit::listed(&error),
            pointer: error.pointer,
            detail: error.detail,
            is_empty: false,
            may_wait: false,
        }
    }

    fn missing(pointer: &str, words: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            detail: words.to_owned(),
            listed: words.to_owned(),
            is_empty: true,
            may_wait: false,
        }
    }

    /// Its step.
    pub fn step(&self) -> Step {
        match self.name() {
            "components" | "impact" | "scheduled_for" | "scheduled_until" | "announce_from"
            | "announce_until" => Step::What,
            _ => Step::Say,
        }
    }

    /// The id of its field in the page.
    pub fn field(&self) -> String {
        let pointer = self.pointer.trim_start_matches('/');
        match self.name() {
            "next_update_at" => "promise-at".to_owned(),
            "estimated_end_at" => "estimate".to_owned(),
            "cadence_s" => "cadence".to_owned(),
            "audience" if pointer.ends_with("undeclared_segments") => {
                "undeclared-segments".to_owned()
            }
            "audience" => "paths".to_owned(),
            "contacts" | "text" => pointer.replace('/', "-"),
            name => name.replace('_', "-"),
        }
    }

    fn name(&self) -> &str {
        let pointer = self.pointer.trim_start_matches('/');
        pointer.split_once('/').map_or(pointer, |(name, _)| name)
    }
}

/// Everything that keeps a form from being published, in the order of its fields.
pub fn of(form: &Form, facts: &Facts, usual_s: u32, now: Timestamp) -> Vec<Issue> {
    let mut issues = missing(form);
    let mut add = |issue: Issue| {
        if !issues.iter().any(|one| one.pointer == issue.pointer) {
            issues.push(issue);
        }
    };
    for error in own(form, now) {
        add(Issue::of(error));
    }
    let input = form.request(usual_s, now);
    let state = outcome::state_of(facts, None, now);
    let contacts = form.own.contacts.as_deref().unwrap_or_default();
    for error in objections(&state, input, now) {
        let is_empty = rows::is_missing(&error, "/contacts", contacts);
        add(Issue {
            is_empty,
            ..Issue::of(error)
        });
    }
    for issue in unfinished(form) {
        add(issue);
    }
    issues.sort_by_key(|issue| issue.step() == Step::Say);
    issues
}

/// Required fields that are empty.
fn missing(form: &Form) -> Vec<Issue> {
    let mut missing = Vec::new();
    let planned = form.kind == Kind::Maintenance;
    if form.kind == Kind::Incident && form.impact.is_none() {
        missing.push(Issue::missing("/impact", "Choose a severity."));
    }
    if planned && form.scheduled_for.is_empty() {
        missing.push(Issue::missing("/scheduled_for", "Enter when it starts."));
    }
    if planned && form.scheduled_until.is_empty() {
        missing.push(Issue::missing("/scheduled_until", "Enter when it ends."));
    }
    if form.words.title.trim().is_empty() {
        missing.push(Issue::missing("/title", "Enter a title."));
    }
    if form.words.body.trim().is_empty() && !planned {
        missing.push(Issue::missing("/body", "Write a message."));
    }
    if !form.segments.is_empty() && form.on_undeclared_segments().is_none() {
        missing.push(Issue {
            may_wait: form.publish_at.is_empty(),
            ..Issue::missing(
                "/audience/undeclared_segments",
                "Choose whether pages that declare no segments show it.",
            )
        });
    }
    missing
}

/// The errors of times and numbers as they are typed, which the request no longer contains.
fn own(form: &Form, now: Timestamp) -> Vec<FieldError> {
    let incident = form.kind == Kind::Incident;
    let planned = form.kind == Kind::Maintenance;
    let promised = match &form.promise {
        Promise::At(at) => at.as_str(),
        _ => "",
    };
    let times = [
        ("/scheduled_for", form.scheduled_for.as_str(), planned),
        ("/scheduled_until", form.scheduled_until.as_str(), planned),
        ("/announce_from", form.announce_from.as_str(), !incident),
        (
            "/announce_until",
            form.announce_until.as_str(),
            form.kind == Kind::Announcement,
        ),
        ("/publish_at", form.publish_at.as_str(), true),
        ("/next_update_at", promised, incident),
        ("/estimated_end_at", form.estimate.as_str(), incident),
    ];
    let skipped = times.iter().filter(|(.., counts)| *counts);
    let mut errors: Vec<FieldError> = skipped
        .filter_map(|(pointer, text, _)| {
            Some(FieldError {
                pointer: (*pointer).to_owned(),
                detail: when::wrong(text)?,
            })
        })
        .collect();
    let at = |pointer: &str| {
        let time = times
            .iter()
            .find(|(name, _, counts)| *name == pointer && *counts);
        time.and_then(|(_, text, _)| clock::from_input(text))
    };
    let times = Times {
        start: at("/scheduled_for"),
        end: at("/scheduled_until"),
        visible_from: at("/announce_from"),
        visible_until: at("/announce_until"),
        publish_at: at("/publish_at"),
        next_update: at("/next_update_at"),
        estimated_end: at("/estimated_end_at"),
    };
    errors.extend(times.wrong(&Times::default(), now));
    if incident && !form.own.cadence.trim().is_empty() && minutes_s(&form.own.cadence).is_none() {
        errors.push(FieldError {
            pointer: "/cadence_s".to_owned(),
            detail: "Enter a number of minutes from 1 to 43200 (30 days).".to_owned(),
        });
    }
    errors
}

/// The objections of the server's rules.
fn objections(state: &State, input: NewIncident, now: Timestamp) -> Vec<FieldError> {
    let rejection: Option<Rejection> = outcome::published(state, input, now).err();
    let failure = rejection.map(|rejection| submit::objection(&rejection));
    failure.map_or_else(Vec::new, |failure| submit::errors(&failure).to_vec())
}

/// Texts with gaps that a template left, and answers that contradict each other. They may wait in a draft, unless it will
/// publish itself.
fn unfinished(form: &Form) -> Vec<Issue> {
    let own = unfinished::wrong(&form.words);
    let own = own
        .into_iter()
        .map(|(name, detail)| (format!("/{name}"), detail));
    let others = form.text.iter().flat_map(|(language, words)| {
        let wrong = unfinished::wrong(words).into_iter();
        wrong.map(move |(name, detail)| (format!("/text/{language}/{name}"), detail))
    });
    own.chain(others)
        .map(|(pointer, detail)| Issue {
            may_wait: form.publish_at.is_empty(),
            ..Issue::of(FieldError { pointer, detail })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::{
        form::Publish,
        testing::{facts, now},
    };
    use notice::wire::words::{Impact, Kind};

    /// The pointers of what keeps a form from being saved as a draft.
    fn kept_from_a_draft(form: &Publish) -> Vec<String> {
        let issues = of(form, &facts(), 1800, now());
        let issues = issues.into_iter().filter(|issue| !issue.may_wait);
        issues.map(|issue| issue.pointer).collect()
    }

    #[test]
    fn a_draft_that_publishes_itself_has_whole_sentences() {
        let mut form = Publish::new(Kind::Incident);
        form.impact = Some(Impact::Major);
        form.words.title = "Messages are delayed".to_owned();
        form.words.body = "We know the cause and are fixing it:".to_owned();
        form.words.works = "Sending".to_owned();
        form.words.broken = "Reports\nSending".to_owned();
        assert!(kept_from_a_draft(&form).is_empty());
        form.publish_at = "2026-11-21T10:00:00Z".to_owned();
        assert_eq!(kept_from_a_draft(&form), ["/body", "/broken"]);
    }
}
