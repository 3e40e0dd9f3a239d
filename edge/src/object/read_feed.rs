//! The feed, from the source.

use notice::{
    project::feed::{Setting, body},
    wire::language::Language,
};

use super::passing_time;
use crate::{
    fault::Fault,
    storage::{migrations, projections::Stored, sql::Sql},
};

/// A feed's body and the state it shows. `None` when there is no such site.
///
/// # Errors
/// When the database fails.
pub fn read_feed(
    sql: &impl Sql,
    language: Option<&Language>,
    public_url: &str,
    now_ms: u64,
) -> Result<Option<(String, Stored)>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let stored = passing_time::catch_up(sql, now_ms)?;
    let setting = Setting {
        public_url,
        rev: stored.rev,
        language,
    };
    Ok(body(&stored.state, &setting).map(|body| (body, stored)))
}
