//! URLs of links that operators write. Other URLs in their texts are not clickable.

use crate::wire::{enums::ContactKind, feed::Contact};

/// URL schemes that a link may have.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// Returns the trimmed URL if its scheme is http, https, mailto or tel and it contains no whitespace or control
/// characters. These could hide another scheme.
pub fn safe(address: &str) -> Option<String> {
    let address = address.trim();
    let is_plain =
        !address.contains(|character: char| character.is_control() || character.is_whitespace());
    let has_scheme = |scheme: &&str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (is_plain && SCHEMES.iter().any(has_scheme)).then(|| address.to_owned())
}

/// Returns the URL of a contact's button; `None` if its value is not a valid target.
pub fn contact_url(contact: &Contact) -> Option<String> {
    let value = contact.value.trim();
    match contact.kind {
        ContactKind::Phone => {
            let is_dialable = |character: &char| character.is_ascii_digit() || *character == '+';
            let mut href = "tel:".to_owned();
            href.extend(value.chars().filter(is_dialable));
            value
                .contains(|character| is_dialable(&character))
                .then_some(href)
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
    use super::{contact_url, safe};
    use crate::wire::{enums::ContactKind, feed::Contact};

    #[test]
    fn safe_accepts_only_http_https_mailto_and_tel() {
        for (address, is_safe) in [
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
            assert_eq!(safe(address).is_some(), is_safe, "{address}");
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
