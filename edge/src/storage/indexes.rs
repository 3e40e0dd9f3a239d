//! The indexes of a site's database. Reads name their index (`INDEXED BY`), and fail without it.

use std::collections::BTreeMap;

use super::{migrations, sql::Sql};
use crate::fault::Fault;

/// An index that a migration created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    pub name: String,
    pub table: String,
    /// The columns and the condition, as in the `CREATE INDEX` statement.
    definition: String,
}

impl Index {
    /// Creates the index on a table.
    ///
    /// # Errors
    /// `Fault` if the statement fails.
    pub fn create_on(&self, sql: &impl Sql, table: &str) -> Result<(), Fault> {
        let Self {
            name, definition, ..
        } = self;
        sql.run(&format!("CREATE INDEX {name} ON {table} {definition}"), &[])?;
        Ok(())
    }
}

/// Returns the indexes of a table, without those of its constraints, which have no statement.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn of_table(sql: &impl Sql, table: &str) -> Result<Vec<Index>, Fault> {
    let indexes = all(sql)?.into_values();
    Ok(indexes.filter(|index| index.table == table).collect())
}

/// Returns the indexes of the schema.
pub fn of_schema() -> Vec<Index> {
    expected().into_values().collect()
}

/// Returns the indexes of the schema that do not exist. An index that has moved to the copy of its
/// table exists.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn missing(sql: &impl Sql) -> Result<Vec<Index>, Fault> {
    let present = all(sql)?;
    let expected = expected().into_values();
    Ok(expected
        .filter(|index| !present.contains_key(&index.name))
        .collect())
}

/// Returns the indexes of the schema that do not exist, or have other columns or another condition.
/// Call this while no table has a copy.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn differing(sql: &impl Sql) -> Result<Vec<Index>, Fault> {
    let present = all(sql)?;
    let expected = expected().into_values();
    Ok(expected
        .filter(|index| present.get(&index.name) != Some(index))
        .collect())
}

/// Recreates indexes.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn restore(sql: &impl Sql, indexes: &[Index]) -> Result<(), Fault> {
    sql.transaction(|| {
        for index in indexes {
            sql.run(&format!("DROP INDEX IF EXISTS {}", index.name), &[])?;
            index.create_on(sql, &index.table)?;
        }
        Ok(())
    })
}

/// A statement from its first parenthesis on.
pub fn after_name(statement: &str) -> &str {
    let start = statement.find('(').unwrap_or(statement.len());
    statement.get(start..).unwrap_or_default()
}

/// The indexes in the database, by name.
fn all(sql: &impl Sql) -> Result<BTreeMap<String, Index>, Fault> {
    let rows = sql.run(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        &[],
    )?;
    rows.into_iter()
        .map(|mut row| {
            let name = row.text("sqlite_master")?;
            let index = Index {
                name: name.clone(),
                table: row.text("sqlite_master")?,
                definition: after_name(&row.text("sqlite_master")?).to_owned(),
            };
            Ok((name, index))
        })
        .collect()
}

/// The indexes that exist after all migrations, by name. Each of their statements is one line.
fn expected() -> BTreeMap<String, Index> {
    let mut indexes = BTreeMap::new();
    for line in migrations::SITE.iter().flat_map(|step| step.lines()) {
        let statement = line.trim_end_matches(';');
        if let Some(name) = statement.strip_prefix("DROP INDEX ") {
            indexes.remove(name);
        }
        let created = statement.strip_prefix("CREATE INDEX ");
        if let Some((name, rest)) = created.and_then(|created| created.split_once(" ON ")) {
            let definition = after_name(rest);
            let table = rest.strip_suffix(definition).unwrap_or_default().trim();
            let index = Index {
                name: name.to_owned(),
                table: table.to_owned(),
                definition: definition.to_owned(),
            };
            indexes.insert(index.name.clone(), index);
        }
    }
    indexes
}
