//! Copies of tables. A copy is filled in several transactions, and then replaces its table in a
//! single one.
//!
//! A copy has the table's columns, but no indexes. [`replace`] creates the table's indexes on the
//! copy, under the same names; [`move_indexes_to_copy`] does that before the table is replaced. An
//! import moves the journal's indexes while the journal has only one row and the copy is still
//! empty ([`create_with_indexes`]): to create them on the filled copy would take long.
//!
//! Also overwrites free pages of the database file, with rows of zeros in a table `copy_of_blank`.

use super::{
    indexes::{self, after_name},
    sql::{Sql, Value},
};
use crate::fault::Fault;

/// Tables whose copies may exist between two transactions.
const TABLES: &[&str] = &[
    "journal",
    "incident",
    "incident_update",
    "idempotency",
    BLANK,
];

/// Names the table that fills free pages. Only `copy_of_blank` exists, which is named like a copy so
/// that [`drop_all`] drops it. There is no table `blank`.
const BLANK: &str = "blank";
/// Number of zeros in a blank row, so that the row fills whole pages of 4,096 bytes: 64 overflow
/// pages and one leaf page. An overflow page has room for 4,092 bytes of the row after the number of
/// the next page. A leaf page has room for 4,061: the 4 bytes of the record's header and 4,057 zeros.
const BLANK_ROW: u64 = 64 * 4092 + 4057;

/// The name of a table's copy.
pub fn name(table: &str) -> String {
    format!("copy_of_{table}")
}

/// The name of a table that was replaced and is not empty yet.
fn replaced_name(table: &str) -> String {
    format!("replaced_{table}")
}

/// Creates an empty copy without indexes. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn create(sql: &impl Sql, table: &str) -> Result<(), Fault> {
    let definition = definition(sql, table)?.unwrap_or_default();
    sql.run(&format!("CREATE TABLE {} {definition}", name(table)), &[])?;
    Ok(())
}

/// Creates an empty copy and moves the table's indexes to it. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn create_with_indexes(sql: &impl Sql, table: &str) -> Result<(), Fault> {
    create(sql, table)?;
    move_indexes_to_copy(sql, table)
}

/// Moves the table's indexes to its copy. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn move_indexes_to_copy(sql: &impl Sql, table: &str) -> Result<(), Fault> {
    move_indexes(sql, table, &name(table))
}

/// Replaces the table by its copy, and creates the table's indexes on the copy. Call this inside a
/// transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn replace(sql: &impl Sql, table: &str) -> Result<(), Fault> {
    let indexes = indexes::of_table(sql, table)?;
    sql.run(&format!("DROP TABLE {table}"), &[])?;
    sql.run(
        &format!("ALTER TABLE {} RENAME TO {table}", name(table)),
        &[],
    )?;
    for index in indexes {
        index.create_on(sql, table)?;
    }
    Ok(())
}

/// Replaces the table by its copy, to which [`move_indexes_to_copy`] has moved the indexes. Does not
/// drop the old table, because that takes long for a large table: [`delete_replaced`] deletes the
/// rows of the old table. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn exchange(sql: &impl Sql, table: &str) -> Result<(), Fault> {
    for (from, to) in [
        (table, replaced_name(table).as_str()),
        (name(table).as_str(), table),
    ] {
        sql.run(&format!("ALTER TABLE {from} RENAME TO {to}"), &[])?;
    }
    Ok(())
}

/// Deletes up to `most` rows of the old table that [`exchange`] has kept; drops the old table if it
/// has no rows. Returns whether there may be more rows. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn delete_replaced(sql: &impl Sql, table: &str, most: u64) -> Result<bool, Fault> {
    let replaced = replaced_name(table);
    let last = sql.run(
        &format!("SELECT max(rowid) FROM (SELECT rowid FROM {replaced} ORDER BY rowid LIMIT ?)"),
        &[most.into()],
    )?;
    let Some(Ok(last)) = last.into_iter().next().map(|mut row| row.integer("rowid")) else {
        sql.run(&format!("DROP TABLE {replaced}"), &[])?;
        return Ok(false);
    };
    sql.run(
        &format!("DELETE FROM {replaced} WHERE rowid <= ?"),
        &[Value::Integer(last)],
    )?;
    Ok(true)
}

/// Creates the table that fills free pages.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn create_blank(sql: &impl Sql) -> Result<(), Fault> {
    sql.run(&format!("CREATE TABLE {} (x BLOB)", name(BLANK)), &[])?;
    Ok(())
}

/// Adds a blank row, which overwrites free pages: SQLite uses them before it makes the file larger.
/// Returns whether there may be more free pages.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn fill_blank(sql: &impl Sql) -> Result<bool, Fault> {
    let before = sql.size()?;
    let statement = format!("INSERT INTO {} VALUES (zeroblob(?))", name(BLANK));
    sql.run(&statement, &[BLANK_ROW.into()])?;
    Ok(sql.size()? <= before)
}

/// Number of blank rows.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn blank_rows(sql: &impl Sql) -> Result<u64, Fault> {
    let statement = format!("SELECT COALESCE(max(rowid), 0) FROM {}", name(BLANK));
    let rows = sql.run(&statement, &[])?;
    rows.into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("blank"))
}

/// Deletes the blank rows after the first `rows`. Their pages, which contain zeros, are free again.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn delete_blank_after(sql: &impl Sql, rows: u64) -> Result<(), Fault> {
    let statement = format!("DELETE FROM {} WHERE rowid > ?", name(BLANK));
    sql.run(&statement, &[rows.into()])?;
    Ok(())
}

/// Drops all copies and replaced tables, which a crash may have left, and moves the indexes back to
/// their tables.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn drop_all(sql: &impl Sql) -> Result<(), Fault> {
    let exists = |name: &str| -> Result<bool, Fault> { Ok(definition(sql, name)?.is_some()) };
    let (mut copies, mut replaced) = (Vec::new(), Vec::new());
    for table in TABLES {
        if exists(&name(table))? {
            copies.push(*table);
        }
        if exists(&replaced_name(table))? {
            replaced.push(replaced_name(table));
        }
    }
    if copies.is_empty() && replaced.is_empty() {
        return Ok(());
    }
    sql.transaction(|| {
        for table in copies {
            move_indexes(sql, &name(table), table)?;
            sql.run(&format!("DROP TABLE {}", name(table)), &[])?;
        }
        for table in replaced {
            sql.run(&format!("DROP TABLE {table}"), &[])?;
        }
        Ok(())
    })
}

fn move_indexes(sql: &impl Sql, from: &str, to: &str) -> Result<(), Fault> {
    for index in indexes::of_table(sql, from)? {
        sql.run(&format!("DROP INDEX {}", index.name), &[])?;
        index.create_on(sql, to)?;
    }
    Ok(())
}

/// The columns of a table as in its `CREATE TABLE` statement; `None` if there is no such table.
fn definition(sql: &impl Sql, table: &str) -> Result<Option<String>, Fault> {
    let rows = sql.run(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?",
        &[table.into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let statement = row.text("sqlite_master")?;
    Ok(Some(after_name(&statement).to_owned()))
}
