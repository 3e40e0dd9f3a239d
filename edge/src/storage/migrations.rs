//! Schema migrations, applied when an object first uses its database.

use super::sql::Sql;
use crate::fault::Fault;

/// Migrations of a site's database, oldest first.
pub const SITE: &[&str] = &[
    include_str!("../../migrations/site/0001.sql"),
    include_str!("../../migrations/site/0002.sql"),
    include_str!("../../migrations/site/0003.sql"),
    include_str!("../../migrations/site/0004.sql"),
    include_str!("../../migrations/site/0005.sql"),
    include_str!("../../migrations/site/0006.sql"),
    include_str!("../../migrations/site/0007.sql"),
    include_str!("../../migrations/site/0008.sql"),
];
/// Migrations of the directory's database, oldest first.
pub const DIRECTORY: &[&str] = &[
    include_str!("../../migrations/directory/0001.sql"),
    include_str!("../../migrations/directory/0002.sql"),
    include_str!("../../migrations/directory/0003.sql"),
];

/// The schema version of a database; 0 without tables. Creates nothing.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn version(sql: &impl Sql) -> Result<usize, Fault> {
    if !has_table(sql, "schema")? {
        return Ok(0);
    }
    let rows = sql.run("SELECT version FROM schema", &[])?;
    let version = rows
        .into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("schema"))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Applies all missing migrations in one transaction.
///
/// # Errors
/// `Fault` if a migration fails; nothing has changed then.
pub fn migrate(sql: &impl Sql, steps: &[&str]) -> Result<(), Fault> {
    if version(sql)? >= steps.len() {
        return Ok(());
    }
    sql.transaction(|| apply(sql, steps))
}

/// Applies the missing migrations. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a migration fails.
pub fn apply(sql: &impl Sql, steps: &[&str]) -> Result<(), Fault> {
    for (number, step) in steps.iter().enumerate().skip(version(sql)?) {
        sql.script(step)?;
        if number > 0 {
            let next = u64::try_from(number.saturating_add(1)).unwrap_or(u64::MAX);
            sql.run("UPDATE schema SET version = ?", &[next.into()])?;
        }
    }
    Ok(())
}

/// Drops all tables, and creates a tombstone with the last revision. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn drop_all_tables(sql: &impl Sql, rev: u64) -> Result<(), Fault> {
    // Excludes the tables of the runtime.
    let tables = sql.run(
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
        &[],
    )?;
    for mut table in tables {
        let name = table.text("sqlite_master")?;
        sql.run(&format!("DROP TABLE {name}"), &[])?;
    }
    create_tombstone(sql, rev)
}

/// Creates a tombstone with the last revision of a deleted site.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn create_tombstone(sql: &impl Sql, rev: u64) -> Result<(), Fault> {
    sql.script("CREATE TABLE tombstone (rev INTEGER NOT NULL)")?;
    sql.run("INSERT INTO tombstone (rev) VALUES (?)", &[rev.into()])?;
    Ok(())
}

/// The last revision of a site that was deleted here, from its tombstone; 0 without one.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn tombstone_rev(sql: &impl Sql) -> Result<u64, Fault> {
    if !has_table(sql, "tombstone")? {
        return Ok(0);
    }
    let rows = sql.run("SELECT rev FROM tombstone", &[])?;
    rows.into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("tombstone"))
}

/// Removes the tombstone, for a new site. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn remove_tombstone(sql: &impl Sql) -> Result<(), Fault> {
    sql.script("DROP TABLE IF EXISTS tombstone")
}

fn has_table(sql: &impl Sql, name: &str) -> Result<bool, Fault> {
    let tables = sql.run(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
        &[name.into()],
    )?;
    Ok(!tables.is_empty())
}
