//! Permission for a target's pages to sign in: only an owner gives it, and only to a target that has answered a test.

use notice::{notify::target, wire::site::OnCall as Target};

use crate::{
    form::Row,
    server::on_call::{ListedTarget, OnCall},
    view::load::Loaded,
};

const NO_OWNER: &str = "Only an owner can allow this.";
const UNSAVED: &str = "Save this target first, then test on-call and answer the test.";
const UNANSWERED: &str = "Test on-call and answer the test at this target first.";
const UNREAD: &str =
    "The console could not read whether this target has answered a test. Reload the page.";
const LOADING: &str = "Loading …";
const NOT_YET: &str =
    "The link is not sent yet: test on-call and answer the test at this target first.";

/// The targets' answers to tests, as far as they are known.
#[derive(Debug)]
pub struct Answers<'a> {
    /// Whether the operator is an owner.
    pub is_owner: bool,
    /// The saved targets.
    pub saved: &'a [Target],
    /// The targets as the server lists them, without their addresses.
    pub listed: &'a Loaded<OnCall>,
}

/// Whether the checkbox of a target can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// It can, perhaps with a note.
    Open(Option<&'static str>),
    /// It cannot, for this reason.
    Closed(&'static str),
}

/// The answer of one target.
enum Answer {
    Unsaved,
    Loading,
    Unread,
    Missing,
    Given,
}

impl Answers<'_> {
    /// Returns whether a target may be allowed to sign in. A given permission can be taken back at any time.
    pub fn permission(&self, row: &Row) -> Permission {
        if !self.is_owner {
            return Permission::Closed(NO_OWNER);
        }
        let (reason, note) = match self.answer_of(row) {
            Answer::Given => return Permission::Open(None),
            Answer::Unsaved => (UNSAVED, Some(NOT_YET)),
            Answer::Missing => (UNANSWERED, Some(NOT_YET)),
            Answer::Unread => (UNREAD, None),
            Answer::Loading => (LOADING, None),
        };
        match row.session_link {
            true => Permission::Open(note),
            false => Permission::Closed(reason),
        }
    }

    fn answer_of(&self, row: &Row) -> Answer {
        let is_same = |target: &Target| {
            target.kind.as_str() == row.kind && target.value.trim() == row.value.trim()
        };
        let Some(index) = self.saved.iter().position(is_same) else {
            return Answer::Unsaved;
        };
        let listed = match (&self.listed.value, &self.listed.failure) {
            (Some(on_call), _) => on_call,
            (None, Some(_)) => return Answer::Unread,
            (None, None) => return Answer::Loading,
        };
        match self.find(listed, index) {
            // The settings were read at another time than the list.
            None => Answer::Loading,
            Some(listed) if listed.answered_at.is_some() => Answer::Given,
            Some(_) => Answer::Missing,
        }
    }

    /// Finds a saved target in the list, which has the same order. `None` if the list belongs to other settings.
    fn find<'b>(&self, on_call: &'b OnCall, index: usize) -> Option<&'b ListedTarget> {
        let is_same = |(saved, listed): (&Target, &ListedTarget)| {
            saved.kind.as_str() == listed.kind && target::name(saved) == listed.name
        };
        let is_current = self.saved.len() == on_call.targets.len()
            && self.saved.iter().zip(&on_call.targets).all(is_same);
        on_call.targets.get(index).filter(|_| is_current)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, LOADING, NO_OWNER, NOT_YET, Permission, UNANSWERED, UNREAD, UNSAVED};
    use crate::{
        form::Row,
        server::{failure::Failure, on_call::OnCall},
        view::load::Loaded,
    };
    use notice::wire::site::OnCall as Target;
    use serde_json::{Value, json};
    use std::rc::Rc;

    fn saved() -> Vec<Target> {
        serde_json::from_value(json!([
            { "kind": "webhook", "value": "https://a.example/x", "name": "Day" },
            { "kind": "pagerduty", "value": "0123456789abcdef0123456789abcdef" },
        ]))
        .unwrap()
    }

    /// The list in which the first target has answered, with these names.
    fn listed(names: [&str; 2]) -> Loaded<OnCall> {
        let on_call: OnCall = serde_json::from_value(json!({ "targets": [
            { "kind": "webhook", "name": names[0], "answered_at": "2026-11-21T08:00:00Z" },
            { "kind": "pagerduty", "name": names[1], "answered_at": Value::Null },
        ] }))
        .unwrap();
        Loaded {
            value: Some(Rc::new(on_call)),
            failure: None,
        }
    }

    fn row(kind: &str, value: &str, session_link: bool) -> Row {
        Row {
            kind: kind.to_owned(),
            value: value.to_owned(),
            session_link,
            ..Row::default()
        }
    }

    #[test]
    fn only_an_owner_allows_only_targets_that_answered_a_test() {
        let (saved, listed) = (saved(), listed(["Day", "PagerDuty"]));
        let first = "https://a.example/x";
        let second = "0123456789abcdef0123456789abcdef";
        for (is_owner, row, expected) in [
            (true, row("webhook", first, false), Permission::Open(None)),
            (
                true,
                row("webhook", &format!(" {first} "), false),
                Permission::Open(None),
            ),
            (
                true,
                row("pagerduty", second, false),
                Permission::Closed(UNANSWERED),
            ),
            (
                true,
                row("slack", first, false),
                Permission::Closed(UNSAVED),
            ),
            (
                true,
                row("webhook", "https://b.example/x", false),
                Permission::Closed(UNSAVED),
            ),
            // Permission that was given through the API before the test, or for another address.
            (
                true,
                row("pagerduty", second, true),
                Permission::Open(Some(NOT_YET)),
            ),
            (
                true,
                row("webhook", "https://b.example/x", true),
                Permission::Open(Some(NOT_YET)),
            ),
            (
                false,
                row("webhook", first, false),
                Permission::Closed(NO_OWNER),
            ),
            (
                false,
                row("webhook", first, true),
                Permission::Closed(NO_OWNER),
            ),
        ] {
            let answers = Answers {
                is_owner,
                saved: &saved,
                listed: &listed,
            };
            assert_eq!(answers.permission(&row), expected, "{row:?}");
        }
    }

    #[test]
    fn an_unknown_answer_closes_the_permission() {
        let saved = saved();
        let failed = Loaded {
            value: None,
            failure: Some(Failure::Unreachable),
        };
        for (listed, expected) in [
            (Loaded::default(), LOADING),
            (failed, UNREAD),
            (listed(["Night", "PagerDuty"]), LOADING),
        ] {
            let answers = Answers {
                is_owner: true,
                saved: &saved,
                listed: &listed,
            };
            let row = row("webhook", "https://a.example/x", false);
            assert_eq!(answers.permission(&row), Permission::Closed(expected));
        }
    }
}
