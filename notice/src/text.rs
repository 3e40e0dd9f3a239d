//! Cutting text.

/// At most so many characters of a text, ending at a word where there is one; whether anything was cut.
pub fn cut(text: &str, most: usize) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return (text, false);
    };
    let (kept, rest) = text.split_at(end);
    // The cut may fall right behind a word.
    let whole = rest.starts_with(char::is_whitespace);
    let at_word = match kept.rfind(char::is_whitespace) {
        Some(space) if !whole => kept.get(..space).unwrap_or(kept),
        _ => kept,
    };
    let trimmed = at_word.trim_end();
    (if trimmed.is_empty() { kept } else { trimmed }, true)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn ends_at_a_word() {
        for (text, most, expected) in [
            ("one two three", 13, ("one two three", false)),
            ("one two three", 12, ("one two", true)),
            ("one two three", 7, ("one two", true)),
            ("one two three", 3, ("one", true)),
            ("unbroken", 4, ("unbr", true)),
            ("äöü äöü", 5, ("äöü", true)),
            ("one  two", 4, ("one", true)),
            ("", 3, ("", false)),
        ] {
            assert_eq!(cut(text, most), expected, "{text} at {most}");
        }
    }
}
