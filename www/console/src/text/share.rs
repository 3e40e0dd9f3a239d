//! Texts about an incident to use elsewhere: a mail reply, a chat reply, a short post.

use notice::{
    project::view::IncidentView,
    text::markdown::first_line,
    wire::{enums::Kind, time::Timestamp},
};
use serde::{Deserialize, Serialize};

/// Maximum length of a post in characters, including its link.
pub const POST_LENGTH: usize = 280;

/// The formats. Stored drafts use these variant names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// A reply to a mail, in paragraphs.
    Mail,
    /// A reply in a chat, in one paragraph.
    #[default]
    Chat,
    /// A post of at most [`POST_LENGTH`] characters.
    Post,
}

impl Format {
    /// All formats, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Chat, Self::Post];

    pub fn label(self) -> &'static str {
        match self {
            Self::Mail => "Mail reply",
            Self::Chat => "Chat reply",
            Self::Post => "Short post",
        }
    }
}

/// Returns the error of a text that cannot be copied in a format.
pub fn error(format: Format, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("Enter a text.".to_owned());
    }
    let is_too_long = format == Format::Post && text.chars().count() > POST_LENGTH;
    is_too_long.then(|| format!("Shorten it to {POST_LENGTH} characters."))
}

/// The inputs of a text apart from the incident.
pub struct ShareOptions<'a> {
    pub site: &'a str,
    /// Seconds after a promised time until the update is late.
    pub overdue_after_s: u32,
    /// The time at which the text is copied.
    pub now: Timestamp,
    /// Formats a time with its zone.
    pub time: &'a dyn Fn(Timestamp) -> String,
}

/// Returns the text of an incident as of `options.now`. It always has the whole link.
pub fn text(format: Format, incident: &IncidentView, options: &ShareOptions<'_>) -> String {
    let sentences = Sentences::of(incident, options);
    match format {
        Format::Mail => sentences.mail(&incident.url),
        Format::Chat => sentences.chat(&incident.url),
        Format::Post => sentences.post(&incident.url),
    }
}

/// The sentences of a text.
struct Sentences {
    title: String,
    update: Option<String>,
    advice: Option<String>,
    promise: Option<String>,
}

impl Sentences {
    fn of(incident: &IncidentView, options: &ShareOptions<'_>) -> Self {
        let has_ended = !incident.is_open();
        let title = format!("{}: {}", options.site, title_with_state(incident));
        let check = || {
            let restored = incident.restored.as_ref();
            restored.and_then(|restored| restored.check.clone())
        };
        let advice = match has_ended {
            true => check(),
            false => incident.advice.clone(),
        };
        let advice = advice.filter(|_| incident.withdrawn.is_none());
        let update = match &incident.withdrawn {
            Some(reason) => Some(reason.clone()),
            None => incident.newest().map(|update| update.body.clone()),
        };
        let sentence =
            |text: String| Some(with_full_stop(&first_line(&text))).filter(|text| text != ".");
        Self {
            title: with_full_stop(&title),
            update: update.and_then(sentence),
            advice: advice.and_then(sentence),
            promise: incident
                .next_update_at
                .filter(|_| !has_ended)
                .map(|at| promise(at, options)),
        }
    }

