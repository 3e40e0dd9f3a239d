//! Checks of incidents, updates, postmortems and templates.

use super::FieldErrors;
use crate::{
    body::addresses::clean_incident,
    limits,
    rejection::Rejection,
    wire::{
        enums::{ComponentStatus, Impact, Kind},
        input::{
            Audience, CorrectedUpdate, NamedComponent, NewIncident, NewPostmortem, NewTemplate,
            NewUpdate, Withdrawal,
        },
    },
};

/// Checks a template.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn template(input: &NewTemplate) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    template_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn template_fields(errors: &mut FieldErrors, input: &NewTemplate) {
    errors.line("/name", &input.name, limits::NAME);
    if let Some(title) = &input.title {
        errors.line("/title", title, limits::TITLE);
    }
    if let Some(body) = &input.body {
        errors.prose("/body", body, limits::BODY);
    }
    if let Some(advice) = &input.advice {
        errors.prose("/advice", advice, limits::ADVICE);
    }
    if let (Some(status), Some(kind)) = (input.status, input.kind)
        && !status.belongs_to(kind)
    {
        errors.add("/status", status_error(kind));
    }
    errors.list("/works", &input.works);
    errors.list("/broken", &input.broken);
    if let Some(restored) = &input.restored {
        errors.restored("/restored", restored);
    }
    if input
        .next_update_minutes
        .is_some_and(|minutes| minutes > limits::NEXT_UPDATE_MINUTES)
    {
        errors.add(
            "/next_update_minutes",
            format!(
                "Must be at most {} minutes (30 days).",
                limits::NEXT_UPDATE_MINUTES
            ),
        );
    }
    errors.text(&input.text);
}

/// Cleans an incident's addresses, and checks the incident: a new one, or the result of a change.
/// `body` may be absent.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn incident(input: &mut NewIncident) -> Result<(), Rejection> {
    clean_incident(input);
    let mut errors = FieldErrors::default();
    incident_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn incident_fields(errors: &mut FieldErrors, input: &NewIncident) {
    errors.line("/title", &input.title, limits::TITLE);
    if let Some(body) = &input.body {
        errors.prose("/body", body, limits::BODY);
    }
    match (input.kind, input.impact) {
        (Kind::Incident, None) => errors.add("/impact", "This field is required."),
        (Kind::Incident, Some(Impact::Maintenance)) => {
            errors.add("/impact", "Must be one of none, minor, major, critical.");
        }
        (Kind::Maintenance, Some(impact)) if impact != Impact::Maintenance => {
            errors.add("/impact", "Must be maintenance, or omitted.");
        }
        (Kind::Announcement, Some(impact)) if impact != Impact::None => {
            errors.add("/impact", "Must be none, or omitted.");
        }
        _ => {}
    }
    if input
        .status
        .is_some_and(|status| !status.belongs_to(input.kind))
    {
        errors.add("/status", status_error(input.kind));
    }
    if let Some(advice) = &input.advice {
        errors.prose("/advice", advice, limits::ADVICE);
    }
    errors.list("/works", &input.works);
    errors.list("/broken", &input.broken);
    errors.components(&input.components);
    if input.kind == Kind::Announcement {
        for (index, component) in input.components.iter().enumerate() {
            if component
                .status
                .is_some_and(|status| status != ComponentStatus::Operational)
            {
                errors.add_to_request(
                    format!("/components/{index}/status"),
                    "An announcement does not change component status; omit it.",
                );
            }
        }
        if input.status.is_some_and(|status| status.is_over()) {
            errors.add_to_request(
                "/status",
                "An announcement starts as active; omit the status.",
            );
        }
    }
    errors.contacts(input.contacts.as_deref().unwrap_or_default());
    errors.count("/related", input.related.len(), limits::RELATED);
    if let Some(audience) = &input.audience {
        errors.audience(audience);
    }
    if input.confidence.is_some() && input.estimated_end_at.is_none() {
        errors.add(
            "/confidence",
            "Requires an estimated end; give one as well.",
        );
    }
    if let Some(seconds) = input.cadence_s {
        errors.cadence("/cadence_s", seconds);
    }
    errors.schedule(input);
    if let Some(restored) = &input.restored {
        errors.restored("/restored", restored);
    }
    errors.text(&input.text);
}

/// Checks a new update.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn update(input: &NewUpdate, kind: Kind) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    update_fields(&mut errors, input, kind);
    errors.into_result()
}

pub(super) fn update_fields(errors: &mut FieldErrors, input: &NewUpdate, kind: Kind) {
    errors.prose("/body", &input.body, limits::BODY);
    if input.status.is_some_and(|status| !status.belongs_to(kind)) {
        errors.add("/status", status_error(kind));
    }
    match (kind, input.impact) {
        (Kind::Incident, Some(Impact::Maintenance)) => {
            errors.add("/impact", "Must be one of none, minor, major, critical.");
        }
        (Kind::Maintenance | Kind::Announcement, Some(_)) => {
            errors.add(
                "/impact",
                "Only incidents can change their impact; omit it.",
            );
        }
        _ => {}
    }
    if let Some(advice) = input.advice.value() {
        errors.prose("/advice", advice, limits::ADVICE);
    }
    if let Some(works) = input.works.value() {
        errors.list("/works", works);
    }
    if let Some(broken) = input.broken.value() {
        errors.list("/broken", broken);
    }
    errors.components(&input.components);
    if let Some(restored) = &input.restored {
        errors.restored("/restored", restored);
    }
    errors.text(&input.text);
}

