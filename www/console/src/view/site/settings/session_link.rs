//! The checkbox "Sign-in link in pages" of an on-call target. Only an owner can check it, and only for a target that has answered
//! a test.

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

/// The on-call targets as they were read, and the operator's role.
#[derive(Debug)]
pub struct KnownTargets<'a> {
    /// Whether the operator is an owner.
    pub is_owner: bool,
    /// The saved targets.
    pub saved: &'a [Target],
    /// The targets as the server lists them, without their addresses.
    pub listed: &'a Loaded<OnCall>,
}

/// State of a target's checkbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkbox {
    /// It can be used. The note, if any, says why the setting has no effect yet.
    Enabled(Option<&'static str>),
    /// It cannot be used, for this reason.
    Disabled(&'static str),
}

/// State of a target's answer to a test.
enum Answer {
    Unsaved,
    Loading,
    Unread,
    Missing,
    Given,
}

impl KnownTargets<'_> {
    /// Returns the state of a target's checkbox. An owner can always clear a checked one.
    pub fn checkbox(&self, row: &Row) -> Checkbox {
        if !self.is_owner {
            return Checkbox::Disabled(NO_OWNER);
        }
        let (reason, note) = match self.answer_of(row) {
            Answer::Given => return Checkbox::Enabled(None),
            Answer::Unsaved => (UNSAVED, Some(NOT_YET)),
            Answer::Missing => (UNANSWERED, Some(NOT_YET)),
            Answer::Unread => (UNREAD, None),
            Answer::Loading => (LOADING, None),
        };
        match row.session_link {
            true => Checkbox::Enabled(note),
            false => Checkbox::Disabled(reason),
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
    use super::{Checkbox, KnownTargets, LOADING, NO_OWNER, NOT_YET, UNANSWERED, UNREAD, UNSAVED};
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

    /// The server's list of the saved targets, with these names. Only the first target has answered a test.
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
    fn checking_needs_an_owner_and_an_answered_test() {
        let (saved, listed) = (saved(), listed(["Day", "PagerDuty"]));
        let first = "https://a.example/x";
        let second = "0123456789abcdef0123456789abcdef";
        for (is_owner, row, expected) in [
            (true, row("webhook", first, false), Checkbox::Enabled(None)),
            (
                true,
                row("webhook", &format!(" {first} "), false),
                Checkbox::Enabled(None),
            ),
            (
                true,
                row("pagerduty", second, false),
                Checkbox::Disabled(UNANSWERED),
            ),
            (
                true,
                row("slack", first, false),
                Checkbox::Disabled(UNSAVED),
            ),
            (
                true,
                row("webhook", "https://b.example/x", false),
                Checkbox::Disabled(UNSAVED),
            ),
            // Checked through the API before the test, or for another address.
            (
                true,
                row("pagerduty", second, true),
                Checkbox::Enabled(Some(NOT_YET)),
            ),
            (
                true,
                row("webhook", "https://b.example/x", true),
                Checkbox::Enabled(Some(NOT_YET)),
            ),
            (
                false,
                row("webhook", first, false),
                Checkbox::Disabled(NO_OWNER),
            ),
            (
                false,
                row("webhook", first, true),
                Checkbox::Disabled(NO_OWNER),
            ),
        ] {
            let known = KnownTargets {
                is_owner,
                saved: &saved,
                listed: &listed,
            };
            assert_eq!(known.checkbox(&row), expected, "{row:?}");
        }
    }

    #[test]
    fn an_unknown_answer_disables_the_checkbox() {
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
            let known = KnownTargets {
                is_owner: true,
                saved: &saved,
                listed: &listed,
            };
            let row = row("webhook", "https://a.example/x", false);
            assert_eq!(known.checkbox(&row), Checkbox::Disabled(expected));
        }
    }
}