    fn mail(&self, url: &str) -> String {
        let advice = self
            .advice
            .as_ref()
            .map(|text| format!("What to do: {text}"));
        let parts = [
            Some("Hello,".to_owned()),
            Some(match &self.update {
                Some(update) => format!("{}\n{update}", self.title),
                None => self.title.clone(),
            }),
            advice,
            self.promise.clone(),
            Some(format!("Current status: {url}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }

    fn chat(&self, url: &str) -> String {
        let sentences = [
            Some(&self.title),
            self.update.as_ref(),
            self.advice.as_ref(),
            self.promise.as_ref(),
        ];
        let sentences: Vec<&str> = sentences
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        format!("{}\n{url}", sentences.join(" "))
    }

    /// In order of priority: title, promise, advice, update. A sentence that does not fit is left out; the title is cut.
    fn post(&self, url: &str) -> String {
        let available = POST_LENGTH.saturating_sub(url.chars().count() + 1);
        let promise = self.promise.as_deref().unwrap_or_default();
        let reserved = match promise.chars().count() {
            0 => 0,
            length => length + 1,
        };
        let mut text = truncate(&self.title, available.saturating_sub(reserved));
        for sentence in [&self.advice, &self.update].into_iter().flatten() {
            let left = available.saturating_sub(text.chars().count() + 1 + reserved);
            if sentence.chars().count() <= left {
                text = format!("{text} {sentence}");
            }
        }
        let text = format!("{text} {promise}");
        format!("{}\n{url}", text.trim_end())
    }
}

/// Returns the title with a prefix for a drill and for an incident that has ended.
fn title_with_state(incident: &IncidentView) -> String {
    let title = &incident.title;
    let state = match incident.kind {
        _ if incident.withdrawn.is_some() => "Withdrawn: ",
        _ if incident.is_open() => "",
        Kind::Maintenance => "Completed: ",
        Kind::Announcement => "Ended: ",
        Kind::Incident | Kind::Unknown => "Resolved: ",
    };
    let drill = if incident.drill {
        "DRILL, not real: "
    } else {
        ""
    };
    format!("{drill}{state}{title}")
}

/// Returns the sentence about a promised update: promised, due, or late.
fn promise(at: Timestamp, options: &ShareOptions<'_>) -> String {
    let time = (options.time)(at);
    let late = at.plus_seconds(i64::from(options.overdue_after_s));
    if options.now >= late {
        format!("Our {time} update is late. The problem may not be over yet.")
    } else if options.now >= at {
        "Our next update is due now.".to_owned()
    } else {
        format!("Next update by {time}.")
    }
}

/// Returns a warning if an edited text mentions a promised update whose state has changed.
pub fn outdated_promise(
    text: &str,
    incident: &IncidentView,
    options: &ShareOptions<'_>,
) -> Option<String> {
    let current = incident.next_update_at.filter(|_| incident.is_open());
    let earlier = incident.updates.iter();
    let earlier = earlier.filter_map(|update| update.next_update_at);
    let mut promises: Vec<Timestamp> = current.into_iter().chain(earlier).collect();
    promises.dedup();
    let mentions = |at: &Timestamp| {
        let time = (options.time)(*at);
        // A text written on the same day has only the time of day.
        let hour = time.split(' ').find(|word| word.contains(':'));
        hour.is_some_and(|hour| mentions_word(text, hour))
    };
    let is_pending = |at: &Timestamp| current == Some(*at) && options.now < *at;
    let is_current = |at| text.contains(&promise(at, options));
    if current.is_some_and(is_current) || promises.iter().any(|at| mentions(at) && is_pending(at)) {
        return None;
    }
    let at = promises.into_iter().find(mentions)?;
    let time = (options.time)(at);
    let late = at.plus_seconds(i64::from(options.overdue_after_s));
    let state = match current {
        None => "No update is promised any more.".to_owned(),
        Some(next) if next != at => {
            format!(
                "The next update is promised by {} now.",
                (options.time)(next)
            )
        }
        Some(_) if options.now >= late => "That update is late.".to_owned(),
        Some(_) => "That update is due now.".to_owned(),
    };
    Some(format!(
        "Your text mentions the update promised by {time}. {state} Change your text."
    ))
}

/// Returns whether a text has a word, with no letter or digit adjacent to it.
fn mentions_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..);
        let after = after.and_then(|after| after.chars().next());
        let is_in_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
        !is_in_word(before) && !is_in_word(after)
    })
}

