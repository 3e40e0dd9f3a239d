//! Making and changing a site.

use crate::{
    check,
    merge::MergePatch,
    rejection::{FieldError, Rejection},
    state::State,
    wire::{
        event::Event,
        input::NewSite,
        language::Language,
        site::{OVERDUE_AFTER_S, Site, SiteSegment, TIME_ZONE},
        time::Timestamp,
    },
};

/// One site per state, ever.
pub fn create(state: &State, input: NewSite, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    check::site(&input)?;
    if state.site.is_some() {
        return Err(Rejection::SlugTaken(input.slug.to_string()));
    }
    let site = made_of(input, now);
    labels(&site, &[])?;
    Ok(vec![Event::SiteCreated { site }])
}

/// Its slug stays; a segment that an open incident names cannot go.
pub fn change(state: &State, patch: MergePatch) -> Result<Vec<Event>, Rejection> {
    let standing = state.site.as_ref().ok_or(Rejection::NotFound)?;
    let input: NewSite = patch.over(&NewSite::of(standing))?;
    if input.slug != standing.slug {
        return Err(Rejection::field(
            "/slug",
            "The slug of a site cannot be changed.",
        ));
    }
    check::site(&input)?;
    for incident in state
        .incidents
        .values()
        .filter(|incident| incident.is_in_force())
    {
        let named = incident
            .audience
            .iter()
            .flat_map(|audience| &audience.segments);
        for slug in named {
            if !input.segments.iter().any(|segment| segment.slug == *slug) {
                return Err(Rejection::NotEmpty(format!(
                    "The segment {slug} is in the audience of incident {}, which is still shown; change that audience first.",
                    incident.id
                )));
            }
        }
    }
    let site = made_of(input, standing.created_at);
    labels(&site, &standing.segments)?;
    if site == *standing {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SiteChanged { site }])
}

/// Segments are labelled in the site's languages only, so that a mistyped tag is not silently unseen. A label that stood
/// before its language went stays, as incidents' texts do: the language may come back.
fn labels(site: &Site, standing: &[SiteSegment]) -> Result<(), Rejection> {
    let stood = |segment: &SiteSegment, language: &Language| {
        let label = segment.text.get(language);
        standing
            .iter()
            .any(|other| other.slug == segment.slug && other.text.get(language) == label)
    };
    let mut errors = Vec::new();
    for (index, segment) in site.segments.iter().enumerate() {
        for language in segment.text.keys() {
            if !site.languages.contains(language) && !stood(segment, language) {
                errors.push(FieldError::invalid(
                    format!("/segments/{index}/text/{language}"),
                    format!("The site does not have the language {language}; add it to its languages as well."),
                ));
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Rejection::Fields(errors))
    }
}

fn made_of(input: NewSite, created_at: Timestamp) -> Site {
    Site {
        slug: input.slug,
        name: input.name,
        languages: input.languages.unwrap_or_else(|| vec![Language::english()]),
        time_zone: input.time_zone.unwrap_or_else(|| TIME_ZONE.to_owned()),
        hostnames: input.hostnames,
        colours: input.colours,
        contacts: input.contacts,
        segments: input.segments,
        cadence: input.cadence.unwrap_or_default(),
        on_call: input.on_call,
        quiet_hours: input.quiet_hours,
        restored: input.restored.unwrap_or_default(),
        overdue_after_s: input.overdue_after_s.unwrap_or(OVERDUE_AFTER_S),
        minor_on_undeclared_pages: input.minor_on_undeclared_pages.unwrap_or(true),
        paused: input.paused,
        created_at,
    }
}
