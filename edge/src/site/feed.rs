//! Reads the feed from the site's database.

use notice::{
    project::{
        feed::{FeedOptions, body},
        language::lookup,
    },
    wire::language::LanguageTag,
};

use super::alarm;
use crate::{
    fault::Fault,
    storage::{migrations, projections::Stored, sql::Sql},
};

/// Applies due scheduled transitions, and returns the feed's body for a reader's language, with the
/// state. `None` if the site does not exist.
///
/// # Errors
/// `Fault` if the database fails.
pub fn read_feed(
    sql: &impl Sql,
    tag: Option<&LanguageTag>,
    public_url: &str,
    now_ms: u64,
) -> Result<Option<(String, Stored)>, Fault> {
    if migrations::version(sql)? == 0 {
        return Ok(None);
    }
    let stored = alarm::catch_up(sql, now_ms)?;
    let languages = stored.state.site.iter();
    let languages: Vec<_> = languages.flat_map(|site| site.languages.clone()).collect();
    let language = tag.and_then(|tag| lookup(tag, &languages));
    let setting = FeedOptions {
        public_url,
        rev: stored.rev,
        language,
    };
    Ok(body(&stored.state, &setting).map(|body| (body, stored)))
}
