//! Checks of cleaned telephone numbers, e-mail and web addresses. An error names the character to remove.

use email_address::{EmailAddress, Options};

use crate::body::characters::{is_invisible, name};

/// Characters of a telephone number besides digits.
const PHONE: &str = " +-().,;#*";

/// The error in a telephone number, if any.
pub fn phone_error(value: &str) -> Option<String> {
    const SHAPE: &str = "Must be a phone number, for example +61 2 5550 0100.";
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let other = value
        .chars()
        .find(|c| !c.is_ascii_digit() && !PHONE.contains(*c));
    (other.is_some() || digits < 3).then(|| with_character(SHAPE, other))
}

/// The error in the e-mail address of a contact, if any. The address becomes a `mailto:` link.
pub fn email_error(value: &str) -> Option<String> {
    const SHAPE: &str = "Must be an email address, for example help@example.com.";
    let other = value
        .chars()
        .find(|c| is_invisible(*c) || "\"<>\\,;?".contains(*c));
    (other.is_some() || !is_email(value)).then(|| with_character(SHAPE, other))
}

/// Whether this is one e-mail address (RFC 5322), without a display name and a literal address.
pub fn is_email(value: &str) -> bool {
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(value, options).is_ok()
}

/// The error in a web address, if any.
pub fn web_error(value: &str) -> Option<String> {
    const SHAPE: &str = "Must be a web address that starts with https:// or http://.";
    let other = value.chars().find(|c| is_invisible(*c));
    (other.is_some() || !is_web(value)).then(|| with_character(SHAPE, other))
}

/// Whether this is a web address without spaces.
pub fn is_web(value: &str) -> bool {
    let address = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    address.is_some_and(|address| address.starts_with(char::is_alphanumeric))
        && !value.contains(char::is_whitespace)
}

/// Appends an instruction to remove the invalid character, if there is one, to an error's sentence.
pub fn with_character(sentence: &str, character: Option<char>) -> String {
    match character {
        None => sentence.to_owned(),
        Some(character) => format!("{sentence} Remove the character {}.", name(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::{email_error, phone_error, web_error};

    #[test]
    fn an_error_names_the_character_to_remove() {
        for (error, expected) in [
            (phone_error("+61 2 5550 0100"), ""),
            (phone_error("12"), "0100."),
            (
                phone_error("+61 2\u{202d}5550"),
                "0100. Remove the character U+202D.",
            ),
            (phone_error("+61 2 5550 ext 1"), "Remove the character “e”."),
            (phone_error("+61\n2 5550"), "Remove the character U+000A."),
            (email_error("help@acme.example"), ""),
            (email_error("help+a@mail.acme.example"), ""),
            (email_error("hilfe@müller.example"), ""),
            (email_error("help@intranet"), ""),
            (email_error("a@b@c"), "help@example.com."),
            (email_error("a"), "help@example.com."),
            (email_error("@b.example"), "help@example.com."),
            (email_error("a@"), "help@example.com."),
            (email_error("a..b@c.example"), "help@example.com."),
            (email_error("a@-b.example"), "help@example.com."),
            (email_error("a@b..example"), "help@example.com."),
            (email_error("a@[127.0.0.1]"), "help@example.com."),
            (
                email_error("\"a b\"@c.example"),
                "Remove the character “\"”.",
            ),
            (
                email_error("help@acme.example\u{2800}"),
                "Remove the character U+2800.",
            ),
            (
                email_error("he lp@acme.example"),
                "Remove the character U+0020.",
            ),
            (web_error("https://acme.example/a?b=c#d"), ""),
            (web_error("https://müller.example/é"), ""),
            (web_error("acme.example"), "https:// or http://."),
            (web_error("javascript:alert(1)"), "https:// or http://."),
            (
                web_error("https://acme.example/\u{2800}"),
                "Remove the character U+2800.",
            ),
            (
                web_error("https://acme.example/a b"),
                "Remove the character U+0020.",
            ),
        ] {
            let error = error.unwrap_or_default();
            assert!(
                error.ends_with(expected) && error.is_empty() == expected.is_empty(),
                "{error}: {expected}"
            );
        }
    }
}
