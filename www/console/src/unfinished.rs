//! Texts that a template left half written, and answers that contradict each other.

use crate::form::Words;

/// Why a text is not ready for users, as the end of "The message …".
pub fn reason(text: &str) -> Option<&'static str> {
    if text.split_whitespace().any(is_gap) {
        Some("still has “…” from the template; fill it in")
    } else if ends_a_paragraph_with_a_colon(text) {
        Some("ends with a colon; finish the sentence")
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

/// Colons of Latin and of East Asian scripts.
const COLONS: &[char] = &[':', '：', '﹕', '︰', '∶', '꞉'];

/// Whether a sign after a colon adds nothing to it: markup, a quotation mark, a dash or a stop that stands for words to come.
fn is_empty_end(sign: char) -> bool {
    sign.is_whitespace() || "*_`~\"“”'’»-–—―.…⋯?!\u{200b}\u{2060}\u{feff}".contains(sign)
}

/// Whether a paragraph ends with a colon and no list follows it.
fn ends_a_paragraph_with_a_colon(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(index, line)| {
        let mut after = lines.iter().skip(index + 1);
        let goes_on = match after.next() {
            None => false,
            Some(next) if !is_blank(next) => true,
            Some(_) => after
                .find(|line| !is_blank(line))
                .is_some_and(|next| is_list_item(next)),
        };
        line.trim_end_matches(is_empty_end).ends_with(COLONS) && !goes_on
    })
}

/// Whether a line has no words.
fn is_blank(line: &str) -> bool {
    line.chars().all(is_empty_end)
}

/// Whether a line is an entry of a list: `- Sending`, `* Sending`, `1. Sending`.
fn is_list_item(line: &str) -> bool {
    let number = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let rest = match number.len() < line.len() {
        true => number.strip_prefix(['.', ')']),
        false => line.strip_prefix(['-', '*', '+', '•']),
    };
    rest.is_some_and(|rest| rest.starts_with(char::is_whitespace) && !rest.trim().is_empty())
}

/// Whether a word is an ellipsis alone: a gap to fill in. An ellipsis after a letter is punctuation.
fn is_gap(word: &str) -> bool {
    let rest = word.trim_matches(|sign: char| ",;.:!?()[]<>*_\"“”'’：".contains(sign));
    match rest {
        "" => word.contains("..."),
        _ => rest.chars().all(|sign| "….⋯".contains(sign)),
    }
}

/// Whether braces hold words or nothing: a placeholder, also one that is misspelt or lacks a brace. Code between backticks,
/// addresses, and braces around other signs are no placeholders.
pub fn has_placeholder(text: &str) -> bool {
    let plain = without_code(text).replace('｛', "{").replace('｝', "}");
    plain.lines().any(|line| {
        let mut rest = line;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, behind) = rest.split_at(at);
            let word = before
                .rsplit(char::is_whitespace)
                .next()
                .unwrap_or_default();
            let opens = behind.starts_with('{');
            let after = behind.get(1..).unwrap_or_default();
            let closed = after.split_once(['{', '}']).filter(|(name, _)| {
                let end = after.get(name.len()..).unwrap_or_default();
                end.starts_with('}')
            });
            let name = match (opens, closed) {
                (true, Some((name, _))) => Some(name),
                // Not closed: the word that follows at once.
                (true, None) => after
                    .split(char::is_whitespace)
                    .next()
                    .filter(|word| !word.is_empty()),
                (false, _) => Some(word).filter(|word| !word.is_empty()),
            };
            if !word.contains('/') && name.is_some_and(is_name) {
                return true;
            }
            rest = match (opens, closed) {
                (true, Some((_, rest))) => rest,
                _ => after,
            };
        }
        false
    })
}

/// Whether what stands in braces could be the name of a placeholder.
fn is_name(name: &str) -> bool {
    name.chars()
        .all(|sign| sign.is_alphanumeric() || sign.is_whitespace() || "|_-.,;!?'’".contains(sign))
}

/// A text without what stands between backticks.
fn without_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd number of parts: every backtick has its partner.
    let pairs = parts.len() % 2 == 1;
    let kept = parts.iter().enumerate();
    let kept = kept.filter(|(index, _)| !pairs || index % 2 == 0);
    kept.map(|(_, part)| *part).collect::<Vec<_>>().join(" ")
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
fn contradicts_itself(text: &str) -> bool {
    let text = text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(NOTHING_LOST) && says(MAY_BE_LOST)
}

/// Phrases that say of their subject that it works again.
const WORKS_AGAIN: &[&str] = &[
    "work again",
    "works again",
    "working again",
    "back to normal",
    "is back",
    "are back",
    "available again",
    "been fixed",
    "is fixed",
    "are fixed",
    "been restored",
    "is restored",
    "are restored",
    "been resolved",
    "is resolved",
    "are resolved",
];

/// Words that limit what a sentence says of its subject, or put it into the future.
const LIMITS: &[&str] = &[
    "not", "never", "no", "except", "but", "until", "when", "once", "soon", "will", "should", "if",
    "some", "most", "before", "without", "only", "partly", "expect", "unless", "still", "while",
];

/// Words for all that there is.
const ALL: &[&str] = &["everything", "all"];

