//! The built-in templates. Their texts come from published reports of real outages.

use notice::wire::enums::{Kind, Status};

use super::Occasion;

/// A built-in template. Empty texts are absent.
pub struct Row {
    pub name: &'static str,
    pub occasion: Occasion,
    pub status: Option<Status>,
    pub title: &'static str,
    pub body: &'static str,
    pub advice: &'static str,
    pub works: &'static str,
    pub broken: &'static str,
    pub check: &'static str,
}

/// A row in which only the occasion is set.
const EMPTY: Row = Row {
    name: "",
    occasion: Occasion::Begin(Kind::Incident),
    status: None,
    title: "",
    body: "",
    advice: "",
    works: "",
    broken: "",
    check: "",
};

pub const ROWS: &[Row] = &[
    Row {
        name: "Looking into it",
        status: Some(Status::Investigating),
        title: "Problems with {components}",
        body: "Some of you cannot use {components} as usual. We are finding out why.",
        ..EMPTY
    },
    Row {
        name: "Read-only: saving is off",
        title: "Saving does not work right now",
        body: "Everything you saved before is safe. What you write now is not being saved.",
        advice: "Copy your work to another place before you leave or reload this page.",
        works: "Reading what you saved before",
        broken: "Saving",
        ..EMPTY
    },
    Row {
        name: "Signing in fails",
        title: "Signing in does not work",
        body: "You may not be able to sign in, or may be asked to sign in again and again. Your password is not the cause.",
        advice: "If you are signed in, stay signed in. You do not need a new password.",
        works: "Everything, if you are already signed in",
        broken: "Signing in",
        ..EMPTY
    },
    Row {
        name: "Slow: do not start a job twice",
        title: "{components} {is|are} slower than usual",
        body: "Jobs take much longer than usual, but they do finish.",
        advice: "Do not start the same job again: the first one is still running.",
        works: "Jobs finish, but late",
        ..EMPTY
    },
    Row {
        name: "Queued: do not resend",
        title: "Messages are delayed",
        body: "What you send is queued and will be delivered later.",
        advice: "Do not resend: your messages are queued and would arrive twice.",
        works: "Writing and receiving messages",
        broken: "Sending messages at once",
        ..EMPTY
    },
    Row {
        name: "Data centre outage",
        title: "Our service is down",
        body: "A data centre that we depend on has failed, so our whole service is down. As far as we know, none of your data is lost.",
        advice: "If something cannot wait, call us.",
        broken: "Everything",
        ..EMPTY
    },
    Row {
        name: "Unreachable for some users",
        title: "Some of you cannot reach our service",
        body: "Our address is not found from some networks. It comes back for some of you earlier than for others.",
        advice: "Another network, such as your phone's, may reach us now.",
        works: "Everything, once you reach us",
        ..EMPTY
    },
    Row {
        name: "Cause known",
        occasion: Occasion::Update,
        status: Some(Status::Identified),
        body: "We know the cause and are fixing it: ",
        ..EMPTY
    },
    Row {
        name: "No news yet",
        occasion: Occasion::Update,
        body: "We are still working on this. There is no change since our last update.",
        ..EMPTY
    },
    Row {
        name: "Should work again",
        occasion: Occasion::Update,
        status: Some(Status::Monitoring),
        body: "It should work again. We are monitoring before we mark this resolved. Tell us if it does not work for you.",
        ..EMPTY
    },
    Row {
        name: "Fixed, please check",
        occasion: Occasion::End,
        body: "{components} {works|work} again. What went wrong: ",
        check: "Check what you did between {start} and {end}: some of it may be missing.",
        ..EMPTY
    },
    Row {
        name: "Fixed, nothing lost",
        occasion: Occasion::End,
        body: "{components} {works|work} again. Nothing was lost.",
        ..EMPTY
    },
    Row {
        name: "Night maintenance",
        occasion: Occasion::Begin(Kind::Maintenance),
        title: "Maintenance: {components}",
        body: "We are moving to new machines at a time when few of you work. Save your work before it begins.",
        ..EMPTY
    },
    Row {
        name: "Upcoming change",
        occasion: Occasion::Begin(Kind::Announcement),
        title: "A change is coming",
        body: "From … on, … You do not need to do anything.",
        ..EMPTY
    },
];

/// Suggested answers to what users should check, each with its label.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "Nothing was lost",
        "You don't need to check anything: nothing was lost.",
    ),
    (
        "Check written work",
        "Check what you wrote between {start} and {end}. If it is missing, please write it again.",
    ),
    (
        "Check sent messages",
        "Check what you sent between {start} and {end}: some of it may have arrived twice.",
    ),
    ("Sign in again", "Sign in again if you were signed out."),
    (
        "Reload the page",
        "Reload the page if you kept it open during the incident.",
    ),
];

#[cfg(test)]
mod tests {
    use super::ROWS;
    use crate::templates::{Occasion, invalid_placeholder, placeholders::Placeholders};
    use notice::{limits, wire::language::Language};

    #[test]
    fn built_in_templates_fit_their_fields() {
        assert!(ROWS.len() >= 10);
        for row in ROWS {
            assert!(row.title.len() <= limits::TITLE && !row.body.is_empty());
            let begins = matches!(row.occasion, Occasion::Begin(_));
            assert_eq!(begins, !row.title.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn built_in_templates_leave_no_placeholder() {
        let placeholders = Placeholders {
            components: vec!["Sending".to_owned()],
            site: "Acme SMS".to_owned(),
            start: "08:00".to_owned(),
            end: "09:00".to_owned(),
        };
        for row in ROWS {
            for text in [
                row.title, row.body, row.advice, row.works, row.broken, row.check,
            ] {
                let filled = placeholders.fill(text, &Language::english());
                assert!(!filled.contains(['{', '|']), "{filled}");
                assert_eq!(invalid_placeholder(text), None, "{text}");
            }
        }
    }
}
