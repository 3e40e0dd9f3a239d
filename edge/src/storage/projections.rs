//! What the journal adds up to, as documents that are quick to load.

use notice::{
    state::State,
    wire::{
        component::Component,
        ids::IncidentId,
        incident::{Incident, Update},
        site::Site,
    },
};
use serde::de::DeserializeOwned;

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

/// A site as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Its state: with those incidents that are in force, and the one asked for.
    pub state: State,
    /// The revision of its feed.
    pub rev: u64,
}

/// Loads a site with what is in force, and with `incident` whether or not it still is.
///
/// # Errors
/// When the database cannot be read.
pub fn load(sql: &impl Sql, incident: Option<&IncidentId>) -> Result<Stored, Fault> {
    let mut stored = Stored::default();
    let Some(mut row) = sql
        .run("SELECT rev, document FROM site", &[])?
        .into_iter()
        .next()
    else {
        return Ok(stored);
    };
    stored.rev = row.number("site")?;
    stored.state.site = Some(document::<Site>(&mut row, "site")?);
    for mut row in sql.run("SELECT document FROM component ORDER BY position", &[])? {
        let component: Component = document(&mut row, "component")?;
        stored.state.components.push(component);
    }
    let asked = incident.map_or(Value::Null, |id| id.as_str().into());
    let incidents = sql.run(
        "SELECT document FROM incident WHERE in_force = 1 UNION SELECT document FROM incident WHERE id = ?",
        &[asked],
    )?;
    for mut row in incidents {
        let mut incident: Incident = document(&mut row, "incident")?;
        let updates = sql.run(
            "SELECT document FROM incident_update WHERE incident = ? ORDER BY number",
            &[incident.id.as_str().into()],
        )?;
        for mut row in updates {
            let update: Update = document(&mut row, "incident_update")?;
            incident.updates.push(update);
        }
        stored.state.incidents.insert(incident.id.clone(), incident);
    }
    Ok(stored)
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
    for (id, incident) in &after.incidents {
        let standing = before.incidents.get(id);
        if standing != Some(incident) {
            save_incident(sql, standing, incident)?;
        }
    }
    Ok(())
}

fn save_incident(
    sql: &impl Sql,
    standing: Option<&Incident>,
    incident: &Incident,
) -> Result<(), Fault> {
    let in_force = incident.is_open() || !incident.expired;
    // The timeline grows; it lies in rows of its own so that a long one is not written again with every word.
    let document = Incident {
        updates: Vec::new(),
        ..incident.clone()
    };
    sql.run(
        "INSERT INTO incident (id, in_force, document) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET in_force = excluded.in_force, document = excluded.document",
        &[
            incident.id.as_str().into(),
            in_force.into(),
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

fn document<T: DeserializeOwned>(row: &mut Row, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(&row.text(what)?).map_err(|error| Fault::Stored {
        what,
        detail: error.to_string(),
    })
}
