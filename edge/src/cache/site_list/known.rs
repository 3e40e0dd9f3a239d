//! The isolate's copy of the directory's list of sites, and the decision when to refresh it. Plain data, for the
//! reason that `snapshot` states.

use std::rc::Rc;

use notice::wire::ids::Slug;

use crate::{fault::Fault, storage::directory_tables::Listing};

/// Time for which the list is fresh, in milliseconds.
const FRESH_MS: u64 = 10_000;
/// Minimum interval between requests, for lookups of unlisted sites and after failures, in milliseconds.
const RETRY_MS: u64 = 1000;

/// The key of a lookup.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    Slug(&'a Slug),
    /// A host name, which may belong to no site.
    Host(&'a str),
}

/// The way in which a lookup is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListAction {
    /// From the known list.
    Serve,
    /// From the directory, or from the known list if the directory fails.
    Fetch,
    /// From the known list, which is refreshed in the background: the last request failed.
    ServeAndRefresh,
}

#[derive(Clone, Debug, Default)]
pub struct KnownSites {
    listing: Option<Rc<Listing>>,
    /// Whether the list is from the Cache API: sites that are not on it may exist.
    is_from_cache: bool,
    /// Time of the last request to the directory, or of its failure, in milliseconds since 1970.
    requested_ms: u64,
    /// Time of the answer with the list, in milliseconds since 1970.
    read_ms: u64,
    /// Whether the last request to the directory failed.
    is_failing: bool,
    /// Whether a change through this isolate has outdated the list.
    is_invalid: bool,
    /// Number of changes through this isolate.
    changes: u64,
}

impl KnownSites {
    /// Decides how one lookup is answered. Any action except [`ListAction::Serve`] counts as a request sent now.
    pub fn decide(&mut self, name: Name<'_>, now_ms: u64) -> ListAction {
        let requested_within_1_s = now_ms.abs_diff(self.requested_ms) < RETRY_MS;
        let requested_within_10_s = now_ms.abs_diff(self.requested_ms) < FRESH_MS;
        let fresh = now_ms.abs_diff(self.read_ms) < FRESH_MS;
        let action = match (&self.listing, self.is_failing) {
            (_, true) if requested_within_1_s => ListAction::Serve,
            // Within 10 s after a failure, the list answers for listed sites and for host names. An unlisted slug is not
            // conclusive: it may have been created since. After 10 s, the directory is asked first.
            (Some(listing), true)
                if requested_within_10_s && (contains(listing, name) || name.is_host()) =>
            {
                ListAction::ServeAndRefresh
            }
            // Without a list, every lookup fetches.
            (None, _) => ListAction::Fetch,
            (Some(_), _) if self.is_invalid => ListAction::Fetch,
            (Some(_), _) if requested_within_1_s => ListAction::Serve,
            // An unlisted host name is most likely the deployment's own.
            (Some(listing), _) if fresh && (contains(listing, name) || name.is_host()) => {
                ListAction::Serve
            }
            (Some(_), _) => ListAction::Fetch,
        };
        if action != ListAction::Serve {
            self.requested_ms = now_ms;
        }
        action
    }

    /// Looks up a site in the known list.
    ///
    /// # Errors
    /// `Fault::TimedOut` if the site is not listed and the list is not conclusive.
    pub fn find(&self, name: Name<'_>) -> Result<Option<Slug>, Fault> {
        let unknown = || Fault::TimedOut("the directory");
        let listing = self.listing.as_deref().ok_or_else(unknown)?;
        match find(listing, name) {
            None if self.is_from_cache || (self.is_failing && !name.is_host()) => Err(unknown()),
            found => Ok(found),
        }
    }

    /// Whether a lookup of this slug would find nothing, and would send no request.
    pub fn is_unlisted(&self, slug: &Slug, now_ms: u64) -> bool {
        let is_recent = now_ms.abs_diff(self.requested_ms) < RETRY_MS;
        let is_conclusive = !self.is_failing && !self.is_invalid && !self.is_from_cache;
        let listing = self.listing.as_ref().filter(|_| is_recent && is_conclusive);
        listing.is_some_and(|listing| !contains(listing, Name::Slug(slug)))
    }

    /// Whether there is no list yet.
    pub fn has_no_list(&self) -> bool {
        self.listing.is_none()
    }

    /// The number of changes through this isolate. Read it before a request, for [`KnownSites::confirm`].
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Stores a listing, unless `changes` has advanced since the request was sent: the listing may predate a local
    /// change.
    pub fn confirm(&mut self, listing: Rc<Listing>, changes: u64, now_ms: u64) {
        self.is_failing = false;
        if self.changes == changes {
            self.listing = Some(listing);
            self.is_from_cache = false;
            self.is_invalid = false;
            self.read_ms = now_ms;
        }
    }

