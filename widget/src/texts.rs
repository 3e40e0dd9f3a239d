//! Every word of the card that is not an operator's: a file a language under `widget/texts`, a line a text, in the order
//! of [`Text`]. `%` is filled in. What is counted may have a form for each plural of the language, with `|` between them:
//! one, two, few, many, other, as CLDR names them; a form that is not there is the last one. English is built in; the
//! others lie beside the widget and are fetched when needed.

use std::cell::RefCell;

/// A text of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// A severity.
    Critical,
    /// A severity.
    Major,
    /// A severity.
    Minor,
    /// A severity.
    Maintenance,
    /// A severity.
    Announcement,
    /// Where an incident stands.
    Investigating,
    /// Where an incident stands.
    Identified,
    /// Where an incident stands.
    Monitoring,
    /// Where a maintenance stands.
    InProgress,
    /// Where a maintenance stands.
    Verifying,
    /// A maintenance that begins soon: at a time.
    SaveYourWork,
    /// One that begins later: at a time.
    Begins,
    /// When it ends: a time.
    Ends,
    /// How a component does.
    UnderMaintenance,
    /// How a component does.
    Degraded,
    /// How a component does.
    Partial,
    /// How a component does.
    MajorOutage,
    /// A component that is well again: since a time.
    BackSince,
    /// One that is not: since a time.
    Since,
    /// The promise: a time.
    NextUpdate,
    /// The promise, broken: a time.
    Overdue,
    /// An estimate of low confidence: a time.
    Hope,
    /// Of medium confidence: a time.
    Expect,
    /// Of high confidence: a time.
    By,
    /// The service cannot be reached: since a time.
    Stale,
    /// The browser is offline: since a time.
    Offline,
    /// It is over: the part of the sentence that stands out.
    WorkingAgain,
    /// The rest: since a time, after so long.
    WorkingSince,
    /// The same on a pill: since a time.
    WorkingPill,
    /// It was a mistake.
    Withdrawn,
    /// Heading: what to check.
    Check,
    /// Heading: what is back.
    Back,
    /// Heading: what is not yet right.
    Still,
    /// Heading: whom to reach if it is not so.
    NotWorking,
    /// Heading: what to do now.
    Advice,
    /// Heading: what works.
    Works,
    /// Heading: what does not.
    Broken,
    /// Heading: the components.
    Affected,
    /// Heading: the updates of an incident.
    Timeline,
    /// Whom it affects: labels of segments.
    Affects,
    /// Button: opens.
    More,
    /// Button: folds.
    Less,
    /// Button: hides.
    Hide,
    /// How many older updates there are.
    MoreUpdates,
    /// How many notices have no room.
    MoreNotices,
    /// Link to the incident's page, while it lasts.
    Follow,
    /// The same, afterwards.
    Happened,
    /// The same, behind a text that was cut.
    ReadOn,
    /// When it began: a time, how long ago.
    Started,
    /// From a time to a time.
    Lasted,
    /// A time to come: in so long.
    Ahead,
    /// A time gone by: so long ago.
    Ago,
    /// A number of days.
    Days,
    /// Of hours.
    Hours,
    /// Of minutes.
    Minutes,
    /// Less than one minute.
    Moment,
    /// Link: an appointment for planned work.
    Calendar,
    /// The mark of a drill.
    Drill,
    /// What it means.
    DrillMeans,
    /// The mark of a preview.
    Preview,
    /// What it means.
    PreviewMeans,
    /// What the page uses works again; elsewhere it goes on.
    Elsewhere,
    /// Nothing has been heard yet: as of a time.
    AsOf,
    /// A duration in two units: the larger, the smaller.
    Both,
    /// One thing, and another.
    List,
    /// Heading: the updates, where nothing is broken.
    Updates,
}

/// One language's words.
pub struct Texts {
    /// The language, as a BCP 47 tag.
    pub tag: &'static str,
    /// The direction that it is written in, as HTML's `dir`.
    pub direction: &'static str,
    lines: &'static str,
}

/// English, which is the contract that the others translate, and what is said while another is not here.
pub static ENGLISH: Texts = Texts {
    tag: "en",
    direction: "ltr",
    lines: include_str!("../texts/en.txt"),
};

thread_local! {
    /// The others that have come. Each stays for as long as the page: there are few, and they are small.
    static OTHERS: RefCell<Vec<&'static Texts>> = const { RefCell::new(Vec::new()) };
}

