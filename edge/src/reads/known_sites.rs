//! What an isolate knows of the directory, and who asks it for more. Plain data, as in `snapshot`.

use std::rc::Rc;

use notice::wire::ids::Slug;

use crate::{fault::Fault, storage::directory::Listing};

/// How long the list is good, in milliseconds.
const FRESH_MS: u64 = 10_000;
/// A site that is missing refreshes the list, but not more often than this, in milliseconds. Nor is a directory that
/// does not answer asked more often.
const PAUSE_MS: u64 = 1000;

/// By what a site is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    /// Its own.
    Slug(&'a Slug),
    /// A host name, which may be nobody's.
    Host(&'a str),
}

/// What somebody does who looks for a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Takes what is known.
    Take,
    /// Asks the directory, and takes what is known if that fails.
    Ask,
    /// Takes what is known, and asks the directory afterwards: it did not answer a moment ago.
    TakeThenAsk,
}

/// The list of sites as it was last told.
#[derive(Clone, Debug, Default)]
pub struct KnownSites {
    listing: Option<Rc<Listing>>,
    /// Told by a cache and not by the directory: what is not on it may be by now.
    is_recalled: bool,
    asked_ms: u64,
    read_ms: u64,
    /// It did not answer when it was last asked.
    is_failing: bool,
    /// Something has changed since.
    is_outdated: bool,
    /// Rises with each change made here.
    changes: u64,
}

impl KnownSites {
    /// Decides for one who looks for this; whoever is told to ask does so now.
    pub fn plan(&mut self, name: Name<'_>, now_ms: u64) -> Plan {
        let just_asked = now_ms.abs_diff(self.asked_ms) < PAUSE_MS;
        let just_failed = now_ms.abs_diff(self.asked_ms) < FRESH_MS;
        let fresh = now_ms.abs_diff(self.read_ms) < FRESH_MS;
        let plan = match (&self.listing, self.is_failing) {
            (_, true) if just_asked => Plan::Take,
            // What is not on the list may be by now, and a failure of long ago says nothing of now.
            (Some(listing), true) if just_failed && (has(listing, name) || name.is_host()) => {
                Plan::TakeThenAsk
            }
            // Where there is nothing good to take meanwhile, everybody asks.
            (None, _) => Plan::Ask,
            (Some(_), _) if self.is_outdated => Plan::Ask,
            (Some(_), _) if just_asked => Plan::Take,
            // A host name that is nobody's is the deployment's own, most likely.
            (Some(listing), _) if fresh && (has(listing, name) || name.is_host()) => Plan::Take,
            (Some(_), _) => Plan::Ask,
        };
        if plan != Plan::Take {
            self.asked_ms = now_ms;
        }
        plan
    }

    /// The site of this name, or that there is none, as far as is known.
    ///
    /// # Errors
    /// Where nobody can say.
    pub fn find(&self, name: Name<'_>) -> Result<Option<Slug>, Fault> {
        let unknown = || Fault::Late("the directory");
        let listing = self.listing.as_deref().ok_or_else(unknown)?;
        match find(listing, name) {
            None if self.is_recalled || (self.is_failing && !name.is_host()) => Err(unknown()),
            found => Ok(found),
        }
    }

    /// Whether there is no list at all.
    pub fn knows_nothing(&self) -> bool {
        self.listing.is_none()
    }

    /// How often something was changed here: to be read before the directory is asked.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The directory answered what it was asked when so much had been changed here. What was asked for before a change
    /// may not know of it.
    pub fn confirm(&mut self, listing: Rc<Listing>, changes: u64, now_ms: u64) {
        self.is_failing = false;
        if self.changes == changes {
            self.listing = Some(listing);
            self.is_recalled = false;
            self.is_outdated = false;
            self.read_ms = now_ms;
        }
    }

    /// The directory did not answer, nor is it asked again for a moment.
    pub fn fail(&mut self, now_ms: u64) {
        self.is_failing = true;
        self.asked_ms = now_ms;
    }

    /// A cache told it, while the directory does not answer. Better than nothing, and worse than anything else.
    pub fn recall(&mut self, listing: Listing) {
        if self.listing.is_none() {
            self.listing = Some(Rc::new(listing));
            self.is_recalled = true;
        }
    }

    /// Something was changed that is not on the list yet: the next who wants to know asks.
    pub fn outdate(&mut self) {
        self.changes = self.changes.saturating_add(1);
        self.is_outdated = true;
        self.is_failing = false;
    }

