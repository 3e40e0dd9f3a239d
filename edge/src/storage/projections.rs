//! Projections: the state as documents that are quick to load.

use notice::{
    state::State,
    wire::{
        component::Component,
        enums::StringEnum,
        ids::{IncidentId, Slug},
        incident::{Incident, Update},
        site::Site,
        template::Template,
        time::Timestamp,
    },
};

use super::{
    documents::{document, incidents},
    incident_tables::IncidentTables,
    journal, severity_spans,
    sql::Sql,
};
use crate::fault::Fault;

/// A site as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The state, with the incidents in force and the requested ones.
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

/// Loads a site. The revision is that of the journal's last row, even if the projection has another
/// one.
///
/// # Errors
/// [`Fault::Unreadable`] if a row can be rebuilt from the journal, or another `Fault` if the database cannot be read.
pub fn load(sql: &impl Sql, extra: ExtraIncidents<'_>) -> Result<Stored, Fault> {
    let last = journal::last(sql)?;
    let mut stored = Stored {
        rev: last.as_ref().map_or(0, |row| row.rev),
        last_at: last.map(|row| row.at),
        ..Stored::default()
    };
    let sites = sql.run("SELECT document FROM site", &[])?;
    let Some(mut row) = sites.into_iter().next() else {
        return Err(Fault::Unreadable {
            table: "site",
            incidents: Vec::new(),
            detail: "it is missing".to_owned(),
        });
    };
    stored.state.site = Some(document::<Site>(&mut row, "site")?);
    for mut row in sql.run("SELECT document FROM component ORDER BY position", &[])? {
        let component: Component = document(&mut row, "component")?;
        stored.state.components.push(component);
    }
    for mut row in sql.run("SELECT document FROM template", &[])? {
        let template: Template = document(&mut row, "template")?;
        stored.state.templates.push(template);
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

/// The last revision: that of the journal or, if no row of the journal can be read, that of the
/// site's row. `None` if neither can be read.
pub fn last_known_rev(sql: &impl Sql) -> Option<u64> {
    if let Ok(Some(last)) = journal::last(sql) {
        return Some(last.rev);
    }
    let rows = sql.run("SELECT rev FROM site", &[]).ok()?;
    rows.into_iter().next()?.number("site").ok()
}

/// Deletes the site's row, its components and its templates, so that [`save`] can write them again.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn clear_settings(sql: &impl Sql) -> Result<(), Fault> {
    ["site", "component", "template"]
        .into_iter()
        .try_for_each(|table| clear(sql, table))
}

/// Deletes all rows of a table.
///
/// # Errors
/// `Fault` if the statement fails. Call this inside a transaction.
pub fn clear(sql: &impl Sql, table: &'static str) -> Result<(), Fault> {
    sql.run(&format!("DELETE FROM {table}"), &[])?;
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

fn delete(sql: &impl Sql, table: &'static str, id: &str) -> Result<(), Fault> {
    sql.run(&format!("DELETE FROM {table} WHERE id = ?"), &[id.into()])?;
    Ok(())
}

/// Saves an incident. `previous` is the stored version, `None` without one: updates that have not
/// changed are not written again.
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
             VALUES (?, (SELECT min(seq) FROM {} WHERE about = ? AND seq > 0), ?, ?, ?, ?)
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
