//! Cleans pasted telephone numbers and addresses: word processors and web pages put invisible characters into them.

use super::characters::is_ignorable;
use crate::wire::{
    enums::ContactKind,
    feed::Contact,
    input::{NewIncident, NewSite},
};

/// Cleans the contacts and on-call targets of a site.
pub fn clean_site(input: &mut NewSite) {
    clean_contacts(&mut input.contacts);
    for target in &mut input.on_call {
        target.value = clean_address(&target.value);
    }
}

/// Cleans the contacts of an incident.
pub fn clean_incident(input: &mut NewIncident) {
    if let Some(contacts) = &mut input.contacts {
        clean_contacts(contacts);
    }
}

fn clean_contacts(contacts: &mut [Contact]) {
    for Contact { kind, value, .. } in contacts {
        match kind {
            ContactKind::Phone => *value = clean_phone(value),
            ContactKind::Email | ContactKind::Chat | ContactKind::Link | ContactKind::Feedback => {
                *value = clean_address(value);
            }
            ContactKind::Unknown => {}
        }
    }
}

/// Returns a telephone number with ASCII digits, hyphens and spaces, and without invisible characters.
fn clean_phone(value: &str) -> String {
    let plain = value.chars().filter_map(|character| match character {
        _ if is_ignorable(character) => None,
        // Japanese keyboards have the prolonged sound mark beside the digits.
        '\u{30fc}' | '\u{ff70}' => Some('-'),
        '\u{660}'..='\u{669}' => digit(character, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(character, '\u{6f0}'),
        _ if is_non_ascii_space(character) => Some(' '),
        _ => Some(ascii_form(character)),
    });
    plain.collect::<String>().trim().to_owned()
}

/// Returns an e-mail or web address with ASCII hyphens, and without invisible characters and non-ASCII spaces. A web
/// address that needs such a character can contain it percent-encoded.
fn clean_address(value: &str) -> String {
    let is_kept = |character: &char| !is_ignorable(*character) && !is_non_ascii_space(*character);
    let plain: String = value.chars().filter(is_kept).map(ascii_form).collect();
    plain.trim().to_owned()
}

/// Returns `-` for a hyphen, minus or dash, the ASCII character for a full-width one, and any other
/// character as it is.
fn ascii_form(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(character).saturating_sub(0xfee0);
            char::from_u32(ascii).unwrap_or(character)
        }
        other => other,
    }
}

/// Returns the ASCII digit for a digit of another script, whose zero is `zero`.
fn digit(character: char, zero: char) -> Option<char> {
    let number = u32::from(character).saturating_sub(u32::from(zero));
    char::from_digit(number, 10)
}

/// Whether a character is a space outside ASCII, such as a no-break space. U+0085 does not count: it is a line break.
fn is_non_ascii_space(character: char) -> bool {
    character.is_whitespace() && !character.is_ascii() && character != '\u{85}'
}

#[cfg(test)]
mod tests {
    use super::{clean_address, clean_phone};

    #[test]
    fn pasted_telephone_numbers_are_cleaned() {
        for (pasted, clean) in [
            ("\u{202d}+61 2 5550 0100\u{202c}", "+61 2 5550 0100"),
            (
                "\u{2066}+61\u{a0}2\u{202f}5550\u{2007}0100\u{2069}",
                "+61 2 5550 0100",
            ),
            (
                "\u{200e}030\u{2011}5550\u{2013}0100\u{feff}",
                "030-5550-0100",
            ),
            ("030\u{2212}5550\u{fe63}0100\u{2015}1", "030-5550-0100-1"),
            (
                "\u{ff0b}８１\u{3000}３\u{30fc}５５５０\u{ff0d}０１００",
                "+81 3-5550-0100",
            ),
            ("٠٣٠ ۵۵۵", "030 555"),
            (" +1 (555) 010\u{ad}0 ", "+1 (555) 0100"),
            // Any other character stays, so that the error can name it.
            ("+61 x", "+61 x"),
            ("+61\n2", "+61\n2"),
        ] {
            assert_eq!(clean_phone(pasted), clean, "{pasted:?}");
        }
    }

    #[test]
    fn pasted_addresses_are_cleaned() {
        for (pasted, clean) in [
            ("help@acme.example\u{200b}", "help@acme.example"),
            (
                "\u{a0}help@acme\u{2011}mail.example\u{2060} ",
                "help@acme-mail.example",
            ),
            (
                "\u{202a}https://acme.example/a\u{2013}b\u{202c}",
                "https://acme.example/a-b",
            ),
            ("ｈｅｌｐ＠acme.example", "help@acme.example"),
            ("help @acme.example", "help @acme.example"),
            ("https://acme.example/é", "https://acme.example/é"),
        ] {
            assert_eq!(clean_address(pasted), clean, "{pasted:?}");
        }
    }
}
