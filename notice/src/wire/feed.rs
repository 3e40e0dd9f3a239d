//! The feed: the small public JSON document that every widget polls.
//!
//! Its shape is fixed by `notice/golden/feed.json`. Fields are added, never removed or given another meaning: a widget
//! of last year reads the feed of today.

use serde::{Deserialize, Serialize};

use super::{
    ids::{ComponentId, IncidentId, Slug, UpdateId},
    time::Timestamp,
    words::{
        ComponentStatus, Confidence, ContactKind, Impact, InApp, NoticeKind, Status, Undeclared,
        lenient, lenient_option,
    },
};

/// Everything that is in force for one site, in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// The format's version: 1.
    pub v: u32,
    /// The site's slug.
    pub site: Slug,
    /// The site's name, as users know it.
    pub name: String,
    /// The language of the texts, as a BCP 47 tag.
    pub lang: String,
    /// Rises with every change; a reader ignores a lower one than it has seen. Milliseconds since 1970, or one more
    /// than the last.
    pub rev: u64,
    /// The operators have paused every embed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Seconds until the next poll is welcome.
    pub poll_after_s: u32,
    /// The status page.
    pub status_url: String,
    /// Ways to subscribe that work on this deployment; empty: no button.
    #[serde(default)]
    pub subscribe: Vec<String>,
    /// What is in force, most pressing first.
    pub notices: Vec<Notice>,
}

/// What an end user sees of one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The incident's id.
    pub id: IncidentId,
    /// What sort of notice it is.
    #[serde(deserialize_with = "lenient")]
    pub kind: NoticeKind,
    /// Where it stands.
    #[serde(deserialize_with = "lenient")]
    pub status: Status,
    /// How bad it is.
    #[serde(deserialize_with = "lenient")]
    pub impact: Impact,
    /// How loud it is.
    #[serde(deserialize_with = "lenient")]
    pub in_app: InApp,
    /// Work is being lost: it can be minimised, not hidden.
    #[serde(default)]
    pub hold: bool,
    /// Shown only in browsers opened with `#allclear-drill`.
    #[serde(default)]
    pub drill: bool,
    /// Made up in the browser, to show what a card looks like. No server sends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// Hiding lasts until this rises.
    pub attention: u32,
    /// What is wrong, in a line. At most 200 characters.
    pub title: String,
    /// The language of the title, where it is not the feed's: it had no translation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// What to do now.
    #[serde(default)]
    pub advice: Option<String>,
    /// What still works.
    #[serde(default)]
    pub works: Vec<String>,
    /// What does not.
    #[serde(default)]
    pub broken: Vec<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When planned work or an announcement is to end.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// When the next word is promised.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// Seconds after the promise when it counts as late.
    #[serde(default)]
    pub overdue_after_s: u32,
    /// When it is expected to end.
    #[serde(default)]
    pub estimated_end_at: Option<Timestamp>,
    /// How sure the estimate is.
    #[serde(default, deserialize_with = "lenient_option")]
    pub confidence: Option<Confidence>,
    /// The parts of the product it touches.
    #[serde(default)]
    pub components: Vec<AffectedComponent>,
    /// The timeline, newest first, at most five.
    #[serde(default)]
    pub updates: Vec<FeedUpdate>,
    /// How many older updates the incident's page has.
    #[serde(default)]
    pub updates_more: u32,
    /// Whom to reach.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Whom it is for.
    #[serde(default)]
    pub audience: FeedAudience,
    /// The all-clear, when `kind` is `restored`.
    #[serde(default)]
    pub restored: Option<Restored>,
    /// The incident's page.
    pub url: String,
}

/// A part of the product as an incident touches it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AffectedComponent {
    /// Its id.
    pub id: ComponentId,
    /// Its slug, as in `data-components`.
    pub slug: Slug,
    /// Its name, as users know it.
    pub name: String,
    /// How it does.
    #[serde(deserialize_with = "lenient")]
    pub status: ComponentStatus,
    /// Since when.
    pub since: Timestamp,
}

/// One dated entry of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedUpdate {
    /// Its id.
    pub id: UpdateId,
    /// Where the incident stood.
    #[serde(deserialize_with = "lenient")]
    pub status: Status,
    /// What was said, in the Markdown subset. At most 2,000 characters.
    pub body: String,
    /// The rest of the body stands on the incident's page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// When.
    pub at: Timestamp,
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// How.
    #[serde(deserialize_with = "lenient")]
    pub kind: ContactKind,
    /// What the button says.
    pub label: String,
    /// The number, address or link.
    pub value: String,
}

/// Whom a notice is for. AND across what it names, OR within one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedAudience {
    /// Segments, any of which must match; empty: everyone.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// Path patterns, any of which must match; empty: everywhere.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Component slugs, any of which must match; empty: all pages.
    #[serde(default)]
    pub components: Vec<Slug>,
    /// Whether a page sees it that declares nothing of a dimension named here, where the next two are absent; `hide`
    /// while either of them is, for embeds that know only this field.
    #[serde(default = "show", deserialize_with = "lenient")]
    pub undeclared: Undeclared,
    /// Whether a page sees it that declares no components.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient_option"
    )]
    pub undeclared_components: Option<Undeclared>,
    /// Whether a page sees it that declares no segments; the segments' labels then stand before its title.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient_option"
    )]
    pub undeclared_segments: Option<Undeclared>,
}

fn show() -> Undeclared {
    Undeclared::Show
}

impl Default for FeedAudience {
    fn default() -> Self {
        Self {
            segments: Vec::new(),
            paths: Vec::new(),
            components: Vec::new(),
            undeclared: show(),
            undeclared_components: None,
            undeclared_segments: None,
        }
    }
}

/// A part of the customers, with the words users read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// As in `data-audience`.
    pub slug: Slug,
    /// As on the card.
    pub label: String,
}

/// The all-clear of an incident, in words of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// When it was over.
    pub at: Timestamp,
    /// How long it took, in seconds.
    pub seconds: u64,
    /// What is back.
    #[serde(default)]
    pub back: Vec<String>,
    /// What to check.
    #[serde(default)]
    pub check: Option<String>,
    /// What is not yet right.
    #[serde(default)]
    pub still: Vec<String>,
    /// Until when a browser that was here before, but not during, sees the pill; `null`: never.
    #[serde(default)]
    pub returning_until: Option<Timestamp>,
    /// Until when any browser sees the pill; `null`: never.
    #[serde(default)]
    pub everyone_until: Option<Timestamp>,
    /// When it leaves the feed.
    pub expires_at: Timestamp,
    /// Why the notice was a mistake, when it was.
    #[serde(default)]
    pub withdrawn: Option<String>,
    /// What was learned, when it has been written.
    #[serde(default)]
    pub postmortem: Option<Postmortem>,
}

/// What was learned of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Postmortem {
    /// Why it happened.
    pub root_cause: String,
    /// From when to when.
    pub window: Window,
    /// What was done.
    pub remedy: String,
    /// What will be done so that it does not happen again.
    pub prevention: Vec<String>,
    /// When this was published.
    pub published_at: Timestamp,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
}
