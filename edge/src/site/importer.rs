//! Reads an export into staging tables, in transactions of a few hundred rows. Every row is checked.

use std::collections::{BTreeMap, BTreeSet};

use notice::{
    body::check::Rules,
    journal::Link,
    rejection::Rejection,
    state::was_changed_after,
    wire::{event::Event, ids::IncidentId, incident::Incident, time::Timestamp},
};

use super::{
    export_format::Line,
    import_file::{FutureRows, check_row, row_rejection, unusable},
    import_lines::Lines,
    verify::{Difference, ParsedRow, Replay},
};
use crate::{
    fault::Fault,
    refusal::Refusal,
    storage::{journal::Entry, sql::Sql, staging},
};

/// Maximum number of rows in a transaction.
const ROWS: usize = 300;
/// Number of bytes of rows after which a transaction ends.
const BYTES: usize = 256 * 1024;
/// Number of bytes of rows that are checked in a slice.
const SLICE: usize = 16 * 1024;
/// Number of incidents that are staged in a slice after the last row.
const INCIDENTS: usize = 16;

/// An import whose file is still being read.
#[derive(Clone, Debug)]
pub struct Importer {
    lines: Lines,
    replay: Replay,
    future_rows: FutureRows,
    /// Checked rows that are not staged yet.
    entries: Vec<Entry>,
    /// Number of bytes in the lines of `entries`.
    bytes: usize,
    /// Incidents that are not in force any more, so that the replay's state does not have them, and
    /// that are not staged yet; `None` for a deleted one.
    ended: BTreeMap<IncidentId, Option<Incident>>,
    /// The incidents in force that are still to be staged. `None` until the last row.
    left: Option<BTreeSet<IncidentId>>,
    /// The rejection of the first invalid row. The rest of the file is then only read for its
    /// checksum: if that does not match, the file is damaged, which explains the invalid row.
    refused: Option<Rejection>,
    /// Whether the runtime knows a time zone.
    is_time_zone: fn(&str) -> bool,
}

/// A file that is checked and staged.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The replay of all rows; its state has the incidents in force.
    pub replay: Replay,
}

impl Importer {
    /// Begins an import of a file into staging tables.
    ///
    /// # Errors
    /// `Fault` if the database fails.
    pub fn begin(
        sql: &impl Sql,
        now_ms: u64,
        is_time_zone: fn(&str) -> bool,
    ) -> Result<Self, Fault> {
        staging::begin(sql)?;
        Ok(Self {
            is_time_zone,
            lines: Lines::default(),
            replay: Replay::default(),
            future_rows: FutureRows::new(now_ms),
            entries: Vec::new(),
            bytes: 0,
            ended: BTreeMap::new(),
            left: None,
            refused: None,
        })
    }

    /// Adds the next part of the file.
    pub fn push(&mut self, part: &[u8]) {
        self.lines.push(part);
    }

    /// Works on the next slice of the bytes that have arrived; returns whether there is more to do.
    ///
    /// # Errors
    /// `Fault` if the database fails.
    pub fn step(&mut self, sql: &impl Sql) -> Result<bool, Fault> {
        let mut bytes: usize = 0;
        while bytes < SLICE {
            let Some(line) = self.lines.next_row() else {
                return Ok(false);
            };
            bytes = bytes.saturating_add(line.len());
            self.add(sql, &line)?;
        }
        Ok(true)
    }

    /// Works on the next slice after the end of the file; returns whether there is more to do.
    ///
    /// # Errors
    /// `Fault` if the database fails.
    pub fn step_after_end(&mut self, sql: &impl Sql) -> Result<bool, Fault> {
        let Some(left) = &mut self.left else {
            if let Some(line) = self.lines.last_row() {
                self.add(sql, &line)?;
            }
            self.flush(sql)?;
            self.left = Some(self.replay.state.incidents.keys().cloned().collect());
            return Ok(self.refused.is_none());
        };
        let ids: Vec<IncidentId> = left.iter().take(INCIDENTS).cloned().collect();
        let incidents = &self.replay.state.incidents;
        sql.transaction(|| {
            for incident in ids.iter().filter_map(|id| incidents.get(id)) {
                staging::save_incident(sql, incident)?;
            }
            Ok(())
        })?;
        left.retain(|id| !ids.contains(id));
        Ok(!left.is_empty())
    }

