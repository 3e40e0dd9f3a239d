//! Renders public pages from the site's database.

use notice::{
    project::language::lookup,
    state::State,
    wire::{ids::IncidentId, language::Language, site::Site},
};

use super::{alarm, change::timestamp, history, mend::with_mending};
use crate::{
    date_format::DateFormatters,
    fault::Fault,
    http::page_call::{PageCall, PageHost, PageName},
    pages::{
        self, Context, calendar, card,
        days::DAYS,
        incident,
        status::{self, RECENT_DAYS},
        texts::Texts,
    },
    storage::{
        incident_lists, journal, migrations,
        projections::{self, ExtraIncidents},
        severity_spans,
        sql::Sql,
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedPage {
    pub body: String,
    /// The site's languages, its own first.
    pub languages: Vec<Language>,
}

/// Applies due scheduled transitions, and renders a page. `None` if it does not exist.
///
/// # Errors
/// `Fault` if the database fails.
pub fn render_page(
    sql: &impl Sql,
    call: &PageCall,
    public_url: &str,
    formatters: &impl DateFormatters,
    now_ms: u64,
) -> Result<Option<RenderedPage>, Fault> {
    with_mending(sql, now_ms, || {
        render(sql, call, public_url, formatters, now_ms)
    })
}

fn render(
    sql: &impl Sql,
    call: &PageCall,
    public_url: &str,
    formatters: &impl DateFormatters,
    now_ms: u64,
) -> Result<Option<RenderedPage>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let now = timestamp(now_ms);
    if let PageName::History(Some(page)) = &call.page
        && !history::may_have(sql, &page.month, now)?
    {
        return Ok(None);
    }
    let mut state = alarm::catch_up(sql, now_ms)?.state;
    let mut sequence = 0;
    let mut past = Vec::new();
    let mut spans = Vec::new();
    match &call.page {
        PageName::Status => {
            let since = |days: i64| now.plus_seconds(-days * 86_400);
            past = incident_lists::ended_since(sql, since(RECENT_DAYS), status::MAX_RECENT)?;
            // Days of the site's time zone may begin a day earlier.
            spans = severity_spans::of_site(sql, since(DAYS + 2))?;
        }
        PageName::Incident(id) => load_related(sql, &mut state, id)?,
        PageName::Calendar(id) => {
            load_related(sql, &mut state, id)?;
            // Every change adds a row, and an import keeps the rows.
            sequence = journal::head(sql)?.0;
        }
        // The history needs the site's time zone.
        PageName::History(_) | PageName::Card(_) => {}
    }
    let Some(site) = state.site.as_ref() else {
        return Ok(None);
    };
    let language = language(site, call);
    let base = match call.host {
        PageHost::Deployment => format!("/s/{}", site.slug),
        PageHost::Site => String::new(),
    };
    let body = formatters.with(&site.time_zone, &language, |dates| {
        let context = Context {
            site,
            state: &state,
            public_url,
            base: &base,
            language: &language,
            texts: Texts::in_language(&language),
            dates,
            now,
        };
        Ok::<_, Fault>(match &call.page {
            PageName::Status => Some(status::render(&context, &past, spans)),
            PageName::Incident(id) => incident::render(&context, id),
            PageName::Calendar(id) => calendar::render(&context, id, sequence),
            PageName::History(requested) => {
                let part = history::find(sql, dates, requested.as_ref(), now)?;
                part.map(|part| pages::history::render(&context, &part, requested.as_ref()))
            }
            PageName::Card(theme) => card::render(&context, *theme),
        })
    })?;
    Ok(body.map(|body| RenderedPage {
        body,
        languages: site.languages.clone(),
    }))
}

/// The site's language for the reader: the best of those that it has, else its own.
fn language(site: &Site, call: &PageCall) -> Language {
    let tag = call.language.as_ref();
    tag.and_then(|tag| lookup(tag, &site.languages))
        .cloned()
        .unwrap_or_else(|| site.primary_language())
}

/// Loads an incident that has left force, with its related incidents.
fn load_related(sql: &impl Sql, state: &mut State, id: &IncidentId) -> Result<(), Fault> {
    let ids = std::slice::from_ref(id);
    let loaded = projections::load(sql, ExtraIncidents::Ids(ids))?.state;
    let Some(incident) = loaded.incidents.get(id) else {
        return Ok(());
    };
    let related = projections::load(sql, ExtraIncidents::Ids(&incident.related))?.state;
    for (id, other) in loaded.incidents.iter().chain(&related.incidents) {
        state
            .incidents
            .entry(id.clone())
            .or_insert_with(|| other.clone());
    }
    Ok(())
}
