//! The list of all sites.

use notice::wire::ids::Slug;

use super::sql::Sql;
use crate::fault::Fault;

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

/// Every site's slug, in alphabetical order.
///
/// # Errors
/// When the database cannot be read.
pub fn slugs(sql: &impl Sql) -> Result<Vec<String>, Fault> {
    sql.run("SELECT slug FROM site ORDER BY slug", &[])?
        .into_iter()
        .map(|mut row| row.text("site"))
        .collect()
}