    /// Checks the file as a whole. Call this after everything is staged.
    ///
    /// # Errors
    /// [`Rejection::UnusableImport`].
    pub fn finish(self) -> Result<Staged, Rejection> {
        let header = self.lines.check_header();
        let end = self.lines.finish()?;
        if !end.is_intact {
            return Err(unusable(
                "its checksum does not match, so the file was changed or cut off",
            ));
        }
        header?;
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let replay = self.replay;
        let wrong = |difference| row_rejection(&difference);
        replay.check_explanations().map_err(wrong)?;
        self.future_rows.finish().map_err(wrong)?;
        if replay.rows != end.trailer.rows || replay.head() != end.trailer.head {
            return Err(unusable("its rows do not match its trailer"));
        }
        if replay.state.site.is_none() {
            return Err(unusable("it contains no site"));
        }
        Ok(Staged { replay })
    }

    /// Checks the line of a row, and stages the checked rows if there are enough for a transaction.
    fn add(&mut self, sql: &impl Sql, line: &[u8]) -> Result<(), Fault> {
        if self.refused.is_some() {
            return Ok(());
        }
        match self.check(sql, line) {
            Ok(entry) => {
                self.bytes = self.bytes.saturating_add(line.len());
                self.entries.push(entry);
            }
            Err(Refusal::Rejection(rejection)) => self.refused = Some(rejection),
            Err(Refusal::Busy(detail)) => self.refused = Some(unusable(detail)),
            Err(Refusal::Fault(fault)) => return Err(fault),
        }
        if self.entries.len() >= ROWS || self.bytes >= BYTES {
            self.flush(sql)?;
        }
        Ok(())
    }

    fn check(&mut self, sql: &impl Sql, line: &[u8]) -> Result<Entry, Refusal> {
        let number = self.replay.rows.saturating_add(2);
        let line: Line<'_> = serde_json::from_slice(line)
            .map_err(|error| unusable(&format!("line {number}: {error}")))?;
        let entry = Entry {
            link: Link {
                row: line.row,
                hash: line.hash,
            },
            event: line.event.get().to_owned(),
        };
        let wrong = |difference| row_rejection(&difference);
        let read = self.replay.check(&entry).map_err(wrong)?;
        if let Some(id) = self.replay.missing(&read.event) {
            let known = match self.ended.remove(id) {
                Some(ended) => ended,
                None => staging::find_incident(sql, id)?,
            };
            if let Some(incident) = known {
                self.replay.state.incidents.insert(id.clone(), incident);
            }
        }
        self.future_rows.add(&read).map_err(wrong)?;
        let is_correction = matches!(read.event, Event::ClockCorrected { .. });
        if let Event::ClockCorrected { to, .. } = read.event {
            self.load_changed_after(sql, to)?;
        }
        self.check_before(sql, &read)?;
        let changes_site = matches!(
            read.event,
            Event::SiteCreated { .. } | Event::SiteChanged { .. }
        );
        let before = self
            .replay
            .state
            .site
            .as_ref()
            .filter(|_| changes_site)
            .cloned();
        let ended = self.replay.apply(&read);
        if is_correction {
            self.drop_ended();
        }
        // `check_row` reads the incident from the state. An incident that is not in force any more
        // after this row is put back for the check.
        let id = read.event.incident();
        if let (Some(id), Some(ended)) = (id, &ended) {
            self.replay
                .state
                .incidents
                .insert(id.clone(), ended.clone());
        }
        let checked = check_row(&read, &entry, before.as_ref(), &self.replay.state).map_err(wrong);
        if let (Some(id), Some(_)) = (id, &ended) {
            self.replay.state.incidents.remove(id);
        }
        checked?;
        if let Some(ended) = ended {
            self.ended.insert(ended.id.clone(), Some(ended));
        } else if let Event::IncidentDeleted { incident } = &read.event {
            self.ended.insert(incident.clone(), None);
        }
        Ok(entry)
    }

