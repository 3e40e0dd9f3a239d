//! The feed: the small public JSON document that every embed polls.
//!
//! `notice/golden/feed.json` fixes its shape. Fields are added, never removed or redefined, because old widgets read
//! new feeds.

use serde::{Deserialize, Serialize};

use super::{
    ids::{ComponentId, IncidentId, Slug, UpdateId},
    time::Timestamp,
};
use crate::wire::enums::{
    ComponentStatus, Confidence, ContactKind, Impact, InApp, NoticeKind, Status, Undeclared,
    lenient, lenient_option,
};

/// The notices of one site, in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Version of the format: 1.
    pub v: u32,
    /// Slug of the site, as in the feed's URL.
    pub site: Slug,
    /// Name of the site, as shown to users.
    pub name: String,
    /// Language of the texts, as a BCP 47 tag.
    pub lang: String,
    /// Revision. Rises with every public change; readers ignore a feed whose revision is lower than that of a feed
    /// they have read. The time of the change in milliseconds since 1970, or the previous revision plus 1 if that
    /// is higher.
    pub rev: u64,
    /// Whether the operators have switched off all embeds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Minimum pause before the next poll, in seconds.
    pub poll_after_s: u32,
    /// URL of the status page.
    pub status_url: String,
    /// Ways to subscribe that this deployment supports. Empty: no subscribe button.
    #[serde(default)]
    pub subscribe: Vec<String>,
    /// Current notices, most pressing first.
    pub notices: Vec<Notice>,
}

/// An incident as shown to end users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Id of the incident that the notice shows.
    pub id: IncidentId,
    /// Kind of the notice; `restored` once the incident is over.
    #[serde(deserialize_with = "lenient")]
    pub kind: NoticeKind,
    /// Current status of the incident.
    #[serde(deserialize_with = "lenient")]
    pub status: Status,
    /// Current impact; after the end of the incident, the worst impact.
    #[serde(deserialize_with = "lenient")]
    pub impact: Impact,
    /// Presentation inside the app.
    #[serde(deserialize_with = "lenient")]
    pub in_app: InApp,
    /// Whether users can minimise the card but not hide it, which is for incidents in which users lose work.
    #[serde(default)]
    pub hold: bool,
    /// Whether this is a drill, shown only on pages opened with `#allclear-drill`.
    #[serde(default)]
    pub drill: bool,
    /// Whether the notice was made up in the browser for a preview. Never set by a server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// Attention counter. A notice that a reader has hidden is shown again when the counter rises.
    pub attention: u32,
    /// One-line summary of the problem, at most 200 characters.
    pub title: String,
    /// Language of the title, if it differs from the feed's because there is no translation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Advice for users in Markdown.
    #[serde(default)]
    pub advice: Option<String>,
    /// List of functions that still work.
    #[serde(default)]
    pub works: Vec<String>,
    /// List of functions that do not work.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Start of the incident.
    pub started_at: Timestamp,
    /// Planned end of a maintenance or announcement.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Promised time of the next update.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// Seconds after `next_update_at` until the update counts as overdue.
    #[serde(default)]
    pub overdue_after_s: u32,
    /// Estimated end, as set by the operator.
    #[serde(default)]
    pub estimated_end_at: Option<Timestamp>,
    /// Confidence in the estimated end.
    #[serde(default, deserialize_with = "lenient_option")]
    pub confidence: Option<Confidence>,
    /// Affected components of the product.
    #[serde(default)]
    pub components: Vec<AffectedComponent>,
    /// Latest updates, newest first, at most 5.
    #[serde(default)]
    pub updates: Vec<FeedUpdate>,
    /// Number of older updates, which are on the incident's page.
    #[serde(default)]
    pub updates_more: u32,
    /// Contacts for users, drawn as buttons.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Pages and users that the notice is for.
    #[serde(default)]
    pub audience: FeedAudience,
    /// The all-clear, if `kind` is `restored`.
    #[serde(default)]
    pub restored: Option<Restored>,
    /// URL of the incident's page.
    pub url: String,
}

