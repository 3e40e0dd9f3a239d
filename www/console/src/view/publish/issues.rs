//! The issues that block publishing a form, each with its field.

use notice::{
    rejection::Rejection,
    state::State,
    wire::{enums::Kind, input::NewIncident, time::Timestamp},
};

use super::Form;
use crate::{
    context::Snapshot,
    form::{Promise, Times, minutes_s, unfinished},
    route::Step,
    rules::dry_run,
    server::failure::{Failure, FieldError},
    text::errors,
    time::date_field,
    view::fields::{date_time, rows},
};

/// An issue of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// JSON pointer to the field.
    pub pointer: String,
    /// The instruction shown at the field.
    pub detail: String,
    /// The instruction with the field's label, shown in a list.
    pub labelled: String,
    /// Whether the field is empty: it is required, but not wrong yet.
    pub is_empty: bool,
    /// Whether a draft on the server may have the issue.
    pub is_allowed_in_draft: bool,
}

impl Issue {
    fn of(error: FieldError) -> Self {
        Self {
            labelled: errors::labelled(&error),
            pointer: error.pointer,
            detail: error.detail,
            is_empty: false,
            is_allowed_in_draft: false,
        }
    }

    fn missing(pointer: &str, detail: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
            labelled: detail.to_owned(),
            is_empty: true,
            is_allowed_in_draft: false,
        }
    }

    /// Returns the step that has the field.
    pub fn step(&self) -> Step {
        match self.name() {
            "components" | "impact" | "scheduled_for" | "scheduled_until" | "announce_from"
            | "announce_until" => Step::Scope,
            _ => Step::Message,
        }
    }

    /// Returns the HTML id of the field.
    pub fn field_id(&self) -> String {
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

/// Returns all issues of a form, in the order of its steps.
pub fn find(form: &Form, snapshot: &Snapshot, interval_s: u32, now: Timestamp) -> Vec<Issue> {
    let mut issues = missing(form);
    let mut add = |issue: Issue| {
        if !issues.iter().any(|one| one.pointer == issue.pointer) {
            issues.push(issue);
        }
    };
    for error in invalid_inputs(form, now) {
        add(Issue::of(error));
    }
    let input = form.request(interval_s, now);
    let state = dry_run::state_of(snapshot, None, now);
    let contacts = form.overrides.contacts.as_deref().unwrap_or_default();
    for error in rejected_fields(&state, input, now) {
        let is_empty = rows::is_missing(&error, "/contacts", contacts);
        add(Issue {
            is_empty,
            ..Issue::of(error)
        });
    }
    for issue in unfinished_texts(form) {
        add(issue);
    }
    issues.sort_by_key(|issue| issue.step() == Step::Message);
    issues
}

/// Returns the required fields that are empty.
fn missing(form: &Form) -> Vec<Issue> {
    let mut missing = Vec::new();
    let is_maintenance = form.kind == Kind::Maintenance;
    if form.kind == Kind::Incident && form.impact.is_none() {
        missing.push(Issue::missing("/impact", "Choose a severity."));
    }
    if is_maintenance && form.scheduled_for.is_empty() {
        missing.push(Issue::missing("/scheduled_for", "Enter when it starts."));
    }
    if is_maintenance && form.scheduled_until.is_empty() {
        missing.push(Issue::missing("/scheduled_until", "Enter when it ends."));
    }
    if form.texts.title.trim().is_empty() {
        missing.push(Issue::missing("/title", "Enter a title."));
    }
    if form.texts.body.trim().is_empty() && !is_maintenance {
        missing.push(Issue::missing("/body", "Write a message."));
    }
    if !form.segments.is_empty() && form.on_undeclared_segments().is_none() {
        missing.push(Issue {
            is_allowed_in_draft: form.publish_at.is_empty(),
            ..Issue::missing(
                "/audience/undeclared_segments",
                "Choose whether pages that declare no segments show it.",
            )
        });
    }
    missing
}

/// Returns the errors of times and numbers. A request leaves out what cannot be parsed, so the dry run does not find them.
fn invalid_inputs(form: &Form, now: Timestamp) -> Vec<FieldError> {
    let is_incident = form.kind == Kind::Incident;
    let is_maintenance = form.kind == Kind::Maintenance;
    let promised = match &form.promise {
        Promise::At(at) => at.as_str(),
        _ => "",
    };
    let times = [
        (
            "/scheduled_for",
            form.scheduled_for.as_str(),
            is_maintenance,
        ),
        (
            "/scheduled_until",
            form.scheduled_until.as_str(),
            is_maintenance,
        ),
        ("/announce_from", form.announce_from.as_str(), !is_incident),
        (
            "/announce_until",
            form.announce_until.as_str(),
            form.kind == Kind::Announcement,
        ),
        ("/publish_at", form.publish_at.as_str(), true),
        ("/next_update_at", promised, is_incident),
        ("/estimated_end_at", form.estimate.as_str(), is_incident),
    ];
    let shown = times.iter().filter(|(.., is_shown)| *is_shown);
    let mut errors: Vec<FieldError> = shown
        .filter_map(|(pointer, text, _)| {
            Some(FieldError {
                pointer: (*pointer).to_owned(),
                detail: date_time::error(text)?,
            })
        })
        .collect();
    let at = |pointer: &str| {
        let time = times
            .iter()
            .find(|(name, _, is_shown)| *name == pointer && *is_shown);
        time.and_then(|(_, text, _)| date_field::parse(text))
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
    errors.extend(times.errors(&Times::default(), now));
    if is_incident
        && !form.overrides.cadence.trim().is_empty()
        && minutes_s(&form.overrides.cadence).is_none()
    {
        errors.push(FieldError {
            pointer: "/cadence_s".to_owned(),
            detail: "Enter a number of minutes from 1 to 43200 (30 days).".to_owned(),
        });
    }
    errors
}

/// Returns the errors that the dry run finds.
fn rejected_fields(state: &State, input: NewIncident, now: Timestamp) -> Vec<FieldError> {
    let rejection: Option<Rejection> = dry_run::publish(state, input, now).err();
    let failure = rejection.map(|rejection| Failure::from(&rejection));
    failure.map_or_else(Vec::new, |failure| failure.errors().to_vec())
}

/// Returns the unfinished and the contradictory texts. A draft may have them unless it has a time of publication.
fn unfinished_texts(form: &Form) -> Vec<Issue> {
    let primary = unfinished::errors(&form.texts);
    let primary = primary
        .into_iter()
        .map(|(name, detail)| (format!("/{name}"), detail));
    let translations = form.text.iter().flat_map(|(language, texts)| {
        let errors = unfinished::errors(texts).into_iter();
        errors.map(move |(name, detail)| (format!("/text/{language}/{name}"), detail))
    });
    primary
        .chain(translations)
        .map(|(pointer, detail)| Issue {
            is_allowed_in_draft: form.publish_at.is_empty(),
            ..Issue::of(FieldError { pointer, detail })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{
        form::PublishForm,
        testing::{now, snapshot},
    };
    use notice::wire::enums::{Impact, Kind};

    /// Returns the pointers of the issues that a draft may not have.
    fn issues_of_draft(form: &PublishForm) -> Vec<String> {
        let issues = find(form, &snapshot(), 1800, now());
        let issues = issues
            .into_iter()
            .filter(|issue| !issue.is_allowed_in_draft);
        issues.map(|issue| issue.pointer).collect()
    }

    #[test]
    fn a_draft_with_a_publication_time_has_no_unfinished_texts() {
        let mut form = PublishForm::new(Kind::Incident);
        form.impact = Some(Impact::Major);
        form.texts.title = "Messages are delayed".to_owned();
        form.texts.body = "We know the cause and are fixing it:".to_owned();
        form.texts.works = "Sending".to_owned();
        form.texts.broken = "Reports\nSending".to_owned();
        assert!(issues_of_draft(&form).is_empty());
        form.publish_at = "2026-11-21T10:00:00Z".to_owned();
        assert_eq!(issues_of_draft(&form), ["/body", "/broken"]);
    }
}
