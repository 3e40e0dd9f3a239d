//! Planned work for the reader's own calendar, as an address that holds the whole appointment: it works without scripts,
//! and the card's button gives the same.

use ::notice::wire::{time::Timestamp, words::Status};
use maud::{Markup, html};

use super::{Context, Shown};

/// Octets in a line of iCalendar (RFC 5545, section 3.1), the space that continues one included.
const LINE: usize = 75;

/// The link, while the work is still to come.
pub fn link(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let incident = shown.incident;
    html! {
        @if let (Status::Scheduled, Some(from), Some(until)) =
            (incident.status, incident.scheduled_for, incident.scheduled_until) {
            p class="buttons" {
                a href=(address(context, shown, from, until)) download="maintenance.ics" {
                    (context.words.calendar)
                }
            }
        }
    }
}

fn address(context: &Context<'_>, shown: &Shown<'_>, from: Timestamp, until: Timestamp) -> String {
    let incident = shown.incident;
    let page = context.address(&format!("/incidents/{}", incident.id));
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Allclear//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", incident.id),
        // Of two appointments with one name the later said is the true one.
        format!("DTSTAMP:{}", moment(incident.updated_at)),
        format!("DTSTART:{}", moment(from)),
        format!("DTEND:{}", moment(until)),
        format!("SUMMARY:{}", text(&shown.notice.title)),
        format!("URL:{page}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let mut calendar = String::new();
    for line in &lines {
        calendar.push_str(&folded(line));
        calendar.push_str("\r\n");
    }
    let encoded: String = calendar.bytes().map(encoded).collect();
    format!("data:text/calendar;charset=utf-8,{encoded}")
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

/// As it stands in an address.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::{folded, text};

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
