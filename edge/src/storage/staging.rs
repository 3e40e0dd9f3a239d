//! The staging tables of an import: copies of the tables that the import fills. They replace these
//! tables in one transaction.

use notice::wire::{ids::IncidentId, incident::Incident, time::Timestamp};

use super::{
    documents, incident_lists,
    incident_tables::IncidentTables,
    journal::{self, Entry},
    projections,
    sql::Sql,
    table_copy,
};
use crate::fault::Fault;

/// The tables that are replaced.
const TABLES: &[&str] = &["journal", "incident", "incident_update"];

/// The names of the staging tables.
fn tables() -> IncidentTables {
    IncidentTables {
        journal: table_copy::name("journal"),
        incident: table_copy::name("incident"),
        incident_update: table_copy::name("incident_update"),
    }
}

/// Creates empty staging tables. First drops staging tables that an earlier import has left.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn begin(sql: &impl Sql) -> Result<(), Fault> {
    table_copy::drop_all(sql)?;
    sql.transaction(|| {
        // The journal's index has a row for each event, so creating it at the end would take long.
        table_copy::create_with_indexes(sql, "journal")?;
        table_copy::create(sql, "incident")?;
        table_copy::create(sql, "incident_update")
    })
}

/// Stages rows of the journal, the first of which has this sequence number.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn add_rows(sql: &impl Sql, first: u64, entries: &[Entry]) -> Result<(), Fault> {
    let table = table_copy::name("journal");
    for (seq, entry) in (first..).zip(entries) {
        journal::insert(sql, &table, seq, entry)?;
    }
    Ok(())
}

/// Stages an incident after its events.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction, after [`add_rows`].
pub fn save_incident(sql: &impl Sql, incident: &Incident) -> Result<(), Fault> {
    projections::save_incident(sql, &tables(), None, incident)
}

/// Finds a staged incident.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_incident(sql: &impl Sql, id: &IncidentId) -> Result<Option<Incident>, Fault> {
    documents::find_incident(sql, &tables(), id)
}

/// The staged incidents that a correction of the clock to this time changes.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn changed_after(sql: &impl Sql, at: Timestamp) -> Result<Vec<IncidentId>, Fault> {
    incident_lists::changed_after(sql, &tables(), at)
}

/// Deletes a staged incident.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn delete_incident(sql: &impl Sql, id: &IncidentId) -> Result<(), Fault> {
    let tables = tables();
    for (table, column) in [
        (&tables.incident, "id"),
        (&tables.incident_update, "incident"),
    ] {
        sql.run(
            &format!("DELETE FROM {table} WHERE {column} = ?"),
            &[id.as_str().into()],
        )?;
    }
    Ok(())
}

/// Replaces the site's journal and incidents by the staged ones. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn take_over(sql: &impl Sql) -> Result<(), Fault> {
    for table in TABLES {
        table_copy::replace(sql, table)?;
    }
    sql.run("DELETE FROM severity_span", &[])?;
    Ok(())
}
