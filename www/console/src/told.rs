//! Texts about an incident for use elsewhere: a mail reply, a chat reply, a short post.

use notice::{
    markdown::first_line,
    project::view::IncidentView,
    wire::{time::Timestamp, words::Kind},
};
use serde::{Deserialize, Serialize};

/// Characters in a post, its link included.
pub const POST: usize = 280;

/// The kinds of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// A reply to a mail, in paragraphs.
    Mail,
    /// A reply in a chat, in one paragraph.
    #[default]
    Chat,
    /// A post of at most [`POST`] characters.
    Post,
}

impl Format {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Chat, Self::Post];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "Mail reply",
            Self::Chat => "Chat reply",
            Self::Post => "Short post",
        }
    }
}

/// Why a text cannot be copied in a format, if it cannot.
pub fn refusal(format: Format, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("Enter a text.".to_owned());
    }
    let is_too_long = format == Format::Post && text.chars().count() > POST;
    is_too_long.then(|| format!("Shorten it to {POST} characters."))
}

/// Inputs of a text beside the incident.
pub struct Setting<'a> {
    /// The site's name.
    pub site: &'a str,
    /// Seconds after a promised time when the update counts as late.
    pub overdue_after_s: u32,
    /// The moment at which the text is copied.
    pub now: Timestamp,
    /// Writes a time with its zone.
    pub time: &'a dyn Fn(Timestamp) -> String,
}

/// The text, true at `setting.now`. The link is always whole.
pub fn text(format: Format, incident: &IncidentView, setting: &Setting<'_>) -> String {
    let said = Said::of(incident, setting);
    match format {
        Format::Mail => said.mail(&incident.url),
        Format::Chat => said.chat(&incident.url),
        Format::Post => said.post(&incident.url),
    }
}

/// The sentences, each complete; absent ones are `None`.
struct Said {
    title: String,
    update: Option<String>,
    advice: Option<String>,
    promise: Option<String>,
}

impl Said {
    fn of(incident: &IncidentView, setting: &Setting<'_>) -> Self {
        let over = !incident.is_open();
        let title = format!("{}: {}", setting.site, titled(incident));
        let check = || {
            let restored = incident.restored.as_ref();
            restored.and_then(|restored| restored.check.clone())
        };
        let advice = match over {
            true => check(),
            false => incident.advice.clone(),
        };
        let advice = advice.filter(|_| incident.withdrawn.is_none());
        let update = match &incident.withdrawn {
            Some(reason) => Some(reason.clone()),
            None => incident.newest().map(|update| update.body.clone()),
        };
        let sentence = |text: String| Some(ended(&first_line(&text))).filter(|text| text != ".");
        Self {
            title: ended(&title),
            update: update.and_then(sentence),
            advice: advice.and_then(sentence),
            promise: incident
                .next_update_at
                .filter(|_| !over)
                .map(|at| promised(at, setting)),
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

    /// The title, the promise and the advice go before the update. What does not fit is left out, or cut at a word.
    fn post(&self, url: &str) -> String {
        let room = POST.saturating_sub(url.chars().count() + 1);
        let promise = self.promise.as_deref().unwrap_or_default();
        let reserved = match promise.chars().count() {
            0 => 0,
            length => length + 1,
        };
        let mut text = shortened(&self.title, room.saturating_sub(reserved));
        for sentence in [&self.advice, &self.update].into_iter().flatten() {
            let left = room.saturating_sub(text.chars().count() + 1 + reserved);
            if sentence.chars().count() <= left {
                text = format!("{text} {sentence}");
            }
        }
        let text = format!("{text} {promise}");
        format!("{}\n{url}", text.trim_end())
    }
}

/// The title, with what has become of it.
fn titled(incident: &IncidentView) -> String {
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

/// The promise while it holds, that it is due, or that it is late.
fn promised(at: Timestamp, setting: &Setting<'_>) -> String {
    let time = (setting.time)(at);
    let late = at.plus_seconds(i64::from(setting.overdue_after_s));
    if setting.now >= late {
        format!("Our {time} update is late. The problem may not be over yet.")
    } else if setting.now >= at {
        "Our next update is due now.".to_owned()
    } else {
        format!("Next update by {time}.")
    }
}

/// What became of a promised update that an edited text still mentions, as a warning beside the text; `None` while the promise
/// holds.
pub fn outdated_promise(
    text: &str,
    incident: &IncidentView,
    setting: &Setting<'_>,
) -> Option<String> {
    let standing = incident.next_update_at.filter(|_| incident.is_open());
    let made = incident.updates.iter();
    let made = made.filter_map(|update| update.next_update_at);
    let mut promises: Vec<Timestamp> = standing.into_iter().chain(made).collect();
    promises.dedup();
    let mentions = |at: &Timestamp| {
        let time = (setting.time)(*at);
        // The day is left out of a text that was written on it.
        let hour = time.split(' ').find(|part| part.contains(':'));
        hour.is_some_and(|hour| mentions_word(text, hour))
    };
    let is_kept = |at: &Timestamp| standing == Some(*at) && setting.now < *at;
    let is_said = |at| text.contains(&promised(at, setting));
    if standing.is_some_and(is_said) || promises.iter().any(|at| mentions(at) && is_kept(at)) {
        return None;
    }
    let at = promises.into_iter().find(mentions)?;
    let time = (setting.time)(at);
    let late = at.plus_seconds(i64::from(setting.overdue_after_s));
    let became = match standing {
        None => "No update is promised any more.".to_owned(),
        Some(next) if next != at => {
            format!(
                "The next update is promised by {} now.",
                (setting.time)(next)
            )
        }
        Some(_) if setting.now >= late => "That update is late.".to_owned(),
        Some(_) => "That update is due now.".to_owned(),
    };
    Some(format!(
        "Your text mentions the update promised by {time}. {became} Change your text."
    ))
}

/// Whether a text has a word, with no letter or digit right before or behind it.
fn mentions_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + word.len()..);
        let behind = behind.and_then(|behind| behind.chars().next());
        let is_part = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
        !is_part(before) && !is_part(behind)
    })
}

