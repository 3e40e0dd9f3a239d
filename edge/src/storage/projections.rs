//! What the journal adds up to, as documents that are quick to load.

use notice::{
    state::State,
    wire::{
        component::Component,
        ids::IncidentId,
        incident::{Incident, Update},
        site::Site,
        template::Template,
        time::Timestamp,
        words::Word,
    },
};
use serde::de::DeserializeOwned;

use super::{
    journal,
    sql::{Row, Sql, Value},
};
use crate::fault::Fault;

/// Incidents that are looked through for what lately was.
const LOOKED_THROUGH: u64 = 500;

/// A site as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Its state: with those incidents that are in force, and those asked for.
    pub state: State,
    /// The revision of its feed.
    pub rev: u64,
    /// When something last happened to it.
    pub last_at: Option<Timestamp>,
}

/// Which incidents are loaded beside those in force.
#[derive(Clone, Copy, Debug)]
pub enum Beside<'a> {
    /// None.
    Nothing,
    /// These.
    These(&'a [IncidentId]),
    /// All there ever were.
    Everything,
}

/// Loads a site.
///
/// # Errors
/// When the database cannot be read.
pub fn load(sql: &impl Sql, beside: Beside<'_>) -> Result<Stored, Fault> {
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
        let template: Template = document(&mut row, "template")?;
        stored.state.templates.push(template);
    }
    stored
        .state
        .templates
        .sort_by(|one, other| (&one.words.name, &one.id).cmp(&(&other.words.name, &other.id)));
    let in_force = match beside {
        Beside::Everything => "SELECT document FROM incident",
        _ => "SELECT document FROM incident WHERE in_force = 1",
    };
    let mut rows = sql.run(in_force, &[])?;
    if let Beside::These(ids) = beside {
        for id in ids {
            rows.extend(sql.run(
                "SELECT document FROM incident WHERE id = ? AND in_force = 0",
                &[id.as_str().into()],
            )?);
        }
    }
    for mut row in rows {
        let incident = whole(sql, &mut row)?;
        stored.state.incidents.insert(incident.id.clone(), incident);
    }
    Ok(stored)
}

/// The highest revision that can be read, of the site or of a row of its journal, also where neither can be read as a
/// whole; `None` where there is none.
pub fn last_known_rev(sql: &impl Sql) -> Option<u64> {
    // As text: JavaScript has no integers above 2^53.
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

/// One part of the list of incidents, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Only those of this status.
    pub status: Option<&'a str>,
    /// Only those of this kind.
    pub kind: Option<&'a str>,
    /// Only those that go on or are yet to begin.
    pub open: bool,
    /// Only those before this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: usize,
}

/// [`Incident::is_open`] in SQL: whatever is open is in force.
const OPEN: &str = " AND in_force = 1 AND status NOT IN ('resolved', 'completed', 'ended')
    AND json_extract(document, '$.withdrawn') IS NULL";

/// The incidents of one part of the list, with their numbers.
///
/// # Errors
/// When the database cannot be read.
pub fn list(sql: &impl Sql, part: Part<'_>) -> Result<Vec<(u64, Incident)>, Fault> {
    let mut statement = "SELECT number, document FROM incident WHERE 1 = 1".to_owned();
    let mut values: Vec<Value> = Vec::new();
    if let Some(status) = part.status {
        statement.push_str(" AND status = ?");
        values.push(status.into());
    }
    if let Some(kind) = part.kind {
        statement.push_str(" AND kind = ?");
        values.push(kind.into());
    }
    if part.open {
        statement.push_str(OPEN);
    }
    if let Some(before) = part.before {
        statement.push_str(" AND number < ?");
        values.push(before.into());
    }
    statement.push_str(" ORDER BY number DESC LIMIT ?");
    values.push(u64::try_from(part.limit).unwrap_or(u64::MAX).into());
    sql.run(&statement, &values)?
        .into_iter()
        .map(|mut row| Ok((row.number("incident")?, whole(sql, &mut row)?)))
        .collect()
}

/// All incidents there ever were, without their timelines.
///
/// # Errors
/// When the database cannot be read.
pub fn headlines(sql: &impl Sql) -> Result<Vec<Incident>, Fault> {
    sql.run("SELECT document FROM incident ORDER BY number", &[])?
        .into_iter()
        .map(|mut row| document(&mut row, "incident"))
        .collect()
}

