//! Projects the feed from a site's state.

use super::{restored, shorten::fit};
use crate::{
    limits,
    state::State,
    text::cut::cut,
    wire::{
        enums::{Impact, Kind, NoticeKind, Status, Undeclared},
        feed::{AffectedComponent, Feed, FeedAudience, FeedUpdate, Notice, Segment},
        ids::Slug,
        incident::{AudienceDefaults, Incident, Update},
        input::{Audience, IncidentText},
        language::Language,
        site::Site,
    },
};

/// Seconds between polls while any notice is open.
const POLL_OPEN_S: u32 = 10;
/// Seconds between polls while no notice is open.
const POLL_QUIET_S: u32 = 30;

/// Parameters of the feed that are not part of the state.
#[derive(Clone, Debug)]
pub struct FeedOptions<'a> {
    /// Base URL of the deployment, without a trailing slash.
    pub public_url: &'a str,
    /// Revision of the state.
    pub rev: u64,
    /// Requested language. The primary language is used if this is `None` or the site does not have it.
    pub language: Option<&'a Language>,
}

/// Serialises the feed in at most [`limits::FEED`] bytes, if necessary [shortened](super::shorten).
/// `updates_more` counts the dropped updates. `None` before the site is created.
pub fn body(state: &State, setting: &FeedOptions<'_>) -> Option<String> {
    fit(project(state, setting)?)
}

/// Projects the complete feed, whatever its size. `None` before the site is created.
pub fn project(state: &State, setting: &FeedOptions<'_>) -> Option<Feed> {
    let site = state.site.as_ref()?;
    let language = setting
        .language
        .filter(|language| site.languages.contains(language))
        .cloned()
        .unwrap_or_else(|| site.primary_language());
    let mut shown: Vec<&Incident> = state
        .incidents
        .values()
        .filter(|incident| !site.paused && incident.is_shown())
        .collect();
    shown.sort_by_key(|incident| {
        (
            urgency(incident),
            // Scheduled maintenance by start, all others newest first.
            if incident.status == Status::Scheduled {
                incident.started_at.seconds()
            } else {
                incident.started_at.seconds().saturating_neg()
            },
            incident.id.clone(),
        )
    });
    let status_url = format!("{}/s/{}", setting.public_url, site.slug);
    let is_any_open = shown.iter().any(|incident| incident.is_open());
    Some(Feed {
        v: 1,
        site: site.slug.clone(),
        name: site.name.clone(),
        lang: language.to_string(),
        rev: setting.rev,
        paused: site.paused,
        poll_after_s: if is_any_open {
            POLL_OPEN_S
        } else {
            POLL_QUIET_S
        },
        notices: shown
            .into_iter()
            .map(|incident| notice(state, site, incident, &language, &status_url))
            .collect(),
        status_url,
        subscribe: Vec::new(),
    })
}

/// Returns the sort key of a notice, most pressing first.
fn urgency(incident: &Incident) -> u8 {
    if !incident.is_open() {
        return 6;
    }
    match (incident.kind, incident.status, incident.impact) {
        (Kind::Maintenance, Status::Scheduled, _) => 4,
        (Kind::Maintenance, _, _) => 2,
        (Kind::Announcement, _, _) => 5,
        (_, _, Impact::Critical) => 0,
        (_, _, Impact::Major) => 1,
        _ => 3,
    }
}

/// Projects an incident as a notice, even if the feed does not contain it now.
pub fn notice(
    state: &State,
    site: &Site,
    incident: &Incident,
    language: &Language,
    status_url: &str,
) -> Notice {
    let is_over = !incident.is_open();
    let translated = incident.text.get(language);
    let pick = |field: fn(&IncidentText) -> Option<&String>, original: &Option<String>| {
        translated
            .and_then(field)
            .cloned()
            .or_else(|| original.clone())
    };
    let pick_list = |field: fn(&IncidentText) -> Option<&Vec<String>>, original: &Vec<String>| {
        translated.and_then(field).unwrap_or(original).clone()
    };
    let newest = incident.updates.iter().rev();
    let updates: Vec<FeedUpdate> = newest
        .take(limits::FEED_UPDATES)
        .map(|update| feed_update(update, language))
        .collect();
    Notice {
        id: incident.id.clone(),
        kind: match (is_over, incident.kind) {
            (true, _) => NoticeKind::Restored,
            (_, Kind::Maintenance) => NoticeKind::Maintenance,
            (_, Kind::Announcement) => NoticeKind::Announcement,
            (_, Kind::Incident | Kind::Unknown) => NoticeKind::Incident,
        },
        status: incident.status,
        impact: incident.worst_or_current(),
        in_app: incident.effective_in_app(),
        hold: incident.hold && !is_over,
        drill: incident.drill,
        preview: false,
        attention: incident.attention,
        title: translated
            .and_then(|text| text.title.clone())
            .unwrap_or_else(|| incident.title.clone()),
        lang: title_language(site, incident, language),
        // The all-clear does not contain the texts about the outage.
        advice: pick(|text| text.advice.as_ref(), &incident.advice).filter(|_| !is_over),
        works: if is_over {
            Vec::new()
        } else {
            pick_list(|text| text.works.as_ref(), &incident.works)
        },
        broken: if is_over {
            Vec::new()
        } else {
            pick_list(|text| text.broken.as_ref(), &incident.broken)
        },
        started_at: incident.started_at,
        ends_at: match incident.kind {
            Kind::Maintenance => incident.scheduled_until.filter(|_| !is_over),
            Kind::Announcement => incident.announce_until,
            Kind::Incident | Kind::Unknown => None,
        },
        next_update_at: incident.next_update_at.filter(|_| !is_over),
        overdue_after_s: site.overdue_after_s,
        estimated_end_at: incident.estimated_end_at.filter(|_| !is_over),
        confidence: incident
            .confidence
            .filter(|_| !is_over && incident.estimated_end_at.is_some()),
        components: affected(state, incident),
        updates_more: u32::try_from(incident.updates.len().saturating_sub(updates.len()))
            .unwrap_or(u32::MAX),
        updates,
        contacts: incident
            .contacts
            .clone()
            .unwrap_or_else(|| site.contacts.clone()),
        audience: audience(state, site, incident, language),
        restored: restored::project(incident, site.restored, language),
        url: format!("{status_url}/incidents/{}", incident.id),
    }
}