    /// Records a failed request, which delays the next one.
    pub fn fail(&mut self, now_ms: u64) {
        self.is_failing = true;
        self.requested_ms = now_ms;
    }

    /// Stores a listing from the Cache API, if there is no other.
    pub fn load(&mut self, listing: Listing) {
        if self.listing.is_none() {
            self.listing = Some(Rc::new(listing));
            self.is_from_cache = true;
        }
    }

    /// Invalidates the list: the next lookup fetches.
    pub fn invalidate(&mut self) {
        self.changes = self.changes.saturating_add(1);
        self.is_invalid = true;
        self.is_failing = false;
    }

    /// Applies a change made through this isolate to the list. Without a list, only counts the change, because a list with
    /// only that change would be incomplete.
    pub fn update(&mut self, work: impl FnOnce(&mut Listing)) {
        self.changes = self.changes.saturating_add(1);
        if let Some(listing) = &mut self.listing {
            work(Rc::make_mut(listing));
        }
    }
}

impl Name<'_> {
    fn is_host(self) -> bool {
        matches!(self, Self::Host(_))
    }
}

/// Looks up a site in a list.
pub fn find(listing: &Listing, name: Name<'_>) -> Option<Slug> {
    match name {
        Name::Slug(slug) => listing.slugs.contains(slug.as_str()).then(|| slug.clone()),
        Name::Host(host) => Slug::parse(listing.hostnames.get(host)?),
    }
}

