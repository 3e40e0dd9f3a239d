//! Moves the rows of a site into new pages of the database after a redaction, and overwrites the
//! old pages. Otherwise the redacted texts would stay in the file: SQLite leaves earlier versions
//! of a row in the unused parts of pages, where nothing overwrites them. Only free pages, such as
//! those of a dropped table, can be overwritten: by blank rows.

use std::collections::BTreeSet;

use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        indexes::{self, Index},
        journal, journal_slices, migrations,
        sql::{Sql, Value},
        table_copy,
    },
};

/// Tables that may be large and are copied in slices, each with the number of rows in a slice.
const LARGE: &[(&str, u64)] = &[
    ("incident", 64),
    ("incident_update", 64),
    ("idempotency", 16),
    ("journal", 64),
];
/// Number of rows of a replaced table that are deleted at a time.
const DELETED: u64 = 256;
/// Tables that are small enough to be copied whole in one slice.
const SMALL: &[&str] = &[
    "site",
    "component",
    "template",
    "token",
    "invitation",
    "delivery",
    "message",
    "webhook",
    "on_call_delivery",
    "escalation",
    "on_call_link",
    "on_call_answer",
    "severity_span",
    "verification",
];

/// The cleaning after a redaction.
#[derive(Clone, Debug)]
pub struct Cleaner {
    /// The answer of the redaction, which is stored and sent after the cleaning.
    answer: Answer,
    phase: Phase,
    /// The journal's number of rows when copying began.
    head: u64,
    /// The number of the last copied row of each large table.
    copied: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Start,
    /// Overwrites the free pages, which may contain earlier texts, before indexes and copies use
    /// them.
    FillBefore,
    /// Recreates the index with this number, while no other page is free.
    Index(usize),
    /// Copies the large table with this number.
    Copy(usize),
    /// Replaces all tables by their copies.
    Replace,
    /// Overwrites the pages of the small tables that were replaced.
    FillAfter,
    /// Deletes rows of the replaced large table with this number, and overwrites their pages.
    Empty(usize),
}

impl Cleaner {
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            phase: Phase::Start,
            head: 0,
            copied: vec![0; LARGE.len()],
        }
    }

    /// Works on the next slice; returns the redaction's answer after the last one.
    ///
    /// # Errors
    /// `Fault` if the database fails. The redaction is already stored.
    pub fn step(&mut self, sql: &impl Sql) -> Result<Option<Answer>, Fault> {
        if migrations::version(sql)? == 0 {
            return Ok(Some(self.answer.clone()));
        }
        self.phase = match self.phase {
            Phase::Start => {
                table_copy::drop_all(sql)?;
                table_copy::create_blank(sql)?;
                Phase::FillBefore
            }
            Phase::FillBefore => match table_copy::fill_blank(sql)? {
                true => Phase::FillBefore,
                false => Phase::Index(0),
            },
            Phase::Index(number) => {
                if let Some(index) = indexes::of_schema().get(number) {
                    renew_index(sql, index)?;
                    self.phase = Phase::Index(number.saturating_add(1));
                    return Ok(None);
                }
                table_copy::drop_all(sql)?;
                self.head = journal::head(sql)?.0;
                sql.transaction(|| {
                    let mut tables = LARGE.iter();
                    tables.try_for_each(|(table, _)| table_copy::create(sql, table))
                })?;
                Phase::Copy(0)
            }
            Phase::Copy(index) => {
                let (Some((table, rows)), Some(copied)) =
                    (LARGE.get(index), self.copied.get(index))
                else {
                    self.phase = Phase::Replace;
                    return Ok(None);
                };
                let last = copy_rows(sql, table, *copied, Some(*rows))?;
                match (last > *copied, self.copied.get_mut(index)) {
                    (true, Some(copied)) => {
                        *copied = last;
                        Phase::Copy(index)
                    }
                    _ => Phase::Copy(index.saturating_add(1)),
                }
            }
            Phase::Replace => {
                sql.transaction(|| {
                    self.replace_tables(sql)?;
                    table_copy::create_blank(sql)
                })?;
                Phase::FillAfter
            }
            Phase::FillAfter if table_copy::fill_blank(sql)? => Phase::FillAfter,
            Phase::FillAfter => Phase::Empty(0),
            Phase::Empty(index) => {
                let Some((table, _)) = LARGE.get(index) else {
                    table_copy::drop_all(sql)?;
                    return Ok(Some(self.answer.clone()));
                };
                match sql.transaction(|| delete_and_overwrite(sql, table))? {
                    true => Phase::Empty(index),
                    false => Phase::Empty(index.saturating_add(1)),
                }
            }
        };
        Ok(None)
    }

    /// Copies rows that were written since their table was copied, and replaces the tables by their
    /// copies.
    fn replace_tables(&self, sql: &impl Sql) -> Result<(), Fault> {
        let changed = sql.run(
            "SELECT about FROM journal WHERE seq > ? AND about >= 'inc_' AND about < 'inc`'",
            &[self.head.into()],
        )?;
        let mut ids = BTreeSet::new();
        for mut row in changed {
            ids.insert(row.text("journal")?);
        }
        for id in ids {
            let id: &[Value] = &[id.as_str().into()];
            for (table, column) in [("incident", "id"), ("incident_update", "incident")] {
                let copy = table_copy::name(table);
                sql.run(&format!("DELETE FROM {copy} WHERE {column} = ?"), id)?;
                let columns = columns(sql, table)?;
                let rows = format!("SELECT {columns} FROM {table} WHERE {column} = ?");
                sql.run(&format!("INSERT INTO {copy} ({columns}) {rows}"), id)?;
            }
        }
        // In these two tables rows are not changed, so only new ones are copied.
        for ((table, _), copied) in LARGE.iter().zip(&self.copied) {
            if matches!(*table, "idempotency" | "journal") {
                copy_rows(sql, table, *copied, None)?;
            }
        }
        let copy = table_copy::name("idempotency");
        // Deletes the copies of answers that have expired meanwhile.
        sql.run(
            &format!("DELETE FROM {copy} WHERE at_ms < (SELECT min(at_ms) FROM idempotency)"),
            &[],
        )?;
        for table in SMALL {
            table_copy::create(sql, table)?;
            copy_rows(sql, table, 0, None)?;
        }
        let large = || LARGE.iter().map(|(table, _)| table);
        // Moves all indexes before the first table is dropped, so that no index is created in that
        // table's pages.
        large()
            .chain(SMALL)
            .try_for_each(|table| table_copy::move_indexes_to_copy(sql, table))?;
        large().try_for_each(|table| table_copy::exchange(sql, table))?;
        let mut small = SMALL.iter();
        small.try_for_each(|table| table_copy::replace(sql, table))
    }
}