/// Checks the texts of a corrected update.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn correction(input: &CorrectedUpdate) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    correction_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn correction_fields(errors: &mut FieldErrors, input: &CorrectedUpdate) {
    errors.prose("/body", &input.body, limits::BODY);
    errors.text(&input.text);
}

/// Checks the reason of a withdrawal.
///
/// # Errors
/// [`Rejection::Fields`] if the reason is blank or too long.
pub fn withdrawal(input: &Withdrawal) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    withdrawal_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn withdrawal_fields(errors: &mut FieldErrors, input: &Withdrawal) {
    errors.prose("/reason", &input.reason, limits::ADVICE);
}

/// Checks a postmortem.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn postmortem(input: &NewPostmortem) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    postmortem_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn postmortem_fields(errors: &mut FieldErrors, input: &NewPostmortem) {
    errors.prose("/root_cause", &input.root_cause, limits::BODY);
    errors.prose("/remedy", &input.remedy, limits::BODY);
    errors.count("/prevention", input.prevention.len(), limits::LIST);
    for (index, entry) in input.prevention.iter().enumerate() {
        errors.prose(&format!("/prevention/{index}"), entry, limits::ADVICE);
    }
    if input.window.end < input.window.start {
        errors.add("/window/end", "End must not be before start.");
    }
}

impl FieldErrors {
    fn components(&mut self, components: &[NamedComponent]) {
        self.count("/components", components.len(), limits::INCIDENT_COMPONENTS);
    }

    /// Checks the times that only some kinds have, and their order.
    fn schedule(&mut self, input: &NewIncident) {
        let is_maintenance = input.kind == Kind::Maintenance;
        match (input.scheduled_for, input.scheduled_until) {
            (None, _) if is_maintenance => self.add("/scheduled_for", "This field is required."),
            (_, None) if is_maintenance => self.add("/scheduled_until", "This field is required."),
            (Some(from), Some(until)) if is_maintenance => {
                if until <= from {
                    self.add("/scheduled_until", "End must be after start.");
                }
                if input.announce_from.is_some_and(|at| at > from) {
                    self.add(
                        "/announce_from",
                        "Must not be after the start of the maintenance.",
                    );
                }
            }
            (from, until) => {
                for (pointer, given) in [("/scheduled_for", from), ("/scheduled_until", until)] {
                    if given.is_some() {
                        self.add(pointer, "Only maintenance has a schedule; omit it.");
                    }
                }
            }
        }
        if let Some(publish_at) = input.publish_at {
            for (pointer, at) in [
                ("/next_update_at", input.next_update_at),
                ("/estimated_end_at", input.estimated_end_at),
                ("/scheduled_until", input.scheduled_until),
                ("/announce_until", input.announce_until),
            ] {
                if at.is_some_and(|at| at <= publish_at) {
                    self.add_to_request(pointer, "Must be after the time of publication.");
                }
            }
        }
        if input.announce_from.is_some() && input.kind == Kind::Incident {
            self.add(
                "/announce_from",
                "Only maintenance and announcements are announced in advance; omit it.",
            );
        }
        match (input.announce_from, input.announce_until) {
            (_, Some(_)) if input.kind != Kind::Announcement => {
                self.add(
                    "/announce_until",
                    "Only announcements have this field; omit it.",
                );
            }
            (Some(from), Some(until)) if until <= from => {
                self.add("/announce_until", "End must be after start.");
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
        self.count("/audience/paths", audience.paths.len(), limits::PATHS);
        let components = audience.components.as_deref().unwrap_or_default();
        self.count("/audience/components", components.len(), limits::AUDIENCE);
        for (index, path) in audience.paths.iter().enumerate() {
            let pointer = format!("/audience/paths/{index}");
            self.line(&pointer, path, limits::PATH);
            if !path.starts_with('/') && !path.starts_with("#/") {
                self.add(pointer, "Must start with / or #/.");
            } else if count_star_runs(path) > limits::PATH_STARS {
                self.add(
                    pointer,
                    format!(
                        "Has more than {} stars inside path segments; use fewer, or split it into several patterns.",
                        limits::PATH_STARS
                    ),
                );
            } else if path.contains('?') {
                self.add_unless_earlier(
                    pointer,
                    "Matches paths only; remove the ? and everything after it.",
                );
            }
        }
    }
}

/// Number of runs of stars in a pattern. A `*` that is a whole segment does not count: it matches in only one way.
fn count_star_runs(pattern: &str) -> usize {
    let runs = |segment: &str| {
        let mut last = ' ';
        let begins = segment.chars().filter(|&character| {
            let begins = character == '*' && last != '*';
            last = character;
            begins
        });
        begins.count()
    };
    let segments = pattern.split('/').filter(|segment| *segment != "*");
    segments.map(runs).sum()
}

fn status_error(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "Must be one of investigating, identified, monitoring, resolved.",
        Kind::Maintenance => "Must be one of scheduled, in_progress, verifying, completed.",
        Kind::Announcement => "Must be one of active, ended.",
        Kind::Unknown => "This kind of incident is not supported.",
    }
}
