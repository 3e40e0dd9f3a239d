//! Projections: the state as documents that are quick to load.

use std::collections::BTreeMap;

use notice::{
    state::State,
    wire::{
        component::Component,
        enums::Word,
        ids::{IncidentId, Slug},
        incident::{Incident, Update},
        site::Site,
        template::Template,
        time::Timestamp,
    },
};
use serde::de::DeserializeOwned;

use super::{
    journal, severity_spans,
    sql::{Row, Sql, Value},
};
use crate::fault::Fault;

/// A site as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The state, with the incidents in force and those requested.
    pub state: State,
    pub rev: u64,
    /// The time of the journal's last row.
    pub last_at: Option<Timestamp>,
}

/// The incidents to load in addition to those in force.
#[derive(Clone, Copy, Debug)]
pub enum ExtraIncidents<'a> {
    None,
    Ids(&'a [IncidentId]),
}

/// Loads a site; empty if there is none.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn load(sql: &impl Sql, extra: ExtraIncidents<'_>) -> Result<Stored, Fault> {
    let mut stored = Stored::default();
    let sites = sql.run("SELECT rev, document FROM site", &[])?;
    let Some(mut row) = sites.into_iter().next() else {
        return Ok(stored);
    };
    stored.rev = row.number("site")?;
    stored.state.site = Some(document::<Site>(&mut row, "site")?);
    stored.last_at = journal::last_at(sql)?;
    for mut row in sql.run("SELECT document FROM component ORDER BY position", &[])? {
        let component: Component = document(&mut row, "component")?;
        stored.state.components.push(component);
    }
    for mut row in sql.run("SELECT document FROM template", &[])? {
        // A damaged template, which `verify` reports, is left out: it must not block publishing.
        stored
            .state
            .templates
            .extend(document::<Template>(&mut row, "template"));
    }
    stored
        .state
        .templates
        .sort_by(|one, other| (&one.content.name, &one.id).cmp(&(&other.content.name, &other.id)));
    // `INDEXED BY`, because SQLite's own plan would read all incidents.
    let in_force = "SELECT id FROM incident INDEXED BY incident_in_force WHERE in_force = 1";
    let mut loaded = incidents(sql, in_force, &[])?;
    if let ExtraIncidents::Ids(ids) = extra {
        let others: Vec<&IncidentId> = ids
            .iter()
            .filter(|id| !loaded.iter().any(|(_, incident)| incident.id == **id))
            .collect();
        if !others.is_empty() {
            let ids = serde_json::to_string(&others)?;
            loaded.extend(incidents(
                sql,
                "SELECT value FROM json_each(?1)",
                &[ids.into()],
            )?);
        }
    }
    let by_id = |(_, incident): (u64, Incident)| (incident.id.clone(), incident);
    stored.state.incidents.extend(loaded.into_iter().map(by_id));
    Ok(stored)
}

/// The site's revision; 0 if there is no site.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn rev(sql: &impl Sql) -> Result<u64, Fault> {
    let rows = sql.run("SELECT rev FROM site", &[])?;
    rows.into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("site"))
}

/// The site's slug; `None` if there is no site.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn slug(sql: &impl Sql) -> Result<Option<Slug>, Fault> {
    let rows = sql.run("SELECT json_extract(document, '$.slug') FROM site", &[])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Slug::parse(&row.text("site")?))
}

/// Sets the site's revision.
///
/// # Errors
/// `Fault` if the statement fails. Call this inside a transaction.
pub fn set_rev(sql: &impl Sql, rev: u64) -> Result<(), Fault> {
    sql.run("UPDATE site SET rev = ?", &[rev.into()])?;
    Ok(())
}

/// The highest revision that can be read from the site or a row of its journal, even if the documents themselves cannot
/// be parsed; `None` if there is none.
pub fn last_known_rev(sql: &impl Sql) -> Option<u64> {
    // As text, because JavaScript's integers are exact to 2^53 only.
    let statements = [
        "SELECT CAST(rev AS TEXT) FROM site",
        "SELECT CAST(max(CASE WHEN json_valid(row) THEN json_extract(row, '$.rev') END) AS TEXT) FROM journal",
    ];
    let revs = statements.iter().filter_map(|statement| {
        let mut row = sql.run(statement, &[]).ok()?.into_iter().next()?;
        row.text("rev").ok()?.parse().ok()
    });
    revs.max()
}

/// A page of the list of incidents, newest first.
#[derive(Clone, Copy, Debug)]
pub struct IncidentQuery<'a> {
    /// A status to filter by.
    pub status: Option<&'a str>,
    /// A kind to filter by.
    pub kind: Option<&'a str>,
    /// Only incidents that are ongoing or scheduled.
    pub open: bool,
    /// Only incidents that were due to appear while the service was away.
    pub missed: bool,
    /// Only incidents with a lower number.
    pub before: Option<u64>,
    /// Maximum number of incidents.
    pub limit: usize,
}

