//! Storage on any SQL database, behind one small trait: the same statements run on workerd and on SQLite in tests.

pub mod directory_tables;
pub mod documents;
pub mod escalations;
pub mod history;
pub mod idempotency;
pub mod incident_lists;
pub mod incident_rows;
pub mod incident_tables;
pub mod indexes;
pub mod journal;
pub mod journal_slices;
pub mod kept_rows;
pub mod migrations;
pub mod on_call_deliveries;
pub mod on_call_links;
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