/// A component that an incident affects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AffectedComponent {
    /// Id of the affected component.
    pub id: ComponentId,
    /// Slug by which pages declare the component, in the attribute `data-components`.
    pub slug: Slug,
    /// Name shown to users.
    pub name: String,
    /// Current status of the component in this incident; before a maintenance starts, the component's own status.
    #[serde(deserialize_with = "lenient")]
    pub status: ComponentStatus,
    /// Time at which `status` last changed.
    pub since: Timestamp,
}

/// An update in a notice's timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedUpdate {
    /// Id of the update, unique within the site.
    pub id: UpdateId,
    /// Status of the incident from this update on.
    #[serde(deserialize_with = "lenient")]
    pub status: Status,
    /// Text in Markdown, at most 2,000 characters.
    pub body: String,
    /// Whether the text was cut. The incident's page has the whole text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// Time of the update's publication.
    pub at: Timestamp,
}

/// A contact for users, drawn as a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The channel, which decides the meaning of `value`.
    #[serde(deserialize_with = "lenient")]
    pub kind: ContactKind,
    /// Label of the button.
    pub label: String,
    /// Telephone number, email address or URL, depending on `kind`.
    pub value: String,
}

/// The audience of a notice. A page must match every dimension that is not empty (AND), by at least
/// one of its values (OR).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedAudience {
    /// Segments of users. Empty: everyone.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// Path patterns. Empty: every path.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Component slugs. Empty: every page.
    #[serde(default)]
    pub components: Vec<Slug>,
    /// Whether the notice is shown on pages that declare no components although `components` is not
    /// empty, or no segments although `segments` is not empty. Default of the next two fields. If
    /// one of those is `hide`, this field is `hide` too, because old embeds know only this field.
    #[serde(default = "default_undeclared", deserialize_with = "lenient")]
    pub undeclared: Undeclared,
    /// Whether pages without declared components see the notice. Absent: `undeclared` decides.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient_option"
    )]
    pub undeclared_components: Option<Undeclared>,
    /// Whether pages without declared segments see the notice, with the segments' labels before its title. Absent:
    /// `undeclared` decides.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient_option"
    )]
    pub undeclared_segments: Option<Undeclared>,
}

fn default_undeclared() -> Undeclared {
    Undeclared::Show
}

impl Default for FeedAudience {
    fn default() -> Self {
        Self {
            segments: Vec::new(),
            paths: Vec::new(),
            components: Vec::new(),
            undeclared: default_undeclared(),
            undeclared_components: None,
            undeclared_segments: None,
        }
    }
}

/// A customer segment of an audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Slug by which pages declare the segment, in the attribute `data-audience`.
    pub slug: Slug,
    /// Label on cards, in the feed's language.
    pub label: String,
}

/// The all-clear of an incident, with texts of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// End of the incident.
    pub at: Timestamp,
    /// Duration of the incident, in seconds.
    pub seconds: u64,
    /// Functions that work again.
    #[serde(default)]
    pub back: Vec<String>,
    /// Text that tells users what to check.
    #[serde(default)]
    pub check: Option<String>,
    /// List of remaining problems, as texts.
    #[serde(default)]
    pub still: Vec<String>,
    /// End of the period in which returning browsers show a pill: browsers that were used in the 30 days before the
    /// end of the incident, but not during the incident. `null`: no period.
    #[serde(default)]
    pub returning_until: Option<Timestamp>,
    /// End of the period in which all browsers that show no card show a pill. `null`: no period.
    #[serde(default)]
    pub everyone_until: Option<Timestamp>,
    /// Time at which the notice leaves the feed.
    pub expires_at: Timestamp,
    /// Reason of the withdrawal, if the incident was published by mistake.
    #[serde(default)]
    pub withdrawn: Option<String>,
    /// The postmortem, once it is published.
    #[serde(default)]
    pub postmortem: Option<Postmortem>,
}

/// The postmortem of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Postmortem {
    /// Cause of the incident.
    pub root_cause: String,
    /// Start and end of the disturbance.
    pub window: Window,
    /// Measures taken to end the incident.
    pub remedy: String,
    /// Planned measures against a recurrence.
    pub prevention: Vec<String>,
    /// Time of first publication. Later corrections keep it.
    pub published_at: Timestamp,
}

/// A period of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Start of the period.
    pub start: Timestamp,
    /// End of the period, not before the start.
    pub end: Timestamp,
}
