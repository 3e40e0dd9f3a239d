//! The documents of projections as typed values. A document that cannot be parsed is reported with
//! its table and its incident, so that it can be rebuilt from the journal.

use std::collections::BTreeMap;

use notice::wire::{
    ids::IncidentId,
    incident::{Incident, Update},
};
use serde::de::DeserializeOwned;

use super::{
    incident_tables::IncidentTables,
    sql::{Row, Sql, Value},
};
use crate::fault::Fault;

/// Parses the document in a row's next column.
///
/// # Errors
/// [`Fault::Unreadable`] if the document is not a `T`.
pub fn document<T: DeserializeOwned>(row: &mut Row, table: &'static str) -> Result<T, Fault> {
    parse(row, table).map_err(|detail| Fault::Unreadable {
        table,
        incidents: Vec::new(),
        detail,
    })
}

/// Parses rows of two columns, an incident's id and its document, into incidents without updates.
///
/// # Errors
/// [`Fault::Unreadable`] with all incidents whose documents cannot be parsed.
pub fn heads(rows: Vec<Row>) -> Result<Vec<Incident>, Fault> {
    let mut damaged = Damaged::default();
    let mut heads = Vec::new();
    for mut row in rows {
        // A row without an id is not an incident; a repair deletes it.
        if let Ok(id) = row.text("incident") {
            heads.extend(damaged.parse(&mut row, "incident", &id));
        }
    }
    damaged.check(heads)
}

/// Loads the incidents whose ids the statement `ids` selects, with their numbers and updates. Runs
/// only two statements for all incidents, because a statement costs as much as ten rows.
///
/// # Errors
/// [`Fault::Unreadable`] with all incidents whose documents cannot be parsed, or another `Fault` if the database cannot be read.
pub fn incidents(
    sql: &impl Sql,
    ids: &str,
    values: &[Value],
) -> Result<Vec<(u64, Incident)>, Fault> {
    let mut damaged = Damaged::default();
    let mut loaded: BTreeMap<String, (u64, Incident)> = BTreeMap::new();
    let statement = format!("SELECT id, number, document FROM incident WHERE id IN ({ids})");
    for mut row in sql.run(&statement, values)? {
        let Ok(id) = row.text("incident") else {
            continue;
        };
        // A damaged number, which a verification reports, must not block publishing.
        let number = row.number("incident").unwrap_or_default();
        if let Some(incident) = damaged.parse(&mut row, "incident", &id) {
            loaded.insert(id, (number, incident));
        }
    }
    if loaded.is_empty() {
        return damaged.check(Vec::new());
    }
    let statement = format!(
        "SELECT incident, document FROM incident_update WHERE incident IN ({ids}) ORDER BY incident, number"
    );
    for mut row in sql.run(&statement, values)? {
        let Ok(id) = row.text("incident_update") else {
            continue;
        };
        if let Some((_, incident)) = loaded.get_mut(&id) {
            let update = damaged.parse::<Update>(&mut row, "incident_update", &id);
            incident.updates.extend(update);
        }
    }
    damaged.check(loaded.into_values().collect())
}

/// Finds an incident in these tables, with its updates.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_incident(
    sql: &impl Sql,
    tables: &IncidentTables,
    id: &IncidentId,
) -> Result<Option<Incident>, Fault> {
    let id = id.as_str();
    let statement = format!("SELECT document FROM {} WHERE id = ?", tables.incident);
    let Some(mut row) = sql.run(&statement, &[id.into()])?.into_iter().next() else {
        return Ok(None);
    };
    let mut incident: Incident = document(&mut row, "incident")?;
    let statement = format!(
        "SELECT document FROM {} WHERE incident = ? ORDER BY number",
        tables.incident_update
    );
    for mut row in sql.run(&statement, &[id.into()])? {
        incident
            .updates
            .push(document(&mut row, "incident_update")?);
    }
    Ok(Some(incident))
}

/// The incidents whose documents could not be parsed so far.
#[derive(Debug, Default)]
struct Damaged {
    incidents: Vec<String>,
    /// The first error.
    detail: Option<String>,
}

impl Damaged {
    /// Parses the document in a row's next column; records its incident as damaged if that fails.
    fn parse<T: DeserializeOwned>(
        &mut self,
        row: &mut Row,
        table: &'static str,
        incident: &str,
    ) -> Option<T> {
        match parse(row, table) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.detail.get_or_insert(detail);
                self.incidents.push(incident.to_owned());
                None
            }
        }
    }

    /// Returns the value if all documents could be parsed.
    fn check<T>(self, value: T) -> Result<T, Fault> {
        match self.detail {
            None => Ok(value),
            Some(detail) => Err(Fault::Unreadable {
                table: "incident",
                incidents: self.incidents,
                detail,
            }),
        }
    }
}

fn parse<T: DeserializeOwned>(row: &mut Row, table: &'static str) -> Result<T, String> {
    let text = row.text(table).map_err(|fault| fault.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
