//! A maintenance window as an iCalendar file (RFC 5545), which pages and cards link to.

use ::notice::wire::{
    enums::{Kind, Status},
    ids::IncidentId,
    incident::Incident,
    time::Timestamp,
};
use maud::{Markup, html};

use super::{Context, ShownIncident, is_public};

/// Maximum octets of a line, including the space of a continuation line (RFC 5545, section 3.1).
const LINE: usize = 75;
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The link to the file, for scheduled maintenance.
pub fn link(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let incident = shown.incident;
    html! {
        @if incident.status == Status::Scheduled && incident.scheduled_for.is_some() {
            p class="buttons" {
                a href=(context.link(&format!("/incidents/{}.ics", incident.id))) { (context.texts.calendar) }
            }
        }
    }
}

/// The file of a public maintenance; `None` for anything else. `sequence` rises with every change of the site, so that
/// calendars replace an older copy of the entry.
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
    let changed = format_time(incident.updated_at);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Allclear//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}@{}", domain(context.public_url)),
        format!("SEQUENCE:{sequence}"),
        // With equal UID and SEQUENCE, the entry with the later DTSTAMP is current.
        format!("DTSTAMP:{changed}"),
        format!("LAST-MODIFIED:{changed}"),
        format!("CREATED:{}", format_time(incident.created_at)),
        format!("DTSTART:{}", format_time(from)),
    ];
    lines.extend(
        incident
            .scheduled_until
            .map(|until| format!("DTEND:{}", format_time(until))),
    );
    lines.extend([
        format!(
            "SUMMARY:{}",
            escape_text(&context.show(incident).notice.title)
        ),
        format!("URL:{}", context.address(&format!("/incidents/{id}"))),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ]);
    let mut calendar = String::new();
    for line in &lines {
        calendar.push_str(&fold_line(line));
        calendar.push_str("\r\n");
    }
    Some(calendar)
}

/// Whether a maintenance was cancelled: withdrawn, or ended before its scheduled start.
fn is_cancelled(incident: &Incident) -> bool {
    let is_early = incident
        .ended_at
        .zip(incident.scheduled_for)
        .is_some_and(|(ended, planned)| ended < planned);
    incident.withdrawn.is_some() || is_early
}

/// The host name of a URL, which makes an id globally unique.
fn domain(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Formats a timestamp as RFC 5545 does: `20261121T220000Z`.
fn format_time(at: Timestamp) -> String {
    let whole = at.to_string();
    whole
        .chars()
        .filter(|sign| !matches!(sign, '-' | ':'))
        .collect()
}

fn escape_text(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        if matches!(sign, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(if sign.is_control() { ' ' } else { sign });
    }
    escaped
}

/// Folds a line that is longer than [`LINE`], never inside a character.
fn fold_line(line: &str) -> String {
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
    use super::{domain, escape_text, fold_line};

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
    fn long_lines_are_folded_at_75_octets() {
        for line in [
            "a".repeat(75),
            "a".repeat(76),
            "ä".repeat(200),
            "😀".repeat(100),
        ] {
            let folded = fold_line(&line);
            assert!(
                folded.split("\r\n").all(|part| part.len() <= 75),
                "{folded}"
            );
            assert_eq!(folded.replace("\r\n ", ""), line);
        }
        assert_eq!(escape_text("a,b;c\\d\ne"), "a\\,b\\;c\\\\d e");
    }
}
