//! The directory's tables: all sites and their host names.

use std::collections::BTreeMap;

use notice::wire::ids::Slug;
use serde::{Deserialize, Serialize};

use super::sql::Sql;
use crate::fault::Fault;

/// All sites and their confirmed host names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// All slugs, sorted.
    pub slugs: std::collections::BTreeSet<String>,
    /// The site's slug by confirmed host name.
    pub hostnames: BTreeMap<String, String>,
}

/// The result of a claim of host names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimResult {
    /// The host names are now those of the site.
    Granted,
    /// Another site has confirmed this host name; nothing has changed.
    Taken(String),
}

/// The result of a confirmation of a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmResult {
    /// The host name serves the site now.
    Confirmed,
    /// Another site has confirmed the host name before.
    Taken,
    /// The site does not have the host name.
    Unlisted,
}

/// Adds a site. Idempotent.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add(sql: &impl Sql, slug: &Slug) -> Result<(), Fault> {
    sql.run(
        "INSERT OR IGNORE INTO site (slug) VALUES (?)",
        &[slug.as_str().into()],
    )?;
    Ok(())
}

/// Removes a site and its host names. Idempotent.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn remove(sql: &impl Sql, slug: &Slug) -> Result<(), Fault> {
    sql.transaction(|| {
        sql.run(
            "DELETE FROM site_hostname WHERE slug = ?",
            &[slug.as_str().into()],
        )?;
        sql.run("DELETE FROM site WHERE slug = ?", &[slug.as_str().into()])?;
        Ok(())
    })
}

/// Replaces the host names of a site, unless another site has confirmed one of the new names. New names are
/// unconfirmed.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn claim(sql: &impl Sql, slug: &Slug, names: &[String]) -> Result<ClaimResult, Fault> {
    let listed = names_of(sql, slug)?;
    for name in names.iter().filter(|name| !listed.contains(name)) {
        if confirmed_owner(sql, name)?.is_some() {
            return Ok(ClaimResult::Taken(name.clone()));
        }
    }
    sql.transaction(|| {
        for name in listed.iter().filter(|name| !names.contains(name)) {
            sql.run(
                "DELETE FROM site_hostname WHERE name = ? AND slug = ?",
                &[name.as_str().into(), slug.as_str().into()],
            )?;
        }
        for name in names {
            sql.run(
                "INSERT OR IGNORE INTO site_hostname (name, slug, is_confirmed) VALUES (?, ?, 0)",
                &[name.as_str().into(), slug.as_str().into()],
            )?;
        }
        Ok(())
    })?;
    Ok(ClaimResult::Granted)
}

/// Confirms that a host name belongs to a site. Idempotent.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn confirm(sql: &impl Sql, slug: &Slug, name: &str) -> Result<ConfirmResult, Fault> {
    if !names_of(sql, slug)?.iter().any(|listed| listed == name) {
        return Ok(ConfirmResult::Unlisted);
    }
    match confirmed_owner(sql, name)? {
        Some(owner) if owner != slug.as_str() => Ok(ConfirmResult::Taken),
        _ => {
            sql.run(
                "UPDATE site_hostname SET is_confirmed = 1 WHERE name = ? AND slug = ?",
                &[name.into(), slug.as_str().into()],
            )?;
            Ok(ConfirmResult::Confirmed)
        }
    }
}

/// Returns all sites and confirmed host names.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(sql: &impl Sql) -> Result<Listing, Fault> {
    let mut listing = Listing::default();
    for mut row in sql.run("SELECT slug FROM site", &[])? {
        listing.slugs.insert(row.text("site")?);
    }
    let confirmed = "SELECT name, slug FROM site_hostname WHERE is_confirmed = 1";
    for mut row in sql.run(confirmed, &[])? {
        listing
            .hostnames
            .insert(row.text("site_hostname")?, row.text("site_hostname")?);
    }
    Ok(listing)
}

/// The host names of a site, confirmed or not.
fn names_of(sql: &impl Sql, slug: &Slug) -> Result<Vec<String>, Fault> {
    let rows = sql.run(
        "SELECT name FROM site_hostname WHERE slug = ?",
        &[slug.as_str().into()],
    )?;
    rows.into_iter()
        .map(|mut row| row.text("site_hostname"))
        .collect()
}

/// The slug of the site that has confirmed a host name.
fn confirmed_owner(sql: &impl Sql, name: &str) -> Result<Option<String>, Fault> {
    let rows = sql.run(
        "SELECT slug FROM site_hostname WHERE name = ? AND is_confirmed = 1",
        &[name.into()],
    )?;
    let mut rows = rows.into_iter();
    rows.next()
        .map(|mut row| row.text("site_hostname"))
        .transpose()
}
