//! Rebuilds unreadable rows of projections from the journal when a request needs them: damage to a
//! projection must not block feeds and publishing until somebody requests a repair. The damage is
//! stored as the result of a verification, until the next one. The log and the journal state what
//! was rebuilt.

use std::collections::BTreeSet;

use notice::{
    state::State,
    wire::{event::Rebuilt, ids::IncidentId, time::Timestamp},
};

use super::{
    change::{row_time, timestamp},
    comparison,
    incident_replay::{self, Deletions},
    repair::repaired_event,
    verifier::replay_slice,
    verify::{self, Replay, Verification},
};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    refusal::Refusal,
    storage::{
        incident_rows, indexes,
        journal::{self, Author},
        journal_slices,
        projections::{self, ExtraIncidents, Stored},
        severity_spans,
        sql::Sql,
    },
};

/// Maximum number of times that damage is mended for one request: for the settings, for incidents,
/// and for rows that are read after these.
const ATTEMPTS: u32 = 4;

/// An error that may be about damaged rows.
pub trait Damage {
    /// The fault that may report damage; `None` for an error of the caller.
    fn fault(&self) -> Option<&Fault>;
}

impl Damage for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

impl Damage for Refusal {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Rejection(_) | Self::Busy(_) => None,
        }
    }
}

/// Runs `work`, and repeats it after each failure whose damage was mended. `work` must change nothing if it fails. Appends
/// `journal.repaired` once `work` has met no more damage, so that damage that stays adds no row to the journal for each request.
///
/// # Errors
/// The errors of `work`.
pub fn with_mending<T, E: Damage>(
    sql: &impl Sql,
    now_ms: u64,
    work: impl Fn() -> Result<T, E>,
) -> Result<T, E> {
    let mut rebuilt = BTreeSet::new();
    let mut attempts = 0..ATTEMPTS;
    loop {
        let result = work();
        let damage = result.as_ref().err().and_then(E::fault);
        let Some(fault) = damage else {
            record(sql, rebuilt, now_ms);
            return result;
        };
        let mended = attempts.next().map(|_| mend(sql, now_ms, fault));
        let Some(Ok(Some(part))) = mended else {
            return result;
        };
        rebuilt.insert(part);
    }
}

/// Appends the event of a repair. A failure is logged: what was rebuilt can be read anyway.
fn record(sql: &impl Sql, rebuilt: BTreeSet<Rebuilt>, now_ms: u64) {
    if rebuilt.is_empty() {
        return;
    }
    let appended = sql.transaction(|| {
        let last = journal::last(sql)?;
        let at = row_time(last.as_ref().map(|row| row.at), timestamp(now_ms));
        // Readers have seen no other state.
        let rev = last.map_or(0, |row| row.rev);
        let event = repaired_event(&[], rebuilt);
        journal::append(sql, &[event], &Author::alarm(), at, rev)
    });
    if let Err(fault) = appended {
        log::fault(context(None), &fault);
    }
}

fn context(site: Option<&str>) -> LogContext<'_> {
    LogContext {
        route: "mend",
        site,
        request_id: None,
    }
}

/// Loads a site, after mending rows that cannot be read.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn load(sql: &impl Sql, extra: ExtraIncidents<'_>, now_ms: u64) -> Result<Stored, Fault> {
    with_mending(sql, now_ms, || projections::load(sql, extra))
}