/// Incidents that were over at this moment or later, without their timelines. They are looked for among the newest
/// [`LOOKED_THROUGH`], since readers wait for it.
///
/// # Errors
/// When the database cannot be read.
pub fn ended_since(sql: &impl Sql, since: Timestamp) -> Result<Vec<Incident>, Fault> {
    let newest = "SELECT number, document FROM incident ORDER BY number DESC LIMIT ?";
    // Moments are written alike (RFC 3339, whole seconds, UTC), so that texts are in the order of time.
    let statement = format!(
        "SELECT document FROM ({newest}) WHERE document ->> '$.ended_at' >= ? ORDER BY number"
    );
    sql.run(
        &statement,
        &[LOOKED_THROUGH.into(), since.to_string().into()],
    )?
    .into_iter()
    .map(|mut row| document(&mut row, "incident"))
    .collect()
}

/// Writes what differs between two states of a site.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn save(sql: &impl Sql, before: &State, after: &State, rev: u64) -> Result<(), Fault> {
    if let Some(site) = &after.site {
        sql.run(
            "INSERT INTO site (one, rev, document) VALUES (1, ?, ?)
             ON CONFLICT (one) DO UPDATE SET rev = excluded.rev, document = excluded.document",
            &[rev.into(), serde_json::to_string(site)?.into()],
        )?;
    }
    for component in &before.components {
        if !after.components.iter().any(|kept| kept.id == component.id) {
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
        if !after.templates.iter().any(|kept| kept.id == template.id) {
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
        }
    }
    for (id, incident) in &after.incidents {
        let standing = before.incidents.get(id);
        if standing != Some(incident) {
            save_incident(sql, standing, incident)?;
        }
    }
    Ok(())
}

/// Forgets every projection, so that [`save`] can write them anew.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn clear(sql: &impl Sql) -> Result<(), Fault> {
    for table in [
        "site",
        "component",
        "template",
        "incident",
        "incident_update",
    ] {
        sql.run(&format!("DELETE FROM {table}"), &[])?;
    }
    Ok(())
}

fn delete(sql: &impl Sql, table: &'static str, id: &str) -> Result<(), Fault> {
    sql.run(&format!("DELETE FROM {table} WHERE id = ?"), &[id.into()])?;
    Ok(())
}

fn save_incident(
    sql: &impl Sql,
    standing: Option<&Incident>,
    incident: &Incident,
) -> Result<(), Fault> {
    // The timeline grows; it lies in rows of its own so that a long one is not written again with every word.
    let document = Incident {
        updates: Vec::new(),
        ..incident.clone()
    };
    sql.run(
        "INSERT INTO incident (id, number, kind, status, in_force, document)
         VALUES (?, 1 + COALESCE((SELECT max(number) FROM incident), 0), ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, in_force = excluded.in_force,
           document = excluded.document",
        &[
            incident.id.as_str().into(),
            incident.kind.as_str().into(),
            incident.status.as_str().into(),
            incident.is_in_force().into(),
            serde_json::to_string(&document)?.into(),
        ],
    )?;
    let known = standing.map_or(&[] as &[Update], |standing| &standing.updates);
    for (number, update) in (0_u64..).zip(&incident.updates) {
        let same = usize::try_from(number)
            .ok()
            .and_then(|number| known.get(number))
            == Some(update);
        if !same {
            sql.run(
                "INSERT INTO incident_update (incident, number, document) VALUES (?, ?, ?)
                 ON CONFLICT (incident, number) DO UPDATE SET document = excluded.document",
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

/// An incident's document with its timeline.
fn whole(sql: &impl Sql, row: &mut Row) -> Result<Incident, Fault> {
    let mut incident: Incident = document(row, "incident")?;
    let updates = sql.run(
        "SELECT document FROM incident_update WHERE incident = ? ORDER BY number",
        &[incident.id.as_str().into()],
    )?;
    for mut row in updates {
        let update: Update = document(&mut row, "incident_update")?;
        incident.updates.push(update);
    }
    Ok(incident)
}

fn document<T: DeserializeOwned>(row: &mut Row, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(&row.text(what)?).map_err(|error| Fault::Stored {
        what,
        detail: error.to_string(),
    })
}
