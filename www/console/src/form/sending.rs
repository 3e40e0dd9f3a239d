//! The state of sending a form, and the errors of its fields.

use crate::{
    server::failure::{Failure, FieldError, Problem, sentence},
    text::errors,
};

/// The state of sending a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    Idle,
    Busy,
    Failed(Failure),
    /// The form was sent again while its conflict was unresolved, this many times. Nothing was sent.
    Unresolved(u32),
}

impl Sending {
    /// Returns the errors at a JSON pointer and below it, as sentences.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors_where(|at| {
            let rest = at.strip_prefix(pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Returns the errors at exactly this JSON pointer, as sentences.
    pub fn error_exactly(&self, pointer: &str) -> Option<String> {
        self.errors_where(|at| at == pointer)
    }

    fn errors_where(&self, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
        let wanted = self
            .errors()
            .iter()
            .filter(|error| is_wanted(&error.pointer));
        let sentences = unique(wanted.map(|error| sentence(&errors::detail(error))));
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Returns the errors except those at or below these JSON pointers, each as a sentence that names its field.
    pub fn errors_outside(&self, pointers: &[&str]) -> Vec<String> {
        let is_outside = |error: &&FieldError| {
            !pointers
                .iter()
                .any(|pointer| error.pointer.starts_with(pointer))
        };
        unique(
            self.errors()
                .iter()
                .filter(is_outside)
                .map(errors::labelled),
        )
    }

    fn errors(&self) -> &[FieldError] {
        match self {
            Self::Failed(failure) => failure.errors(),
            Self::Idle | Self::Busy | Self::Unresolved(_) => &[],
        }
    }

    /// Adds the errors that the console finds in the current values. They replace the server's errors of the same fields.
    pub fn with_errors(&self, current: Vec<FieldError>) -> Self {
        let problem = match self {
            Self::Failed(Failure::Refused(problem)) => problem.clone(),
            _ if current.is_empty() => return self.clone(),
            _ => Problem::default(),
        };
        let is_replaced =
            |error: &FieldError| current.iter().any(|other| other.pointer == error.pointer);
        let mut errors = problem.errors;
        errors.retain(|error| !is_replaced(error));
        errors.extend(current);
        Self::Failed(Failure::Refused(Problem { errors, ..problem }))
    }

    /// Returns whether the form conflicts with a newer version on the server.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Failed(Failure::Conflict) | Self::Unresolved(_))
    }

    pub fn is_busy(&self) -> bool {
        *self == Self::Busy
    }
}

/// Removes repeated sentences: two lines of a list may have the same error.
fn unique(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for sentence in sentences {
        if !all.contains(&sentence) {
            all.push(sentence);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Sending;
    use crate::server::failure::{Failure, FieldError};
    use notice::rejection::Rejection;

    #[test]
    fn errors_are_found_at_and_below_their_pointer() {
        let rejection = Rejection::field("/components/0/id", "is named twice");
        let sending = Sending::Failed(Failure::from(&rejection));
        assert_eq!(
            sending.error("/components").as_deref(),
            Some("Is named twice.")
        );
        assert_eq!(sending.error("/component"), None);
        assert!(sending.errors_outside(&["/components"]).is_empty());
        assert_eq!(
            sending.errors_outside(&["/title"]),
            ["Components 1: is named twice."]
        );
    }

    fn error(pointer: &str, detail: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn two_lines_with_the_same_error_give_one_sentence() {
        let detail = "Must start with / or #/.";
        let sending = Sending::Failed(Failure::invalid(vec![
            error("/audience/paths/0", detail),
            error("/audience/paths/2", detail),
            error("/audience/paths/3", "Must not be blank."),
        ]));
        assert_eq!(
            sending.error("/audience/paths").as_deref(),
            Some("Must start with / or #/. Must not be blank.")
        );
        let blank = "Must not be blank.";
        let sending = Sending::Failed(Failure::invalid(vec![
            error("/contacts/0/label", blank),
            error("/contacts/0/value", blank),
        ]));
        let outside = sending.errors_outside(&["/title"]);
        assert_eq!(outside, ["Support contacts 1: Must not be blank."]);
    }
}
