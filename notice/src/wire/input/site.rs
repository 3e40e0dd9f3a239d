//! Request bodies about sites.

use serde::{Deserialize, Serialize};

use crate::wire::{
    feed::Contact,
    ids::Slug,
    language::Language,
    site::{Cadence, Colours, OnCall, QuietHours, RestoredSettings, Site, SiteSegment},
};

/// Body of `POST /v1/sites`, and the document that `PATCH /v1/sites/{site}` patches. Required: `slug` and `name`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSite {
    /// Name in URLs. Cannot be changed.
    pub slug: Slug,
    /// Name shown to users.
    pub name: String,
    /// Languages of the texts, the primary one first. Default: English.
    #[serde(default)]
    pub languages: Option<Vec<Language>>,
    /// IANA time zone of the quiet hours, of calendar days and of the times in texts. Default: `Etc/UTC`.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Host names under which the public pages are served.
    #[serde(default)]
    pub hostnames: Vec<String>,
    /// Accent colours. Default: those of the product.
    #[serde(default)]
    pub colours: Option<Colours>,
    /// Default contacts of incidents.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Customer segments that audiences can name.
    #[serde(default)]
    pub segments: Vec<SiteSegment>,
    /// Update intervals by tier. Default: 30 min, 2 h and 24 h.
    #[serde(default)]
    pub cadence: Option<Cadence>,
    /// On-call targets for reminders of due updates, in order of escalation.
    #[serde(default)]
    pub on_call: Vec<OnCall>,
    /// Daily hours in which on-call targets get only pages.
    #[serde(default)]
    pub on_call_quiet_hours: Option<QuietHours>,
    /// Daily hours in which maintenance disturbs users least.
    #[serde(default)]
    pub quiet_hours: Option<QuietHours>,
    /// Times for which browsers that did not see the incident show its all-clear. Default: 24 h and 2 h.
    #[serde(default)]
    pub restored: Option<RestoredSettings>,
    /// Seconds after a promised update until it counts as overdue. Default: 300.
    #[serde(default)]
    pub overdue_after_s: Option<u32>,
    /// Whether pages that declare no components show minor incidents by default. Default: true.
    #[serde(default)]
    pub minor_on_undeclared_pages: Option<bool>,
    /// Whether all embeds are switched off. Embeds unmount at their next poll.
    #[serde(default)]
    pub paused: bool,
}

impl NewSite {
    /// Converts a site into the document that a merge patch applies to.
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
            on_call_quiet_hours: site.on_call_quiet_hours.clone(),
            quiet_hours: site.quiet_hours.clone(),
            restored: Some(site.restored),
            overdue_after_s: Some(site.overdue_after_s),
            minor_on_undeclared_pages: Some(site.minor_on_undeclared_pages),
            paused: site.paused,
        }
    }
}