/// Mends the damage that a fault reports; returns what was rebuilt, if anything.
fn mend(sql: &impl Sql, now_ms: u64, fault: &Fault) -> Result<Option<Rebuilt>, Fault> {
    let mut rebuilt = Rebuilt::Incidents;
    let difference = match fault {
        Fault::Unreadable {
            table, incidents, ..
        } => {
            match *table {
                "site" => mend_site(sql)?,
                "component" => mend_components(sql)?,
                "template" => mend_templates(sql)?,
                "severity_span" => sql.transaction(|| severity_spans::clear(sql))?,
                _ if rewrite_incidents(sql, incidents)? => {}
                _ => return Ok(None),
            }
            if matches!(*table, "site" | "component" | "template") {
                rebuilt = Rebuilt::Settings;
            }
            fault.to_string()
        }
        Fault::Sql(_) => {
            let missing = indexes::missing(sql)?;
            match missing.first() {
                Some(first) => {
                    indexes::restore(sql, &missing)?;
                    rebuilt = Rebuilt::Indexes;
                    format!("the index {} of the table {}", first.name, first.table)
                }
                // The statement may have failed on a document that is not JSON.
                None if rewrite_incidents(sql, &[])? => "documents of incidents".to_owned(),
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    report(sql, difference, timestamp(now_ms))?;
    Ok(Some(rebuilt))
}

/// Stores the damage, which the console shows and of which an on-call target is notified. While the
/// site's settings cannot be read, no on-call target is known.
fn report(sql: &impl Sql, difference: String, now: Timestamp) -> Result<(), Fault> {
    let (rows, head) = journal::head(sql)?;
    let site = projections::load(sql, ExtraIncidents::None)
        .ok()
        .and_then(|stored| stored.state.site);
    let slug = site.as_ref().map(|site| site.slug.as_str());
    log::error(
        context(slug),
        &format!("rebuilt from the journal: {difference}"),
    );
    let verification = Verification {
        ok: false,
        rows,
        head,
        first_difference: Some(difference),
        checked_at: now,
    };
    verify::store(sql, &verification, site.as_ref())
}

/// Rewrites these incidents, and all others whose documents are not JSON, which reads would miss:
/// they select by columns that are computed from the document. Returns whether there were any.
fn rewrite_incidents(sql: &impl Sql, incidents: &[String]) -> Result<bool, Fault> {
    let mut ids: BTreeSet<String> = incidents.iter().cloned().collect();
    ids.extend(incident_rows::without_json(sql)?);
    let deletions = Deletions::default().with_later(sql, 0)?;
    for id in &ids {
        let unknown = || Fault::Stored {
            what: "journal",
            detail: format!("it has no incident {id}"),
        };
        let parsed = IncidentId::parse(id).ok_or_else(unknown)?;
        let events = journal_slices::about(sql, id, journal_slices::END)?;
        let number = events.first().ok_or_else(unknown)?.seq;
        let replayed = incident_replay::replay(sql, &parsed, journal_slices::END, &deletions)?;
        // An incident that the journal does not have is not deleted here: the journal may be
        // damaged.
        let incident = replayed.incident.ok_or_else(unknown)?;
        comparison::rewrite(sql, id, Some((&incident, number)))?;
    }
    Ok(!ids.is_empty())
}

fn mend_site(sql: &impl Sql) -> Result<(), Fault> {
    let settings = State {
        site: state_of(sql, "site")?.site,
        ..State::default()
    };
    if settings.site.is_none() {
        return Err(Fault::Stored {
            what: "journal",
            detail: "the journal does not create the site".to_owned(),
        });
    }
    let rev = journal::last(sql)?.map_or(0, |row| row.rev);
    sql.transaction(|| {
        projections::clear(sql, "site")?;
        projections::save(sql, &State::default(), &settings, rev)
    })
}

fn mend_templates(sql: &impl Sql) -> Result<(), Fault> {
    let settings = State {
        templates: state_of(sql, "tpl_")?.templates,
        ..State::default()
    };
    sql.transaction(|| {
        projections::clear(sql, "template")?;
        projections::save(sql, &State::default(), &settings, 0)
    })
}

/// The state after the events about one kind of subject, given by the prefix of its ids.
fn state_of(sql: &impl Sql, prefix: &str) -> Result<State, Fault> {
    let mut state = State::default();
    let events = journal_slices::about_kind(sql, prefix)?;
    for (_, event, at) in incident_replay::parse(events)? {
        state.apply(&event, at);
    }
    Ok(state)
}

/// Rewrites all components from a replay of the whole journal: events about incidents change their
/// statuses too.
fn mend_components(sql: &impl Sql) -> Result<(), Fault> {
    let (head, _) = journal::head(sql)?;
    let mut replay = Replay::default();
    while replay.rows < head {
        if let Err(difference) = replay_slice(sql, &mut replay, head)? {
            return Err(Fault::Stored {
                what: "journal",
                detail: difference.to_string(),
            });
        }
    }
    let settings = State {
        components: replay.state.components,
        ..State::default()
    };
    sql.transaction(|| {
        projections::clear(sql, "component")?;
        projections::save(sql, &State::default(), &settings, 0)
    })
}
