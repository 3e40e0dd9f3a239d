//! Making and changing a site.

use serde::{Deserialize, Serialize};

use crate::wire::{
    feed::Contact,
    ids::Slug,
    language::Language,
    site::{Cadence, Colours, OnCall, QuietHours, RestoredSettings, Site, SiteSegment},
};

/// `POST /v1/sites`, and what `PATCH /v1/sites/{site}` merges into. Required: `slug` and `name`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSite {
    /// Its name in addresses; never changes.
    pub slug: Slug,
    /// Its name for users.
    pub name: String,
    /// Languages its texts may come in; the first is the site's own. Default: English.
    #[serde(default)]
    pub languages: Option<Vec<Language>>,
    /// An IANA time zone, for quiet hours; default: `Etc/UTC`.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Host names of its own, which serve its public pages.
    #[serde(default)]
    pub hostnames: Vec<String>,
    /// Its colours.
    #[serde(default)]
    pub colours: Option<Colours>,
    /// Whom users reach, unless an incident says otherwise.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Parts of its customers that notices can be aimed at.
    #[serde(default)]
    pub segments: Vec<SiteSegment>,
    /// How often an update is owed, by tier.
    #[serde(default)]
    pub cadence: Option<Cadence>,
    /// On-call targets for reminders of due updates, in order.
    #[serde(default)]
    pub on_call: Vec<OnCall>,
    /// When work disturbs least.
    #[serde(default)]
    pub quiet_hours: Option<QuietHours>,
    /// How long the all-clear is shown to whom.
    #[serde(default)]
    pub restored: Option<RestoredSettings>,
    /// Seconds after a promise when it counts as late; default: 300.
    #[serde(default)]
    pub overdue_after_s: Option<u32>,
    /// Whether pages that declare no components see minor incidents, unless the operator says otherwise; default: yes.
    #[serde(default)]
    pub minor_on_undeclared_pages: Option<bool>,
    /// Every embed unmounts within a poll.
    #[serde(default)]
    pub paused: bool,
}

impl NewSite {
    /// A site as a body would say it.
    pub fn of(site: &Site) -> Self {
        Self {
            slug: site.slug.clone(),
            name: site.name.clone(),
            languages: Some(site.languages.clone()),
            time_zone: Some(site.time_zone.clone()),
            hostnames: site.hostnames.clone(),
            colours: site.colours.clone(),
            contacts: site.contacts.clone(),
            segments: site.segments.clone(),
            cadence: Some(site.cadence),
            on_call: site.on_call.clone(),
            quiet_hours: site.quiet_hours.clone(),
            restored: Some(site.restored),
            overdue_after_s: Some(site.overdue_after_s),
            minor_on_undeclared_pages: Some(site.minor_on_undeclared_pages),
            paused: site.paused,
        }
    }
}
