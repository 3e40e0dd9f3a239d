//! Checks that a schema cannot express: lengths, blank texts, counts. Reports all errors at once.

mod event;
mod incidents;
mod settings;

pub use event::{event, size};
pub use incidents::{correction, incident, postmortem, template, update, withdrawal};
pub use settings::{component, site};

use std::collections::BTreeMap;

use crate::{
    limits,
    rejection::{FieldError, Rejection},
    wire::{
        feed::Contact,
        input::{IncidentText, RestoredWords},
        language::Language,
        words::ContactKind,
    },
};

/// The origin of the checked values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Source {
    /// The body of a request.
    #[default]
    Request,
    /// The journal of an export. Its values passed the rules of their time, so rules that were added or tightened since do
    /// not apply to them; limits, URL schemes and control characters always do.
    Journal,
}

/// Collected field errors.
#[derive(Debug, Default)]
pub struct Complaints {
    errors: Vec<FieldError>,
    source: Source,
}

impl Complaints {
    /// Adds an error.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.errors.push(FieldError::invalid(pointer, detail));
    }

    /// Adds a complaint about a request only. For rules that were added or tightened after journals with such values were
    /// written: with [`Complaints::add`] a new rule would make backups unusable.
    fn add_to_request(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.source == Source::Request {
            self.add(pointer, detail);
        }
    }

    /// Returns all errors, if there are any.
    ///
    /// # Errors
    /// [`Rejection::Fields`] with every error.
    pub fn settle(self) -> Result<(), Rejection> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Fields(self.errors))
        }
    }

    /// Checks a single-line text that must not be blank.
    fn line(&mut self, pointer: &str, text: &str, most: usize) {
        self.prose(pointer, text, most);
        if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            self.add_to_request(pointer, "Must be a single line.");
        }
    }

    /// Checks a text that must not be blank.
    fn prose(&mut self, pointer: &str, text: &str, most: usize) {
        if text.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
            self.add_to_request(pointer, "Must not be blank.");
        }
        let count = text.chars().count();
        if count > most {
            self.add(
                pointer,
                format!("Must be at most {most} characters; this has {count}."),
            );
        }
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(control) {
            self.add(pointer, "Must not contain control characters.");
        }
        if text.chars().any(turns_text) {
            self.add_to_request(
                pointer,
                "Must not contain characters that change the text direction.",
            );
        }
    }

    fn count(&mut self, pointer: &str, count: usize, most: usize) {
        if count > most {
            self.add(
                pointer,
                format!("Must have at most {most} entries; this has {count}."),
            );
        }
    }

    fn list(&mut self, pointer: &str, list: &[String]) {
        self.count(pointer, list.len(), limits::LIST);
        for (index, entry) in list.iter().enumerate() {
            self.line(&format!("{pointer}/{index}"), entry, limits::LIST_ENTRY);
        }
    }

    fn restored(&mut self, pointer: &str, words: &RestoredWords) {
        self.list(&format!("{pointer}/back"), &words.back);
        self.list(&format!("{pointer}/still"), &words.still);
        if let Some(check) = &words.check {
            self.prose(&format!("{pointer}/check"), check, limits::ADVICE);
        }
    }

    fn text(&mut self, text: &BTreeMap<Language, IncidentText>) {
        for (language, words) in text {
            let at = |field: &str| format!("/text/{language}/{field}");
            if let Some(title) = &words.title {
                self.line(&at("title"), title, limits::TITLE);
            }
            if let Some(body) = &words.body {
                self.prose(&at("body"), body, limits::BODY);
            }
            if let Some(advice) = &words.advice {
                self.prose(&at("advice"), advice, limits::ADVICE);
            }
            if let Some(works) = &words.works {
                self.list(&at("works"), works);
            }
            if let Some(broken) = &words.broken {
                self.list(&at("broken"), broken);
            }
            if let Some(restored) = &words.restored {
                self.restored(&at("restored"), restored);
            }
        }
    }

    fn contacts(&mut self, contacts: &[Contact]) {
        self.count("/contacts", contacts.len(), limits::CONTACTS);
        for (index, contact) in contacts.iter().enumerate() {
            let at = |field: &str| format!("/contacts/{index}/{field}");
            if contact.kind == ContactKind::Unknown {
                self.add(
                    at("kind"),
                    "Must be one of phone, email, chat, link, feedback.",
                );
            }
            self.line(&at("label"), &contact.label, limits::NAME);
            self.line(&at("value"), &contact.value, limits::VALUE);
            match wrong_contact(contact) {
                // Such a value becomes the target of a link as it is.
                Some(wrong) if is_link(contact.kind) => self.add(at("value"), wrong),
                Some(wrong) => self.add_to_request(at("value"), wrong),
                None => {}
            }
        }
    }

    fn cadence(&mut self, pointer: &str, seconds: u32) {
        if !(limits::CADENCE_LEAST_S..=limits::CADENCE_MOST_S).contains(&seconds) {
            self.add(
                pointer,
                format!(
                    "Must be {} to {} seconds (1 minute to 30 days).",
                    limits::CADENCE_LEAST_S,
                    limits::CADENCE_MOST_S
                ),
            );
        }
    }
}

/// Whether a character is invisible. A text of only these is blank.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Whether a character overrides or embeds a text direction, which can disguise a text. Direction marks are allowed,
/// since Arabic and Hebrew need them.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_link(kind: ContactKind) -> bool {
    matches!(
        kind,
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback
    )
}

/// The error in a contact's value, if any.
fn wrong_contact(contact: &Contact) -> Option<&'static str> {
    let value = contact.value.as_str();
    let address = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    let web = address.is_some_and(|address| address.starts_with(char::is_alphanumeric));
    let plain = !value.contains(char::is_whitespace);
    match contact.kind {
        ContactKind::Phone => {
            let digits = value.chars().filter(char::is_ascii_digit).count();
            let fits = value
                .chars()
                .all(|c| c.is_ascii_digit() || " +-().,;#*".contains(c));
            (!fits || digits < 3).then_some("Must be a phone number, for example +61 2 5550 0100.")
        }
        ContactKind::Email => {
            let (name, host) = value.split_once('@').unwrap_or_default();
            let odd = value.contains(['"', '<', '>', '\\', ',', ';', '?']);
            (!plain || odd || name.is_empty() || host.is_empty())
                .then_some("Must be an email address, for example help@example.com.")
        }
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback => (!plain || !web)
            .then_some("Must be a web address that starts with https:// or http://."),
        ContactKind::Unknown => None,
    }
}

/// Checks the name of a credential.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn name(name: Option<&str>) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    if let Some(name) = name {
        complaints.line("/name", name, limits::NAME);
    }
    complaints.settle()
}
