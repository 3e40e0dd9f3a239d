//! Replaces texts so that the old ones do not stay in the pages of the database file.

use super::sql::{Sql, Value};
use crate::fault::Fault;

/// A text in a row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    pub table: &'static str,
    pub column: &'static str,
    /// The condition that selects the row, with question marks for `values`.
    pub condition: &'static str,
    pub values: &'a [Value],
}

/// Replaces a text. First overwrites the old text with the same number of bytes, because SQLite
/// writes a row of the same size in place. A row of another size may be written elsewhere, so that
/// the old bytes stay in the page.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn replace(sql: &impl Sql, cell: Cell<'_>, before: &str, after: &str) -> Result<(), Fault> {
    set(sql, cell, &"x".repeat(before.len()))?;
    set(sql, cell, after)
}

/// Overwrites a text before its row is deleted.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn blank(sql: &impl Sql, cell: Cell<'_>, before: &str) -> Result<(), Fault> {
    set(sql, cell, &"x".repeat(before.len()))
}

fn set(sql: &impl Sql, cell: Cell<'_>, text: &str) -> Result<(), Fault> {
    let Cell {
        table,
        column,
        condition,
        values,
    } = cell;
    let mut bound = vec![Value::from(text)];
    bound.extend_from_slice(values);
    sql.run(
        &format!("UPDATE {table} SET {column} = ? WHERE {condition}"),
        &bound,
    )?;
    Ok(())
}
