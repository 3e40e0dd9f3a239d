//! A maintenance window as an iCalendar file (RFC 5545), which pages and cards link to.

use ::notice::wire::{
    ids::IncidentId,
    incident::Incident,
    time::Timestamp,
    words::{Kind, Status},
};
use maud::{Markup, html};

use super::{Context, Shown, is_public};

/// Octets in a line (RFC 5545, section 3.1), the space that continues one included.
const LINE: usize = 75;
/// The media type of such a file.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The link to the file, while the maintenance is still to come.
pub fn link(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let incident = shown.incident;
    html! {
        @if incident.status == Status::Scheduled && incident.scheduled_for.is_some() {
            p class="buttons" {
                a href=(context.link(&format!("/incidents/{}.ics", incident.id))) { (context.words.calendar) }
            }
        }
    }
}

/// The file of a published maintenance; `None` for anything else. Whoever kept the entry and opens the file again, or has
/// a calendar that reads it again, gets the entry as it is now: `sequence` rises with every change of the site.
pub fn render(context: &Context<'_>, id: &IncidentId, sequence: u64) -> Option<String> {
    let incident = context.state.incidents.get(id)?;
    if !is_public(incident) || incident.kind != Kind::Maintenance {
        return None;
    }
    let from = incident.scheduled_for?;
    let status = if is_cancelled(incident) {
        "CANCELLED"
    } else {
        "CONFIRMED"
    };
    let changed = moment(incident.updated_at);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Allclear//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}@{}", domain(context.public_url)),
        format!("SEQUENCE:{sequence}"),
        // Of two entries with one UID and SEQUENCE the one with the later DTSTAMP counts.
        format!("DTSTAMP:{changed}"),
        format!("LAST-MODIFIED:{changed}"),
        format!("CREATED:{}", moment(incident.created_at)),
        format!("DTSTART:{}", moment(from)),
    ];
    lines.extend(
        incident
            .scheduled_until
            .map(|until| format!("DTEND:{}", moment(until))),
    );
    lines.extend([
        format!("SUMMARY:{}", text(&context.show(incident).notice.title)),
        format!("URL:{}", context.address(&format!("/incidents/{id}"))),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ]);
    let mut calendar = String::new();
    for line in &lines {
        calendar.push_str(&folded(line));
        calendar.push_str("\r\n");
    }
    Some(calendar)
}

/// Whether it will not take place: it was withdrawn, or it ended before it was to begin.
fn is_cancelled(incident: &Incident) -> bool {
    let is_early = incident
        .ended_at
        .zip(incident.scheduled_for)
        .is_some_and(|(ended, planned)| ended < planned);
    incident.withdrawn.is_some() || is_early
}

/// The host name of an address, which makes an id unique everywhere.
fn domain(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// `20261121T220000Z`
fn moment(at: Timestamp) -> String {
    let whole = at.to_string();
    whole
        .chars()
        .filter(|sign| !matches!(sign, '-' | ':'))
        .collect()
}

fn text(words: &str) -> String {
    let mut escaped = String::new();
    for sign in words.chars() {
        if matches!(sign, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(if sign.is_control() { ' ' } else { sign });
    }
    escaped
}

/// The line, gone on with in the next where it is too long; never within a character.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut octets = 0;
    for sign in line.chars() {
        if octets + sign.len_utf8() > LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(sign);
        octets += sign.len_utf8();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{domain, folded, text};

    #[test]
    fn a_domain_is_the_host_without_its_port() {
        for (url, expected) in [
            ("https://status.example.com", "status.example.com"),
            ("http://127.0.0.1:8787", "127.0.0.1"),
            ("http://[::1]:8787/below", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(domain(url), expected);
        }
    }

    #[test]
    fn lines_are_no_longer_than_they_may_be() {
        for line in [
            "a".repeat(75),
            "a".repeat(76),
            "ä".repeat(200),
            "😀".repeat(100),
        ] {
            let folded = folded(&line);
            assert!(
                folded.split("\r\n").all(|part| part.len() <= 75),
                "{folded}"
            );
            assert_eq!(folded.replace("\r\n ", ""), line);
        }
        assert_eq!(text("a,b;c\\d\ne"), "a\\,b\\;c\\\\d e");
    }
}