/// Deletes rows of a table that was replaced, and overwrites their pages at once, before any other
/// write can use them. Returns whether there may be more rows.
fn delete_and_overwrite(sql: &impl Sql, table: &str) -> Result<bool, Fault> {
    let has_more = table_copy::delete_replaced(sql, table, DELETED)?;
    while table_copy::fill_blank(sql)? {}
    // The last blank row was written to new pages at the end of the file. Deletes that row, so that
    // its pages are used next.
    let rows = table_copy::blank_rows(sql)?;
    table_copy::delete_blank_after(sql, rows.saturating_sub(1))?;
    Ok(has_more)
}

/// Recreates an index in overwritten pages: after it is dropped, its pages are the only free ones,
/// and blank rows fill them.
fn renew_index(sql: &impl Sql, index: &Index) -> Result<(), Fault> {
    sql.transaction(|| {
        sql.run(&format!("DROP INDEX IF EXISTS {}", index.name), &[])?;
        let kept = table_copy::blank_rows(sql)?;
        while table_copy::fill_blank(sql)? {}
        table_copy::delete_blank_after(sql, kept)?;
        index.create_on(sql, &index.table)
    })
}

/// Copies the rows of a table after the row `after`: at most `most` rows, or all. Returns the
/// number of the last copied row; `after` if there is none.
fn copy_rows(sql: &impl Sql, table: &str, after: u64, most: Option<u64>) -> Result<u64, Fault> {
    let most = most.unwrap_or(journal_slices::END);
    let rows = sql.run(
        &format!(
            "SELECT COALESCE(max(rowid), 0) FROM
             (SELECT rowid FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?)"
        ),
        &[after.into(), most.into()],
    )?;
    let last = rows
        .into_iter()
        .next()
        .map_or(Ok(0), |mut row| row.number("rowid"))?
        .max(after);
    let columns = columns(sql, table)?;
    sql.run(
        &format!(
            "INSERT INTO {} ({columns}) SELECT {columns} FROM {table}
             WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
            table_copy::name(table)
        ),
        &[after.into(), last.into()],
    )?;
    Ok(last)
}

/// The columns of a table, without the generated ones.
fn columns(sql: &impl Sql, table: &str) -> Result<String, Fault> {
    let rows = sql.run("SELECT name FROM pragma_table_info(?)", &[table.into()])?;
    let names = rows
        .into_iter()
        .map(|mut row| row.text("pragma_table_info"));
    Ok(names.collect::<Result<Vec<String>, Fault>>()?.join(", "))
}
