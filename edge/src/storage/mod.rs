//! What is kept: SQL behind one small trait, so that the same statements run on workerd and on a test's SQLite.

pub mod directory;
pub mod idempotency;
pub mod journal;
pub mod migrations;
pub mod projections;
pub mod root_keys;
pub mod sql;
pub mod tokens;
