//! Storage on any SQL database, behind one small trait: the same statements run on workerd and on SQLite in tests.

pub mod directory_tables;
pub mod history;
pub mod idempotency;
pub mod incident_rows;
pub mod journal;
pub mod journal_slices;
pub mod migrations;
pub mod outbox;
pub mod overwrite;
pub mod projections;
pub mod root_key_table;
pub mod severity_spans;
pub mod sql;
pub mod staging;
pub mod table_copy;
pub mod tokens;
pub mod webhooks;
