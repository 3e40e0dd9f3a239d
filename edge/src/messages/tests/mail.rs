//! The bytes of mails, pinned by `edge/golden/mail` and read back by `mail-parser`.

use std::{env, fs, path::Path};

use mail_parser::{Message as Parsed, MessageParser};
use notice::{
    notify::event_name::EventName,
    wire::{
        site::{OnCall, OnCallKind},
        time::Timestamp,
    },
};

use super::{NOW, on_call::reminder, story};
use crate::messages::{
    mail::{self, Mail, Mailbox, MailingList, document::Document, mime},
    reminder::Action,
};

fn sender() -> Mailbox {
    Mailbox::parse("Acme Störungen <status@acme.example>").unwrap()
}

fn target() -> OnCall {
    OnCall {
        kind: OnCallKind::Email,
        value: "ada@example.com".to_owned(),
        after_minutes: None,
        name: None,
        session_link: false,
    }
}

/// The mail about an event of the story.
fn on_call_mail(event: EventName, action: Action) -> Option<Mail> {
    let site = story();
    let reminder = reminder(site.message(event), action);
    let at = (7, Timestamp::from_seconds(NOW));
    mail::on_call::mail(&target(), &reminder, &sender(), at)
}

pub fn newsletter() -> Mail {
    Mail {
        id: "msg_2.1@acme.example".to_owned(),
        references: vec!["inc_1.acme@acme.example".to_owned()],
        date: Timestamp::from_seconds(NOW),
        from: sender(),
        reply_to: Some(Mailbox::parse("Help <help@acme.example>").unwrap()),
        to: Mailbox::parse("bob@example.com").unwrap(),
        subject: "Behoben: Nachrichten verspäten sich · 11:05".to_owned(),
        text: ".\r\nÜber 1000 Nachrichten\n.\n".to_owned() + &"lang ".repeat(300),
        html: "<p>Über 1000 Nachrichten</p>".to_owned(),
        list: Some(MailingList {
            id: "acme.status.example.com".to_owned(),
            unsubscribe_url: format!(
                "https://status.example.com/s/acme/unsubscribe/{}",
                "a".repeat(64)
            ),
        }),
    }
}

/// Compares bytes with a golden file, or writes it if `UPDATE_GOLDEN` is set.
fn check_golden(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden/mail")
        .join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    let expected = fs::read(&path).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    assert!(
        bytes == expected,
        "{name} differs; if this is intended: UPDATE_GOLDEN=1 cargo test -p edge messages\n{text}"
    );
}

fn parse(bytes: &[u8]) -> Parsed<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

fn header<'a>(parsed: &'a Parsed<'_>, name: &'a str) -> &'a str {
    parsed.header_raw(name).unwrap_or_default().trim()
}

#[test]
fn mails_equal_the_golden_files() {
    let page = on_call_mail(EventName::PromiseOverdue, Action::Trigger).unwrap();
    check_golden("on-call-page.eml", &mime::bytes(&page));
    check_golden("newsletter.eml", &mime::bytes(&newsletter()));
}

#[test]
fn a_parser_reads_back_every_field_of_a_mail() {
    let mail = newsletter();
    let bytes = mime::bytes(&mail);
    let parsed = parse(&bytes);
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Acme Störungen"));
    assert_eq!(from.address(), Some("status@acme.example"));
    let to = parsed.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (None, Some("bob@example.com")));
    let reply_to = parsed.reply_to().unwrap().first().unwrap();
    assert_eq!(reply_to.address(), Some("help@acme.example"));
    assert_eq!(parsed.subject(), Some(mail.subject.as_str()));
    assert_eq!(parsed.message_id(), Some(mail.id.as_str()));
    assert_eq!(
        parsed.references().as_text(),
        Some("inc_1.acme@acme.example")
    );
    assert_eq!(parsed.date().unwrap().to_timestamp(), NOW);
    let lines = |text: &str| text.replace("\r\n", "\n");
    assert_eq!(lines(&parsed.body_text(0).unwrap()), lines(&mail.text));
    assert_eq!(parsed.body_html(0).unwrap(), mail.html);
    assert_eq!(header(&parsed, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&parsed, "List-Id"), "<acme.status.example.com>");
    let url = mail.list.unwrap().unsubscribe_url;
    assert_eq!(header(&parsed, "List-Unsubscribe"), format!("<{url}>"));
    assert_eq!(
        header(&parsed, "List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
}

#[test]
fn lines_are_ascii_and_short_enough_for_every_server() {
    for mail in [
        newsletter(),
        on_call_mail(EventName::PromiseOverdue, Action::Trigger).unwrap(),
    ] {
        let bytes = mime::bytes(&mail);
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).unwrap();
        for line in text.split("\r\n") {
            assert!(line.len() <= 998, "{}: {line}", line.len());
            assert!(!line.contains(['\r', '\n']), "{line:?}");
        }
    }
}

