//! The feed as it follows from a site's state.

use super::{restored, shorten::fit};
use crate::{
    limits,
    state::State,
    text::cut,
    wire::{
        feed::{AffectedComponent, Feed, FeedAudience, FeedUpdate, Notice, Segment},
        ids::Slug,
        incident::{AudienceDefaults, Incident, Update},
        input::{Audience, IncidentText},
        language::Language,
        site::Site,
        words::{Impact, Kind, NoticeKind, Status, Undeclared},
    },
};

/// Seconds between polls while anything is open.
const POLL_OPEN_S: u32 = 10;
/// Seconds between polls while all is well.
const POLL_QUIET_S: u32 = 30;

/// What the state alone does not say.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Where this deployment is reached, without a slash at the end.
    pub public_url: &'a str,
    /// The revision of the state.
    pub rev: u64,
    /// The language asked for; one the site does not have means the site's own.
    pub language: Option<&'a Language>,
}

/// The feed's exact body: at most [`limits::FEED`] bytes. Older updates give way first, then lesser notices; counts
/// stay true. `None` before the site is made.
pub fn body(state: &State, setting: &Setting<'_>) -> Option<String> {
    fit(project(state, setting)?)
}

/// The feed before anything gives way. `None` before the site is made.
pub fn project(state: &State, setting: &Setting<'_>) -> Option<Feed> {
    let site = state.site.as_ref()?;
    let language = setting
        .language
        .filter(|language| site.languages.contains(language))
        .cloned()
        .unwrap_or_else(|| site.own_language());
    let mut shown: Vec<&Incident> = state
        .incidents
        .values()
        .filter(|incident| !site.paused && incident.is_shown())
        .collect();
    shown.sort_by_key(|incident| {
        (
            pressing(incident),
            // What is planned comes in the order in which it will begin; of the rest the newest first.
            if incident.status == Status::Scheduled {
                incident.started_at.seconds()
            } else {
                incident.started_at.seconds().saturating_neg()
            },
            incident.id.clone(),
        )
    });
    let status_url = format!("{}/s/{}", setting.public_url, site.slug);
    let open = shown.iter().any(|incident| incident.is_open());
    Some(Feed {
        v: 1,
        site: site.slug.clone(),
        name: site.name.clone(),
        lang: language.to_string(),
        rev: setting.rev,
        paused: site.paused,
        poll_after_s: if open { POLL_OPEN_S } else { POLL_QUIET_S },
        notices: shown
            .into_iter()
            .map(|incident| notice(state, site, incident, &language, &status_url))
            .collect(),
        status_url,
        subscribe: Vec::new(),
    })
}

