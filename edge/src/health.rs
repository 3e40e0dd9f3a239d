//! `/healthz`: checks the read path by using it.

use std::{cell::RefCell, collections::BTreeSet, ops::Bound};

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
    runtime::{request_context::RequestContext, server_clock, settings},
};

/// Number of sites that one check reads: those that were unreadable before, and the next ones in turn.
const SITES_PER_CHECK: usize = 20;
/// Age above which a feed counts as unreadable, in milliseconds: readers get an old one while its object fails. Above
/// the time for which it is fresh, leased and fetched.
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

/// The results of earlier checks.
#[derive(Debug, Default)]
struct Probes {
    unreadable: BTreeSet<String>,
    /// The site at which the last check ended.
    last: String,
}

impl Probes {
    /// The sites to check now. At most half of them were unreadable before.
    fn next(&mut self, slugs: &BTreeSet<String>) -> Vec<String> {
        self.unreadable.retain(|slug| slugs.contains(slug));
        let mut chosen: BTreeSet<String> = self
            .unreadable
            .iter()
            .take(SITES_PER_CHECK / 2)
            .cloned()
            .collect();
        let after = (Bound::Excluded(self.last.clone()), Bound::Unbounded);
        let before = (Bound::Unbounded, Bound::Included(self.last.clone()));
        let in_turn = slugs.range(after).chain(slugs.range(before));
        for slug in in_turn {
            if chosen.len() >= SITES_PER_CHECK {
                break;
            }
            self.last.clone_from(slug);
            chosen.insert(slug.clone());
        }
        chosen.into_iter().collect()
    }

    fn record(&mut self, slug: &str, is_readable: bool) {
        if is_readable {
            self.unreadable.remove(slug);
        } else {
            self.unreadable.insert(slug.to_owned());
        }
    }
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
        unreadable_sites: PROBES.with_borrow(|probes| probes.unreadable.len()),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Probes, SITES_PER_CHECK};

    #[test]
    fn checks_read_all_sites_in_turn() {
        let slugs: BTreeSet<String> = (0..50).map(|number| format!("s{number:02}")).collect();
        let mut probes = Probes::default();
        let mut seen = BTreeSet::new();
        for _ in 0..3 {
            let next = probes.next(&slugs);
            assert_eq!(next.len(), SITES_PER_CHECK);
            seen.extend(next);
        }
        assert_eq!(seen, slugs);
        let few = slugs.iter().take(3).cloned().collect();
        for _ in 0..3 {
            assert_eq!(probes.next(&few).len(), 3);
        }
        assert!(probes.next(&BTreeSet::new()).is_empty());
    }

    #[test]
    fn unreadable_sites_are_checked_again_each_time() {
        let slugs: BTreeSet<String> = (0..100).map(|number| format!("s{number:02}")).collect();
        let mut probes = Probes::default();
        for slug in &slugs {
            probes.record(slug, slug != "s07" && slug != "s99");
        }
        for _ in 0..5 {
            let next = probes.next(&slugs);
            assert!(next.contains(&"s07".to_owned()) && next.contains(&"s99".to_owned()));
            assert_eq!(next.len(), SITES_PER_CHECK);
        }
        probes.record("s07", true);
        assert_eq!(probes.unreadable.len(), 1);
        // Deleted.
        probes.next(&BTreeSet::new());
        assert!(probes.unreadable.is_empty());
    }
}
