//! Texts that a template left half written, and answers that contradict each other.

/// Why a text is not ready for users, as the end of "The message …".
pub fn reason(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let last = text.trim_end_matches(['*', '_', '`', ' ']);
    let tokens = || text.split_whitespace();
    if last.ends_with(':') {
        Some("ends with a colon; finish the sentence")
    } else if tokens().any(is_gap) {
        Some("still has “…” from the template; fill it in")
    } else if has_placeholder(text) {
        Some("still has a placeholder in braces; fill it in")
    } else {
        None
    }
}

/// The same of a list with one entry per line.
pub fn reason_in_list(text: &str) -> Option<&'static str> {
    text.lines().find_map(reason)
}

/// Whether a word is an ellipsis alone: a gap to fill in. An ellipsis after a letter is punctuation.
fn is_gap(word: &str) -> bool {
    let rest = word.trim_matches(|sign: char| ",;.:!?()\"“”'".contains(sign));
    match rest {
        "…" => true,
        "" => word.contains("..."),
        _ => false,
    }
}

/// The names that templates put values in for.
const PLACEHOLDERS: &[&str] = &["components", "parts", "start", "end"];

fn has_placeholder(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let name = rest.split_once('}').map_or("", |(name, _)| name);
        PLACEHOLDERS.contains(&name)
    })
}

/// Phrases that say that nothing was lost.
const NOTHING_LOST: &[&str] = &[
    "nothing was lost",
    "nothing is lost",
    "nothing of what you did",
    "no data was lost",
    "don't need to check anything",
    "everything you did is there",
];

/// Phrases that say that something may have been lost or changed.
const MAY_BE_LOST: &[&str] = &[
    "may be missing",
    "may be lost",
    "is missing",
    "arrived twice",
    "write it again",
    "check what you",
];

/// Whether a text says both that nothing was lost and that something may have been. It knows English phrases only.
pub fn contradicts_itself(text: &str) -> bool {
    let text = text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(NOTHING_LOST) && says(MAY_BE_LOST)
}

#[cfg(test)]
mod tests {
    use super::{contradicts_itself, reason, reason_in_list};

    #[test]
    fn half_sentences_are_found() {
        for text in [
            "We know the cause and are fixing it: ",
            "Sending works again. What went wrong:",
            "**What went wrong:**",
            "From … on, … You do not need to do anything.",
            "From ... on, prices change.",
            "{components} work again.",
            "Check what you did between {start} and noon.",
        ] {
            assert!(reason(text).is_some(), "{text}");
        }
    }

    #[test]
    fn whole_sentences_pass() {
        for text in [
            "",
            "We know the cause: a carrier refuses connections.",
            "Please wait… we are almost done.",
            "Affected:\n- Sending\n- Reports",
            "Open https://example.com/{id}.",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
        assert!(reason_in_list("Reading\nWriting:").is_some());
        assert_eq!(reason_in_list("Reading\nWriting"), None);
    }

    #[test]
    fn contradictory_checks_are_found() {
        let nothing = "You don't need to check anything: nothing was lost.";
        let check =
            "Check what you sent between 08:00 and 09:00: some of it may have arrived twice.";
        assert!(contradicts_itself(&format!("{nothing} {check}")));
        for text in [nothing, check, "Sign in again if you were signed out."] {
            assert!(!contradicts_itself(text), "{text}");
        }
    }
}
