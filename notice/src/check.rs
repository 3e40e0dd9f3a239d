//! What a schema cannot say of a body: lengths, blank texts, counts. Every complaint at once.

use std::collections::BTreeMap;

use crate::{
    limits,
    rejection::{FieldError, Rejection},
    wire::{
        feed::Contact,
        input::{
            Audience, CorrectedUpdate, IncidentText, NamedComponent, NewComponent, NewIncident,
            NewPostmortem, NewSite, NewTemplate, NewUpdate, RestoredWords, Withdrawal,
        },
        language::Language,
        site::{OnCall, OnCallKind, SiteSegment},
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

    fn unique<T: PartialEq>(&mut self, pointer: &str, list: &[T]) {
        for (index, entry) in list.iter().enumerate() {
            if list.iter().take(index).any(|earlier| earlier == entry) {
                self.add(format!("{pointer}/{index}"), "is named twice");
            }
        }
    }

    fn segments(&mut self, segments: &[SiteSegment]) {
        self.count("/segments", segments.len(), limits::SEGMENTS);
        for (index, segment) in segments.iter().enumerate() {
            let twice = segments
                .iter()
                .take(index)
                .any(|earlier| earlier.slug == segment.slug);
            if twice {
                self.add(format!("/segments/{index}/slug"), "is named twice");
            }
            self.line(
                &format!("/segments/{index}/label"),
                &segment.label,
                limits::NAME,
            );
            for (language, label) in &segment.text {
                self.line(
                    &format!("/segments/{index}/text/{language}"),
                    label,
                    limits::NAME,
                );
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

    fn on_call(&mut self, on_call: &[OnCall]) {
        self.count("/on_call", on_call.len(), limits::ON_CALL);
        for (index, target) in on_call.iter().enumerate() {
            let pointer = format!("/on_call/{index}/value");
            self.line(&pointer, &target.value, limits::VALUE);
            let plain = !target.value.contains(char::is_whitespace);
            match target.kind {
                OnCallKind::Email if !(plain && target.value.contains('@')) => {
                    self.add(pointer, "must be an e-mail address");
                }
                OnCallKind::Webhook if !(plain && target.value.starts_with("https://")) => {
                    self.add(pointer, "must be an address that begins with https://");
                }
                _ => {}
            }
            if target
                .after_minutes
                .is_some_and(|minutes| minutes > limits::AFTER_MINUTES)
            {
                self.add(
                    format!("/on_call/{index}/after_minutes"),
                    format!("must be at most {} (a day)", limits::AFTER_MINUTES),
                );
            }
        }
    }

    /// Times that belong to some kinds only, and their order.
    fn schedule(&mut self, input: &NewIncident) {
        let planned = input.kind == Kind::Maintenance;
        match (input.scheduled_for, input.scheduled_until) {
            (None, _) if planned => self.add("/scheduled_for", "this field is required"),
            (_, None) if planned => self.add("/scheduled_until", "this field is required"),
            (Some(from), Some(until)) if planned => {
                if until <= from {
                    self.add("/scheduled_until", "must come after scheduled_for");
                }
                if input.announce_from.is_some_and(|at| at > from) {
                    self.add("/announce_from", "must not come after scheduled_for");
                }
            }
            (from, until) => {
                for (pointer, given) in [("/scheduled_for", from), ("/scheduled_until", until)] {
                    if given.is_some() {
                        self.add(pointer, "belongs to planned maintenance");
                    }
                }
            }
        }
        if input.announce_from.is_some() && input.kind == Kind::Incident {
            self.add("/announce_from", "belongs to maintenance and announcements");
        }
        match (input.announce_from, input.announce_until) {
            (_, Some(_)) if input.kind != Kind::Announcement => {
                self.add("/announce_until", "belongs to announcements");
            }
            (Some(from), Some(until)) if until <= from => {
                self.add("/announce_until", "must come after announce_from");
            }
            _ => {}
        }
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

/// A site's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn site(input: &NewSite) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/name", &input.name, limits::NAME);
    complaints.contacts(&input.contacts);
    if let Some(languages) = &input.languages {
        complaints.count("/languages", languages.len(), limits::LANGUAGES);
        if languages.is_empty() {
            complaints.add("/languages", "must name at least the site's own language");
        }
        complaints.unique("/languages", languages);
    }
    if let Some(zone) = &input.time_zone {
        let fits = zone == "UTC"
            || (zone.contains('/')
                && zone
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte)));
        if !fits || zone.len() > limits::NAME {
            complaints.add(
                "/time_zone",
                "must be an IANA time zone, for example Australia/Sydney",
            );
        }
    }
    complaints.count("/hostnames", input.hostnames.len(), limits::HOSTNAMES);
    complaints.unique("/hostnames", &input.hostnames);
    for (index, name) in input.hostnames.iter().enumerate() {
        if !is_hostname(name) {
            complaints.add(
                format!("/hostnames/{index}"),
                "must be a host name in lower case, for example status.example.com",
            );
        }
    }
    if let Some(colours) = &input.colours {
        for (field, colour) in [("light", &colours.light), ("dark", &colours.dark)] {
            if !is_colour(colour) {
                complaints.add(
                    format!("/colours/{field}"),
                    "must be a colour, for example #173f87",
                );
            }
        }
    }
    complaints.segments(&input.segments);
    if let Some(cadence) = &input.cadence {
        for (field, seconds) in [
            ("tier_1_s", cadence.tier_1_s),
            ("tier_2_s", cadence.tier_2_s),
            ("tier_3_s", cadence.tier_3_s),
        ] {
            complaints.cadence(&format!("/cadence/{field}"), seconds);
        }
    }
    complaints.on_call(&input.on_call);
    if let Some(hours) = &input.quiet_hours {
        for (field, time) in [("from", &hours.from), ("until", &hours.until)] {
            if !is_time_of_day(time) {
                complaints.add(
                    format!("/quiet_hours/{field}"),
                    "must be a time of day, for example 22:00",
                );
            }
        }
    }
    if let Some(restored) = &input.restored {
        for (field, seconds) in [
            ("returning_s", restored.returning_s),
            ("everyone_s", restored.everyone_s),
        ] {
            if seconds > limits::RESTORED_S {
                complaints.add(
                    format!("/restored/{field}"),
                    format!("must be at most {} seconds (72 h)", limits::RESTORED_S),
                );
            }
        }
    }
    if input
        .overdue_after_s
        .is_some_and(|seconds| seconds > limits::OVERDUE_AFTER_S)
    {
        complaints.add(
            "/overdue_after_s",
            format!(
                "must be at most {} seconds (a day)",
                limits::OVERDUE_AFTER_S
            ),
        );
    }
    complaints.settle()
}

/// A component's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn component(input: &NewComponent) -> Result<(), Rejection> {
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

/// A template's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn template(input: &NewTemplate) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/name", &input.name, limits::NAME);
    if let Some(title) = &input.title {
        complaints.line("/title", title, limits::TITLE);
    }
    if let Some(body) = &input.body {
        complaints.prose("/body", body, limits::BODY);
    }
    if let Some(advice) = &input.advice {
        complaints.prose("/advice", advice, limits::ADVICE);
    }
    if let (Some(status), Some(kind)) = (input.status, input.kind)
        && !status.belongs_to(kind)
    {
        complaints.add("/status", wrong_status(kind));
    }
    complaints.list("/works", &input.works);
    complaints.list("/broken", &input.broken);
    if let Some(restored) = &input.restored {
        complaints.restored("/restored", restored);
    }
    if input
        .next_update_minutes
        .is_some_and(|minutes| minutes > limits::NEXT_UPDATE_MINUTES)
    {
        complaints.add(
            "/next_update_minutes",
            format!(
                "must be at most {} (thirty days)",
                limits::NEXT_UPDATE_MINUTES
            ),
        );
    }
    complaints.text(&input.text);
    complaints.settle()
}

/// An incident's fields, whether new or as they would be after a change; `body` only where it is given.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn incident(input: &NewIncident) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.line("/title", &input.title, limits::TITLE);
    if let Some(body) = &input.body {
        complaints.prose("/body", body, limits::BODY);
    }
    match (input.kind, input.impact) {
        (Kind::Incident, None) => complaints.add("/impact", "this field is required"),
        (Kind::Incident, Some(Impact::Maintenance)) => {
            complaints.add("/impact", "must be one of none, minor, major, critical");
        }
        (Kind::Maintenance, Some(impact)) if impact != Impact::Maintenance => {
            complaints.add("/impact", "must be maintenance, or be left out");
        }
        (Kind::Announcement, Some(impact)) if impact != Impact::None => {
            complaints.add("/impact", "must be none, or be left out");
        }
        _ => {}
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
    if let Some(seconds) = input.cadence_s {
        complaints.cadence("/cadence_s", seconds);
    }
    complaints.schedule(input);
    if let Some(restored) = &input.restored {
        complaints.restored("/restored", restored);
    }
    complaints.text(&input.text);
    complaints.settle()
}

/// A new update's fields.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn update(input: &NewUpdate, kind: Kind) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.prose("/body", &input.body, limits::BODY);
    if input.status.is_some_and(|status| !status.belongs_to(kind)) {
        complaints.add("/status", wrong_status(kind));
    }
    match (kind, input.impact) {
        (Kind::Incident, Some(Impact::Maintenance)) => {
            complaints.add("/impact", "must be one of none, minor, major, critical");
        }
        (Kind::Maintenance | Kind::Announcement, Some(_)) => {
            complaints.add("/impact", "only an incident's impact changes; leave it out");
        }
        _ => {}
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

/// A corrected update's words.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn correction(input: &CorrectedUpdate) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.prose("/body", &input.body, limits::BODY);
    complaints.text(&input.text);
    complaints.settle()
}

/// A reason.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn withdrawal(input: &Withdrawal) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.prose("/reason", &input.reason, limits::ADVICE);
    complaints.settle()
}

/// A postmortem's texts.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn postmortem(input: &NewPostmortem) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    complaints.prose("/root_cause", &input.root_cause, limits::BODY);
    complaints.prose("/remedy", &input.remedy, limits::BODY);
    complaints.count("/prevention", input.prevention.len(), limits::LIST);
    for (index, entry) in input.prevention.iter().enumerate() {
        complaints.prose(&format!("/prevention/{index}"), entry, limits::ADVICE);
    }
    if input.window.end < input.window.start {
        complaints.add("/window/end", "must not come before its start");
    }
    complaints.settle()
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

fn wrong_status(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "must be one of investigating, identified, monitoring, resolved",
        Kind::Maintenance => "must be one of scheduled, in_progress, verifying, completed",
        Kind::Announcement => "must be one of active, ended",
        Kind::Unknown => "belongs to a kind of incident that is not known here",
    }
}

/// RFC 1123, in lower case and with at least one dot.
fn is_hostname(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

fn is_colour(colour: &str) -> bool {
    colour
        .strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_time_of_day(time: &str) -> bool {
    let Some((hours, minutes)) = time.split_once(':') else {
        return false;
    };
    let number = |text: &str, below: u8| {
        text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number < below)
    };
    number(hours, 24) && number(minutes, 60)
}
