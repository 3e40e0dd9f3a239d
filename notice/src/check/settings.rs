//! Checks of sites and components.

use url::Url;

use super::Complaints;
use crate::{
    audience::PENDING,
    limits,
    rejection::Rejection,
    wire::{
        input::{NewComponent, NewSite},
        site::{OnCall, OnCallKind, SiteSegment},
    },
};

/// Checks a site.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn site(input: &NewSite) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    site_fields(&mut complaints, input);
    complaints.settle()
}

pub(super) fn site_fields(complaints: &mut Complaints, input: &NewSite) {
    complaints.line("/name", &input.name, limits::NAME);
    complaints.contacts(&input.contacts);
    if let Some(languages) = &input.languages {
        complaints.count("/languages", languages.len(), limits::LANGUAGES);
        if languages.is_empty() {
            complaints.add("/languages", "Must contain at least one language.");
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
                "Must be an IANA time zone, for example Australia/Sydney.",
            );
        }
    }
    complaints.count("/hostnames", input.hostnames.len(), limits::HOSTNAMES);
    complaints.unique("/hostnames", &input.hostnames);
    for (index, name) in input.hostnames.iter().enumerate() {
        if !is_hostname(name) {
            complaints.add(
                format!("/hostnames/{index}"),
                "Must be a lower-case host name, for example status.example.com.",
            );
        }
    }
    if let Some(colours) = &input.colours {
        for (field, colour) in [("light", &colours.light), ("dark", &colours.dark)] {
            if !is_colour(colour) {
                complaints.add(
                    format!("/colours/{field}"),
                    "Must be a hex colour, for example #173f87.",
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
                    "Must be a time of day, for example 22:00.",
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
                    format!("Must be at most {} seconds (72 hours).", limits::RESTORED_S),
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
                "Must be at most {} seconds (1 day).",
                limits::OVERDUE_AFTER_S
            ),
        );
    }
}

/// Checks a component.
///
/// # Errors
/// [`Rejection::Fields`].
pub fn component(input: &NewComponent) -> Result<(), Rejection> {
    let mut complaints = Complaints::default();
    component_fields(&mut complaints, input);
    complaints.settle()
}

pub(super) fn component_fields(complaints: &mut Complaints, input: &NewComponent) {
    complaints.line("/name", &input.name, limits::NAME);
    if let Some(group) = &input.group {
        complaints.line("/group", group, limits::NAME);
    }
    if input.tier.is_some_and(|tier| !(1..=3).contains(&tier)) {
        complaints.add("/tier", "Must be 1 (mission critical), 2 or 3.");
    }
}

impl Complaints {
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
            let twice = segments
                .iter()
                .take(index)
                .any(|earlier| earlier.slug == segment.slug);
            if twice {
                self.add(
                    format!("/segments/{index}/slug"),
                    "Is listed twice; remove one.",
                );
            }
            if segment.slug.as_str() == PENDING {
                self.add_to_request(
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

    fn on_call(&mut self, on_call: &[OnCall]) {
        self.count("/on_call", on_call.len(), limits::ON_CALL);
        for (index, target) in on_call.iter().enumerate() {
            let pointer = format!("/on_call/{index}/value");
            self.line(&pointer, &target.value, limits::VALUE);
            match target.kind {
                OnCallKind::Email if !is_email(&target.value) => self.add_to_request(
                    pointer,
                    "Must be an email address, for example ada@example.com.",
                ),
                OnCallKind::Webhook => match webhook(&target.value) {
                    Err(what) if is_https(&target.value) => self.add_to_request(pointer, what),
                    Err(what) => self.add(pointer, what),
                    Ok(()) => {}
                },
                _ => {}
            }
            if target
                .after_minutes
                .is_some_and(|minutes| minutes > limits::AFTER_MINUTES)
            {
                self.add(
                    format!("/on_call/{index}/after_minutes"),
                    format!("Must be at most {} minutes (1 day).", limits::AFTER_MINUTES),
                );
            }
        }
    }
}

/// Whether this is one email address: a local part and a domain name. Quoted local parts are not supported.
fn is_email(address: &str) -> bool {
    let odd = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "\"(),:;<>@[\\]".contains(letter)
    };
    address.rsplit_once('@').is_some_and(|(local, domain)| {
        (1..=64).contains(&local.len())
            && !local.contains(odd)
            && is_hostname(&domain.to_ascii_lowercase())
    })
}

fn is_https(address: &str) -> bool {
    const SCHEME: &str = "https://";
    address
        .get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// Checks the URL of a webhook; an error says what to change.
fn webhook(address: &str) -> Result<(), &'static str> {
    const SHAPE: &str = "Must be a full URL, for example https://hooks.example.com/allclear.";
    let plain = !address.contains(|letter: char| letter.is_control() || letter.is_whitespace());
    let url = Url::parse(address).map_err(|_| SHAPE)?;
    // The URL parser is lenient: it accepts `https:hooks` and `https:///hooks`, which are refused here.
    let lower = address.to_ascii_lowercase();
    let rest = lower.strip_prefix(&format!("{}://", url.scheme()));
    if !plain || rest.is_none_or(|rest| rest.starts_with(['/', '\\'])) {
        return Err(SHAPE);
    }
    if url.scheme() != "https" {
        return Err(
            "Must start with https://, so that nobody can read or change messages in transit.",
        );
    }
    if url.host().is_none() {
        return Err(SHAPE);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "Must not contain a user name or password: everyone who can read the settings sees it.",
        );
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::{is_email, webhook};

    #[test]
    fn an_e_mail_address_has_two_parts() {
        for (address, taken) in [
            ("ada@example.com", true),
            ("ada+status@mail.Example.co.uk", true),
            ("o'hara@example.com", true),
            ("@example.com", false),
            ("ada@", false),
            ("ada", false),
            ("ada@example", false),
            ("ada@-a.com", false),
            ("ada@example..com", false),
            ("ada@b@example.com", false),
            ("ada lovelace@example.com", false),
            ("Ada <ada@example.com>", false),
            ("ada@example.com,grace@example.com", false),
            ("ada@example.com ", false),
        ] {
            assert_eq!(is_email(address), taken, "{address}");
        }
        assert!(is_email(&format!("{}@a.com", "a".repeat(64))));
        assert!(!is_email(&format!("{}@a.com", "a".repeat(65))));
    }

    #[test]
    fn a_webhook_is_a_whole_https_address_without_secrets_in_front() {
        for (address, complaint) in [
            ("https://hooks.example.com/allclear?key=1", None),
            ("HTTPS://hooks.example.com:8443", None),
            ("https://[2001:db8::1]/x", None),
            ("https://", Some("full URL")),
            ("https:///x", Some("full URL")),
            ("https:hooks.example.com", Some("full URL")),
            ("https://:443/", Some("full URL")),
            ("https://hooks.example.com:99999", Some("full URL")),
            ("https://hooks example.com", Some("full URL")),
            ("hooks.example.com", Some("full URL")),
            ("", Some("full URL")),
            ("http://hooks.example.com", Some("https://")),
            ("ftp://hooks.example.com", Some("https://")),
            ("https://ada:secret@hooks.example.com", Some("password")),
            ("https://ada@hooks.example.com", Some("user name")),
        ] {
            let found = webhook(address).err();
            match complaint {
                None => assert_eq!(found, None, "{address}"),
                Some(part) => assert!(
                    found.is_some_and(|said| said.contains(part)),
                    "{address}: {found:?}"
                ),
            }
        }
    }
}
