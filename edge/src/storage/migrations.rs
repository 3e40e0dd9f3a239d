//! The schema, version by version, applied on first use.

use super::sql::Sql;
use crate::fault::Fault;

/// A site's schema, oldest step first.
pub const SITE: &[&str] = &[
    include_str!("../../migrations/site/0001.sql"),
    include_str!("../../migrations/site/0002.sql"),
];
/// The directory's schema, oldest step first.
pub const DIRECTORY: &[&str] = &[
    include_str!("../../migrations/directory/0001.sql"),
    include_str!("../../migrations/directory/0002.sql"),
];

/// The version a database is at: 0 before anything is made. Never creates anything.
///
/// # Errors
/// When the database cannot be read.
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

/// Brings a database to the newest version, whole or not at all.
///
/// # Errors
/// When a step fails; then nothing has changed.
pub fn migrate(sql: &impl Sql, steps: &[&str]) -> Result<(), Fault> {
    if version(sql)? >= steps.len() {
        return Ok(());
    }
    sql.transaction(|| apply(sql, steps))
}

/// Applies the steps that are missing. Call it inside a transaction.
///
/// # Errors
/// When a step fails.
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

/// Drops everything but a tombstone that keeps the last revision. Call it inside a transaction.
///
/// # Errors
/// When the database refuses it.
pub fn raze(sql: &impl Sql, rev: u64) -> Result<(), Fault> {
    // The runtime's own tables are not ours to see.
    let tables = sql.run(
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
        &[],
    )?;
    for mut table in tables {
        let name = table.text("sqlite_master")?;
        sql.run(&format!("DROP TABLE {name}"), &[])?;
    }
    sql.script("CREATE TABLE tombstone (rev INTEGER NOT NULL)")?;
    sql.run("INSERT INTO tombstone (rev) VALUES (?)", &[rev.into()])?;
    Ok(())
}

/// The last revision of a site that was deleted here; 0 where there was none.
///
/// # Errors
/// When the database cannot be read.
pub fn buried_rev(sql: &impl Sql) -> Result<u64, Fault> {
    if !has_table(sql, "tombstone")? {
        return Ok(0);
    }
    let rows = sql.run("SELECT rev FROM tombstone", &[])?;
    rows.into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("tombstone"))
}

/// A new site takes the old one's place. Call it inside a transaction.
///
/// # Errors
/// When the database refuses it.
pub fn unbury(sql: &impl Sql) -> Result<(), Fault> {
    sql.script("DROP TABLE IF EXISTS tombstone")
}

fn has_table(sql: &impl Sql, name: &str) -> Result<bool, Fault> {
    let tables = sql.run(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
        &[name.into()],
    )?;
    Ok(!tables.is_empty())
}