/// The words for a language; English where there are none. `fetched` gives the file of a language, once it is here.
pub fn of(language: &str, fetched: impl FnOnce(&str) -> Option<String>) -> &'static Texts {
    let tag = language.split('-').next().unwrap_or_default();
    if tag == ENGLISH.tag {
        return &ENGLISH;
    }
    OTHERS.with_borrow_mut(|others| {
        let known = others.iter().find(|texts| texts.tag == tag);
        if let Some(texts) = known {
            return *texts;
        }
        let Some(lines) = fetched(tag) else {
            return &ENGLISH;
        };
        let texts: &'static Texts = Box::leak(Box::new(Texts {
            tag: String::leak(tag.to_owned()),
            direction: direction(tag),
            lines: String::leak(lines),
        }));
        others.push(texts);
        texts
    })
}

fn direction(tag: &str) -> &'static str {
    match tag {
        "ar" | "fa" | "he" | "ur" => "rtl",
        _ => "ltr",
    }
}

impl Texts {
    /// A text as it stands.
    pub fn get(&self, text: Text) -> &'static str {
        self.lines
            .split('\n')
            .nth(text as usize)
            .unwrap_or_default()
    }

    /// A text, filled in.
    pub fn fill(&self, text: Text, values: &[&str]) -> String {
        fill(self.get(text), values)
    }
}

/// Stands around words that are not to be parted: [`crate::element::Element::sentence`] keeps them on one line. It is
/// Unicode's word joiner, which nobody sees where it is left.
pub const TIE: char = '\u{2060}';

/// A text with each `%` filled in, in turn.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    let mut values = values.iter();
    for (index, part) in text.split('%').enumerate() {
        if index > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, Text, fill, of};

    /// The files beside the widget.
    const FILES: [(&str, &str); 2] = [
        ("de", include_str!("../texts/de.txt")),
        ("ar", include_str!("../texts/ar.txt")),
    ];

    #[test]
    fn a_language_has_its_words_and_others_english() {
        let file = |tag: &str| {
            let found = FILES.iter().find(|(name, _)| *name == tag);
            found.map(|(_, lines)| (*lines).to_owned())
        };
        for (language, tag, hide, direction) in [
            ("en", "en", "Hide", "ltr"),
            ("de", "de", "Ausblenden", "ltr"),
            ("de-AT", "de", "Ausblenden", "ltr"),
            ("ar", "ar", "إخفاء", "rtl"),
            ("nl", "en", "Hide", "ltr"),
            ("", "en", "Hide", "ltr"),
        ] {
            let texts = of(language, file);
            assert_eq!(texts.tag, tag, "{language}");
            assert_eq!(texts.get(Text::Hide), hide, "{language}");
            assert_eq!(texts.direction, direction, "{language}");
        }
        let once = of("de", |_| None);
        assert_eq!(once.tag, "de", "it was fetched before");
    }

    #[test]
    fn blanks_are_filled_in_turn() {
        assert_eq!(
            fill("From % to %", &["09:25", "11:05"]),
            "From 09:25 to 11:05"
        );
        assert_eq!(fill("None", &["x"]), "None");
        assert_eq!(fill("%", &[]), "");
    }

    #[test]
    fn every_language_says_everything_with_the_same_blanks() {
        // Of what is counted the last form holds the number; "one" may say it in a word.
        let blanks = |lines: &str| {
            let last = |line: &str| line.split('|').next_back().map(str::to_owned);
            let last = lines.lines().filter_map(last);
            last.map(|form| form.matches('%').count())
                .collect::<Vec<_>>()
        };
        assert_eq!(ENGLISH.lines.lines().count(), Text::Updates as usize + 1);
        for (tag, lines) in FILES {
            assert_eq!(blanks(lines), blanks(ENGLISH.lines), "{tag}");
            assert!(lines.lines().all(|line| !line.is_empty()), "{tag}");
        }
    }

    #[test]
    fn the_words_are_those_that_were_promised() {
        for (text, words) in [
            (Text::Investigating, "We are looking into it."),
            (Text::Identified, "We know the cause and are fixing it."),
            (Text::Monitoring, "It should work again. We are watching."),
            (Text::WorkingSince, "since %, after %."),
            (Text::Degraded, "Slow or unreliable"),
            (Text::Partial, "Not working for some"),
            (Text::MajorOutage, "Not working"),
            (Text::NextUpdate, "Next update by %"),
            (
                Text::Overdue,
                "We promised an update by %. It is late; the problem may not be over.",
            ),
            (Text::Hope, "We hope by %"),
            (Text::Expect, "We expect by %"),
            (Text::By, "By %"),
            (
                Text::Stale,
                "As of %. We cannot reach our status service; this may have changed.",
            ),
            (Text::Offline, "You are offline. As of %."),
            (Text::Hide, "Hide"),
        ] {
            assert_eq!(ENGLISH.get(text), words);
        }
    }
}