#[test]
fn a_line_break_in_a_subject_adds_no_header() {
    let mail = Mail {
        subject: "Resolved\r\nBcc: eve@example.com".to_owned(),
        ..newsletter()
    };
    let bytes = mime::bytes(&mail);
    let parsed = parse(&bytes);
    assert_eq!(parsed.bcc(), None);
}

#[test]
fn a_page_has_its_links_in_both_parts() {
    let mail = on_call_mail(EventName::PromiseOverdue, Action::Trigger).unwrap();
    assert_eq!(mail.subject, "Update overdue: Messages are delayed");
    for part in [
        "Messages are delayed",
        "2026-11-21T10:00:00Z (Australia/Sydney)",
        "https://status.example.com/console#/acme/incidents/inc_1/update",
        "https://status.example.com/on-call/acknowledge/abc",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
        assert!(mail.html.contains(part), "{part}: {}", mail.html);
    }
}

#[test]
fn pages_about_one_incident_are_one_thread() {
    let [overdue, escalated] = [EventName::PromiseOverdue, EventName::PromiseEscalated]
        .map(|event| on_call_mail(event, Action::Trigger).unwrap());
    assert_ne!(overdue.id, escalated.id);
    assert_eq!(overdue.references, escalated.references);
    assert_eq!(overdue.references, ["inc_1.acme.on-call@acme.example"]);
    let failed = on_call_mail(EventName::SiteVerifyFailed, Action::Trigger).unwrap();
    assert!(failed.references.is_empty());
}

#[test]
fn the_end_of_an_alert_sends_no_mail() {
    assert_eq!(
        on_call_mail(EventName::PromiseOverdue, Action::Resolve),
        None
    );
}

#[test]
fn texts_in_html_are_escaped_and_nothing_is_loaded() {
    let document = Document {
        language: "en".to_owned(),
        event: "Update".to_owned(),
        title: "<script>".to_owned(),
        colour: crate::messages::chat_card::Colour::Good,
        paragraphs: vec!["a < b\nc".to_owned()],
        links: Vec::new(),
        footer: vec!["Sent by <Acme>.".to_owned()],
    };
    let html = document.html();
    assert!(html.contains("<h1>&lt;script&gt;</h1>"), "{html}");
    assert!(html.contains("a &lt; b\nc"), "{html}");
    assert!(html.contains("Sent by &lt;Acme&gt;."), "{html}");
    let mail = on_call_mail(EventName::PromiseOverdue, Action::Trigger).unwrap();
    for forbidden in ["<img", "<script", "<link", "url(", "@import", "src="] {
        assert!(!mail.html.contains(forbidden), "{forbidden}: {}", mail.html);
    }
}

#[test]
fn mails_use_only_colours_of_the_pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/pages");
    let styles = ["page.css", "dark.css"].map(|name| fs::read_to_string(pages.join(name)).unwrap());
    let mail = on_call_mail(EventName::PromiseOverdue, Action::Trigger).unwrap();
    let style = mail.html.split("</style>").next().unwrap();
    let colours = style.match_indices('#').map(|(at, _)| &style[at..at + 7]);
    for colour in colours {
        let is_known = styles.iter().any(|style| style.contains(colour));
        assert!(is_known, "{colour}");
    }
}
