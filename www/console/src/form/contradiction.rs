//! Detects texts that contradict each other.

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

/// Returns whether a text says both that nothing was lost and that something may have been lost. Knows English phrases only.
pub fn within(text: &str) -> bool {
    let text = text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(NOTHING_LOST) && says(MAY_BE_LOST)
}

/// Phrases that say that their subject works again.
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

/// Words that limit a statement, or put it into the future.
const LIMITS: &[&str] = &[
    "not", "never", "no", "except", "but", "until", "when", "once", "soon", "will", "should", "if",
    "some", "most", "before", "without", "only", "partly", "expect", "unless", "still", "while",
];

/// Subjects that include all others.
const ALL: &[&str] = &["everything", "all"];

/// Returns the first entry of the list `broken` that works according to `text` or to the list `works`. Understands English
/// sentences only, but finds an entry that is in both lists in any language.
pub fn between(text: &str, works: &str, broken: &str) -> Option<String> {
    let working: Vec<String> = works.lines().flat_map(subjects).collect();
    let claims = claims(text);
    let is_all = |words: &str| ALL.contains(&words);
    let all_works = working.iter().any(|one| is_all(one))
        || claims
            .iter()
            .any(|claim| claim.first().is_some_and(|word| is_all(word)));
    let is_claimed = |subject: &str| {
        let words: Vec<&str> = subject.split(' ').collect();
        claims.iter().any(|claim| {
            claim
                .windows(words.len())
                .any(|window| window.iter().eq(words.iter()))
        })
    };
    let is_contradicted = |entry: &&str| {
        let subjects = subjects(entry);
        !subjects.is_empty()
            && (all_works
                || subjects.iter().any(|one| {
                    working.contains(one) || is_claimed(one) || (is_all(one) && !working.is_empty())
                }))
    };
    let entries = broken.lines().map(str::trim);
    entries.into_iter().find(is_contradicted).map(str::to_owned)
}

/// Returns the subjects of a list entry in lower case. "Sending and Reports" has two.
fn subjects(entry: &str) -> Vec<String> {
    let words = words(entry);
    let is_limited = words.iter().any(|word| LIMITS.contains(&word.as_str()));
    let entry = entry.to_lowercase();
    let subjects: Vec<&str> = match is_limited {
        true => vec![entry.as_str()],
        false => entry
            .split([',', ';', '&', '+'])
            .flat_map(|subject| subject.split(" and "))
            .collect(),
    };
    let plain = subjects
        .into_iter()
        .map(|subject| self::words(subject).join(" "));
    plain.filter(|subject| !subject.is_empty()).collect()
}

/// Returns the words of each sentence that says without a limit that something works again.
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

/// Splits a text into words, in lower case and without punctuation.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|sign: char| sign.is_whitespace() || ",()/".contains(sign));
    all.map(|word| {
        word.trim_matches(|sign: char| !sign.is_alphanumeric())
            .to_lowercase()
    })
    .filter(|word| !word.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{between, within};

    #[test]
    fn a_text_with_both_statements_contradicts_itself() {
        let nothing = "You don't need to check anything: nothing was lost.";
        let check =
            "Check what you sent between 08:00 and 09:00: some of it may have arrived twice.";
        assert!(within(&format!("{nothing} {check}")));
        for text in [nothing, check, "Sign in again if you were signed out."] {
            assert!(!within(text), "{text}");
        }
    }

    #[test]
    fn an_entry_that_works_and_does_not_work_is_found() {
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
                between(text, works, broken).is_some(),
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
            assert_eq!(between(text, works, broken), None, "{text}");
        }
    }
}
