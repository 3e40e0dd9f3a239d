//! Detects texts that a template left unfinished: gaps, open colons, placeholders.

use super::{Texts, contradiction};

/// Returns the reason why a text is unfinished, as the end of a sentence that begins with the field's label.
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

/// Returns the reason for the first unfinished entry of a list with one entry per line.
pub fn reason_in_list(text: &str) -> Option<&'static str> {
    text.lines().find_map(reason)
}

/// Colons of Latin and of East Asian scripts.
const COLONS: &[char] = &[':', '：', '﹕', '︰', '∶', '꞉'];

/// Returns whether a character after a colon adds nothing to it: markup, a quotation mark, a dash, or final
/// punctuation.
fn is_empty_end(sign: char) -> bool {
    sign.is_whitespace() || "*_`~\"“”'’»-–—―.…⋯?!\u{200b}\u{2060}\u{feff}".contains(sign)
}

/// Returns whether a paragraph ends with a colon and no list follows it.
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

/// Returns whether a line has no words.
fn is_blank(line: &str) -> bool {
    line.chars().all(is_empty_end)
}

/// Returns whether a line is an entry of a list: `- Sending`, `* Sending`, `1. Sending`.
fn is_list_item(line: &str) -> bool {
    let number = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let rest = match number.len() < line.len() {
        true => number.strip_prefix(['.', ')']),
        false => line.strip_prefix(['-', '*', '+', '•']),
    };
    rest.is_some_and(|rest| rest.starts_with(char::is_whitespace) && !rest.trim().is_empty())
}

/// Returns whether a word consists of an ellipsis, which marks a gap. An ellipsis after a letter is punctuation.
fn is_gap(word: &str) -> bool {
    let rest = word.trim_matches(|sign: char| ",;.:!?()[]<>*_\"“”'’：".contains(sign));
    match rest {
        "" => word.contains("..."),
        _ => rest.chars().all(|sign| "….⋯".contains(sign)),
    }
}

/// Returns whether a text has a placeholder: braces around words or nothing, also misspelt or with a brace missing. Code
/// between backticks, URLs, and braces around other characters do not count.
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
                // Without a closing brace the name is the word right after the opening brace.
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

/// Returns whether a text in braces could be the name of a placeholder.
fn is_name(name: &str) -> bool {
    name.chars()
        .all(|sign| sign.is_alphanumeric() || sign.is_whitespace() || "|_-.,;!?'’".contains(sign))
}

/// Removes the code between backticks.
fn without_code(text: &str) -> String {
    let segments: Vec<&str> = text.split('`').collect();
    // With an odd number of segments every backtick has its partner.
    let are_paired = segments.len() % 2 == 1;
    let kept = segments.iter().enumerate();
    let kept = kept.filter(|(index, _)| !are_paired || index % 2 == 0);
    kept.map(|(_, segment)| *segment)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the texts in one language that are unfinished or contradict each other: the field's name, and the error.
pub fn errors(texts: &Texts) -> Vec<(&'static str, String)> {
    let text = |text: &str| reason(text).map(str::to_owned);
    let list = |text: &str| reason_in_list(text).map(str::to_owned);
    let contradicting = |works: &str, broken: &str| {
        let entry = contradiction::between(&texts.body, works, broken)?;
        Some(format!(
            "“{entry}” both works and does not work. Keep one of them."
        ))
    };
    let contradictory_check = || {
        contradiction::within(&format!("{} {}", texts.body, texts.check)).then(|| {
            "It says that nothing was lost and that something may have been. Keep one of them."
                .to_owned()
        })
    };
    let all = [
        ("title", text(&texts.title)),
        ("body", text(&texts.body)),
        ("advice", text(&texts.advice)),
        ("works", list(&texts.works)),
        (
            "broken",
            list(&texts.broken).or_else(|| contradicting(&texts.works, &texts.broken)),
        ),
        ("check", text(&texts.check)),
        (
            if texts.check.trim().is_empty() {
                "body"
            } else {
                "check"
            },
            contradictory_check(),
        ),
        ("back", list(&texts.back)),
        (
            "still",
            list(&texts.still).or_else(|| contradicting(&texts.back, &texts.still)),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, detail)| Some((name, detail?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{reason, reason_in_list};

    #[test]
    fn unfinished_texts_are_found() {
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
    fn finished_texts_pass() {
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
}
