//! Cuts text at word boundaries.

/// Cuts a text to at most `most` characters, at a word boundary if there is one. Returns whether anything was cut.
pub fn cut(text: &str, most: usize) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return (text, false);
    };
    let (head, rest) = text.split_at(end);
    // The cut may be exactly at the end of a word.
    let ends_at_word = rest.starts_with(char::is_whitespace);
    let at_word = match head.rfind(char::is_whitespace) {
        Some(space) if !ends_at_word => head.get(..space).unwrap_or(head),
        _ => head,
    };
    let trimmed = at_word.trim_end();
    (if trimmed.is_empty() { head } else { trimmed }, true)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn cut_ends_at_a_word_where_there_is_one() {
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
