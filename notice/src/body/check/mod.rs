//! Checks that a schema cannot express: lengths, blank texts, counts. Reports all errors at once.

mod addresses;
pub mod endpoint_url;
mod event;
pub mod host_name;
mod incidents;
mod on_call;
mod settings;

pub use addresses::is_email;
pub use event::{event, size};
pub use incidents::{correction, incident, postmortem, template, update, withdrawal};
pub use settings::{changed_site, component, site};

use std::collections::BTreeMap;

use crate::{
    body::characters::{has_visible, has_visible_text},
    limits,
    rejection::{FieldError, Rejection},
    wire::{
        enums::ContactKind,
        feed::Contact,
        input::{IncidentText, RestoredTexts},
        language::Language,
        time::Timestamp,
    },
};

/// The origin of the checked values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Source {
    /// The body of a request.
    #[default]
    Request,
    /// The journal of an import.
    Journal(Rules),
}

/// Time from which rows of an import must follow today's rules for texts, addresses, host names and
/// time zones, in seconds since 1970: 2026-11-30. Earlier builds accepted more.
const PRESENT_RULES_S: i64 = 1_795_996_800;

/// Time from which the marks of Markdown do not count as text in rows of an import, in seconds since 1970: 2026-12-02. Earlier
/// builds accepted texts of marks only.
const MARKS_ARE_NO_TEXT_S: i64 = 1_796_169_600;

/// The rules for a row of an import. Limits, URL schemes and control characters are always checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// The rules of a request.
    Present,
    /// The rules of builds before `MARKS_ARE_NO_TEXT_S`: marks of Markdown count as text.
    MarksAreText,
    /// The rules of builds before `PRESENT_RULES_S`: texts may be without a visible character, have several lines and change
    /// their direction, addresses of contacts and on-call targets may have any shape, host names may be addresses, paths may have
    /// queries, a new incident may name components that do not exist, idempotency keys need not be digests, and the runtime
    /// need not know the time zone.
    Earlier,
}

impl Rules {
    /// The rules for a row of this time.
    pub fn of_row(at: Timestamp) -> Self {
        match at.seconds() {
            ..PRESENT_RULES_S => Self::Earlier,
            PRESENT_RULES_S..MARKS_ARE_NO_TEXT_S => Self::MarksAreText,
            MARKS_ARE_NO_TEXT_S.. => Self::Present,
        }
    }
}

const BLANK: &str = "Must not be blank.";

/// Collects field errors, so that all are reported at once.
#[derive(Debug, Default)]
pub struct FieldErrors {
    errors: Vec<FieldError>,
    source: Source,
}

impl FieldErrors {
    /// Adds an error about the field at `pointer`.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.errors.push(FieldError::invalid(pointer, detail));
    }

    /// Adds an error unless the value comes from a row of [`Rules::Earlier`]: with [`FieldErrors::add`], existing backups
    /// would be unusable.
    fn add_unless_earlier(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.source != Source::Journal(Rules::Earlier) {
            self.add(pointer, detail);
        }
    }

    /// Adds an error unless the value comes from a journal. For rules that a request must satisfy, but a stored value need
    /// not.
    fn add_to_request(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.source == Source::Request {
            self.add(pointer, detail);
        }
    }

    /// Ends the check.
    ///
    /// # Errors
    /// [`Rejection::Fields`] with every collected error.
    pub fn into_result(self) -> Result<(), Rejection> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Fields(self.errors))
        }
    }

    /// Checks a plain text of a single line that must not be blank.
    fn line(&mut self, pointer: &str, text: &str, most: usize) {
        if !has_visible(text) {
            self.add_unless_earlier(pointer, BLANK);
        }
        self.characters(pointer, text, most);
        if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            self.add_unless_earlier(pointer, "Must be a single line.");
        }
    }

    /// Checks a text in Markdown that must not be blank.
    fn prose(&mut self, pointer: &str, text: &str, most: usize) {
        let is_blank = match self.source {
            Source::Journal(Rules::Earlier) => false,
            Source::Journal(Rules::MarksAreText) => !has_visible(text),
            Source::Journal(Rules::Present) | Source::Request => !has_visible_text(text),
        };
        if is_blank {
            self.add(pointer, BLANK);
        }
        self.characters(pointer, text, most);
    }

    fn characters(&mut self, pointer: &str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.add(
                pointer,
                format!("Must be at most {most} characters; this has {count}."),
            );
        }
        let is_forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(is_forbidden) {
            self.add(pointer, "Must not contain control characters.");
        }
        if text.chars().any(changes_direction) {
            self.add_unless_earlier(
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

    fn restored(&mut self, pointer: &str, texts: &RestoredTexts) {
        self.list(&format!("{pointer}/back"), &texts.back);
        self.list(&format!("{pointer}/still"), &texts.still);
        if let Some(check) = &texts.check {
            self.prose(&format!("{pointer}/check"), check, limits::ADVICE);
        }
    }

    fn text(&mut self, text: &BTreeMap<Language, IncidentText>) {
        for (language, texts) in text {
            let at = |field: &str| format!("/text/{language}/{field}");
            if let Some(title) = &texts.title {
                self.line(&at("title"), title, limits::TITLE);
            }
            if let Some(body) = &texts.body {
                self.prose(&at("body"), body, limits::BODY);
            }
            if let Some(advice) = &texts.advice {
                self.prose(&at("advice"), advice, limits::ADVICE);
            }
            if let Some(works) = &texts.works {
                self.list(&at("works"), works);
            }
            if let Some(broken) = &texts.broken {
                self.list(&at("broken"), broken);
            }
            if let Some(restored) = &texts.restored {
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
            match contact_error(contact) {
                // The value becomes the URL of a link, so journals are checked too.
                Some(error) if is_link(contact.kind) && !addresses::is_web(&contact.value) => {
                    self.add(at("value"), error);
                }
                Some(error) => self.add_unless_earlier(at("value"), error),
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

/// Whether a character overrides or embeds a text direction, which can disguise a text. Direction marks are allowed,
/// since Arabic and Hebrew need them.
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_link(kind: ContactKind) -> bool {
    matches!(
        kind,
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback
    )
}

/// The error in a contact's value, if any.
fn contact_error(contact: &Contact) -> Option<String> {
    let value = contact.value.as_str();
    match contact.kind {
        ContactKind::Phone => addresses::phone_error(value),
        ContactKind::Email => addresses::email_error(value),
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback => {
            addresses::web_error(value)
        }
        ContactKind::Unknown => None,
    }
}

/// Checks the name of a credential.
///
/// # Errors
/// [`Rejection::Fields`] if the name is blank or too long.
pub fn name(name: Option<&str>) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    if let Some(name) = name {
        errors.line("/name", name, limits::NAME);
    }
    errors.into_result()
}