fn contains(listing: &Listing, name: Name<'_>) -> bool {
    find(listing, name).is_some()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use notice::wire::ids::Slug;

    use super::{KnownSites, ListAction, Name};
    use crate::storage::directory_tables::Listing;

    const LISTED: Name<'static> = Name::Host("status.acme.com");
    const UNLISTED: Name<'static> = Name::Host("nobody.example");

    fn listing(slug: &str) -> Listing {
        Listing {
            slugs: [slug.to_owned()].into(),
            hostnames: [("status.acme.com".to_owned(), slug.to_owned())].into(),
        }
    }

    fn known(at_ms: u64) -> KnownSites {
        let mut known = KnownSites::default();
        known.confirm(Rc::new(listing("acme")), 0, at_ms);
        known
    }

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    #[test]
    fn after_10_s_one_lookup_fetches_and_others_use_the_list() {
        let mut known = known(100_000);
        assert_eq!(known.decide(LISTED, 109_999), ListAction::Serve);
        assert_eq!(known.decide(UNLISTED, 109_999), ListAction::Serve);
        assert_eq!(known.decide(LISTED, 110_000), ListAction::Fetch);
        assert_eq!(known.decide(LISTED, 110_000), ListAction::Serve);
        assert_eq!(known.find(LISTED).unwrap(), Some(slug("acme")));
        assert_eq!(known.find(UNLISTED).unwrap(), None);
    }

    #[test]
    fn an_unlisted_site_is_fetched_once_per_second() {
        let mut known = known(100_000);
        let (acme, missing) = (slug("acme"), slug("missing"));
        assert_eq!(
            known.decide(Name::Slug(&missing), 100_001),
            ListAction::Fetch
        );
        assert_eq!(
            known.decide(Name::Slug(&missing), 101_000),
            ListAction::Serve
        );
        assert_eq!(
            known.decide(Name::Slug(&missing), 101_001),
            ListAction::Fetch
        );
        assert_eq!(known.decide(Name::Slug(&acme), 103_000), ListAction::Serve);
    }

    /// Checks a listed and an unlisted slug in a list of every kind, 0 to 12 s after the last request.
    #[test]
    fn is_unlisted_agrees_with_lookups_that_send_no_request() {
        let fresh = known(100_000);
        let (mut failing, mut invalid, mut from_cache) =
            (fresh.clone(), fresh.clone(), KnownSites::default());
        failing.fail(100_000);
        invalid.invalidate();
        from_cache.fail(99_000);
        from_cache.load(listing("acme"));
        let mut found = 0;
        for list in [fresh, failing, invalid, from_cache, KnownSites::default()] {
            for now_ms in (100_000..112_000).step_by(500) {
                for name in ["acme", "missing"] {
                    let (mut list, name) = (list.clone(), slug(name));
                    list.requested_ms = 100_000;
                    let is_unlisted = list.is_unlisted(&name, now_ms);
                    let action = list.decide(Name::Slug(&name), now_ms);
                    let is_served = action == ListAction::Serve;
                    let is_absent = matches!(list.find(Name::Slug(&name)), Ok(None));
                    assert_eq!(is_unlisted, is_served && is_absent, "{name} {now_ms}");
                    found += u32::from(is_unlisted);
                }
            }
        }
        assert_eq!(found, 2, "the fresh list, for 1 s after its last request");
    }

    #[test]
    fn only_the_first_lookup_waits_for_a_failing_directory() {
        let mut known = known(100_000);
        assert_eq!(known.decide(LISTED, 110_000), ListAction::Fetch);
        known.fail(111_000);
        for now_ms in [111_000, 111_999] {
            assert_eq!(known.decide(LISTED, now_ms), ListAction::Serve);
        }
        for seconds in [112, 113, 120, 129] {
            let now_ms = seconds * 1000;
            assert_eq!(known.decide(LISTED, now_ms), ListAction::ServeAndRefresh);
            assert_eq!(
                known.decide(LISTED, now_ms),
                ListAction::Serve,
                "one refresh at a time"
            );
            known.fail(now_ms);
        }
        let now_ms = 130_000;
        assert_eq!(known.decide(LISTED, now_ms), ListAction::ServeAndRefresh);
        known.confirm(Rc::new(listing("other")), 0, now_ms);
        assert_eq!(known.decide(LISTED, now_ms), ListAction::Serve);
        assert_eq!(known.find(LISTED).unwrap(), Some(slug("other")));
    }

    #[test]
    fn after_a_failure_an_unlisted_slug_refetches_after_1_s() {
        let mut known = known(100_000);
        let new = slug("new");
        known.fail(111_000);
        // The site may have been created through another isolate.
        assert_eq!(known.decide(Name::Slug(&new), 111_500), ListAction::Serve);
        assert!(known.find(Name::Slug(&new)).is_err());
        assert_eq!(known.decide(Name::Slug(&new), 112_000), ListAction::Fetch);
    }

    #[test]
    fn a_lookup_10_s_after_a_failure_fetches_first() {
        let mut known = known(100_000);
        let (acme, new) = (slug("acme"), slug("new"));
        known.fail(113_000);
        assert_eq!(known.find(Name::Slug(&acme)).unwrap(), Some(acme.clone()));
        assert_eq!(
            known.decide(Name::Slug(&acme), 114_000),
            ListAction::ServeAndRefresh
        );
        known.fail(115_000);
        // After a long time without requests the directory has most likely recovered, and the list may be wrong.
        assert_eq!(known.decide(LISTED, 125_000), ListAction::Fetch);
        assert_eq!(known.decide(LISTED, 125_001), ListAction::Serve);
        known.confirm(Rc::new(listing("new")), 0, 125_002);
        assert_eq!(known.find(LISTED).unwrap(), Some(new));
        assert_eq!(known.find(Name::Slug(&acme)).unwrap(), None);
    }

    #[test]
    fn without_a_list_lookups_fetch_except_for_1_s_after_a_failure() {
        let mut known = KnownSites::default();
        assert_eq!(known.decide(LISTED, 100_000), ListAction::Fetch);
        assert_eq!(
            known.decide(LISTED, 100_000),
            ListAction::Fetch,
            "there is no list"
        );
        known.fail(101_000);
        assert_eq!(known.decide(LISTED, 101_999), ListAction::Serve);
        assert!(known.find(LISTED).is_err(), "unknown");
        assert_eq!(known.decide(LISTED, 102_000), ListAction::Fetch);
    }

    #[test]
    fn a_list_from_the_cache_api_does_not_prove_absence() {
        let mut known = KnownSites::default();
        known.fail(101_000);
        known.load(listing("acme"));
        assert_eq!(known.decide(LISTED, 102_000), ListAction::ServeAndRefresh);
        assert_eq!(known.find(LISTED).unwrap(), Some(slug("acme")));
        assert!(known.find(UNLISTED).is_err(), "it may exist by now");
        known.confirm(Rc::new(listing("other")), 0, 102_000);
        known.load(listing("acme"));
        assert_eq!(known.find(LISTED).unwrap(), Some(slug("other")));
        assert_eq!(known.find(UNLISTED).unwrap(), None);
    }

    #[test]
    fn after_a_change_lookups_fetch_until_a_newer_answer() {
        let mut known = known(100_000);
        let before = known.changes();
        known.invalidate();
        assert_eq!(known.decide(LISTED, 100_001), ListAction::Fetch);
        known.confirm(Rc::new(listing("old")), before, 100_001);
        assert_eq!(
            known.find(LISTED).unwrap(),
            Some(slug("acme")),
            "the answer predates the change"
        );
        assert_eq!(known.decide(LISTED, 100_001), ListAction::Fetch);
        known.confirm(Rc::new(listing("other")), known.changes(), 100_001);
        assert_eq!(known.decide(LISTED, 100_001), ListAction::Serve);
        let before = known.changes();
        known.update(|listing| {
            listing.slugs.insert("new".to_owned());
        });
        known.confirm(Rc::new(listing("other")), before, 100_002);
        let new = slug("new");
        assert_eq!(known.decide(Name::Slug(&new), 100_002), ListAction::Serve);
        assert_eq!(known.find(Name::Slug(&new)).unwrap(), Some(new.clone()));
    }
}
