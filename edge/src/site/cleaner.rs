//! Moves the rows of a site into new pages after a redaction, and overwrites the old ones. SQLite leaves earlier versions of a row in
//! the unused parts of pages that are in use, where nothing overwrites them; a dropped table's pages are free, and used again by the
//! next rows.

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

/// Tables that may be large, each with the number of rows that are copied at a time.
const LARGE: &[(&str, u64)] = &[
    ("incident", 64),
    ("incident_update", 64),
    ("idempotency", 16),
    ("journal", 64),
];
/// Number of rows up to which the journal is copied. Its rows are only ever added, so that the only page with earlier versions is
/// the root of its tree, which held the first rows; a larger tree has overwritten them with references to other pages.
const JOURNAL_ROWS: u64 = 6000;
/// Tables that are copied at once.
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
    /// The journal's head when copying began.
    head: u64,
    /// The last copied row of each large table.
    copied: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Start,
    /// Overwrites free pages, so that indexes and copies do not get earlier texts with them.
    FillBefore,
    /// Recreates the index with this number, while no other page is free.
    Index(usize),
    /// Copies the large table with this index.
    Copy(usize),
    Replace,
    /// Overwrites the pages of the replaced tables.
    FillAfter,
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
    /// `Fault` if the database fails. The redaction is stored in any case.
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
                let mut tables = self.tables();
                sql.transaction(|| {
                    tables.try_for_each(|(_, (table, _))| table_copy::create(sql, table))
                })?;
                Phase::Copy(0)
            }
            Phase::Copy(index) => {
                let next = self.tables().find(|(one, _)| *one == index);
                let (Some((_, (table, rows))), Some(copied)) = (next, self.copied.get(index))
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
            Phase::FillAfter => {
                table_copy::drop_all(sql)?;
                return Ok(Some(self.answer.clone()));
            }
        };
        Ok(None)
    }

    /// The large tables that are copied, with their indexes.
    fn tables(&self) -> impl Iterator<Item = (usize, &'static (&'static str, u64))> + use<> {
        let has_journal = self.head <= JOURNAL_ROWS;
        let tables = LARGE.iter().enumerate();
        tables.filter(move |(_, (table, _))| has_journal || *table != "journal")
    }

    /// Copies rows that were written in the meantime, and replaces the tables.
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
        // Rows of these are only added.
        for ((_, (table, _)), copied) in self.tables().zip(&self.copied) {
            if matches!(*table, "idempotency" | "journal") {
                copy_rows(sql, table, *copied, None)?;
            }
        }
        let copy = table_copy::name("idempotency");
        // Answers that have expired meanwhile.
        sql.run(
            &format!("DELETE FROM {copy} WHERE at_ms < (SELECT min(at_ms) FROM idempotency)"),
            &[],
        )?;
        for table in SMALL {
            table_copy::create(sql, table)?;
            copy_rows(sql, table, 0, None)?;
        }
        let large = self.tables().map(|(_, (table, _))| table);
        let tables: Vec<&&str> = large.chain(SMALL).collect();
        // All indexes before the first table is dropped: they must not get its pages.
        tables
            .iter()
            .try_for_each(|table| table_copy::take_indexes(sql, table))?;
        tables
            .iter()
            .try_for_each(|table| table_copy::replace(sql, table))
    }
}

/// Recreates an index in blank pages: its own, the only free ones, are overwritten first.
fn renew_index(sql: &impl Sql, index: &Index) -> Result<(), Fault> {
    sql.transaction(|| {
        sql.run(&format!("DROP INDEX IF EXISTS {}", index.name), &[])?;
        let kept = table_copy::blank_rows(sql)?;
        while table_copy::fill_blank(sql)? {}
        table_copy::delete_blank_after(sql, kept)?;
        index.create_on(sql, &index.table)
    })
}

/// Copies the next rows of a table after a row, or all of them. Returns the last one; the same one if there is none.
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
