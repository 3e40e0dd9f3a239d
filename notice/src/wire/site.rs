//! Sites as stored, and as the operator API returns them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{feed::Contact, ids::Slug, language::Language, time::Timestamp};

/// A tenant: one product with its components and incidents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Name in URLs. Never changes.
    pub slug: Slug,
    /// Name shown to users.
    pub name: String,
    /// Languages of the texts, the primary one first. Never empty.
    pub languages: Vec<Language>,
    /// IANA time zone of the quiet hours, of calendar days and of the times in texts.
    pub time_zone: String,
    /// Host names under which the public pages are served.
    pub hostnames: Vec<String>,
    /// Accent colours. `None`: the default ones.
    pub colours: Option<Colours>,
    /// Default contacts of incidents.
    pub contacts: Vec<Contact>,
    /// Customer segments that audiences can name.
    pub segments: Vec<SiteSegment>,
    /// Update intervals by tier.
    pub cadence: Cadence,
    /// On-call targets for reminders of due updates, in order of escalation.
    pub on_call: Vec<OnCall>,
    /// Daily hours in which on-call targets get only pages.
    #[serde(default)]
    pub on_call_quiet_hours: Option<QuietHours>,
    /// Daily hours in which maintenance disturbs users least.
    pub quiet_hours: Option<QuietHours>,
    /// Time that browsers which were not affected show all-clears.
    pub restored: RestoredSettings,
    /// Seconds after a promised update until it counts as overdue.
    pub overdue_after_s: u32,
    /// Whether pages that declare no components show minor incidents by default.
    #[serde(default = "default_true")]
    pub minor_on_undeclared_pages: bool,
    /// Whether all embeds are switched off. Embeds unmount at their next poll.
    pub paused: bool,
    /// Time of creation, by the server's clock.
    pub created_at: Timestamp,
}

fn default_true() -> bool {
    true
}

/// A customer segment that audiences can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSegment {
    /// Slug by which pages declare the segment, in the attribute `data-audience`.
    pub slug: Slug,
    /// Label on cards, in the site's primary language.
    pub label: String,
    /// Label on cards, in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
}

/// Accent colours, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colours {
    /// Accent on a light background.
    pub light: String,
    /// Accent on a dark background.
    pub dark: String,
}

/// Intervals between updates in seconds, by the tier of the most important affected component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// For mission-critical components. Default: 30 min.
    pub tier_1_s: u32,
    /// For important components. Default: 2 h.
    pub tier_2_s: u32,
    /// For all others. Default: 24 h.
    pub tier_3_s: u32,
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            tier_1_s: 30 * 60,
            tier_2_s: 2 * 3600,
            tier_3_s: 24 * 3600,
        }
    }
}

impl Cadence {
    /// Returns the interval for a tier, in seconds.
    pub fn of(self, tier: u8) -> u32 {
        match tier {
            0 | 1 => self.tier_1_s,
            2 => self.tier_2_s,
            _ => self.tier_3_s,
        }
    }
}

/// An on-call target for reminders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// The channel of the target.
    pub kind: OnCallKind,
    /// An email address, an https URL or a key, depending on `kind`.
    pub value: String,
    /// Minutes until this target is paged: for the first target after the update became overdue,
    /// for others after the page to the previous target. Default: 0 for the first target, 15 for
    /// others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_minutes: Option<u32>,
    /// Name in the journal and in the console. `None`: made of kind and host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether pages to this target have a link that opens a session as an editor, once the target has answered a test.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub session_link: bool,
}

impl OnCall {
    /// Whether this is the same target as another, even if their other settings differ.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.value == other.value
    }
}

/// The urgency of a message to on-call targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Delayed until the end of `on_call_quiet_hours`.
    Inform,
    /// At any hour.
    Page,
}

/// The channel of an on-call target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCallKind {
    /// An email message to an address.
    Email,
    /// A POST request to a URL.
    Webhook,
    /// A message to the URL of an incoming webhook of Slack.
    Slack,
    /// A message to the URL of a workflow of Microsoft Teams.
    Teams,
    /// An event for the integration key of a PagerDuty service. The key of an account in Europe has the prefix `eu:`.
    Pagerduty,
    /// An alert with the key of an Opsgenie integration. The key of an account in Europe has the prefix `eu:`.
    Opsgenie,
    /// A notification to the URL of an ntfy topic.
    Ntfy,
}

impl OnCallKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Email,
        Self::Webhook,
        Self::Slack,
        Self::Teams,
        Self::Pagerduty,
        Self::Opsgenie,
        Self::Ntfy,
    ];

    /// The kind's name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Pagerduty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::Ntfy => "ntfy",
        }
    }
}

/// Hours of each day, in the site's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Start of the hours, as `HH:MM`.
    pub from: String,
    /// End of the hours, as `HH:MM`; on the next day if it is earlier than `from`.
    pub until: String,
}

/// Time that browsers which were not affected show all-clears of serious incidents, in seconds after the end. Affected
/// browsers show them for 72 h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredSettings {
    /// For browsers that were used in the 30 days before the end. Default: 24 h.
    pub returning_s: u32,
    /// For all browsers. Default: 2 h.
    pub everyone_s: u32,
}

impl Default for RestoredSettings {
    fn default() -> Self {
        Self {
            returning_s: 24 * 3600,
            everyone_s: 2 * 3600,
        }
    }
}

/// Default of [`Site::overdue_after_s`], in seconds.
pub const OVERDUE_AFTER_S: u32 = 300;
/// Default of [`Site::time_zone`]: UTC.
pub const TIME_ZONE: &str = "Etc/UTC";

impl Site {
    /// The primary language, in which texts without a translation are shown.
    pub fn primary_language(&self) -> Language {
        self.languages
            .first()
            .cloned()
            .unwrap_or_else(Language::english)
    }
}
