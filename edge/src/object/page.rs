//! Public pages, from the source.

use notice::{
    state::State,
    wire::{ids::IncidentId, language::Language, site::Site, time::Timestamp},
};

use super::{change::moment, passing_time};
use crate::{
    fault::Fault,
    http::page_call::{PageCall, PageName, Place},
    pages::{
        Context, calendar, card, clock::Clock, days::DAYS, history, incident, status, words::Words,
    },
    storage::{
        journal, migrations,
        projections::{self, Beside},
        sql::Sql,
    },
};

/// Who writes moments: a clock for a time zone and a language.
pub trait Clocks {
    /// Calls `work` with the clock.
    fn with<T>(&self, zone: &str, language: &Language, work: impl FnOnce(&dyn Clock) -> T) -> T;
}

/// A page, and what else a reader of it may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The document.
    pub body: String,
    /// The site's languages, its own first.
    pub languages: Vec<Language>,
}

/// A page; `None` where there is none.
///
/// # Errors
/// When the database fails.
pub fn page(
    sql: &impl Sql,
    call: &PageCall,
    public_url: &str,
    clocks: &impl Clocks,
    now_ms: u64,
) -> Result<Option<Rendered>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let mut state = passing_time::catch_up(sql, now_ms)?.state;
    let mut sequence = 0;
    let mut past = Vec::new();
    match &call.page {
        PageName::Status => past = projections::ended_since(sql, days_back(now_ms))?,
        PageName::History(_) => past = projections::headlines(sql)?,
        PageName::Incident(id) => with_related(sql, &mut state, id)?,
        PageName::Calendar(id) => {
            with_related(sql, &mut state, id)?;
            // Each change is one row more, also after an import.
            sequence = journal::head(sql)?.0;
        }
        PageName::Card(_) => {}
    }
    let Some(site) = state.site.as_ref() else {
        return Ok(None);
    };
    let language = language(site, call);
    let base = match call.place {
        Place::Deployment => format!("/s/{}", site.slug),
        Place::OwnHost => String::new(),
    };
    let body = clocks.with(&site.time_zone, &language, |clock| {
        let context = Context {
            site,
            state: &state,
            public_url,
            base: &base,
            language: &language,
            words: Words::of(&language),
            clock,
            now: moment(now_ms),
        };
        match &call.page {
            PageName::Status => Some(status::render(&context, &past)),
            PageName::Incident(id) => incident::render(&context, id),
            PageName::Calendar(id) => calendar::render(&context, id, sequence),
            PageName::History(month) => history::render(&context, &past, month.as_ref()),
            PageName::Card(theme) => card::render(&context, *theme),
        }
    });
    Ok(body.map(|body| Rendered {
        body,
        languages: site.languages.clone(),
    }))
}

/// The beginning of what the status page looks back at, and a day more: its days are another zone's.
fn days_back(now_ms: u64) -> Timestamp {
    moment(now_ms).plus_seconds(-(DAYS + 1) * 86_400)
}

/// The language asked for, if the site has it; else its own.
fn language(site: &Site, call: &PageCall) -> Language {
    let asked = call.language.as_ref();
    asked
        .filter(|asked| site.languages.contains(asked))
        .cloned()
        .unwrap_or_else(|| site.own_language())
}

/// An incident that is long over, and those that belong with it, are loaded for their page.
fn with_related(sql: &impl Sql, state: &mut State, id: &IncidentId) -> Result<(), Fault> {
    let asked = std::slice::from_ref(id);
    let found = projections::load(sql, Beside::These(asked))?.state;
    let Some(incident) = found.incidents.get(id) else {
        return Ok(());
    };
    let beside = projections::load(sql, Beside::These(&incident.related))?.state;
    for (id, other) in found.incidents.iter().chain(&beside.incidents) {
        state
            .incidents
            .entry(id.clone())
            .or_insert_with(|| other.clone());
    }
    Ok(())
}
