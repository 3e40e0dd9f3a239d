//! The composed loaders in an isolate's memory. A loader without notices is composed once for each feed, a loader with notices at
//! most once per second.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use notice::wire::ids::Slug;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    composition::{CONFIRMED_MS, Composition, Parts, compose, languages_that_fit},
    in_language,
    template::{Template, known},
};
use crate::cache::{MEMORY, resource::Resource, snapshot::Document};

/// Maximum number of loaders in memory. When it is reached, all are dropped, and composed again when they are needed.
const MAX_LOADERS: usize = 500;

thread_local! {
    static COMPOSED: RefCell<BTreeMap<String, Composed>> = const { RefCell::new(BTreeMap::new()) };
    /// By site: the entity tag of the last feed for which the other languages were read.
    static LANGUAGES_READ: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// A loader in memory, and the state of the feed from which it was composed.
#[derive(Debug)]
struct Composed {
    /// The entity tag of the feed, and whether the feed was confirmed recently. `None` for a loader without a feed.
    feed: Option<(String, bool)>,
    /// The time of its composition, in seconds since 1970.
    at_s: u64,
    composition: Rc<Composition>,
}

impl Composed {
    fn is_current(&self, own: Option<&Document>, now_ms: u64) -> bool {
        let is_timeless = self.composition.etag.is_some();
        is_same(self.feed.as_ref(), own, now_ms) && (is_timeless || self.at_s == now_ms / 1000)
    }
}

/// Returns the loader of a site if all its parts are in memory.
pub fn ready(site: &Slug, now_ms: u64) -> Option<Rc<Composition>> {
    let template = known()?;
    let own =
        MEMORY.with_borrow(|store| store.ready(site, &Resource::Feed(None), now_ms).cloned())?;
    let composition = find_or_compose(&template, site, Some(&own), now_ms);
    let is_complete = composition.etag.is_some()
        || LANGUAGES_READ.with_borrow(|read| read.get(site.as_str()) == Some(&own.etag));
    is_complete.then_some(composition)
}

/// Whether the caller has to read the feeds in the site's other languages: `true` only for the first call with each feed that has
/// notices.
pub fn claim_language_read(site: &Slug, own: &Document) -> bool {
    if rev_with_notices(own).is_none() {
        return false;
    }
    LANGUAGES_READ.with_borrow_mut(|read| {
        if read.len() >= MAX_LOADERS {
            read.clear();
        }
        read.insert(site.to_string(), own.etag.clone()) != Some(own.etag.clone())
    })
}

/// Returns the loader of a site with this feed, composed at most once per second.
pub fn find_or_compose(
    template: &Template,
    site: &Slug,
    own: Option<&Document>,
    now_ms: u64,
) -> Rc<Composition> {
    let known = COMPOSED.with_borrow(|all| {
        let known = all.get(site.as_str())?;
        let is_current = known.is_current(own, now_ms);
        is_current.then(|| Rc::clone(&known.composition))
    });
    known.unwrap_or_else(|| {
        let composition = Rc::new(compose_from_memory(template, site, own, now_ms));
        let feed = own.map(|own| (own.etag.clone(), is_confirmed(own, now_ms)));
        let loader = Composed {
            feed,
            at_s: now_ms / 1000,
            composition: Rc::clone(&composition),
        };
        COMPOSED.with_borrow_mut(|all| {
            if all.len() >= MAX_LOADERS {
                all.clear();
            }
            all.insert(site.to_string(), loader);
        });
        composition
    })
}

fn compose_from_memory(
    template: &Template,
    site: &Slug,
    own: Option<&Document>,
    now_ms: u64,
) -> Composition {
    MEMORY.with_borrow(|store| {
        let languages = store.languages(site);
        let count = own.map_or(0, languages_that_fit);
        let others = languages.iter().skip(1).take(count);
        let others: Vec<Option<Document>> = others
            .map(|language| store.exact(site, &in_language(language)).cloned())
            .collect();
        let parts = Parts {
            site,
            own,
            languages,
            others: &others,
            now_ms,
        };
        compose(template, &parts)
    })
}

/// Evicts the loader of a site.
pub fn evict(site: &Slug) {
    COMPOSED.with_borrow_mut(|all| all.remove(site.as_str()));
}

/// The revision of a feed, if it has a notice.
pub fn rev_with_notices(feed: &Document) -> Option<u64> {
    #[derive(Deserialize)]
    struct Head {
        rev: u64,
        notices: Vec<IgnoredAny>,
    }
    let head: Head = serde_json::from_str(&feed.body).ok()?;
    (!head.notices.is_empty()).then_some(head.rev)
}

fn is_confirmed(feed: &Document, now_ms: u64) -> bool {
    now_ms.saturating_sub(feed.confirmed_ms) <= CONFIRMED_MS
}

fn is_same(known: Option<&(String, bool)>, own: Option<&Document>, now_ms: u64) -> bool {
    match (known, own) {
        (Some((etag, was_confirmed)), Some(own)) => {
            *etag == own.etag && *was_confirmed == is_confirmed(own, now_ms)
        }
        (None, None) => true,
        _ => false,
    }
}
