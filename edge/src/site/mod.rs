//! The logic of a site's object, on any SQL database: authenticate, decide, save, answer.

pub mod access;
pub mod alarm;
pub mod call;
pub mod change;
pub mod cleaner;
pub mod clock;
pub mod collection;
pub mod comparison;
pub mod create;
pub mod credentials;
pub mod delete;
pub mod dispatch;
pub mod erase;
pub mod export;
pub mod export_format;
pub mod feed;
pub mod history;
pub mod hostnames;
pub mod idempotency;
pub mod import;
pub mod import_file;
pub mod import_lines;
pub mod importer;
pub mod incident_replay;
pub mod invitations;
pub mod job;
pub mod journal_entries;
pub mod list_cache;
pub mod operate;
pub mod outbox;
pub mod page;
pub mod read;
pub mod redact;
pub mod redact_tables;
pub mod repair;
pub mod settings;
pub mod step;
pub mod verifier;
pub mod verify;
pub mod webhook_input;
pub mod webhook_view;
pub mod webhooks;
pub mod write;

#[cfg(test)]
pub(crate) mod tests;
