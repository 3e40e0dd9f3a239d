//! What a schema cannot say of a body: lengths, blank texts, counts. Every complaint at once.

use std::collections::BTreeMap;

use crate::{
    limits,
    rejection::{FieldError, Rejection},
    wire::{
        feed::Contact,
        input::{
            Audience, IncidentText, NamedComponent, NewComponent, NewIncident, NewSite, NewUpdate,
            RestoredWords,
        },
        language::Language,
        words::{ContactKind, Impact, Kind},
    },
};

/// Complaints, gathered.
#[derive(Debug, Default)]
pub struct Complaints(Vec<FieldError>);

impl Complaints {
    /// Adds one.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError::invalid(pointer, detail));
    }

    /// Nothing to complain about, or all of it.
    ///
    /// # Errors
    /// [`Rejection::Fields`] when there is a complaint.
    pub fn settle(self) -> Result<(), Rejection> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Fields(self.0))
        }
    }

    /// A text in one line that must not be blank.
    fn line(&mut self, pointer: &str, text: &str, most: usize) {
        self.prose(pointer, text, most);
        if text.contains(['\n', '\r']) {
            self.add(pointer, "must be a single line");
        }
    }

    /// A text that must not be blank.
    fn prose(&mut self, pointer: &str, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.add(pointer, "must not be blank");
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
            if let Some(wrong) = wrong_contact(contact) {
                self.add(at("value"), wrong);
            }
        }
    }

    fn components(&mut self, components: &[NamedComponent]) {
        self.count("/components", components.len(), limits::INCIDENT_COMPONENTS);
    }

    fn audience(&mut self, audience: &Audience) {
        self.count(
            "/audience/segments",
            audience.segments.len(),
            limits::AUDIENCE,
        );
        self.count("/audience/paths", audience.paths.len(), limits::AUDIENCE);
        let components = audience.components.as_deref().unwrap_or_default();
        self.count("/audience/components", components.len(), limits::AUDIENCE);
        for (index, path) in audience.paths.iter().enumerate() {
            let pointer = format!("/audience/paths/{index}");
            self.line(&pointer, path, limits::VALUE);
            if !path.starts_with('/') && !path.starts_with("#/") {
                self.add(pointer, "must begin with / or #/");
            }
        }
    }
}

/// Why a contact's value cannot be used, if it cannot.
fn wrong_contact(contact: &Contact) -> Option<&'static str> {
    let value = contact.value.as_str();
    let web = value.starts_with("https://") || value.starts_with("http://");
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
            (!plain || name.is_empty() || host.is_empty()).then_some("must be an e-mail address")
        }
        ContactKind::Chat | ContactKind::Link | ContactKind::Feedback => {
            (!plain || !web).then_some("must be a web address that begins with https:// or http://")
        }
        ContactKind::Unknown => None,
    }
}

/// A new site's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn new_site(input: &NewSite) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/name", &input.name, limits::NAME);
    complaints.contacts(&input.contacts);
    if let Some(languages) = &input.languages {
        complaints.count("/languages", languages.len(), limits::LANGUAGES);
        if languages.is_empty() {
            complaints.add("/languages", "must name at least the site's own language");
        }
        for (index, language) in languages.iter().enumerate() {
            if languages
                .iter()
                .take(index)
                .any(|earlier| earlier == language)
            {
                complaints.add(format!("/languages/{index}"), "is named twice");
            }
        }
    }
    complaints.settle()
}

/// A new component's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn new_component(input: &NewComponent) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/name", &input.name, limits::NAME);
    if let Some(group) = &input.group {
        complaints.line("/group", group, limits::NAME);
    }
    if input.tier.is_some_and(|tier| !(1..=3).contains(&tier)) {
        complaints.add("/tier", "must be 1 (mission critical), 2 or 3");
    }
    complaints.settle()
}

/// A new incident's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn new_incident(input: &NewIncident) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/title", &input.title, limits::TITLE);
    match &input.body {
        Some(body) => complaints.prose("/body", body, limits::BODY),
        None => complaints.add("/body", "this field is required"),
    }
    if input.kind == Kind::Incident {
        match input.impact {
            None => complaints.add("/impact", "this field is required"),
            Some(Impact::Maintenance) => {
                complaints.add("/impact", "must be one of none, minor, major, critical");
            }
            Some(_) => {}
        }
    }
    if input
        .status
        .is_some_and(|status| !status.belongs_to(input.kind))
    {
        complaints.add("/status", wrong_status(input.kind));
    }
    if let Some(advice) = &input.advice {
        complaints.prose("/advice", advice, limits::ADVICE);
    }
    complaints.list("/works", &input.works);
    complaints.list("/broken", &input.broken);
    complaints.components(&input.components);
    complaints.contacts(input.contacts.as_deref().unwrap_or_default());
    complaints.count("/related", input.related.len(), limits::RELATED);
    if let Some(audience) = &input.audience {
        complaints.audience(audience);
    }
    if input.confidence.is_some() && input.estimated_end_at.is_none() {
        complaints.add("/confidence", "needs estimated_end_at beside it");
    }
    if let Some(restored) = &input.restored {
        complaints.restored("/restored", restored);
        if !input.status.is_some_and(|status| status.is_over()) {
            complaints.add("/restored", "belongs to the status resolved");
        }
    }
    complaints.text(&input.text);
    complaints.settle()
}

/// A new update's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn new_update(input: &NewUpdate, kind: Kind) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.prose("/body", &input.body, limits::BODY);
    if input.status.is_some_and(|status| !status.belongs_to(kind)) {
        complaints.add("/status", wrong_status(kind));
    }
    if kind == Kind::Incident && input.impact == Some(Impact::Maintenance) {
        complaints.add("/impact", "must be one of none, minor, major, critical");
    }
    if let Some(advice) = input.advice.value() {
        complaints.prose("/advice", advice, limits::ADVICE);
    }
    if let Some(works) = input.works.value() {
        complaints.list("/works", works);
    }
    if let Some(broken) = input.broken.value() {
        complaints.list("/broken", broken);
    }
    complaints.components(&input.components);
    if let Some(restored) = &input.restored {
        complaints.restored("/restored", restored);
    }
    complaints.text(&input.text);
    complaints.settle()
}

fn wrong_status(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "must be one of investigating, identified, monitoring, resolved",
        Kind::Maintenance => "must be one of scheduled, in_progress, verifying, completed",
        Kind::Announcement => "must be one of active, ended",
        Kind::Unknown => "belongs to a kind of incident that is not known here",
    }
}
