//! Addresses that an operator may put behind a link. Whatever else a text says is never made clickable.

use crate::wire::{feed::Contact, words::ContactKind};

/// The schemes that may be followed.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// The address, trimmed, if its scheme is one of http, https, mailto and tel and nothing in it could hide another.
pub fn safe(address: &str) -> Option<String> {
    let address = address.trim();
    let plain = !address.contains(|letter: char| letter.is_control() || letter.is_whitespace());
    let begins = |scheme: &&str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (plain && SCHEMES.iter().any(begins)).then(|| address.to_owned())
}

/// Where a contact's button leads; `None` when its value cannot be followed.
pub fn of_contact(contact: &Contact) -> Option<String> {
    let value = contact.value.trim();
    match contact.kind {
        ContactKind::Phone => {
            let dialled = |sign: &char| sign.is_ascii_digit() || *sign == '+';
            let mut href = "tel:".to_owned();
            href.extend(value.chars().filter(dialled));
            value.contains(|sign| dialled(&sign)).then_some(href)
        }
        ContactKind::Email if value.contains('@') && !value.contains(':') => {
            let mut href = "mailto:".to_owned();
            href.push_str(value);
            safe(&href)
        }
        _ => safe(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{of_contact, safe};
    use crate::wire::{feed::Contact, words::ContactKind};

    #[test]
    fn only_four_schemes_are_followed() {
        for (address, followed) in [
            ("https://a.example/?q=1#x", true),
            ("HTTP://a.example", true),
            ("mailto:help@a.example", true),
            ("tel:+61255500100", true),
            (" https://a.example ", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("java\nscript:alert(1)", false),
            ("https://a.example/\u{1}x", false),
            ("//a.example", false),
            ("/here", false),
            ("", false),
            ("ä", false),
        ] {
            assert_eq!(safe(address).is_some(), followed, "{address}");
        }
    }

    #[test]
    fn contacts_become_links() {
        for (kind, value, expected) in [
            (
                ContactKind::Phone,
                "+61 2 5550 0100",
                Some("tel:+61255500100"),
            ),
            (ContactKind::Phone, "ask reception", None),
            (
                ContactKind::Email,
                "help@a.example",
                Some("mailto:help@a.example"),
            ),
            (ContactKind::Email, "javascript:alert@1", None),
            (
                ContactKind::Chat,
                "https://a.example/chat",
                Some("https://a.example/chat"),
            ),
            (ContactKind::Link, "javascript:alert(1)", None),
        ] {
            let contact = Contact {
                kind,
                label: "Support".to_owned(),
                value: value.to_owned(),
            };
            assert_eq!(of_contact(&contact).as_deref(), expected, "{value}");
        }
    }
}
