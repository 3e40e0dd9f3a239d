//! Making a site.

use crate::{
    check,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        input::NewSite,
        language::Language,
        site::{OVERDUE_AFTER_S, Site},
        time::Timestamp,
    },
};

/// One site per state, ever.
pub fn create(state: &State, input: NewSite, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    check::new_site(&input)?;
    if state.site.is_some() {
        return Err(Rejection::SlugTaken(input.slug.to_string()));
    }
    let site = Site {
        slug: input.slug,
        name: input.name,
        languages: input.languages.unwrap_or_else(|| vec![Language::english()]),
        contacts: input.contacts,
        segments: Vec::new(),
        overdue_after_s: OVERDUE_AFTER_S,
        created_at: now,
    };
    Ok(vec![Event::SiteCreated { site }])
}
