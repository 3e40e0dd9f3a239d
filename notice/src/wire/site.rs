//! A site as it is stored and as its operators read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{feed::Contact, ids::Slug, language::Language, time::Timestamp};

/// One tenant: one product with its components and incidents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Its name in addresses; never changes.
    pub slug: Slug,
    /// Its name for users.
    pub name: String,
    /// The languages of its texts, its own first; never empty.
    pub languages: Vec<Language>,
    /// An IANA time zone, for quiet hours.
    pub time_zone: String,
    /// Host names of its own, which serve its public pages.
    pub hostnames: Vec<String>,
    /// Its colours.
    pub colours: Option<Colours>,
    /// Whom users reach, unless an incident says otherwise.
    pub contacts: Vec<Contact>,
    /// The parts of its customers that notices can be aimed at.
    pub segments: Vec<SiteSegment>,
    /// How often an update is owed, by tier.
    pub cadence: Cadence,
    /// On-call targets for reminders of due updates, in order.
    pub on_call: Vec<OnCall>,
    /// When work disturbs least.
    pub quiet_hours: Option<QuietHours>,
    /// How long the all-clear is shown to whom.
    pub restored: RestoredSettings,
    /// Seconds after a promise when it counts as late.
    pub overdue_after_s: u32,
    /// Whether pages that declare no components see minor incidents, unless the operator says otherwise.
    #[serde(default = "yes")]
    pub minor_on_undeclared_pages: bool,
    /// Every embed unmounts within a poll.
    pub paused: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

fn yes() -> bool {
    true
}

/// A declared part of the customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSegment {
    /// As in `data-audience`.
    pub slug: Slug,
    /// As on the card, in the site's own language.
    pub label: String,
    /// As on the card, in the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
}

/// A site's accent, as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colours {
    /// On light paper.
    pub light: String,
    /// On dark paper.
    pub dark: String,
}

/// How often an update is owed, in seconds, by the tier of the worst-hit component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// Mission critical.
    pub tier_1_s: u32,
    /// Important.
    pub tier_2_s: u32,
    /// The rest.
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
    /// Seconds between updates for a tier.
    pub fn of(self, tier: u8) -> u32 {
        match tier {
            0 | 1 => self.tier_1_s,
            2 => self.tier_2_s,
            _ => self.tier_3_s,
        }
    }
}

/// An on-call target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// How.
    pub kind: OnCallKind,
    /// The address.
    pub value: String,
    /// Minutes after an update was due when a reminder to this target is due; default: 0 for the first, 15 for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_minutes: Option<u32>,
}

/// How somebody on call is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCallKind {
    /// By mail.
    Email,
    /// By a POST to an address.
    Webhook,
}

/// When work disturbs least, in the site's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// `HH:MM`
    pub from: String,
    /// `HH:MM`, the next day where it is earlier than `from`.
    pub until: String,
}

/// How long the all-clear of something serious is shown, in seconds after the end. Those who were hit see it 72 h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredSettings {
    /// To browsers that were here before, but not during.
    pub returning_s: u32,
    /// To everybody.
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

/// Seconds after a promise when it counts as late, unless the site says otherwise.
pub const OVERDUE_AFTER_S: u32 = 300;
/// The time zone of a site that names none.
pub const TIME_ZONE: &str = "Etc/UTC";

impl Site {
    /// The language of its texts where no translation is given.
    pub fn own_language(&self) -> Language {
        self.languages
            .first()
            .cloned()
            .unwrap_or_else(Language::english)
    }
}
