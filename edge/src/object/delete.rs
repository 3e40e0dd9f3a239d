//! The end of a site. It works on whatever is stored: a site that can no longer be read can still be deleted.

use notice::limits;

use super::operate::Write;
use crate::{
    answer::Answer,
    storage::{migrations, projections, sql::Sql},
};

/// Decides the end of a site: everything goes but the revision, so that a site of the same name goes on from there.
pub fn delete(sql: &impl Sql, now_ms: u64) -> Write<'_> {
    // Above the highest revision, a new site of this name could not be read either.
    let rev = projections::last_known_rev(sql)
        .unwrap_or(now_ms)
        .min(limits::REV);
    Write {
        answer: Answer::nothing(),
        replay: None,
        work: Box::new(move || migrations::raze(sql, rev)),
    }
}
