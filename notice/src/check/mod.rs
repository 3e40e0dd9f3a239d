//! What a schema cannot say of a body: lengths, blank texts, counts. Every complaint at once.

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

/// Complaints, gathered.
#[derive(Debug, Default)]
pub struct Complaints {
    errors: Vec<FieldError>,
    source: Source,
}

impl Complaints {
    /// Adds one.
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

    /// Nothing to complain about, or all of it.
    ///
    /// # Errors
    /// [`Rejection::Fields`] when there is a complaint.
    pub fn settle(self) -> Result<(), Rejection> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Fields(self.errors))
        }
    }

    /// A text in one line that must not be blank.
    fn line(&mut self, pointer: &str, text: &str, most: usize) {
        self.prose(pointer, text, most);
        if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            self.add_to_request(pointer, "must be a single line");
        }
    }

    /// A text that must not be blank.
    fn prose(&mut self, pointer: &str, text: &str, most: usize) {
        if text.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
            self.add_to_request(pointer, "must not be blank");
        }
        let count = text.chars().count();
        if count > most {
            self.add(
                pointer,
                format!("must be at most {most} characters; these are {count}"),
            );
        }
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(control) {
            self.add(pointer, "must not contain control characters");
        }
        if text.chars().any(turns_text) {
            self.add_to_request(
                pointer,
                "must not contain characters that change the direction of text",
            );
        }
    }

    fn count(&mut self, pointer: &str, count: usize, most: usize) {
        if count > most {
            self.add(
                pointer,
                format!("must have at most {most} entries; these are {count}"),
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
                    "must be one of phone, email, chat, link, feedback",
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
                    "must be {} to {} seconds (a minute to thirty days)",
                    limits::CADENCE_LEAST_S,
                    limits::CADENCE_MOST_S
                ),
            );
        }
    }
}

/// Characters that take no room: a text of these alone is blank.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Overrides and embeddings, by which a text can read as something else than it is. Marks, which Arabic and Hebrew
/// need, may stay.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_link(kind: ContactKind) -> bool {
    matches!(
        kind,
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback
    )
}

/// Why a contact's value cannot be used, if it cannot.
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
            (!fits || digits < 3)
                .then_some("must be a telephone number, for example +61 2 5550 0100")
        }
        ContactKind::Email => {
            let (name, host) = value.split_once('@').unwrap_or_default();
            let odd = value.contains(['"', '<', '>', '\\', ',', ';', '?']);
            (!plain || odd || name.is_empty() || host.is_empty())
                .then_some("must be an e-mail address")
        }
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback => {
            (!plain || !web).then_some("must be a web address that begins with https:// or http://")
        }
        ContactKind::Unknown => None,
    }
}

/// A credential's name.
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