/// [`Incident::is_open`] in SQL; open incidents are always in force.
const OPEN: &str = " AND in_force = 1 AND status NOT IN ('resolved', 'completed', 'ended')
    AND json_extract(document, '$.withdrawn') IS NULL";

/// Incidents with a missed transition; they are open, and so in force.
const MISSED: &str = " AND in_force = 1 AND json_extract(document, '$.missed_at') IS NOT NULL";

/// Returns a page of the incidents, with their numbers.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(sql: &impl Sql, query: IncidentQuery<'_>) -> Result<Vec<(u64, Incident)>, Fault> {
    // Each index ends with the number, so that a page is a part of it. `INDEXED BY`: without statistics, SQLite would choose
    // the index for the order, and read all incidents for a rare status.
    let index = match (query.open || query.missed, query.kind, query.status) {
        (true, ..) => " INDEXED BY incident_in_force",
        (false, Some(_), Some(_)) => " INDEXED BY incident_kind_status",
        (false, Some(_), None) => " INDEXED BY incident_kind",
        (false, None, Some(_)) => " INDEXED BY incident_status",
        (false, None, None) => "",
    };
    let mut statement = format!("SELECT id FROM incident{index} WHERE 1 = 1");
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        statement.push_str(&format!(" AND {condition} ?{}", values.len()));
    };
    if let Some(kind) = query.kind {
        add("kind =", kind.into());
    }
    if let Some(status) = query.status {
        add("status =", status.into());
    }
    if let Some(before) = query.before {
        add("number <", before.into());
    }
    if query.open {
        statement.push_str(OPEN);
    }
    if query.missed {
        statement.push_str(MISSED);
    }
    values.push(u64::try_from(query.limit).unwrap_or(u64::MAX).into());
    statement.push_str(&format!(" ORDER BY number DESC LIMIT ?{}", values.len()));
    let mut page = incidents(sql, &statement, &values)?;
    page.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    Ok(page)
}

/// Returns the ids of all incidents that [changed](notice::state::was_changed_after) after a time.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn changed_after(
    sql: &impl Sql,
    tables: &IncidentTables,
    at: Timestamp,
) -> Result<Vec<IncidentId>, Fault> {
    // All times have one format (RFC 3339, whole seconds, UTC), so that texts sort by time.
    sql.run(
        &format!(
            "SELECT id FROM {} WHERE json_extract(document, '$.updated_at') > ?",
            tables.incident
        ),
        &[at.to_string().into()],
    )?
    .into_iter()
    .map(|mut row| {
        let id = row.text("incident")?;
        IncidentId::parse(&id).ok_or_else(|| Fault::Stored {
            what: "incident",
            detail: format!("the id {id} cannot be parsed"),
        })
    })
    .collect()
}

/// Returns the listed incidents that ended at or after a time, newest end first, without their updates. The column
/// `listed_end` says which incidents are listed.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn ended_since(sql: &impl Sql, since: Timestamp, most: usize) -> Result<Vec<Incident>, Fault> {
    // All times have one format (RFC 3339, whole seconds, UTC), so that texts sort by time.
    sql.run(
        "SELECT document FROM incident INDEXED BY incident_listed_end
         WHERE listed_end >= ? ORDER BY listed_end DESC, number DESC LIMIT ?",
        &[
            since.to_string().into(),
            u64::try_from(most).unwrap_or(u64::MAX).into(),
        ],
    )?
    .into_iter()
    .map(|mut row| document(&mut row, "incident"))
    .collect()
}

/// Deletes the site's row, its components and its templates, so that [`save`] can write them again.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn clear_settings(sql: &impl Sql) -> Result<(), Fault> {
    for table in ["site", "component", "template"] {
        sql.run(&format!("DELETE FROM {table}"), &[])?;
    }
    Ok(())
}

/// Writes the difference between two states of a site.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn save(sql: &impl Sql, before: &State, after: &State, rev: u64) -> Result<(), Fault> {
    if let Some(site) = &after.site {
        sql.run(
            "INSERT INTO site (one, rev, document) VALUES (1, ?, ?)
             ON CONFLICT (one) DO UPDATE SET rev = excluded.rev, document = excluded.document",
            &[rev.into(), serde_json::to_string(site)?.into()],
        )?;
    }
    for component in &before.components {
        if !after
            .components
            .iter()
            .any(|other| other.id == component.id)
        {
            delete(sql, "component", component.id.as_str())?;
        }
    }
    for component in &after.components {
        if !before.components.contains(component) {
            sql.run(
                "INSERT INTO component (id, position, document) VALUES (?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET position = excluded.position, document = excluded.document",
                &[
                    component.id.as_str().into(),
                    u64::from(component.position).into(),
                    serde_json::to_string(component)?.into(),
                ],
            )?;
        }
    }
    for template in &before.templates {
        if !after.templates.iter().any(|other| other.id == template.id) {
            delete(sql, "template", template.id.as_str())?;
        }
    }
    for template in &after.templates {
        if !before.templates.contains(template) {
            sql.run(
                "INSERT INTO template (id, document) VALUES (?, ?)
                 ON CONFLICT (id) DO UPDATE SET document = excluded.document",
                &[
                    template.id.as_str().into(),
                    serde_json::to_string(template)?.into(),
                ],
            )?;
        }
    }
    for id in before.incidents.keys() {
        if !after.incidents.contains_key(id) {
            delete(sql, "incident", id.as_str())?;
            sql.run(
                "DELETE FROM incident_update WHERE incident = ?",
                &[id.as_str().into()],
            )?;
            severity_spans::delete(sql, id)?;
        }
    }
    for (id, incident) in &after.incidents {
        let previous = before.incidents.get(id);
        if previous != Some(incident) {
            save_incident(sql, &IncidentTables::of_site(), previous, incident)?;
        }
    }
    Ok(())
}

