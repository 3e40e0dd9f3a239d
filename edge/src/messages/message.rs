//! The content of a message, which is the same for every receiver and each attempt.

use notice::{
    notify::{
        event_name::EventName,
        occurrence::{Detail, Occurrence},
    },
    project::feed,
    state::State,
    wire::{
        feed::Notice,
        ids::{IncidentId, Slug},
        site::Site,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

/// The message about one occurrence. Stored until every receiver has it, so fields are added with a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Unique id with the prefix `msg_`, the same for each attempt. Receivers recognise repetitions by it.
    pub id: String,
    pub event: EventName,
    /// Sequence number of the journal row that caused the message. Rises with each row of a site.
    pub sequence: u64,
    /// The site's revision after that row, as in the feed.
    pub rev: u64,
    /// Time of that row.
    pub at: Timestamp,
    pub site: SiteSummary,
    pub incident_id: Option<IncidentId>,
    /// The incident in the public form, as in the feed, in the site's primary language. `None` if users cannot see it.
    pub incident: Option<Box<Notice>>,
    /// Title of the incident for on-call targets, who are operators. Not sent to webhooks, because the incident may be a draft.
    pub title: Option<String>,
    pub detail: Detail,
    pub links: Links,
    /// Whether the message only tests the receiver, and reports no event.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

/// The site that a message is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSummary {
    pub slug: Slug,
    /// Name shown to users.
    pub name: String,
    /// URL of the status page.
    pub url: String,
}

/// Addresses of the console, for operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The incident, or the site's list of incidents.
    pub open: String,
    /// The form for an update. `None` if the incident is over, or the message has no incident.
    pub post_update: Option<String>,
    /// The form for the update that resolves the incident. `None` in the same cases.
    pub resolve: Option<String>,
}

/// The origin of a message: its id, and the journal row of its occurrence.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    pub id: String,
    pub sequence: u64,
    pub rev: u64,
    pub at: Timestamp,
    /// Base URL of the deployment, without a slash at the end.
    pub public_url: &'a str,
}

impl Message {
    /// The message about an occurrence, in the state after its event. `None` before the site is created.
    pub fn new(state: &State, occurrence: &Occurrence, origin: Origin<'_>) -> Option<Self> {
        let site = state.site.as_ref()?;
        let public_url = origin.public_url;
        let status_url = format!("{public_url}/s/{}", site.slug);
        let id = occurrence.incident.as_ref();
        let incident = id.and_then(|id| state.incidents.get(id));
        let shown = incident.filter(|incident| incident.has_appeared());
        let notice = shown.map(|incident| {
            let language = site.primary_language();
            Box::new(feed::notice(state, site, incident, &language, &status_url))
        });
        let console = format!("{public_url}/console#/{}/", site.slug);
        let own = id.map(|id| format!("{console}incidents/{id}"));
        let form = |name: &str| {
            let open = shown.filter(|incident| incident.is_open());
            open.and(own.as_ref()).map(|own| format!("{own}/{name}"))
        };
        Some(Self {
            id: origin.id,
            event: occurrence.event,
            sequence: origin.sequence,
            rev: origin.rev,
            at: origin.at,
            incident_id: occurrence.incident.clone(),
            incident: notice,
            title: incident.map(|incident| incident.title.clone()),
            detail: occurrence.detail.clone(),
            links: Links {
                post_update: form("update"),
                resolve: form("resolve"),
                open: own.unwrap_or(console),
            },
            site: SiteSummary {
                slug: site.slug.clone(),
                name: site.name.clone(),
                url: status_url,
            },
            test: false,
        })
    }

    /// A message that tests a receiver. Its event is that of a new incident, but it has no incident.
    pub fn test(site: &Site, origin: Origin<'_>) -> Self {
        let public_url = origin.public_url;
        Self {
            id: origin.id,
            event: EventName::IncidentPublished,
            sequence: origin.sequence,
            rev: origin.rev,
            at: origin.at,
            site: SiteSummary {
                slug: site.slug.clone(),
                name: site.name.clone(),
                url: format!("{public_url}/s/{}", site.slug),
            },
            incident_id: None,
            incident: None,
            title: None,
            detail: Detail::None,
            links: Links {
                open: format!("{public_url}/console#/{}/", site.slug),
                post_update: None,
                resolve: None,
            },
            test: true,
        }
    }
}
