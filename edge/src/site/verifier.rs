//! Verifies a site in slices: replays its journal and compares the result with the projections. The
//! verification is about the rows up to the journal's head at its start. Rows that are added
//! meanwhile are replayed too, because the projections include them.

use notice::{
    rejection::Rejection,
    wire::{site::Site, time::Timestamp},
};

use super::{
    change::timestamp,
    comparison::{self, Mode},
    incident_replay,
    verify::{Difference, Replay, Verification},
};
use crate::{
    fault::Fault,
    refusal::Refusal,
    storage::{
        indexes::{self, Index},
        journal::{self, Entry},
        journal_slices,
        kept_rows::{self, Action, Checked},
        migrations,
        sql::Sql,
    },
};

/// A verification in progress. A slice awaits nothing, so that it never reads a half-done write,
/// and writes between slices do not count as differences.
#[derive(Clone, Debug)]
pub struct Verifier {
    replay: Replay,
    phase: Phase,
    /// The number of rows and the last hash of the journal at the start.
    head: (u64, String),
    now: Timestamp,
}

#[derive(Clone, Debug)]
enum Phase {
    Start,
    /// Checks the rows up to the head.
    Rows,
    /// Compares the incidents after this id.
    Incidents(String),
    /// Checks the rows after this cursor that do not derive from the journal.
    Kept(Checked),
    /// Replays the rows that were added since the start, and compares settings, components,
    /// templates and indexes.
    Rest,
}

/// The result of a slice.
enum Progress {
    More,
    Verified,
    Differs(String),
}

impl Verifier {
    pub fn new(now_ms: u64) -> Self {
        Self {
            replay: Replay::default(),
            phase: Phase::Start,
            head: journal_start(),
            now: timestamp(now_ms),
        }
    }

    /// The site's settings after the rows that were replayed so far. Known even if the stored
    /// settings cannot be read.
    pub fn site(&self) -> Option<&Site> {
        self.replay.state.site.as_ref()
    }

    /// Works on the next slice; returns the result after the last one. Data that cannot be read is a difference.
    ///
    /// # Errors
    /// [`Rejection::NotFound`] if the site has been deleted, `Fault` if the database cannot be
    /// asked for that.
    pub fn step(&mut self, sql: &impl Sql) -> Result<Option<Verification>, Refusal> {
        if migrations::version(sql)? == 0 {
            return Err(Rejection::NotFound.into());
        }
        let progress = self
            .advance(sql)
            .unwrap_or_else(|fault| Progress::Differs(format!("the stored data: {fault}")));
        let first_difference = match progress {
            Progress::More => return Ok(None),
            Progress::Verified => None,
            Progress::Differs(difference) => Some(difference),
        };
        let (rows, head) = match self.replay.rows < self.head.0 {
            true => (self.replay.rows, self.replay.head().to_owned()),
            false => self.head.clone(),
        };
        Ok(Some(Verification {
            ok: first_difference.is_none(),
            rows,
            head,
            first_difference,
            checked_at: self.now,
        }))
    }

    /// Works on the next slice of the current phase.
    fn advance(&mut self, sql: &impl Sql) -> Result<Progress, Fault> {
        match &self.phase {
            Phase::Start => {
                if journal_slices::has_outsiders(sql)? {
                    let difference = "the journal has rows outside its sequence numbers";
                    return Ok(Progress::Differs(difference.to_owned()));
                }
                self.head = journal::head(sql)?;
                self.phase = Phase::Rows;
            }
            Phase::Rows => {
                let (head, _) = self.head;
                if let Err(difference) = replay_slice(sql, &mut self.replay, head)? {
                    return Ok(Progress::Differs(difference.to_string()));
                }
                if self.replay.rows >= head {
                    if let Err(difference) = self.replay.check_explanations() {
                        return Ok(Progress::Differs(difference.to_string()));
                    }
                    self.phase = Phase::Incidents(String::new());
                }
            }
            Phase::Incidents(after) => {
                let deletions = self.replay.deletions.with_later(sql, self.replay.rows)?;
                let compared =
                    comparison::compare_incidents(sql, after, &deletions, self.now, Mode::Compare)?;
                if let Some(difference) = compared.difference {
                    return Ok(Progress::Differs(difference));
                }
                let kept = Phase::Kept(Checked::default());
                self.phase = compared.next.map_or(kept, Phase::Incidents);
            }
            Phase::Kept(checked) => {
                let (next, damage) = kept_rows::check(sql, *checked, Action::Report)?;
                if let Some(damage) = damage {
                    return Ok(Progress::Differs(format!("{} cannot be read", damage.row)));
                }
                self.phase = next.map_or(Phase::Rest, Phase::Kept);
            }
            Phase::Rest => {
                let head = journal::head(sql)?.0;
                if let Err(difference) = replay_slice(sql, &mut self.replay, head)? {
                    return Ok(Progress::Differs(difference.to_string()));
                }
                if self.replay.rows >= head {
                    let (state, rev) = (&self.replay.state, self.replay.rev);
                    let mut difference = comparison::compare_settings(sql, state, rev)?;
                    if let (None, Some(index)) = (&difference, indexes::differing(sql)?.first()) {
                        let Index { name, table, .. } = index;
                        difference = Some(format!("the index {name} of the table {table}"));
                    }
                    return Ok(difference.map_or(Progress::Verified, Progress::Differs));
                }
            }
        }
        Ok(Progress::More)
    }
}

/// The head of a journal without rows.
fn journal_start() -> (u64, String) {
    (0, notice::journal::FIRST_PREVIOUS.to_owned())
}

/// Replays the next rows of the journal, up to the row `until`. The inner result is the fault of a
/// row, if one has a fault.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn replay_slice(
    sql: &impl Sql,
    replay: &mut Replay,
    until: u64,
) -> Result<Result<(), Difference>, Fault> {
    let entries = journal_slices::next(sql, replay.rows, until)?;
    if entries.is_empty() && replay.rows < until {
        let what = "it is missing".to_owned();
        let row = replay.rows.saturating_add(1);
        return Ok(Err(Difference { row, what }));
    }
    for entry in entries {
        if let Err(difference) = replay_entry(sql, replay, &entry)? {
            return Ok(Err(difference));
        }
    }
    Ok(Ok(()))
}

fn replay_entry(
    sql: &impl Sql,
    replay: &mut Replay,
    entry: &Entry,
) -> Result<Result<(), Difference>, Fault> {
    let read = match replay.check(entry) {
        Ok(read) => read,
        Err(difference) => return Ok(Err(difference)),
    };
    if let Some(id) = replay.missing(&read.event) {
        let before = read.row.seq.saturating_sub(1);
        let incident = incident_replay::replay(sql, id, before, &replay.deletions)?.incident;
        if let Some(incident) = incident {
            replay.state.incidents.insert(id.clone(), incident);
        }
    }
    replay.apply(&read);
    Ok(Ok(()))
}