/// Returns the title's language if it falls back to the primary one, so that screen readers pronounce it correctly.
fn title_language(site: &Site, incident: &Incident, language: &Language) -> Option<String> {
    let primary = site.primary_language();
    let has_title = incident
        .text
        .get(language)
        .is_some_and(|text| text.title.is_some());
    (primary != *language && !has_title).then(|| primary.to_string())
}

fn feed_update(update: &Update, language: &Language) -> FeedUpdate {
    let body = update.text.get(language).unwrap_or(&update.body);
    let (body, truncated) = cut(body, limits::FEED_BODY);
    FeedUpdate {
        id: update.id.clone(),
        status: update.status,
        body: body.to_owned(),
        truncated,
        at: update.at,
    }
}

/// Projects the components that an incident affects. Before a maintenance starts, they keep their current statuses.
pub fn affected(state: &State, incident: &Incident) -> Vec<AffectedComponent> {
    let is_scheduled = incident.status == Status::Scheduled;
    let resolve = |entry: &crate::wire::incident::IncidentComponent| {
        let component = state
            .components
            .iter()
            .find(|component| component.id == entry.id)?;
        Some(AffectedComponent {
            id: component.id.clone(),
            slug: component.slug.clone(),
            name: component.name.clone(),
            // A maintenance affects nothing before it starts.
            status: if is_scheduled {
                component.status
            } else {
                entry.status
            },
            since: if is_scheduled {
                component.since
            } else {
                entry.since
            },
        })
    };
    incident.components.iter().filter_map(resolve).collect()
}

fn audience(state: &State, site: &Site, incident: &Incident, language: &Language) -> FeedAudience {
    let given = incident.audience.clone().unwrap_or_default();
    let affected_slugs = || -> Vec<Slug> {
        affected(state, incident)
            .into_iter()
            .map(|component| component.slug)
            .collect()
    };
    let undeclared = undeclared(incident, &given);
    FeedAudience {
        segments: given
            .segments
            .iter()
            .map(|slug| segment(site, slug, language))
            .collect(),
        paths: given.paths,
        components: given.components.unwrap_or_else(affected_slugs),
        undeclared: undeclared.legacy,
        undeclared_components: undeclared
            .by_dimension
            .map(|each| each.undeclared_components),
        undeclared_segments: undeclared.by_dimension.map(|each| each.undeclared_segments),
    }
}

/// Whether pages see a notice if they do not declare a dimension of its audience.
struct OnUndeclaredPages {
    /// The decision for each dimension. `None` if the operator made none and the publication stored no defaults.
    by_dimension: Option<AudienceDefaults>,
    /// The decision for both dimensions together, for old embeds, which read only one field.
    legacy: Undeclared,
}

fn undeclared(incident: &Incident, given: &Audience) -> OnUndeclaredPages {
    // The default of events that predate `AudienceDefaults`.
    let by_impact = match (incident.kind, incident.worst_or_current()) {
        (Kind::Maintenance, _) | (_, Impact::Major | Impact::Critical) => Undeclared::Show,
        _ => Undeclared::Hide,
    };
    let defaults = incident.audience_defaults;
    let default_of =
        |default: Option<Undeclared>| given.undeclared.or(default).unwrap_or(by_impact);
    let is_by_dimension = defaults.is_some()
        || given.undeclared_components.is_some()
        || given.undeclared_segments.is_some();
    if !is_by_dimension {
        return OnUndeclaredPages {
            by_dimension: None,
            legacy: default_of(None),
        };
    }
    let by_dimension = AudienceDefaults {
        undeclared_components: given.undeclared_components.unwrap_or(default_of(
            defaults.map(|defaults| defaults.undeclared_components),
        )),
        undeclared_segments: given.undeclared_segments.unwrap_or(default_of(
            defaults.map(|defaults| defaults.undeclared_segments),
        )),
    };
    let is_any_hidden = [
        by_dimension.undeclared_components,
        by_dimension.undeclared_segments,
    ]
    .contains(&Undeclared::Hide);
    OnUndeclaredPages {
        by_dimension: Some(by_dimension),
        legacy: if is_any_hidden {
            Undeclared::Hide
        } else {
            Undeclared::Show
        },
    }
}

/// Projects a segment. A segment that the site no longer declares is kept: without it, the notice would be shown to
/// everyone.
fn segment(site: &Site, slug: &Slug, language: &Language) -> Segment {
    let declared = site.segments.iter().find(|segment| segment.slug == *slug);
    Segment {
        slug: slug.clone(),
        label: declared.map_or_else(
            || slug.to_string(),
            |segment| segment.text.get(language).unwrap_or(&segment.label).clone(),
        ),
    }
}
