//! Deletes a site. Works on any stored data: a site that cannot be read can still be deleted.

use notice::limits;

use crate::{
    answer::Answer,
    site::call::Write,
    storage::{migrations, projections, sql::Sql},
};

/// Decides the deletion of a site. A tombstone keeps the revision, so that a new site of the same slug continues from
/// it.
pub fn delete(sql: &impl Sql, now_ms: u64) -> Write<'_> {
    // With a revision above the maximum, a new site of this slug could not be read.
    let rev = projections::last_known_rev(sql)
        .unwrap_or(now_ms)
        .min(limits::REV);
    Write {
        answer: Answer::no_content(),
        replay: None,
        work: Box::new(move || migrations::drop_all_tables(sql, rev)),
    }
}
