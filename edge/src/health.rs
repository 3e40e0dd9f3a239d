//! `/healthz`: checks the read path by using it.

use std::cell::RefCell;

use futures_util::future::join_all;
use notice::wire::ids::Slug;
use serde::Serialize;
use worker::Env;

use crate::{
    answer::Answer,
    cache::{
        feed,
        read::{Outcome, read},
        site_list,
    },
    fault::Fault,
    probes::Probes,
    runtime::{request_context::RequestContext, server_clock, settings},
};

/// Age above which a feed counts as unreadable, in milliseconds: while a site's object fails, readers get an old feed. Greater
/// than the sum of the durations of freshness, lease and fetch, so that the feed of a working object stays below it.
const MAX_AGE_MS: u64 = 5000;

thread_local! {
    static PROBES: RefCell<Probes> = RefCell::new(Probes::default());
}

#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    version: String,
    checks: Checks,
}

/// For each check `ok`, or a description of the failure.
#[derive(Debug, Serialize)]
struct Checks {
    directory: String,
    feed: String,
    settings: String,
    /// Number of sites that were unreadable when they were last checked.
    unreadable_sites: usize,
}

/// Answers 200 if the directory answers, sites can be read and every setting can be parsed, else 503. Single unreadable
/// sites are counted; they are not a failure of the deployment.
///
/// # Errors
/// `Fault::Json` if the answer cannot be serialised.
pub async fn check(context: &RequestContext, env: &Env) -> Result<Answer, Fault> {
    let problems = settings::problems(env);
    let settings = match problems.as_slice() {
        [] => "ok".to_owned(),
        problems => problems.join(" "),
    };
    let listed = site_list::refresh(context, env).await;
    let (directory, feed) = match listed {
        Err(fault) => {
            context.log(&fault);
            ("no answer".to_owned(), "not checked".to_owned())
        }
        Ok(listing) => {
            let slugs = PROBES.with_borrow_mut(|probes| probes.next(&listing.slugs));
            let probes = slugs.iter().filter_map(|slug| Slug::parse(slug));
            let results = join_all(probes.map(|site| async {
                let is_readable = is_readable(context, env, &site).await;
                (site, is_readable)
            }))
            .await;
            PROBES.with_borrow_mut(|probes| {
                for (site, is_readable) in &results {
                    probes.record(site.as_str(), *is_readable);
                }
            });
            let readable = results.iter().filter(|(_, is_readable)| *is_readable);
            let feed = match (results.len(), readable.count()) {
                (1.., 0) => "no site can be read".to_owned(),
                _ => "ok".to_owned(),
            };
            ("ok".to_owned(), feed)
        }
    };
    let checks = Checks {
        directory,
        feed,
        settings,
        unreadable_sites: PROBES.with_borrow(Probes::failing_count),
    };
    let ok = [&checks.directory, &checks.feed, &checks.settings]
        .iter()
        .all(|check| *check == "ok");
    let health = Health {
        ok,
        version: settings::version(env),
        checks,
    };
    Ok(Answer::json(if ok { 200 } else { 503 }, &health)?)
}

/// Whether a site's feed can be read as readers read it, and is current.
async fn is_readable(context: &RequestContext, env: &Env, site: &Slug) -> bool {
    match read(context, env, site, &feed::resource(None)).await {
        Outcome::Found(feed, _) => {
            server_clock::now_ms(env).abs_diff(feed.confirmed_ms) <= MAX_AGE_MS
        }
        // Deleted since the list was read.
        Outcome::Missing | Outcome::UnknownSite => true,
        Outcome::Unavailable => false,
    }
}
