//! Replaces texts so that the old ones are not left in the pages of the database.

use super::sql::{Sql, Value};
use crate::fault::Fault;

/// A text of a table's row.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    pub table: &'static str,
    pub column: &'static str,
    /// The condition that selects the row, with question marks for `values`.
    pub row: &'static str,
    pub values: &'a [Value],
}

/// Replaces a text. It is first overwritten with as many bytes: SQLite writes a row of the same size in place, while a row of
/// another size may be written elsewhere and leave the old bytes in the page.
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
        row,
        values,
    } = cell;
    let mut bound = vec![Value::from(text)];
    bound.extend_from_slice(values);
    sql.run(
        &format!("UPDATE {table} SET {column} = ? WHERE {row}"),
        &bound,
    )?;
    Ok(())
}
