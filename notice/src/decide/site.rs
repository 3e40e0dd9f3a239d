//! Creates and changes sites.

use crate::{
    body::{
        check::{self, endpoint_url::Network, host_name},
        merge::MergePatch,
    },
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

/// Creates the site. Rejected if the state already has one.
pub fn create(
    state: &State,
    mut input: NewSite,
    network: Network,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::site(&mut input, network)?;
    if state.site.is_some() {
        return Err(Rejection::SlugTaken(input.slug.to_string()));
    }
    let site = site_from(input, now);
    check_label_languages(&site, &[])?;
    Ok(vec![Event::SiteCreated { site }])
}

/// Changes the site's settings. The slug cannot change, and a segment in the audience of an incident in force cannot be
/// removed.
pub fn change(state: &State, patch: MergePatch, network: Network) -> Result<Vec<Event>, Rejection> {
    let current = state.site.as_ref().ok_or(Rejection::NotFound)?;
    let mut input: NewSite = patch.apply_to(&NewSite::of(current))?;
    if input.slug != current.slug {
        return Err(Rejection::field(
            "/slug",
            "The slug of a site cannot be changed.",
        ));
    }
    check::changed_site(&mut input, current, network)?;
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
    let site = site_from(input, current.created_at);
    check_label_languages(&site, &current.segments)?;
    if site == *current {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SiteChanged { site }])
}

/// Checks that the site has the languages of all segment labels, so that a misspelt tag does not go unnoticed. Labels
/// in a language that was removed from the site are kept, like incidents' texts, because the language may be added
/// again.
fn check_label_languages(site: &Site, current: &[SiteSegment]) -> Result<(), Rejection> {
    let is_current = |segment: &SiteSegment, language: &Language| {
        let label = segment.text.get(language);
        current
            .iter()
            .any(|earlier| earlier.slug == segment.slug && earlier.text.get(language) == label)
    };
    let mut errors = Vec::new();
    for (index, segment) in site.segments.iter().enumerate() {
        for language in segment.text.keys() {
            if !site.languages.contains(language) && !is_current(segment, language) {
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

fn site_from(input: NewSite, created_at: Timestamp) -> Site {
    Site {
        slug: input.slug,
        name: input.name,
        languages: input.languages.unwrap_or_else(|| vec![Language::english()]),
        time_zone: input.time_zone.unwrap_or_else(|| TIME_ZONE.to_owned()),
        hostnames: input.hostnames.into_iter().map(normal_host_name).collect(),
        colours: input.colours,
        contacts: input.contacts,
        segments: input.segments,
        cadence: input.cadence.unwrap_or_default(),
        on_call: input.on_call,
        on_call_quiet_hours: input.on_call_quiet_hours,
        quiet_hours: input.quiet_hours,
        restored: input.restored.unwrap_or_default(),
        overdue_after_s: input.overdue_after_s.unwrap_or(OVERDUE_AFTER_S),
        minor_on_undeclared_pages: input.minor_on_undeclared_pages.unwrap_or(true),
        paused: input.paused,
        created_at,
    }
}

/// Returns the host name in the form that browsers send. A name that was stored under earlier, laxer rules and has no
/// such form stays as it is.
fn normal_host_name(name: String) -> String {
    host_name::normalize(&name).unwrap_or(name)
}
