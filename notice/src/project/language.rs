//! Chooses the language of a feed or a page for a reader: the lookup of RFC 4647 (section 3.4), with the languages that have
//! several tags, and the scripts that regions imply.

use crate::wire::language::{Language, LanguageTag};

/// Primary subtags with another name, and that name. Sources: the IANA Language Subtag Registry (`Preferred-Value`), CLDR's
/// `supplementalMetadata.xml` (`languageAlias`: deprecated, legacy, macrolanguage), and the three-letter codes of ISO 639-2 for
/// languages with a two-letter code: BCP 47 does not allow them, but pages have them.
const RENAMED: [(&str, &str); 74] = [
    ("in", "id"),
    ("iw", "he"),
    ("ji", "yi"),
    ("jw", "jv"),
    ("mo", "ro"),
    ("sh", "sr-latn"),
    ("tl", "fil"),
    // Individual languages that stand for their macrolanguage.
    ("als", "sq"),
    ("arb", "ar"),
    ("azj", "az"),
    ("cmn", "zh"),
    ("ekk", "et"),
    ("khk", "mn"),
    ("lvs", "lv"),
    ("pes", "fa"),
    ("prs", "fa"),
    ("swh", "sw"),
    ("uzn", "uz"),
    ("ydd", "yi"),
    ("zsm", "ms"),
    // Codes of ISO 639-2.
    ("ara", "ar"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("chi", "zh"),
    ("cze", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("dut", "nl"),
    ("ell", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fas", "fa"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("ger", "de"),
    ("gre", "el"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("ind", "id"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("may", "ms"),
    ("msa", "ms"),
    ("nld", "nl"),
    ("nno", "nn"),
    ("nob", "nb"),
    ("nor", "no"),
    ("per", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("slk", "sk"),
    ("slo", "sk"),
    ("slv", "sl"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tgl", "fil"),
    ("tha", "th"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("vie", "vi"),
    ("zho", "zh"),
];

/// Tags from before RFC 4646, and their present form. Source: the IANA Language Subtag Registry, tags of the types `grandfathered`
/// and `redundant` with a `Preferred-Value`, without those that follow from [`WITH_EXTENSIONS`].
const LEGACY: [(&str, &str); 39] = [
    ("art-lojban", "jbo"),
    ("i-ami", "ami"),
    ("i-bnn", "bnn"),
    ("i-hak", "hak"),
    ("i-klingon", "tlh"),
    ("i-lux", "lb"),
    ("i-navajo", "nv"),
    ("i-pwn", "pwn"),
    ("i-tao", "tao"),
    ("i-tay", "tay"),
    ("i-tsu", "tsu"),
    ("no-bok", "nb"),
    ("no-nyn", "nn"),
    ("sgn-be-fr", "sfb"),
    ("sgn-be-nl", "vgt"),
    ("sgn-br", "bzs"),
    ("sgn-ch-de", "sgg"),
    ("sgn-co", "csn"),
    ("sgn-de", "gsg"),
    ("sgn-dk", "dsl"),
    ("sgn-es", "ssp"),
    ("sgn-fr", "fsl"),
    ("sgn-gb", "bfi"),
    ("sgn-gr", "gss"),
    ("sgn-ie", "isg"),
    ("sgn-it", "ise"),
    ("sgn-jp", "jsl"),
    ("sgn-mx", "mfs"),
    ("sgn-ni", "ncs"),
    ("sgn-nl", "dse"),
    ("sgn-no", "nsl"),
    ("sgn-pt", "psr"),
    ("sgn-se", "swl"),
    ("sgn-us", "ase"),
    ("sgn-za", "sfs"),
    ("zh-guoyu", "zh"),
    ("zh-hakka", "hak"),
    ("zh-min-nan", "nan"),
    ("zh-xiang", "hsn"),
];

/// Languages that may be followed by an extended language subtag of three letters, which is a language too (RFC 5646, section
/// 2.2.2): `zh-yue` is `yue`.
const WITH_EXTENSIONS: [&str; 8] = ["ar", "kok", "lv", "ms", "sgn", "sw", "uz", "zh"];

/// Chinese languages whose readers read `zh`, in the same script.
const CHINESE: [&str; 11] = [
    "cdo", "cjy", "cpx", "czh", "czo", "gan", "hak", "hsn", "mnp", "nan", "wuu",
];

/// The tags to look up after a tag. Sources: CLDR's `likelySubtags.xml` for the script of a region and the region of `pt`.
///
/// This goes beyond RFC 4647, which would continue with the site's own language: readers of Chinese in one script understand the
/// other script better than a foreign language. The same applies to Norwegian and Serbian.
const NEXT: [(&str, &[&str]); 15] = [
    ("zh-cn", &["zh-hans"]),
    ("zh-my", &["zh-hans"]),
    ("zh-sg", &["zh-hans"]),
    ("zh-hk", &["zh-hant"]),
    ("zh-mo", &["zh-hant"]),
    ("zh-tw", &["zh-hant"]),
    ("zh", &["zh-hans", "zh-hant"]),
    ("yue-cn", &["zh-hans"]),
    ("yue-hans", &["zh-hans"]),
    ("yue", &["zh-hant", "zh", "zh-hans"]),
    ("pt", &["pt-br"]),
    ("no", &["nb", "nn"]),
    ("nb", &["no", "nn"]),
    ("nn", &["no", "nb"]),
    ("sr", &["sr-latn"]),
];

/// Returns the best language of the site for a reader; `None` if the site has no language that the
/// reader is known to understand.
pub fn lookup<'a>(tag: &LanguageTag, languages: &'a [Language]) -> Option<&'a Language> {
    let named = |wanted: &str| {
        let mut languages = languages.iter();
        languages.find(|language| forms(language.as_str()).0 == wanted)
    };
    // The exact tag first: a site may have both names of a language.
    let mut languages = languages.iter();
    let exact = languages.find(|language| language.as_str().eq_ignore_ascii_case(tag.as_str()));
    if exact.is_some() {
        return exact;
    }
    let (tag, macrolanguage) = forms(tag.as_str());
    let tags = std::iter::once(tag.as_str()).chain(macrolanguage.as_deref());
    let ranges = tags.flat_map(|tag| std::iter::successors(Some(tag), |range| shorter(range)));
    let mut wanted = ranges.flat_map(|range| {
        let next = NEXT.iter().find(|(name, _)| *name == range);
        let next = next.map_or(&[] as &[&str], |(_, next)| next);
        std::iter::once(range).chain(next.iter().copied())
    });
    wanted.find_map(named)
}

/// Removes the last subtag, and a subtag of one letter before it, such as the `x` of `de-x-formal`.
fn shorter(range: &str) -> Option<&str> {
    let (rest, _) = range.rsplit_once('-')?;
    match rest.rsplit_once('-') {
        Some((before, last)) if last.len() == 1 => Some(before),
        _ => Some(rest),
    }
}

/// Returns a tag in lower case with the current name of its language, and the same tag with the macrolanguage, if there is one: `zh-yue-Hant` is `yue-hant` and `zh-hant`.
fn forms(tag: &str) -> (String, Option<String>) {
    let tag = current(&tag.to_ascii_lowercase());
    let mut subtags = tag.split('-').peekable();
    let primary = subtags.next().unwrap_or_default();
    let extension = subtags
        .peek()
        .copied()
        .filter(|subtag| WITH_EXTENSIONS.contains(&primary) && is_extension(subtag));
    let rest: Vec<&str> = subtags
        .skip_while(|subtag| extension.is_some() && is_extension(subtag))
        .collect();
    let with = |language: &str| [&[language], rest.as_slice()].concat().join("-");
    let language = renamed(extension.unwrap_or(primary));
    let includes = if CHINESE.contains(&language) {
        Some("zh")
    } else {
        extension.map(|_| primary)
    };
    (with(language), includes.map(with))
}

/// A tag with the present form of a legacy tag that it begins with.
fn current(tag: &str) -> String {
    let mut legacy = LEGACY.iter();
    let found = legacy.find_map(|(old, new)| {
        let rest = tag.strip_prefix(old)?;
        (rest.is_empty() || rest.starts_with('-')).then(|| format!("{new}{rest}"))
    });
    found.unwrap_or_else(|| tag.to_owned())
}

/// Whether a subtag has the form of an extended language subtag.
fn is_extension(subtag: &str) -> bool {
    subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The current name of a language.
fn renamed(primary: &str) -> &str {
    let name = RENAMED.iter().find(|(old, _)| *old == primary);
    name.map_or(primary, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::{CHINESE, LEGACY, NEXT, RENAMED, WITH_EXTENSIONS};

    #[test]
    fn names_are_in_lower_case_and_new_names_are_final() {
        for (old, new) in RENAMED {
            assert!(!RENAMED.iter().any(|(other, _)| *other == new), "{old}");
            assert!(old.bytes().all(|byte| byte.is_ascii_lowercase()), "{old}");
        }
        for (old, new) in LEGACY {
            assert!(!RENAMED.iter().any(|(other, _)| *other == new), "{old}");
            assert!(!WITH_EXTENSIONS.contains(&new) || new == "zh", "{old}");
            assert_eq!(old, old.to_ascii_lowercase());
        }
        assert!(
            !CHINESE
                .iter()
                .any(|name| NEXT.iter().any(|(other, _)| other == name))
        );
        for (name, next) in NEXT {
            assert!(!next.contains(&name) && !next.is_empty(), "{name}");
        }
    }
}