    /// Changes the list, where there is one: a part of it would be worse than none.
    pub fn amend(&mut self, work: impl FnOnce(&mut Listing)) {
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

/// The site of this name on a list.
pub fn find(listing: &Listing, name: Name<'_>) -> Option<Slug> {
    match name {
        Name::Slug(slug) => listing.slugs.contains(slug.as_str()).then(|| slug.clone()),
        Name::Host(host) => Slug::parse(listing.hostnames.get(host)?),
    }
}

fn has(listing: &Listing, name: Name<'_>) -> bool {
    find(listing, name).is_some()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use notice::wire::ids::Slug;

    use super::{KnownSites, Name, Plan};
    use crate::storage::directory::Listing;

    const OWN: Name<'static> = Name::Host("status.acme.com");
    const STRANGE: Name<'static> = Name::Host("nobody.example");

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
    fn the_list_is_good_for_ten_seconds_and_then_one_asks_while_others_take_it() {
        let mut known = known(100_000);
        assert_eq!(known.plan(OWN, 109_999), Plan::Take);
        assert_eq!(known.plan(STRANGE, 109_999), Plan::Take);
        assert_eq!(known.plan(OWN, 110_000), Plan::Ask);
        assert_eq!(known.plan(OWN, 110_000), Plan::Take);
        assert_eq!(known.find(OWN).unwrap(), Some(slug("acme")));
        assert_eq!(known.find(STRANGE).unwrap(), None);
    }

    #[test]
    fn a_site_that_is_missing_is_asked_for_once_a_second() {
        let mut known = known(100_000);
        let (acme, missing) = (slug("acme"), slug("missing"));
        assert_eq!(known.plan(Name::Slug(&missing), 100_001), Plan::Ask);
        assert_eq!(known.plan(Name::Slug(&missing), 101_000), Plan::Take);
        assert_eq!(known.plan(Name::Slug(&missing), 101_001), Plan::Ask);
        assert_eq!(known.plan(Name::Slug(&acme), 103_000), Plan::Take);
    }

    #[test]
    fn a_directory_that_does_not_answer_costs_the_first_who_asks_and_nobody_after() {
        let mut known = known(100_000);
        assert_eq!(known.plan(OWN, 110_000), Plan::Ask);
        known.fail(111_000);
        for now_ms in [111_000, 111_999] {
            assert_eq!(known.plan(OWN, now_ms), Plan::Take);
        }
        for seconds in [112, 113, 120, 129] {
            let now_ms = seconds * 1000;
            assert_eq!(known.plan(OWN, now_ms), Plan::TakeThenAsk);
            assert_eq!(known.plan(OWN, now_ms), Plan::Take, "one asks");
            known.fail(now_ms);
        }
        let now_ms = 130_000;
        assert_eq!(known.plan(OWN, now_ms), Plan::TakeThenAsk);
        known.confirm(Rc::new(listing("other")), 0, now_ms);
        assert_eq!(known.plan(OWN, now_ms), Plan::Take);
        assert_eq!(known.find(OWN).unwrap(), Some(slug("other")));
    }

    #[test]
    fn a_failure_does_not_make_what_is_new_unknown_nor_what_is_old_true_for_ever() {
        let mut known = known(100_000);
        let (acme, new) = (slug("acme"), slug("new"));
        known.fail(111_000);
        // Made since by another isolate, perhaps: nobody can say.
        assert_eq!(known.plan(Name::Slug(&new), 111_500), Plan::Take);
        assert!(known.find(Name::Slug(&new)).is_err());
        assert_eq!(known.plan(Name::Slug(&new), 112_000), Plan::Ask);
        known.fail(113_000);
        assert_eq!(known.find(Name::Slug(&acme)).unwrap(), Some(acme.clone()));
        assert_eq!(known.plan(Name::Slug(&acme), 114_000), Plan::TakeThenAsk);
        known.fail(115_000);
        // Nobody has come by for long: the directory is well, most likely, and may say otherwise.
        assert_eq!(known.plan(OWN, 125_000), Plan::Ask);
        assert_eq!(known.plan(OWN, 125_001), Plan::Take);
        known.confirm(Rc::new(listing("new")), 0, 125_002);
        assert_eq!(known.find(OWN).unwrap(), Some(new));
        assert_eq!(known.find(Name::Slug(&acme)).unwrap(), None);
    }

    #[test]
    fn who_knows_nothing_asks_but_not_again_and_again() {
        let mut known = KnownSites::default();
        assert_eq!(known.plan(OWN, 100_000), Plan::Ask);
        assert_eq!(known.plan(OWN, 100_000), Plan::Ask, "nothing to take");
        known.fail(101_000);
        assert_eq!(known.plan(OWN, 101_999), Plan::Take);
        assert!(known.find(OWN).is_err(), "nobody can say");
        assert_eq!(known.plan(OWN, 102_000), Plan::Ask);
    }

    #[test]
    fn what_a_cache_tells_is_believed_of_what_is_there_only() {
        let mut known = KnownSites::default();
        known.fail(101_000);
        known.recall(listing("acme"));
        assert_eq!(known.plan(OWN, 102_000), Plan::TakeThenAsk);
        assert_eq!(known.find(OWN).unwrap(), Some(slug("acme")));
        assert!(known.find(STRANGE).is_err(), "it may be there by now");
        known.confirm(Rc::new(listing("other")), 0, 102_000);
        known.recall(listing("acme"));
        assert_eq!(known.find(OWN).unwrap(), Some(slug("other")));
        assert_eq!(known.find(STRANGE).unwrap(), None);
    }

    #[test]
    fn after_a_change_everybody_asks_until_an_answer_knows_of_it() {
        let mut known = known(100_000);
        let before = known.changes();
        known.outdate();
        assert_eq!(known.plan(OWN, 100_001), Plan::Ask);
        known.confirm(Rc::new(listing("old")), before, 100_001);
        assert_eq!(
            known.find(OWN).unwrap(),
            Some(slug("acme")),
            "asked too early"
        );
        assert_eq!(known.plan(OWN, 100_001), Plan::Ask);
        known.confirm(Rc::new(listing("other")), known.changes(), 100_001);
        assert_eq!(known.plan(OWN, 100_001), Plan::Take);
        let before = known.changes();
        known.amend(|listing| {
            listing.slugs.insert("new".to_owned());
        });
        known.confirm(Rc::new(listing("other")), before, 100_002);
        let new = slug("new");
        assert_eq!(known.plan(Name::Slug(&new), 100_002), Plan::Take);
        assert_eq!(known.find(Name::Slug(&new)).unwrap(), Some(new.clone()));
    }
}