/// With a full stop, unless it ends a sentence already.
fn ended(text: &str) -> String {
    let text = text.trim();
    match text.ends_with(['.', '!', '?', '…', ':']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// At most so many characters, cut at a word where it is too long.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = head
        .rsplit_once(' ')
        .map_or(head.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([' ', ',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::{Format, POST, Setting, outdated_promise, refusal, text};
    use crate::testing::incident;
    use notice::{
        project::view::IncidentView,
        wire::{time::Timestamp, words::Status},
    };
    use serde_json::json;

    const URL: &str = "https://status.example.com/s/acme/incidents/inc_1";

    /// An incident that promises its next update for 9:00.
    fn promising() -> IncidentView {
        incident(&json!({ "advice": "Do not resend.", "next_update_at": "2026-11-21T09:00:00Z" }))
    }

    fn told(format: Format, incident: &IncidentView, now: &str) -> String {
        let time = |at: Timestamp| at.to_string()[11..16].to_owned() + " UTC";
        let setting = Setting {
            site: "Acme SMS",
            overdue_after_s: 300,
            now: Timestamp::parse(now).unwrap(),
            time: &time,
        };
        text(format, incident, &setting)
    }

    #[test]
    fn a_chat_reply_says_what_to_do_and_when_more_comes() {
        assert_eq!(
            told(Format::Chat, &promising(), "2026-11-21T08:10:00Z"),
            format!(
                "Acme SMS: Messages are delayed. We are looking into it. Do not resend. Next update by 09:00 UTC.\n{URL}"
            )
        );
    }

    #[test]
    fn a_late_promise_is_said_to_be_late_in_every_format() {
        for format in Format::ALL {
            let before = told(format, &promising(), "2026-11-21T08:59:59Z");
            assert!(before.contains("Next update by 09:00 UTC."), "{before}");
            let due = told(format, &promising(), "2026-11-21T09:04:59Z");
            assert!(due.contains("Our next update is due now."), "{due}");
            let late = told(format, &promising(), "2026-11-21T09:05:00Z");
            assert!(late.contains("Our 09:00 UTC update is late."), "{late}");
            assert!(!late.contains("Next update"), "{late}");
        }
    }

    #[test]
    fn a_post_keeps_its_link_and_at_most_280_characters() {
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
            let post = told(Format::Post, &incident, "2026-11-21T09:30:00Z");
            assert!(post.chars().count() <= POST, "{post}");
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
                refusal(format, &text).is_some(),
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
    fn an_edited_text_is_told_which_promise_is_late() {
        let time = |at: Timestamp| at.to_string()[11..16].to_owned() + " UTC";
        let warning = |incident: &IncidentView, text: &str, now: &str| {
            let setting = Setting {
                site: "Acme SMS",
                overdue_after_s: 300,
                now: Timestamp::parse(now).unwrap(),
                time: &time,
            };
            outdated_promise(text, incident, &setting)
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
            let standing = format!("Hello. {}", told(Format::Chat, &promising, now));
            assert_eq!(warning(&promising, &standing, now), None);
        }
        let mut moved = promising.clone();
        moved.next_update_at = Timestamp::parse("2026-11-21T10:00:00Z");
        let words = warning(&moved, own, "2026-11-21T08:30:00Z").unwrap();
        assert!(words.contains("promised by 10:00 UTC now"), "{words}");
        let mut over = promising;
        over.status = Status::Resolved;
        let words = warning(&over, own, "2026-11-21T08:30:00Z").unwrap();
        assert!(words.contains("No update is promised"), "{words}");
    }

    #[test]
    fn each_kind_of_end_has_its_own_word() {
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
            let text = told(Format::Chat, &incident, "2026-11-21T12:00:00Z");
            assert!(text.starts_with(expected), "{text}");
        }
    }
}