/// The first entry of `broken` that `text` or an entry of `works` says works; in lists an entry per line. It knows English
/// sentences only; the same entry in both lists is found in every language.
fn contradicted(text: &str, works: &str, broken: &str) -> Option<String> {
    let working: Vec<String> = works.lines().flat_map(subjects).collect();
    let claims = claims(text);
    let is_all = |words: &str| ALL.contains(&words);
    let all_works = working.iter().any(|one| is_all(one))
        || claims
            .iter()
            .any(|claim| claim.first().is_some_and(|word| is_all(word)));
    let claimed = |subject: &str| {
        let words: Vec<&str> = subject.split(' ').collect();
        claims.iter().any(|claim| {
            claim
                .windows(words.len())
                .any(|part| part.iter().eq(words.iter()))
        })
    };
    let is_wrong = |entry: &&str| {
        let subjects = subjects(entry);
        !subjects.is_empty()
            && (all_works
                || subjects.iter().any(|one| {
                    working.contains(one) || claimed(one) || (is_all(one) && !working.is_empty())
                }))
    };
    let entries = broken.lines().map(str::trim);
    entries.into_iter().find(is_wrong).map(str::to_owned)
}

/// What an entry of a list is about, in lower case: "Sending and Reports" is about two things.
fn subjects(entry: &str) -> Vec<String> {
    let words = words(entry);
    let is_limited = words.iter().any(|word| LIMITS.contains(&word.as_str()));
    let entry = entry.to_lowercase();
    let parts: Vec<&str> = match is_limited {
        true => vec![entry.as_str()],
        false => entry
            .split([',', ';', '&', '+'])
            .flat_map(|part| part.split(" and "))
            .collect(),
    };
    let plain = parts.into_iter().map(|part| self::words(part).join(" "));
    plain.filter(|part| !part.is_empty()).collect()
}

/// The words of every sentence that says, without a limit, that something works again.
fn claims(text: &str) -> Vec<Vec<String>> {
    let sentences = text.split(['.', '!', '?', ';', ':', '\n']);
    sentences
        .filter(|sentence| {
            let lower = words(sentence).join(" ");
            WORKS_AGAIN.iter().any(|phrase| lower.contains(phrase))
        })
        .map(words)
        .filter(|words| {
            !words.iter().any(|word| {
                LIMITS.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
            })
        })
        .collect()
}

/// The words of a text in lower case, without the signs around them.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|sign: char| sign.is_whitespace() || ",()/".contains(sign));
    all.map(|word| {
        word.trim_matches(|sign: char| !sign.is_alphanumeric())
            .to_lowercase()
    })
    .filter(|word| !word.is_empty())
    .collect()
}

/// Everything that keeps the words of one language from being published: the name of each field, and what is wrong with it.
pub fn wrong(words: &Words) -> Vec<(&'static str, String)> {
    let text = |text: &str| reason(text).map(str::to_owned);
    let list = |text: &str| reason_in_list(text).map(str::to_owned);
    let both = |works: &str, broken: &str| {
        let entry = contradicted(&words.body, works, broken)?;
        Some(format!(
            "“{entry}” is said to work and not to work. Keep one of them."
        ))
    };
    let is_lost_or_not = || {
        contradicts_itself(&format!("{} {}", words.body, words.check)).then(|| {
            "It says that nothing was lost and that something may have been. Keep one of them."
                .to_owned()
        })
    };
    let all = [
        ("title", text(&words.title)),
        ("body", text(&words.body)),
        ("advice", text(&words.advice)),
        ("works", list(&words.works)),
        (
            "broken",
            list(&words.broken).or_else(|| both(&words.works, &words.broken)),
        ),
        ("check", text(&words.check)),
        (
            if words.check.trim().is_empty() {
                "body"
            } else {
                "check"
            },
            is_lost_or_not(),
        ),
        ("back", list(&words.back)),
        (
            "still",
            list(&words.still).or_else(|| both(&words.back, &words.still)),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, detail)| Some((name, detail?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{contradicted, contradicts_itself, reason, reason_in_list};

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
            "Sending works again. What went wrong:\n\nSorry for the trouble.",
            "What went wrong:\n \nSorry.\n\n- One",
            "We know the cause: —",
            "We know the cause：",
            "Because: …",
            "From […] on, prices change.",
            "{component} {is|are",
            "{component} is down",
            "{is|are} {parts|x}.",
            "{} is down",
            "components} is down",
            "｛components｝ is down",
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
            "Affected:\n\n1. Sending\n2. Reports",
            "Affected:\nSending",
            "Open https://example.com/{id}.",
            "Send `{id}` again, or `{\"id\": 1}`.",
            "The answer is {\"error\": 500}.",
            "It works since 09:00 :)",
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

    #[test]
    fn an_entry_that_works_and_does_not_is_found() {
        for (text, works, broken) in [
            ("", "Sending\nReports", "Reports"),
            ("", "Versand", "versand."),
            ("", "Sending and Reports", "Invoices\nReports"),
            ("", "Everything", "Reports"),
            ("", "Reports", "Everything"),
            ("Sending and Reports work again.", "", "Reports"),
            ("Everything works again.", "", "Reports"),
            ("Sending is back. Sorry.", "", "sending"),
        ] {
            assert!(
                contradicted(text, works, broken).is_some(),
                "{text} {works} {broken}"
            );
        }
        for (text, works, broken) in [
            ("", "Sending", "Reports"),
            ("", "", ""),
            ("", "Everything, if you are already signed in", "Signing in"),
            ("", "Reports, if you saved them", "Reports"),
            (
                "Sending works again.",
                "Sending",
                "Reports\nScheduled sending",
            ),
            ("Reports do not work again yet.", "", "Reports"),
            ("Everything except Reports works again.", "", "Reports"),
            ("Reports will work again at noon.", "", "Reports"),
            ("We moved Reports. Sending works again.", "", "Reports"),
        ] {
            assert_eq!(contradicted(text, works, broken), None, "{text}");
        }
    }
}