/// Adds a full stop, unless the text already ends a sentence.
fn with_full_stop(text: &str) -> String {
    let text = text.trim();
    match text.ends_with(['.', '!', '?', '…', ':']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// Truncates a text at a word to at most `limit` characters.
fn truncate(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit.saturating_sub(1)).collect();
    let whole = head
        .rsplit_once(' ')
        .map_or(head.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([' ', ',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::{Format, POST_LENGTH, ShareOptions, error, outdated_promise, text};
    use crate::testing::incident;
    use notice::{
        project::view::IncidentView,
        wire::{enums::Status, time::Timestamp},
    };
    use serde_json::json;

    const URL: &str = "https://status.example.com/s/acme/incidents/inc_1";

    /// An incident that promises its next update for 9:00.
    fn promising() -> IncidentView {
        incident(&json!({ "advice": "Do not resend.", "next_update_at": "2026-11-21T09:00:00Z" }))
    }

    fn shared(format: Format, incident: &IncidentView, now: &str) -> String {
        let time = |at: Timestamp| at.to_string()[11..16].to_owned() + " UTC";
        let options = ShareOptions {
            site: "Acme SMS",
            overdue_after_s: 300,
            now: Timestamp::parse(now).unwrap(),
            time: &time,
        };
        text(format, incident, &options)
    }

    #[test]
    fn a_chat_reply_has_the_advice_and_the_next_update() {
        assert_eq!(
            shared(Format::Chat, &promising(), "2026-11-21T08:10:00Z"),
            format!(
                "Acme SMS: Messages are delayed. We are looking into it. Do not resend. Next update by 09:00 UTC.\n{URL}"
            )
        );
    }

    #[test]
    fn every_format_reports_a_late_update() {
        for format in Format::ALL {
            let before = shared(format, &promising(), "2026-11-21T08:59:59Z");
            assert!(before.contains("Next update by 09:00 UTC."), "{before}");
            let due = shared(format, &promising(), "2026-11-21T09:04:59Z");
            assert!(due.contains("Our next update is due now."), "{due}");
            let late = shared(format, &promising(), "2026-11-21T09:05:00Z");
            assert!(late.contains("Our 09:00 UTC update is late."), "{late}");
            assert!(!late.contains("Next update"), "{late}");
        }
    }

    #[test]
    fn a_post_has_its_link_and_at_most_280_characters() {
        for (title, body, advice) in [
            (
                "Messages are delayed".to_owned(),
                "Short.".to_owned(),
                "Wait.".to_owned(),
            ),
            (
                "Nachrichten kommen später an ".repeat(20),
                "Short.".to_owned(),
                "Wait.".to_owned(),
            ),
            ("x".repeat(200), "y".repeat(2000), "z".repeat(2000)),
            (
                "Messages are delayed".to_owned(),
                "y ".repeat(150),
                "Do not resend.".to_owned(),
            ),
        ] {
            let incident = IncidentView {
                title,
                advice: Some(advice),
                ..promising()
            };
            let incident = with_body(incident, &body);
            let post = shared(Format::Post, &incident, "2026-11-21T09:30:00Z");
            assert!(post.chars().count() <= POST_LENGTH, "{post}");
            assert!(post.ends_with(&format!("\n{URL}")), "{post}");
            assert!(post.contains("is late"), "{post}");
        }
    }

    #[test]
    fn a_post_of_more_than_280_characters_is_refused() {
        for (format, length, is_refused) in [
            (Format::Post, 0, true),
            (Format::Post, 280, false),
            (Format::Post, 281, true),
            (Format::Post, 395, true),
            (Format::Chat, 395, false),
            (Format::Mail, 395, false),
            (Format::Mail, 0, true),
        ] {
            let text = "é".repeat(length);
            assert_eq!(
                error(format, &text).is_some(),
                is_refused,
                "{format:?} {length}"
            );
        }
    }

    fn with_body(mut incident: IncidentView, body: &str) -> IncidentView {
        for update in &mut incident.updates {
            body.clone_into(&mut update.body);
        }
        incident
    }

    #[test]
    fn an_edited_text_with_an_outdated_promise_gets_a_warning() {
        let time = |at: Timestamp| at.to_string()[11..16].to_owned() + " UTC";
        let warning = |incident: &IncidentView, text: &str, now: &str| {
            let options = ShareOptions {
                site: "Acme SMS",
                overdue_after_s: 300,
                now: Timestamp::parse(now).unwrap(),
                time: &time,
            };
            outdated_promise(text, incident, &options)
        };
        let own = "We write again by 09:00 UTC.";
        let promising = promising();
        assert_eq!(warning(&promising, own, "2026-11-21T08:59:59Z"), None);
        for (now, expected) in [
            ("2026-11-21T09:00:00Z", "That update is due now."),
            ("2026-11-21T09:05:00Z", "That update is late."),
        ] {
            let words = warning(&promising, own, now).unwrap();
            assert!(words.contains("promised by 09:00 UTC"), "{words}");
            assert!(words.contains(expected), "{words}");
            let other = warning(&promising, "We are on it since 19:00.", now);
            assert_eq!(other, None);
            let current = format!("Hello. {}", shared(Format::Chat, &promising, now));
            assert_eq!(warning(&promising, &current, now), None);
        }
        let mut moved = promising.clone();
        moved.next_update_at = Timestamp::parse("2026-11-21T10:00:00Z");
        let words = warning(&moved, own, "2026-11-21T08:30:00Z").unwrap();
        assert!(words.contains("promised by 10:00 UTC now"), "{words}");
        let mut ended = promising;
        ended.status = Status::Resolved;
        let words = warning(&ended, own, "2026-11-21T08:30:00Z").unwrap();
        assert!(words.contains("No update is promised"), "{words}");
    }

    #[test]
    fn each_kind_of_end_has_its_own_prefix() {
        let resolved = incident(&json!({ "status": "resolved" }));
        let completed = incident(
            &json!({ "kind": "maintenance", "impact": null, "status": "completed",
            "scheduled_for": "2026-11-21T06:00:00Z", "scheduled_until": "2026-11-21T07:00:00Z" }),
        );
        let announced = incident(&json!({ "kind": "announcement", "impact": null }));
        let ended = IncidentView {
            status: Status::Ended,
            ..announced
        };
        let withdrawn = IncidentView {
            withdrawn: Some("It was our own monitor".to_owned()),
            ..promising()
        };
        let drill = incident(&json!({ "drill": true }));
        for (incident, expected) in [
            (resolved, "Acme SMS: Resolved: Messages are delayed."),
            (completed, "Acme SMS: Completed: Messages are delayed."),
            (ended, "Acme SMS: Ended: Messages are delayed."),
            (
                withdrawn,
                "Acme SMS: Withdrawn: Messages are delayed. It was our own monitor.",
            ),
            (drill, "Acme SMS: DRILL, not real: Messages are delayed."),
        ] {
            let text = shared(Format::Chat, &incident, "2026-11-21T12:00:00Z");
            assert!(text.starts_with(expected), "{text}");
        }
    }
}
