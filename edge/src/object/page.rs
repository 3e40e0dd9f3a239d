//! Public pages, from the source.

use notice::{
    state::State,
    wire::{ids::IncidentId, incident::Incident, time::Timestamp},
};

use super::{change::moment, passing_time};
use crate::{
    fault::Fault,
    pages::{Context, incident, status},
    storage::{
        migrations,
        projections::{self, Beside, Part},
        sql::Sql,
    },
};

/// Incidents looked through for what is over.
const RECENT: usize = 30;

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageCall {
    /// The site's status.
    Status,
    /// One incident, whole.
    Incident(IncidentId),
}

impl PageCall {
    /// Its path below the site's own.
    pub fn path(&self) -> String {
        match self {
            Self::Status => String::new(),
            Self::Incident(id) => format!("/incidents/{id}"),
        }
    }

    /// Reads a path below the site's own.
    pub fn parse(path: &str) -> Option<Self> {
        if path.is_empty() {
            return Some(Self::Status);
        }
        IncidentId::parse(path.strip_prefix("/incidents/")?).map(Self::Incident)
    }
}

/// A page; `None` where there is none. `say` writes a moment in a time zone.
///
/// # Errors
/// When the database fails.
pub fn page(
    sql: &impl Sql,
    call: &PageCall,
    public_url: &str,
    say: &dyn Fn(Timestamp, &str) -> String,
    now_ms: u64,
) -> Result<Option<String>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let mut state = passing_time::catch_up(sql, now_ms)?.state;
    let mut recent = Vec::new();
    match call {
        PageCall::Status => recent = over(sql)?,
        PageCall::Incident(id) => with_related(sql, &mut state, id)?,
    }
    let Some(site) = state.site.as_ref() else {
        return Ok(None);
    };
    let context = Context {
        site,
        state: &state,
        public_url,
        say: &|at| say(at, &site.time_zone),
        now: moment(now_ms),
    };
    Ok(match call {
        PageCall::Status => Some(status::render(&context, &recent)),
        PageCall::Incident(id) => incident::render(&context, id),
    })
}

fn over(sql: &impl Sql) -> Result<Vec<Incident>, Fault> {
    let part = Part {
        status: None,
        kind: None,
        before: None,
        limit: RECENT,
    };
    let mut recent: Vec<Incident> = projections::list(sql, part)?
        .into_iter()
        .map(|(_, incident)| incident)
        .filter(|incident| !incident.is_open())
        .collect();
    recent.sort_by_key(|incident| std::cmp::Reverse(incident.ended_at));
    Ok(recent)
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