/// Most pressing first; see the design's order of notices.
fn pressing(incident: &Incident) -> u8 {
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

/// What an end user sees of one incident, whether or not it is in the feed now.
pub fn notice(
    state: &State,
    site: &Site,
    incident: &Incident,
    language: &Language,
    status_url: &str,
) -> Notice {
    let over = !incident.is_open();
    let translated = incident.text.get(language);
    let pick = |field: fn(&IncidentText) -> Option<&String>, own: &Option<String>| {
        translated.and_then(field).cloned().or_else(|| own.clone())
    };
    let pick_list = |field: fn(&IncidentText) -> Option<&Vec<String>>, own: &Vec<String>| {
        translated.and_then(field).unwrap_or(own).clone()
    };
    let newest = incident.updates.iter().rev();
    let updates: Vec<FeedUpdate> = newest
        .take(limits::FEED_UPDATES)
        .map(|update| feed_update(update, language))
        .collect();
    Notice {
        id: incident.id.clone(),
        kind: match (over, incident.kind) {
            (true, _) => NoticeKind::Restored,
            (_, Kind::Maintenance) => NoticeKind::Maintenance,
            (_, Kind::Announcement) => NoticeKind::Announcement,
            (_, Kind::Incident | Kind::Unknown) => NoticeKind::Incident,
        },
        status: incident.status,
        impact: incident.worst_or_current(),
        in_app: incident.loudness(),
        hold: incident.hold && !over,
        drill: incident.drill,
        preview: false,
        attention: incident.attention,
        title: translated
            .and_then(|text| text.title.clone())
            .unwrap_or_else(|| incident.title.clone()),
        // What was true during the outage never passes into the all-clear.
        lang: translated_in(site, incident, language),
        advice: pick(|text| text.advice.as_ref(), &incident.advice).filter(|_| !over),
        works: if over {
            Vec::new()
        } else {
            pick_list(|text| text.works.as_ref(), &incident.works)
        },
        broken: if over {
            Vec::new()
        } else {
            pick_list(|text| text.broken.as_ref(), &incident.broken)
        },
        started_at: incident.started_at,
        ends_at: match incident.kind {
            Kind::Maintenance => incident.scheduled_until.filter(|_| !over),
            Kind::Announcement => incident.announce_until,
            Kind::Incident | Kind::Unknown => None,
        },
        next_update_at: incident.next_update_at.filter(|_| !over),
        overdue_after_s: site.overdue_after_s,
        estimated_end_at: incident.estimated_end_at.filter(|_| !over),
        confidence: incident
            .confidence
            .filter(|_| !over && incident.estimated_end_at.is_some()),
        components: affected(state, incident),
        updates_more: u32::try_from(incident.updates.len().saturating_sub(updates.len()))
            .unwrap_or(u32::MAX),
        updates,
        contacts: incident
            .contacts
            .clone()
            .unwrap_or_else(|| site.contacts.clone()),
        audience: audience(state, site, incident, language),
        restored: restored::of(incident, site.restored, language),
        url: format!("{status_url}/incidents/{}", incident.id),
    }
}

/// Set where the title had to fall back to the site's own language, so that a reader's machine can say it right.
fn translated_in(site: &Site, incident: &Incident, language: &Language) -> Option<String> {
    let own = site.own_language();
    let has_title = incident
        .text
        .get(language)
        .is_some_and(|text| text.title.is_some());
    (own != *language && !has_title).then(|| own.to_string())
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

/// The components an incident touches, as users know them.
pub fn affected(state: &State, incident: &Incident) -> Vec<AffectedComponent> {
    let waits = incident.status == Status::Scheduled;
    let known = |touched: &crate::wire::incident::IncidentComponent| {
        let component = state
            .components
            .iter()
            .find(|component| component.id == touched.id)?;
        Some(AffectedComponent {
            id: component.id.clone(),
            slug: component.slug.clone(),
            name: component.name.clone(),
            // Planned work that has not begun touches nothing yet.
            status: if waits {
                component.status
            } else {
                touched.status
            },
            since: if waits {
                component.since
            } else {
                touched.since
            },
        })
    };
    incident.components.iter().filter_map(known).collect()
}

fn audience(state: &State, site: &Site, incident: &Incident, language: &Language) -> FeedAudience {
    let said = incident.audience.clone().unwrap_or_default();
    let own = || -> Vec<Slug> {
        affected(state, incident)
            .into_iter()
            .map(|component| component.slug)
            .collect()
    };
    let undeclared = undeclared(incident, &said);
    FeedAudience {
        segments: said
            .segments
            .iter()
            .map(|slug| segment(site, slug, language))
            .collect(),
        paths: said.paths,
        components: said.components.unwrap_or_else(own),
        undeclared: undeclared.either,
        undeclared_components: undeclared.both.map(|both| both.undeclared_components),
        undeclared_segments: undeclared.both.map(|both| both.undeclared_segments),
    }
}

/// Whether pages see a notice that do not declare what its audience names.
struct OnUndeclaredPages {
    /// By what they do not declare; `None` where neither the operator nor an event of publication said so.
    both: Option<AudienceDefaults>,
    /// For embeds that do not tell the two apart.
    either: Undeclared,
}

fn undeclared(incident: &Incident, said: &Audience) -> OnUndeclaredPages {
    // Before the two were told apart, by the impact that the notice shows.
    let by_impact = match (incident.kind, incident.worst_or_current()) {
        (Kind::Maintenance, _) | (_, Impact::Major | Impact::Critical) => Undeclared::Show,
        _ => Undeclared::Hide,
    };
    let defaults = incident.audience_defaults;
    let left_open = |default: Option<Undeclared>| said.undeclared.or(default).unwrap_or(by_impact);
    let is_told_apart = defaults.is_some()
        || said.undeclared_components.is_some()
        || said.undeclared_segments.is_some();
    if !is_told_apart {
        return OnUndeclaredPages {
            both: None,
            either: left_open(None),
        };
    }
    let both = AudienceDefaults {
        undeclared_components: said
            .undeclared_components
            .unwrap_or(left_open(defaults.map(|open| open.undeclared_components))),
        undeclared_segments: said
            .undeclared_segments
            .unwrap_or(left_open(defaults.map(|open| open.undeclared_segments))),
    };
    let hides = [both.undeclared_components, both.undeclared_segments].contains(&Undeclared::Hide);
    OnUndeclaredPages {
        both: Some(both),
        either: if hides {
            Undeclared::Hide
        } else {
            Undeclared::Show
        },
    }
}

/// A segment as readers know it. One that is no longer declared still restricts: left out, it would show the notice to
/// everybody.
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
