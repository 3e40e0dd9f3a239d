//! Mail: its content, its bytes, and the transports that send it. Pure, like the rest of `messages`: the caller opens connections.
//!
//! [`Mail`] is the content, the same for every transport: [`smtp`], which sends the bytes of [`mime`], or a [`provider`]'s HTTP API.
//! [`settings`] selects one. Each attempt ends with an [`outcome`].

pub mod document;
pub mod mime;
pub mod on_call;
pub mod outcome;
pub mod provider;
pub mod settings;
pub mod smtp;

use notice::{body::check::is_email, wire::time::Timestamp};
use serde::{Deserialize, Serialize};

/// One mail to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Id without angle brackets, the same for each attempt. Its domain is the sender's.
    pub id: String,
    /// Ids of earlier mails of the same thread, without angle brackets, oldest first. Mail programs show mails that have a
    /// reference in common as one thread, even if no mail has the id in the reference.
    pub references: Vec<String>,
    pub date: Timestamp,
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    pub text: String,
    /// An HTML document.
    pub html: String,
    /// The list, in mail to its subscribers. `None` in all other mail.
    pub list: Option<MailingList>,
}

/// The list that a mail was sent to, for the button "Unsubscribe" of mail programs (RFC 2369, 2919 and 8058).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailingList {
    /// Id without angle brackets, such as `acme.status.example.com`.
    pub id: String,
    /// The https URL that unsubscribes by a POST of `List-Unsubscribe=One-Click`.
    pub unsubscribe_url: String,
}

/// An address, with the name of its owner if it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: String,
}

impl Mailbox {
    /// Parses `ada@example.com` or `Ada Lovelace <ada@example.com>`. `None` if the text has neither form.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, address)) => (name.trim(), address),
            None => ("", text),
        };
        let name = name.trim_matches('"');
        let is_plain = !name.contains(|c: char| c.is_control() || "<>\"".contains(c));
        (is_plain && is_address(address)).then(|| Self {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address: address.to_owned(),
        })
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        let parts = self.address.rsplit_once('@');
        parts.map_or("localhost", |(_, domain)| domain)
    }
}

/// Whether a text is an e-mail address that needs no quoting in headers and SMTP commands: it has no quotes, spaces, line breaks or
/// separators.
fn is_address(address: &str) -> bool {
    is_email(address)
        && !address
            .contains(|c: char| c.is_control() || c.is_whitespace() || "\"<>,;:\\()[]".contains(c))
}

#[cfg(test)]
mod tests {
    use super::Mailbox;

    #[test]
    fn mailboxes_have_an_optional_name() {
        for (text, expected) in [
            ("ada@example.com", Some((None, "ada@example.com"))),
            (
                "Acme Status <status@acme.example>",
                Some((Some("Acme Status"), "status@acme.example")),
            ),
            (
                "\"Acme, Status\" <status@acme.example>",
                Some((Some("Acme, Status"), "status@acme.example")),
            ),
            ("<ada@example.com>", Some((None, "ada@example.com"))),
            ("ada", None),
            ("Ada <ada>", None),
            ("ada@example.com, bob@example.com", None),
            ("ada@example.com\r\nBcc: bob@example.com", None),
            ("Ada\r\nBcc: bob@example.com <ada@example.com>", None),
            ("\"a b\"@example.com", None),
            ("", None),
        ] {
            let parsed = Mailbox::parse(text);
            let found = parsed
                .as_ref()
                .map(|parsed| (parsed.name.as_deref(), parsed.address.as_str()));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
