//! Makes slugs from names.

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::characters::is_mark;
use crate::{limits, wire::ids::Slug};

/// Latin letters that Unicode does not decompose into a letter and a mark.
const LETTERS: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ȷ', "j"),
    ('ŋ', "ng"),
    ('ŧ', "t"),
    ('ĸ', "k"),
    ('ə', "e"),
    ('ƒ', "f"),
    ('ɓ', "b"),
    ('ɗ', "d"),
    ('ɖ', "d"),
    ('ɛ', "e"),
    ('ɔ', "o"),
    ('ɩ', "i"),
    ('ɣ', "g"),
    ('ƙ', "k"),
    ('ƴ', "y"),
    ('ʋ', "v"),
    ('ƶ', "z"),
];

/// Returns the words of a name in the letters of a slug, joined by hyphens: `uni-suss` for `Ünï (süß)`. Empty if the name has no
/// Latin letters or digits. It may be too long or too short for a slug.
pub fn words(name: &str) -> String {
    let mut words = String::new();
    let lower = name.to_lowercase();
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(&lower);
    let mut needs_hyphen = false;
    for character in decomposed.chars().filter(|character| !is_mark(*character)) {
        // A compatibility form may be a capital letter.
        let character = character.to_ascii_lowercase();
        let known = LETTERS.iter().find(|(letter, _)| *letter == character);
        let mut plain = [0; 4];
        let letters = match known {
            Some((_, letters)) => letters,
            None if character.is_ascii_alphanumeric() => &*character.encode_utf8(&mut plain),
            None => {
                needs_hyphen = true;
                continue;
            }
        };
        if needs_hyphen && !words.is_empty() {
            words.push('-');
        }
        needs_hyphen = false;
        words.push_str(letters);
    }
    words
}

/// Derives an unused slug from a name: `Text messages (EU)` becomes `text-messages-eu`, or `text-messages-eu-2` if that
/// is taken. `None` if the name has no Latin letters or digits.
pub fn free(name: &str, is_taken: impl Fn(&Slug) -> bool) -> Option<Slug> {
    let stem = words(name);
    // One number more than a site can have components, so that one is unused.
    (1..=limits::COMPONENTS + 1)
        .filter_map(|number| {
            let suffix = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let most = Slug::MAX.saturating_sub(suffix.len());
            let stem: String = stem.chars().take(most).collect();
            Slug::parse(&format!("{}{suffix}", stem.trim_end_matches('-')))
        })
        .find(|slug| !is_taken(slug))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn marks_are_dropped_and_letters_written_out() {
        for (name, slug) in [
            ("Text messages (EU)", "text-messages-eu"),
            ("Ünï", "uni"),
            ("U\u{308}ni\u{308}", "uni"),
            ("Süß", "suss"),
            ("SÜẞ", "suss"),
            ("Ærø & Œuvre", "aero-oeuvre"),
            ("Łódź", "lodz"),
            ("Đà Nẵng", "da-nang"),
            ("Þórður", "thordur"),
            ("İstanbul'ı", "istanbul-i"),
            ("Ｆｕｌｌ ①", "full-1"),
            ("ﬁle ™", "file-tm"),
            ("naïve--café ", "naive-cafe"),
            ("Отчёт 2", "2"),
            ("漢字", ""),
            ("…", ""),
        ] {
            assert_eq!(words(name), slug, "{name}");
        }
    }
}
