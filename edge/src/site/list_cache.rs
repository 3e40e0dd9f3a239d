//! A cache of the rendered incidents of lists, because rendering 50 incidents takes longer than the
//! rest of a request.

use std::collections::BTreeMap;

use notice::wire::ids::IncidentId;
use serde_json::value::RawValue;

use crate::{
    fault::Fault,
    storage::{
        journal::{self, RowSubject},
        sql::Sql,
    },
};

/// Maximum size of all incidents, in bytes.
const BYTES: usize = 256 * 1024;
/// Maximum number of new journal rows that [`ListCache::refresh`] reads. If there are more, all incidents are dropped.
const ROWS: usize = 64;

/// An incident as lists return it.
#[derive(Debug)]
pub struct RenderedIncident {
    pub json: Box<RawValue>,
    /// Whether the incident is not over. The JSON of an open incident may change with any other
    /// incident, because incidents share components.
    pub is_open: bool,
}

/// Rendered incidents. After [`ListCache::refresh`], all incidents in the cache are up to date,
/// until the journal has another row.
#[derive(Debug, Default)]
pub struct ListCache {
    /// The sequence number and hash of the last journal row that was applied.
    head: (u64, String),
    /// The origin of the incidents' URLs.
    public_url: String,
    incidents: BTreeMap<IncidentId, Entry>,
    /// Size of all incidents, in bytes.
    bytes: usize,
    /// Number of uses so far, by which the least recently used incident is found.
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    incident: RenderedIncident,
    /// The value of [`ListCache::uses`] at the last use of the incident.
    used: u64,
}

impl ListCache {
    /// Drops the incidents that have changed since the last call.
    ///
    /// # Errors
    /// `Fault` if the database cannot be read.
    pub fn refresh(&mut self, sql: &impl Sql, public_url: &str) -> Result<(), Fault> {
        // Reads the last known row, which is compared, up to `ROWS` new ones, and one more, which
        // shows that there are too many.
        let mut rows = journal::subjects(sql, self.head.0, ROWS.saturating_add(2))?;
        let is_known = self.public_url == public_url
            && rows.len() <= ROWS.saturating_add(1)
            && rows
                .first()
                .is_some_and(|row| (row.seq, &row.hash) == (self.head.0, &self.head.1));
        if !is_known {
            self.clear();
            public_url.clone_into(&mut self.public_url);
            self.head = journal::head(sql)?;
            return Ok(());
        }
        let new = rows.split_off(1);
        for row in &new {
            self.apply(row);
        }
        if let Some(last) = new.into_iter().next_back() {
            self.head = (last.seq, last.hash);
        }
        Ok(())
    }

    /// Drops the incidents that a new row may have changed.
    fn apply(&mut self, row: &RowSubject) {
        match row.about.get(..4) {
            // The JSON of incidents contains nothing of templates.
            Some("tpl_") => {}
            Some("inc_") => {
                self.retain(|id, kept| !kept.incident.is_open && id.as_str() != row.about)
            }
            // Settings and components are part of all incidents. Events without a subject redact
            // texts or correct times.
            _ => self.clear(),
        }
    }

    /// Returns whether the cache has the incident, and counts this as a use.
    pub fn touch(&mut self, id: &IncidentId) -> bool {
        self.uses = self.uses.saturating_add(1);
        let found = self.incidents.get_mut(id);
        found.map(|kept| kept.used = self.uses).is_some()
    }

    /// The incident's JSON.
    pub fn get(&self, id: &IncidentId) -> Option<&RawValue> {
        self.incidents.get(id).map(|kept| &*kept.incident.json)
    }

    /// Adds an incident that was rendered since the last [`ListCache::refresh`].
    pub fn add(&mut self, id: IncidentId, incident: RenderedIncident) {
        let bytes = incident.json.get().len();
        if bytes > BYTES {
            return;
        }
        while self.bytes.saturating_add(bytes) > BYTES {
            let oldest = self.incidents.values().map(|kept| kept.used).min();
            self.retain(|_, kept| Some(kept.used) != oldest);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.uses = self.uses.saturating_add(1);
        let used = self.uses;
        self.incidents.insert(id, Entry { incident, used });
    }

    fn retain(&mut self, keep: impl Fn(&IncidentId, &Entry) -> bool) {
        self.incidents.retain(|id, kept| keep(id, kept));
        let sizes = self.incidents.values();
        self.bytes = sizes.map(|kept| kept.incident.json.get().len()).sum();
    }

    fn clear(&mut self) {
        self.incidents.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::ids::IncidentId;
    use serde_json::value::to_raw_value;

    use super::{BYTES, ListCache, RenderedIncident};

    fn id(number: usize) -> IncidentId {
        IncidentId::parse(&format!("inc_n{number}")).unwrap()
    }

    fn rendered(bytes: usize) -> RenderedIncident {
        RenderedIncident {
            // The JSON has two quotation marks more.
            json: to_raw_value(&"x".repeat(bytes - 2)).unwrap(),
            is_open: false,
        }
    }

    #[test]
    fn the_least_recently_used_incidents_are_evicted() {
        let mut cache = ListCache::default();
        for number in 0..4 {
            cache.add(id(number), rendered(BYTES / 4));
        }
        assert!(cache.touch(&id(0)));
        cache.add(id(4), rendered(BYTES / 4 + 1));
        let kept: Vec<bool> = (0..5)
            .map(|number| cache.get(&id(number)).is_some())
            .collect();
        assert_eq!(kept, [true, false, false, true, true]);
        assert_eq!(cache.bytes, BYTES / 4 * 3 + 1);
        cache.add(id(5), rendered(BYTES + 1));
        assert!(cache.get(&id(5)).is_none(), "it is too large");
        assert!(cache.get(&id(4)).is_some());
    }
}
