//! Checks of sites and components.

use super::{
    FieldErrors, Rules, Source,
    endpoint_url::Network,
    host_name::{self, is_hostname},
};
use crate::{
    body::addresses::clean_site,
    browser::audience::PENDING,
    limits,
    rejection::Rejection,
    wire::{
        input::{NewComponent, NewSite},
        site::{QuietHours, Site, SiteSegment},
    },
};

/// Cleans the addresses of a site, and checks its settings.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn site(input: &mut NewSite, network: Network) -> Result<(), Rejection> {
    clean_site(input);
    let mut errors = FieldErrors::default();
    site_fields(&mut errors, input);
    errors.on_call(&input.on_call, &[], network);
    errors.host_names(&input.hostnames, &[]);
    errors.into_result()
}

/// Checks changed settings. Host names and on-call targets that the site has already are accepted,
/// even if today's rules refuse them.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn changed_site(
    input: &mut NewSite,
    current: &Site,
    network: Network,
) -> Result<(), Rejection> {
    clean_site(input);
    let mut errors = FieldErrors::default();
    site_fields(&mut errors, input);
    errors.on_call(&input.on_call, &current.on_call, network);
    errors.host_names(&input.hostnames, &current.hostnames);
    errors.into_result()
}

/// Checks the site in an imported event. `before` is the site before the event. Its host names are
/// accepted, even if today's rules refuse them.
pub(super) fn stored_site(errors: &mut FieldErrors, input: &NewSite, before: Option<&Site>) {
    site_fields(errors, input);
    errors.on_call(&input.on_call, &[], Network::Public);
    let kept: &[String] = match (errors.source, before) {
        (Source::Journal(Rules::Earlier), _) => &input.hostnames,
        (_, Some(site)) => &site.hostnames,
        (_, None) => &[],
    };
    errors.host_names(&input.hostnames, kept);
}

fn site_fields(errors: &mut FieldErrors, input: &NewSite) {
    errors.line("/name", &input.name, limits::NAME);
    errors.contacts(&input.contacts);
    if let Some(languages) = &input.languages {
        errors.count("/languages", languages.len(), limits::LANGUAGES);
        if languages.is_empty() {
            errors.add("/languages", "Must contain at least one language.");
        }
        errors.unique("/languages", languages);
    }
    if let Some(zone) = &input.time_zone {
        let fits = zone == "UTC"
            || (zone.contains('/')
                && zone
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte)));
        if !fits || zone.len() > limits::NAME {
            errors.add(
                "/time_zone",
                "Must be an IANA time zone, for example Australia/Sydney.",
            );
        }
    }
    if let Some(colours) = &input.colours {
        for (field, colour) in [("light", &colours.light), ("dark", &colours.dark)] {
            if !is_colour(colour) {
                errors.add(
                    format!("/colours/{field}"),
                    "Must be a hex colour, for example #173f87.",
                );
            }
        }
    }
    errors.segments(&input.segments);
    if let Some(cadence) = &input.cadence {
        for (field, seconds) in [
            ("tier_1_s", cadence.tier_1_s),
            ("tier_2_s", cadence.tier_2_s),
            ("tier_3_s", cadence.tier_3_s),
        ] {
            errors.cadence(&format!("/cadence/{field}"), seconds);
        }
    }
    for (name, hours) in [
        ("on_call_quiet_hours", &input.on_call_quiet_hours),
        ("quiet_hours", &input.quiet_hours),
    ] {
        errors.hours(name, hours.as_ref());
    }
    if let Some(restored) = &input.restored {
        for (field, seconds) in [
            ("returning_s", restored.returning_s),
            ("everyone_s", restored.everyone_s),
        ] {
            if seconds > limits::RESTORED_S {
                errors.add(
                    format!("/restored/{field}"),
                    format!("Must be at most {} seconds (72 hours).", limits::RESTORED_S),
                );
            }
        }
    }
    if input
        .overdue_after_s
        .is_some_and(|seconds| seconds > limits::OVERDUE_AFTER_S)
    {
        errors.add(
            "/overdue_after_s",
            format!(
                "Must be at most {} seconds (1 day).",
                limits::OVERDUE_AFTER_S
            ),
        );
    }
}

/// Checks a component.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid field.
pub fn component(input: &NewComponent) -> Result<(), Rejection> {
    let mut errors = FieldErrors::default();
    component_fields(&mut errors, input);
    errors.into_result()
}

pub(super) fn component_fields(errors: &mut FieldErrors, input: &NewComponent) {
    errors.line("/name", &input.name, limits::NAME);
    if let Some(group) = &input.group {
        errors.line("/group", group, limits::NAME);
    }
    if input.tier.is_some_and(|tier| !(1..=3).contains(&tier)) {
        errors.add("/tier", "Must be 1 (mission critical), 2 or 3.");
    }
}

impl FieldErrors {
    fn host_names(&mut self, names: &[String], kept: &[String]) {
        self.count("/hostnames", names.len(), limits::HOSTNAMES);
        let mut normalized = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match host_name::normalize(name) {
                Err(what) if !(is_hostname(name) && kept.contains(name)) => {
                    self.add(format!("/hostnames/{index}"), what);
                }
                // A request's names are normalised before they are stored.
                Ok(other)
                    if other != *name
                        && matches!(
                            self.source,
                            Source::Journal(Rules::Present | Rules::MarksAreText)
                        )
                        && !kept.contains(name) =>
                {
                    self.add(
                        format!("/hostnames/{index}"),
                        format!("Must be written {other}."),
                    );
                }
                result => normalized.push(result.unwrap_or_else(|_| name.clone())),
            }
        }
        if normalized.len() == names.len() {
            self.unique("/hostnames", &normalized);
        }
    }

    fn hours(&mut self, name: &str, hours: Option<&QuietHours>) {
        let times = hours.map(|hours| [("from", &hours.from), ("until", &hours.until)]);
        for (field, time) in times.into_iter().flatten() {
            if !is_time_of_day(time) {
                self.add(
                    format!("/{name}/{field}"),
                    "Must be a time of day, for example 22:00.",
                );
            }
        }
    }

    fn unique<T: PartialEq>(&mut self, pointer: &str, list: &[T]) {
        for (index, entry) in list.iter().enumerate() {
            if list.iter().take(index).any(|earlier| earlier == entry) {
                self.add(format!("{pointer}/{index}"), "Is listed twice; remove one.");
            }
        }
    }

    fn segments(&mut self, segments: &[SiteSegment]) {
        self.count("/segments", segments.len(), limits::SEGMENTS);
        for (index, segment) in segments.iter().enumerate() {
            let is_duplicate = segments
                .iter()
                .take(index)
                .any(|earlier| earlier.slug == segment.slug);
            if is_duplicate {
                self.add(
                    format!("/segments/{index}/slug"),
                    "Is listed twice; remove one.",
                );
            }
            if segment.slug.as_str() == PENDING {
                self.add_unless_earlier(
                    format!("/segments/{index}/slug"),
                    "This name is reserved for pages that do not know the user's segments yet; choose another.",
                );
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
