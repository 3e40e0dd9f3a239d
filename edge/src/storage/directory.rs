//! The list of all sites and their host names.

use std::collections::BTreeMap;

use notice::wire::ids::Slug;
use serde::{Deserialize, Serialize};

use super::sql::Sql;
use crate::fault::Fault;

/// All sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Their slugs, in alphabetical order.
    pub slugs: std::collections::BTreeSet<String>,
    /// Host names, and whose they are.
    pub hostnames: BTreeMap<String, String>,
}

/// Adds a site; adding it again changes nothing.
///
/// # Errors
/// When the database refuses it.
pub fn add(sql: &impl Sql, slug: &Slug) -> Result<(), Fault> {
    sql.run(
        "INSERT OR IGNORE INTO site (slug) VALUES (?)",
        &[slug.as_str().into()],
    )?;
    Ok(())
}

/// Removes a site and its host names; removing it again changes nothing.
///
/// # Errors
/// When the database refuses it.
pub fn remove(sql: &impl Sql, slug: &Slug) -> Result<(), Fault> {
    sql.transaction(|| {
        sql.run(
            "DELETE FROM hostname WHERE slug = ?",
            &[slug.as_str().into()],
        )?;
        sql.run("DELETE FROM site WHERE slug = ?", &[slug.as_str().into()])?;
        Ok(())
    })
}

/// Gives a site exactly these host names, or the name that another site has.
///
/// # Errors
/// When the database refuses it; then nothing has changed.
pub fn claim(sql: &impl Sql, slug: &Slug, names: &[String]) -> Result<Result<(), String>, Fault> {
    for name in names {
        let taken = sql.run(
            "SELECT slug FROM hostname WHERE name = ? AND slug <> ?",
            &[name.as_str().into(), slug.as_str().into()],
        )?;
        if !taken.is_empty() {
            return Ok(Err(name.clone()));
        }
    }
    sql.transaction(|| {
        sql.run(
            "DELETE FROM hostname WHERE slug = ?",
            &[slug.as_str().into()],
        )?;
        for name in names {
            sql.run(
                "INSERT OR IGNORE INTO hostname (name, slug) VALUES (?, ?)",
                &[name.as_str().into(), slug.as_str().into()],
            )?;
        }
        Ok(())
    })?;
    Ok(Ok(()))
}

/// Every site and every host name.
///
/// # Errors
/// When the database cannot be read.
pub fn list(sql: &impl Sql) -> Result<Listing, Fault> {
    let mut listing = Listing::default();
    for mut row in sql.run("SELECT slug FROM site", &[])? {
        listing.slugs.insert(row.text("site")?);
    }
    for mut row in sql.run("SELECT name, slug FROM hostname", &[])? {
        listing
            .hostnames
            .insert(row.text("hostname")?, row.text("hostname")?);
    }
    Ok(listing)
}
