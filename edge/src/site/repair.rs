//! Repairs a site in slices: accepts rows whose time is earlier than that of the previous row,
//! which earlier builds wrote after a clock was set back, and rewrites the projections that differ
//! from the journal.

use std::collections::{BTreeMap, BTreeSet};

use notice::{
    journal::next_rev,
    rejection::Rejection,
    state::State,
    wire::event::{Event, Rebuilt, RepairedRow},
};

use super::{
    access::Caller,
    change::{row_time, timestamp},
    comparison::{self, Mode},
    verifier::replay_slice,
    verify::{self, Difference, Replay, Verification},
};
use crate::{
    answer::Answer,
    refusal::Refusal,
    site::call::{Call, Write},
    storage::{
        indexes,
        journal::{self, Author},
        journal_slices,
        kept_rows::{self, Action, Checked},
        projections,
        sql::Sql,
    },
};

/// Maximum number of rows in one event, which keeps it below the size limit of an event.
const ROWS_AN_EVENT: usize = 5000;

/// A repair in progress.
#[derive(Clone, Debug, Default)]
pub struct Repairer {
    replay: Replay,
    phase: Phase,
    /// The projections and indexes that were rewritten.
    rebuilt: BTreeSet<Rebuilt>,
    /// The number of rows that were deleted, by table.
    removed: BTreeMap<&'static str, usize>,
}

#[derive(Clone, Debug, Default)]
enum Phase {
    /// Checks the journal.
    #[default]
    Rows,
    /// Compares the incidents after this id.
    Incidents(String),
    /// Checks the rows after this cursor that do not derive from the journal, and deletes those
    /// that cannot be read.
    Kept(Checked),
    /// Replays the rows that were added since the first phase, and decides the last write.
    Rest,
}

/// The result of a slice.
pub enum Progress<'a> {
    More,
    /// The last slice is decided: the write to store.
    Last(Write<'a>),
}

impl Repairer {
    /// Works on the next slice. The answer lists the rows with earlier times, and
    /// `journal.repaired` is appended if anything was repaired. Any other fault of the journal ends
    /// the repair, because a repair must not hide it.
    ///
    /// # Errors
    /// [`Rejection::IllegalTransition`] with the other fault of the journal, or `Fault` if the
    /// database fails.
    pub fn step<'a>(
        &mut self,
        sql: &'a impl Sql,
        call: &Call<'a>,
        caller: &Caller,
    ) -> Result<Progress<'a>, Refusal> {
        match &self.phase {
            Phase::Rows | Phase::Rest => {
                let head = journal::head(sql)?.0;
                replay_slice(sql, &mut self.replay, head)?.map_err(|fault| unrepairable(&fault))?;
                if self.replay.rows < head {
                    return Ok(Progress::More);
                }
                let checked = self.replay.check_redactions();
                checked.map_err(|fault| unrepairable(&fault))?;
                // If the journal has lost its first rows, a repair would delete the site's
                // settings.
                if self.replay.state.site.is_none() {
                    return Err(unrepairable(&Difference {
                        row: 1,
                        what: "the journal does not create the site".to_owned(),
                    })
                    .into());
                }
            }
            Phase::Incidents(after) => {
                let deletions = self.replay.deletions.with_later(sql, self.replay.rows)?;
                let now = timestamp(call.now_ms);
                let compared =
                    comparison::compare_incidents(sql, after, &deletions, now, Mode::Repair)?;
                if compared.difference.is_some() {
                    self.rebuilt.insert(Rebuilt::Incidents);
                }
                let kept = Phase::Kept(Checked::default());
                self.phase = compared.next.map_or(kept, Phase::Incidents);
                return Ok(Progress::More);
            }
            Phase::Kept(checked) => {
                let (next, damage) = kept_rows::check(sql, *checked, Action::Delete)?;
                if let Some(damage) = damage {
                    self.count_removed(damage.table, damage.count);
                }
                self.phase = next.map_or(Phase::Rest, Phase::Kept);
                return Ok(Progress::More);
            }
        }
        match self.phase {
            Phase::Rows => {
                let indexes = indexes::differing(sql)?;
                indexes::restore(sql, &indexes)?;
                if !indexes.is_empty() {
                    self.rebuilt.insert(Rebuilt::Indexes);
                }
                self.count_removed("journal", journal_slices::delete_outsiders(sql)?);
                self.phase = Phase::Incidents(String::new());
                Ok(Progress::More)
            }
            Phase::Incidents(_) | Phase::Kept(_) | Phase::Rest => {
                self.decide_write(sql, call, caller).map(Progress::Last)
            }
        }
    }

    /// Adds to the number of deleted rows of a table.
    fn count_removed(&mut self, table: &'static str, count: usize) {
        if count > 0 {
            let removed = self.removed.entry(table).or_default();
            *removed = removed.saturating_add(count);
        }
    }

    /// Decides the last write.
    fn decide_write<'a>(
        &self,
        sql: &'a impl Sql,
        call: &Call<'a>,
        caller: &Caller,
    ) -> Result<Write<'a>, Refusal> {
        let rows = self.replay.unrepaired_rows();
        // Settings that cannot be read differ too.
        let settings = comparison::compare_settings(sql, &self.replay.state, self.replay.rev);
        let mut parts = self.rebuilt.clone();
        if !matches!(settings, Ok(None)) {
            parts.insert(Rebuilt::Settings);
        }
        let rebuilt = !parts.is_empty();
        let mut events: Vec<Event> = rows
            .chunks(ROWS_AN_EVENT)
            .map(|rows| repaired_event(rows, BTreeSet::new()))
            .collect();
        if rebuilt || !self.removed.is_empty() {
            events.push(repaired_event(&[], parts));
        }
        let mut body = serde_json::json!({ "rows": rows });
        if let (true, Some(fields)) = (rebuilt, body.as_object_mut()) {
            fields.insert("rebuilt".to_owned(), true.into());
        }
        if let (false, Some(fields)) = (self.removed.is_empty(), body.as_object_mut()) {
            fields.insert("removed".to_owned(), serde_json::json!(self.removed));
        }
        // Readers see a difference only if projections were rewritten.
        let rev = match rebuilt {
            true => next_rev(self.replay.rev, call.now_ms),
            false => self.replay.rev,
        };
        let at = row_time(self.replay.at, timestamp(call.now_ms));
        let author = Author {
            actor: caller.actor.clone(),
            key: call.envelope.key.clone(),
        };
        let settings = State {
            incidents: BTreeMap::new(),
            ..self.replay.state.clone()
        };
        Ok(Write {
            answer: Answer::json(200, &body)?,
            replay: None,
            work: Box::new(move || {
                if rebuilt {
                    projections::clear_settings(sql)?;
                    projections::save(sql, &State::default(), &settings, rev)?;
                }
                journal::append(sql, &events, &author, at, rev)?;
                let (rows, head) = journal::head(sql)?;
                let verification = Verification {
                    ok: true,
                    rows,
                    head,
                    first_difference: None,
                    checked_at: at,
                };
                verify::write(sql, &verification)
            }),
        })
    }
}

fn unrepairable(fault: &Difference) -> Rejection {
    Rejection::IllegalTransition(format!(
        "The journal has a fault that a repair cannot fix: {fault}."
    ))
}

/// The event of a repair.
pub fn repaired_event(rows: &[RepairedRow], rebuilt: BTreeSet<Rebuilt>) -> Event {
    Event::JournalRepaired {
        rows: rows.to_vec(),
        rebuilt: rebuilt.into_iter().collect(),
    }
}
