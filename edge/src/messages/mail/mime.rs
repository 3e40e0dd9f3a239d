//! The bytes of a mail (RFC 5322 and MIME): text and HTML as alternatives. They depend on the [`Mail`] only, not on a clock or on
//! random bits, so that the same mail always has the same bytes.

use mail_builder::{
    MessageBuilder,
    headers::{
        HeaderType, address::Address, content_type::ContentType, date::Date, message_id::MessageId,
        raw::Raw, text::Text, url::URL,
    },
    mime::MimePart,
};
use notice::journal::sha256_hex;

use super::{Mail, Mailbox};

/// Number of hexadecimal digits in the boundary between the parts.
const BOUNDARY: usize = 32;

/// Writes a mail. Lines end with CRLF, are at most 998 bytes long and contain only ASCII.
pub fn bytes(mail: &Mail) -> Vec<u8> {
    let text = MimePart::new("text/plain", mail.text.as_str());
    let html = MimePart::new("text/html", mail.html.as_str());
    let alternatives =
        ContentType::new("multipart/alternative").attribute("boundary", boundary(&mail.id));
    let mut builder = MessageBuilder::new()
        .from(address(&mail.from))
        .to(address(&mail.to));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(address(reply_to));
    }
    builder = builder
        .subject(mail.subject.as_str())
        .date(Date::new(mail.date.seconds()))
        .message_id(mail.id.as_str());
    for (name, value) in extra_headers(mail) {
        builder = builder.header(name, value);
    }
    let mut bytes = Vec::new();
    builder
        .body(MimePart::new(alternatives, vec![text, html]))
        .serialize(&mut bytes);
    bytes
}

/// The headers that are not about sender, recipient, subject and time.
fn extra_headers(mail: &Mail) -> Vec<(&'static str, HeaderType<'_>)> {
    let mut headers: Vec<(&str, HeaderType<'_>)> = Vec::new();
    if !mail.references.is_empty() {
        let references = || MessageId::new_list(mail.references.iter().map(String::as_str));
        headers.push(("References", references().into()));
    }
    // Asks mail servers to send no automatic replies, such as vacation notices (RFC 3834).
    headers.push(("Auto-Submitted", Raw::new("auto-generated").into()));
    if let Some(list) = &mail.list {
        headers.push(("List-Id", URL::new(list.id.as_str()).into()));
        let url = URL::new(list.unsubscribe_url.as_str());
        headers.push(("List-Unsubscribe", url.into()));
        let one_click = Text::new("List-Unsubscribe=One-Click");
        headers.push(("List-Unsubscribe-Post", one_click.into()));
    }
    headers
}

fn address(mailbox: &Mailbox) -> Address<'_> {
    Address::new_address(mailbox.name.as_deref(), mailbox.address.as_str())
}

/// A boundary that no part contains: it is derived from the mail's id, which the authors of the texts do not know.
fn boundary(id: &str) -> String {
    let mut digits = sha256_hex(id.as_bytes());
    digits.truncate(BOUNDARY);
    format!("=_{digits}")
}