    /// Checks a row against the state before the row: what the row creates must not exist, and the
    /// runtime must know a new time zone.
    fn check_before(&self, sql: &impl Sql, read: &ParsedRow) -> Result<(), Refusal> {
        let state = &self.replay.state;
        let what = match &read.event {
            Event::IncidentCreated { incident } if self.has_incident(sql, &incident.id)? => {
                "its incident exists already"
            }
            Event::ComponentCreated { component }
                if state
                    .components
                    .iter()
                    .any(|other| other.id == component.id) =>
            {
                "its component exists already"
            }
            Event::TemplateCreated { template }
                if state.templates.iter().any(|other| other.id == template.id) =>
            {
                "its template exists already"
            }
            Event::SiteCreated { site } | Event::SiteChanged { site }
                if Rules::of_row(read.row.at) != Rules::Earlier
                    && state
                        .site
                        .as_ref()
                        .is_none_or(|before| before.time_zone != site.time_zone)
                    && !(self.is_time_zone)(&site.time_zone) =>
            {
                "this server does not know its time zone"
            }
            _ => return Ok(()),
        };
        let (row, what) = (read.row.seq, what.to_owned());
        Err(row_rejection(&Difference { row, what }).into())
    }

    fn has_incident(&self, sql: &impl Sql, id: &IncidentId) -> Result<bool, Fault> {
        if self.replay.state.incidents.contains_key(id) {
            return Ok(true);
        }
        match self.ended.get(id) {
            Some(ended) => Ok(ended.is_some()),
            None => Ok(staging::find_incident(sql, id)?.is_some()),
        }
    }

    /// Loads into the state the incidents no longer in force that a correction of the clock to the
    /// time `to` changes.
    fn load_changed_after(&mut self, sql: &impl Sql, to: Timestamp) -> Result<(), Fault> {
        let incidents = &mut self.replay.state.incidents;
        for id in staging::changed_after(sql, to)? {
            if self.ended.contains_key(&id) || incidents.contains_key(&id) {
                continue;
            }
            if let Some(incident) = staging::find_incident(sql, &id)? {
                incidents.insert(id, incident);
            }
        }
        for (id, ended) in &mut self.ended {
            if let Some(incident) = ended.take_if(|incident| was_changed_after(incident, to)) {
                incidents.insert(id.clone(), incident);
            }
        }
        Ok(())
    }

    /// Moves the incidents that are not in force any more from the state to `ended`.
    fn drop_ended(&mut self) {
        let incidents = std::mem::take(&mut self.replay.state.incidents);
        for (id, incident) in incidents {
            if incident.is_in_force() {
                self.replay.state.incidents.insert(id, incident);
            } else {
                self.ended.insert(id, Some(incident));
            }
        }
    }

    /// Stages `entries` and `ended`.
    fn flush(&mut self, sql: &impl Sql) -> Result<(), Fault> {
        let entries = std::mem::take(&mut self.entries);
        let ended = std::mem::take(&mut self.ended);
        self.bytes = 0;
        if self.refused.is_some() {
            return Ok(());
        }
        let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let first = self.replay.rows.saturating_sub(count).saturating_add(1);
        sql.transaction(|| {
            staging::add_rows(sql, first, &entries)?;
            for (id, incident) in &ended {
                match incident {
                    Some(incident) => staging::save_incident(sql, incident)?,
                    None => staging::delete_incident(sql, id)?,
                }
            }
            Ok(())
        })
    }
}
