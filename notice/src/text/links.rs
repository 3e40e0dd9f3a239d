//! URLs of links that operators write. Other URLs in their texts are not clickable.

use crate::wire::{enums::ContactKind, feed::Contact};

/// URL schemes that a link may have.
pub(super) const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// Whether a URL has the scheme http, https, mailto or tel and something after it, and contains no
/// whitespace or control characters, which could hide another scheme.
pub fn is_safe(address: &str) -> bool {
    scheme(address, &SCHEMES).is_some_and(|length| length < address.len())
        && !address.contains(is_odd)
}

/// Whether a character cannot be in a URL.
pub(super) fn is_odd(character: char) -> bool {
    character.is_control() || character.is_whitespace()
}

/// Returns the length of the first of `schemes` that a text begins with, in upper or lower case.
pub(super) fn scheme(text: &str, schemes: &[&str]) -> Option<usize> {
    let mut lengths = schemes.iter().map(|scheme| (scheme, scheme.len()));
    lengths.find_map(|(scheme, length)| {
        let is_first = text.get(..length)?.eq_ignore_ascii_case(scheme);
        is_first.then_some(length)
    })
}

/// Returns the URL of a contact's button; `None` if its value is not a valid target.
pub fn contact_url(contact: &Contact) -> Option<String> {
    let value = contact.value.trim();
    let href = match contact.kind {
        ContactKind::Phone => {
            let mut href = "tel:".to_owned();
            let is_dialable = |character: &char| character.is_ascii_digit() || *character == '+';
            href.extend(value.chars().filter(is_dialable));
            href
        }
        ContactKind::Email if value.contains('@') && !value.contains(':') => {
            let mut href = "mailto:".to_owned();
            href.push_str(value);
            href
        }
        _ => value.to_owned(),
    };
    is_safe(&href).then_some(href)
}

#[cfg(test)]
mod tests {
    use super::{contact_url, is_safe};
    use crate::wire::{enums::ContactKind, feed::Contact};

    #[test]
    fn only_http_https_mailto_and_tel_are_safe() {
        for (address, expected) in [
            ("https://a.example/?q=1#x", true),
            ("HTTP://a.example", true),
            ("mailto:help@a.example", true),
            ("tel:+61255500100", true),
            (" https://a.example ", false),
            ("https:", false),
            ("tel:", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("java\nscript:alert(1)", false),
            ("https://a.example/\u{1}x", false),
            ("//a.example", false),
            ("/here", false),
            ("", false),
            ("ä", false),
        ] {
            assert_eq!(is_safe(address), expected, "{address}");
        }
    }

    #[test]
    fn contact_values_become_urls_or_nothing() {
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
            assert_eq!(contact_url(&contact).as_deref(), expected, "{value}");
        }
    }
}
