//! Renders public pages from the site's database.

use std::cell::RefCell;

use notice::{
    project::language::lookup,
    state::State,
    wire::{ids::IncidentId, language::Language, site::Site},
};

use super::{alarm, change::timestamp, history, mend::with_mending, recent_cache::RecentCache};
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
        projections::{self, ExtraIncidents, Stored},
        severity_spans,
        sql::Sql,
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedPage {
    pub body: String,
    /// The site's languages, the primary one first.
    pub languages: Vec<Language>,
}

/// The inputs of rendering that are the same for all pages of the site, apart from the database.
#[derive(Clone, Copy)]
pub struct PageTools<'a, F> {
    pub public_url: &'a str,
    pub formatters: &'a F,
    pub recent: &'a RefCell<RecentCache>,
}

/// Applies due scheduled transitions, and renders a page. `None` if the page does not exist.
///
/// # Errors
/// `Fault` if the database fails.
pub fn render_page(
    sql: &impl Sql,
    call: &PageCall,
    tools: PageTools<'_, impl DateFormatters>,
    now_ms: u64,
) -> Result<Option<RenderedPage>, Fault> {
    with_mending(sql, now_ms, || render(sql, call, &tools, now_ms))
}

fn render(
    sql: &impl Sql,
    call: &PageCall,
    tools: &PageTools<'_, impl DateFormatters>,
    now_ms: u64,
) -> Result<Option<RenderedPage>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let now = timestamp(now_ms);
    if let PageName::History(Some(page)) = &call.page
        && !history::may_have_incidents(sql, &page.month, now)?
    {
        return Ok(None);
    }
    let Stored { mut state, rev, .. } = alarm::catch_up(sql, now_ms)?;
    let mut sequence = 0;
    match &call.page {
        PageName::Incident(id) => load_with_related(sql, &mut state, id)?,
        PageName::Calendar(id) => {
            load_with_related(sql, &mut state, id)?;
            // A calendar entry's sequence must rise with each change. Each change adds a row, and
            // an import keeps the rows.
            sequence = journal::head(sql)?.0;
        }
        // The status page and the history read their past incidents below, where the site's time zone is known. A card shows
        // only incidents in force.
        PageName::Status | PageName::History(_) | PageName::Card(_) => {}
    }
    let Some(site) = state.site.as_ref() else {
        return Ok(None);
    };
    let language = language(site, call);
    let base = match call.host {
        PageHost::Deployment => format!("/s/{}", site.slug),
        PageHost::Site => String::new(),
    };
    let body = tools.formatters.with(&site.time_zone, &language, |dates| {
        let context = Context {
            site,
            state: &state,
            public_url: tools.public_url,
            base: &base,
            language: &language,
            texts: Texts::in_language(&language),
            dates,
            now,
        };
        Ok::<_, Fault>(match &call.page {
            PageName::Status => {
                let mut cache = tools.recent.borrow_mut();
                if let Some(recent) = cache.find(rev, &language, call.host, now_ms) {
                    Some(status::render(&context, recent))
                } else {
                    let recent = render_recent(sql, &context)?;
                    cache.add(&language, call.host, now_ms, &recent);
                    Some(status::render(&context, &recent))
                }
            }
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

/// Renders the section with the recent incidents.
fn render_recent(sql: &impl Sql, context: &Context<'_>) -> Result<String, Fault> {
    let since = |days: i64| context.now.plus_seconds(-days * 86_400);
    let past = incident_lists::ended_since(sql, since(RECENT_DAYS), status::MAX_RECENT)?;
    // The chart's first day begins up to `DAYS` days ago, and up to 26 h earlier if the site's time zone had a day of 50 h.
    let spans = severity_spans::of_site(sql, since(DAYS + 2))?;
    Ok(status::recent(context, &past, spans))
}

/// The language of the page: the one of the site's languages that suits the reader best, or the site's primary language.
fn language(site: &Site, call: &PageCall) -> Language {
    let tag = call.language.as_ref();
    tag.and_then(|tag| lookup(tag, &site.languages))
        .cloned()
        .unwrap_or_else(|| site.primary_language())
}

/// Loads an incident and its related incidents into the state. None of them needs to be in force.
fn load_with_related(sql: &impl Sql, state: &mut State, id: &IncidentId) -> Result<(), Fault> {
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