/// The tables that an incident is saved in: those of the site, or their copies.
#[derive(Clone, Debug)]
pub struct IncidentTables {
    /// The journal, by which incidents are numbered.
    pub journal: String,
    pub incident: String,
    pub incident_update: String,
}

impl IncidentTables {
    /// The site's own tables.
    pub fn of_site() -> Self {
        Self {
            journal: "journal".to_owned(),
            incident: "incident".to_owned(),
            incident_update: "incident_update".to_owned(),
        }
    }
}

fn delete(sql: &impl Sql, table: &'static str, id: &str) -> Result<(), Fault> {
    sql.run(&format!("DELETE FROM {table} WHERE id = ?"), &[id.into()])?;
    Ok(())
}

/// Saves an incident. `previous` is its stored version: updates that are equal to its updates are not written again.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction, after the incident's first row was added to the journal.
pub fn save_incident(
    sql: &impl Sql,
    tables: &IncidentTables,
    previous: Option<&Incident>,
    incident: &Incident,
) -> Result<(), Fault> {
    // Updates are rows of their own, so that a long timeline is not rewritten with every update.
    let document = Incident {
        updates: Vec::new(),
        ..incident.clone()
    };
    sql.run(
        &format!(
            "INSERT INTO {} (id, number, kind, status, in_force, document)
             VALUES (?, (SELECT min(seq) FROM {} WHERE about = ?), ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, in_force = excluded.in_force,
               has_spans = 0, document = excluded.document",
            tables.incident, tables.journal
        ),
        &[
            incident.id.as_str().into(),
            incident.id.as_str().into(),
            incident.kind.as_str().into(),
            incident.status.as_str().into(),
            incident.is_in_force().into(),
            serde_json::to_string(&document)?.into(),
        ],
    )?;
    let stored_updates = previous.map_or(&[] as &[Update], |previous| &previous.updates);
    for (number, update) in (0_u64..).zip(&incident.updates) {
        let same = usize::try_from(number)
            .ok()
            .and_then(|number| stored_updates.get(number))
            == Some(update);
        if !same {
            sql.run(
                &format!(
                    "INSERT INTO {} (incident, number, document) VALUES (?, ?, ?)
                     ON CONFLICT (incident, number) DO UPDATE SET document = excluded.document",
                    tables.incident_update
                ),
                &[
                    incident.id.as_str().into(),
                    number.into(),
                    serde_json::to_string(update)?.into(),
                ],
            )?;
        }
    }
    Ok(())
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

/// Loads the incidents whose ids a statement selects, with their numbers and updates. Two statements for all of them: each
/// costs as much as ten rows.
fn incidents(sql: &impl Sql, ids: &str, values: &[Value]) -> Result<Vec<(u64, Incident)>, Fault> {
    let mut loaded: Vec<(u64, Incident)> = sql
        .run(
            &format!("SELECT number, document FROM incident WHERE id IN ({ids})"),
            values,
        )?
        .into_iter()
        // A damaged number, which `verify` reports, must not block publishing.
        .map(|mut row| {
            let number = row.number("incident").unwrap_or_default();
            Ok((number, document(&mut row, "incident")?))
        })
        .collect::<Result<_, Fault>>()?;
    if loaded.is_empty() {
        return Ok(loaded);
    }
    let updates = sql.run(
        &format!(
            "SELECT incident, document FROM incident_update WHERE incident IN ({ids}) ORDER BY incident, number"
        ),
        values,
    )?;
    let positions: BTreeMap<String, usize> = (0..)
        .zip(&loaded)
        .map(|(position, (_, incident))| (incident.id.to_string(), position))
        .collect();
    for mut row in updates {
        let position = positions.get(&row.text("incident_update")?);
        if let Some((_, incident)) = position.and_then(|position| loaded.get_mut(*position)) {
            incident
                .updates
                .push(document(&mut row, "incident_update")?);
        }
    }
    Ok(loaded)
}

/// Parses the document in a row's next column. `what` names the table in the fault.
///
/// # Errors
/// [`Fault::Stored`] if it is not a `T`.
pub fn document<T: DeserializeOwned>(row: &mut Row, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(&row.text(what)?).map_err(|error| Fault::Stored {
        what,
        detail: error.to_string(),
    })
}
