//! The documents in an isolate's memory, by site. One generation count per site guards against the race of a fetch with
//! a publish.
//!
//! # States of an entry
//! ```text
//!          fetch answered                    1 s passed
//! (empty) ───────────────▶ fresh ─────────────────────────▶ stale
//!    │                       ▲  ▲                             │ first reader takes the lease
//!    │ fetch failed          │  └────── fetch answered ───────┤ (others are served meanwhile)
//!    ▼                       │                                ▼ fetch failed
//! backing off 1, 2, 4 … 30 s ◀────────────────────────────────┘ (everybody is served the old document)
//!    │ backoff over: as stale; a publish ends the backoff
//! publish here: invalid: every reader fetches, until an answer to a fetch that began after the publish
//! ```

use std::collections::BTreeMap;

use notice::wire::{ids::Slug, language::Language};

use super::{
    resource::Resource,
    snapshot::{CacheAction, Document, Snapshot},
};

/// Maximum number of entries. Above it, the page that was confirmed longest ago is evicted; feeds only if there is no
/// page.
const MAX_ENTRIES: usize = 500;

/// The documents of all sites.
#[derive(Debug, Default)]
pub struct Store {
    sites: BTreeMap<String, SiteEntries>,
    /// The number of documents.
    count: usize,
    /// Rises with each publish and each eviction of a site, and never repeats, so that answers to fetches from before a publish
    /// or an eviction are recognised.
    generation: u64,
}

/// The documents of one site.
#[derive(Debug, Default)]
struct SiteEntries {
    /// The site's languages, its own first; empty until they are known.
    languages: Vec<Language>,
    /// [`Store::generation`] at the last publish, or when the entries were created.
    generation: u64,
    snapshots: BTreeMap<Resource, Snapshot>,
}

impl Store {
    /// Whether the site's languages are known. If so, the site exists, and a request to its object cannot create it.
    pub fn knows(&self, site: &Slug) -> bool {
        self.primary_language(site).is_some()
    }

    /// The site's own language, if known.
    pub fn primary_language(&self, site: &Slug) -> Option<&Language> {
        self.languages(site).first()
    }

    /// The site's languages, its own first; empty while they are unknown.
    pub fn languages(&self, site: &Slug) -> &[Language] {
        let entries = self.sites.get(site.as_str());
        entries.map_or(&[], |entries| &entries.languages)
    }

    /// The cache key of a resource: [`Resource::resolve`] with the site's languages.
    pub fn canonical(&self, site: &Slug, requested: &Resource) -> Resource {
        requested.resolve(self.languages(site))
    }

    /// Decides how one reader is answered. Pass the returned generation to [`Store::confirm`] with the answer. Creates no
    /// entry, so that requests for pages that do not exist evict no other entries.
    pub fn decide(&mut self, site: &Slug, resource: &Resource, now_ms: u64) -> (CacheAction, u64) {
        let entries = self.entries(site);
        let snapshot = entries.snapshots.get_mut(resource);
        let action = snapshot.map_or(CacheAction::Fetch, |snapshot| snapshot.decide(now_ms));
        (action, entries.generation)
    }

    /// The document, if it can be served without a fetch.
    pub fn ready(&self, site: &Slug, resource: &Resource, now_ms: u64) -> Option<&Document> {
        let entries = self.sites.get(site.as_str())?;
        entries.snapshots.get(resource)?.ready(now_ms)
    }

    /// The newest known document in exactly this language, of any age.
    pub fn exact(&self, site: &Slug, resource: &Resource) -> Option<&Document> {
        let entries = self.sites.get(site.as_str())?;
        entries.snapshots.get(resource)?.document.as_ref()
    }

    /// The newest known document, in the requested or the site's own language.
    pub fn newest(&self, site: &Slug, resource: &Resource) -> Option<&Document> {
        let own = || self.exact(site, &resource.in_language(None));
        self.exact(site, resource).or_else(own)
    }

    /// Stores the answer to a fetch of `requested`, and returns `true`. Discards the answer and returns `false` if `generation`
    /// is outdated, because the answer may be from before a publish.
    pub fn confirm(
        &mut self,
        site: &Slug,
        requested: &Resource,
        document: Document,
        languages: Vec<Language>,
        generation: u64,
    ) -> bool {
        if !self.is_current(site, generation) {
            return false;
        }
        self.set_languages(site, languages);
        let resource = self.canonical(site, requested);
        self.snapshot(site, &resource).confirm(document);
        true
    }

    fn is_current(&self, site: &Slug, generation: u64) -> bool {
        let entries = self.sites.get(site.as_str());
        entries.is_some_and(|entries| entries.generation == generation)
    }

    /// Stores a document from KV, and the site's languages if they are not known yet. `languages` is empty if the record has
    /// none.
    pub fn load(
        &mut self,
        site: &Slug,
        resource: &Resource,
        document: Document,
        languages: Vec<Language>,
    ) {
        if !languages.is_empty() && !self.knows(site) {
            self.set_languages(site, languages);
        }
        let resource = self.canonical(site, resource);
        self.snapshot(site, &resource).load(document);
    }

    /// Starts a backoff after a failed fetch. `generation` is the fetch's generation, or `None` if there was no fetch. A fetch
    /// that began before a publish starts no backoff.
    pub fn fail(&mut self, site: &Slug, resource: &Resource, now_ms: u64, generation: Option<u64>) {
        if generation.is_none_or(|generation| self.is_current(site, generation)) {
            self.snapshot(site, resource).fail(now_ms);
        }
    }

    /// Invalidates all documents of a site.
    pub fn invalidate(&mut self, site: &Slug) {
        self.generation = self.generation.saturating_add(1);
        if let Some(entries) = self.sites.get_mut(site.as_str()) {
            entries.generation = self.generation;
            entries
                .snapshots
                .values_mut()
                .for_each(Snapshot::invalidate);
        }
    }

    /// Resets the backoff of all documents of a site.
    pub fn reset_backoff(&mut self, site: &Slug) {
        if let Some(entries) = self.sites.get_mut(site.as_str()) {
            entries
                .snapshots
                .values_mut()
                .for_each(Snapshot::reset_backoff);
        }
    }

    /// Evicts a document that no longer exists.
    pub fn remove(&mut self, site: &Slug, resource: &Resource) {
        if let Some(entries) = self.sites.get_mut(site.as_str())
            && entries.snapshots.remove(resource).is_some()
        {
            self.count = self.count.saturating_sub(1);
        }
    }

    /// Evicts all documents of a site.
    pub fn evict(&mut self, site: &Slug) {
        self.generation = self.generation.saturating_add(1);
        if let Some(entries) = self.sites.remove(site.as_str()) {
            self.count = self.count.saturating_sub(entries.snapshots.len());
        }
    }

    /// Sets a site's languages, and evicts documents in other languages.
    fn set_languages(&mut self, site: &Slug, languages: Vec<Language>) {
        let entries = self.entries(site);
        entries.languages = languages;
        let others = entries.languages.get(1..).unwrap_or_default();
        let before = entries.snapshots.len();
        entries.snapshots.retain(|resource, _| {
            resource
                .language()
                .is_none_or(|tag| others.iter().any(|other| other.as_str() == tag.as_str()))
        });
        let evicted = before.saturating_sub(entries.snapshots.len());
        self.count = self.count.saturating_sub(evicted);
    }

    fn snapshot(&mut self, site: &Slug, resource: &Resource) -> &mut Snapshot {
        let is_new = self
            .sites
            .get(site.as_str())
            .is_none_or(|entries| !entries.snapshots.contains_key(resource));
        if is_new {
            if self.count >= MAX_ENTRIES {
                self.evict_oldest();
            }
            self.count = self.count.saturating_add(1);
        }
        self.entries(site)
            .snapshots
            .entry(resource.clone())
            .or_default()
    }

    fn entries(&mut self, site: &Slug) -> &mut SiteEntries {
        let generation = self.generation;
        self.sites
            .entry(site.to_string())
            .or_insert_with(|| SiteEntries {
                generation,
                ..SiteEntries::default()
            })
    }

    fn evict_oldest(&mut self) {
        let confirmed_ms = |snapshot: &Snapshot| {
            let document = snapshot.document.as_ref();
            document.map_or(0, |document| document.confirmed_ms)
        };
        let oldest = self
            .sites
            .iter()
            .flat_map(|(site, entries)| entries.snapshots.iter().map(move |entry| (site, entry)))
            .min_by_key(|(_, (resource, snapshot))| (!resource.is_page(), confirmed_ms(snapshot)))
            .map(|(site, (resource, _))| (site.clone(), resource.clone()));
        if let Some((site, resource)) = oldest
            && let Some(entries) = self.sites.get_mut(&site)
        {
            entries.snapshots.remove(&resource);
            self.count = self.count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::{
        ids::Slug,
        language::{Language, LanguageTag},
    };

    use super::{MAX_ENTRIES, Store};
    use crate::{
        cache::{
            resource::Resource,
            snapshot::{CacheAction, Document},
        },
        http::page_call::{PageCall, PageHost, PageName},
    };

    fn document(confirmed_ms: u64) -> Document {
        Document {
            body: "{}".into(),
            etag: "\"e\"".to_owned(),
            confirmed_ms,
        }
    }

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    fn languages(tags: &[&str]) -> Vec<Language> {
        tags.iter()
            .map(|tag| Language::parse(tag).unwrap())
            .collect()
    }

    fn feed(tag: &str) -> Resource {
        Resource::Feed(LanguageTag::parse(tag))
    }

    fn page(query: &str) -> Resource {
        let name = PageName::History(None);
        Resource::Page(PageCall::parse(name, query, PageHost::Deployment).unwrap())
    }

    /// Fetches a document that was confirmed at this time.
    fn fetch(store: &mut Store, site: &Slug, resource: &Resource, at_ms: u64, tags: &[&str]) {
        let (_, generation) = store.decide(site, resource, at_ms);
        let is_stored = store.confirm(site, resource, document(at_ms), languages(tags), generation);
        assert!(is_stored);
    }

    #[test]
    fn an_answer_from_before_a_publish_is_not_stored() {
        for resource in [feed(""), page("")] {
            let (mut store, site) = (Store::default(), slug("acme"));
            fetch(&mut store, &site, &resource, 1000, &["en"]);
            let (_, before) = store.decide(&site, &resource, 2500);
            store.invalidate(&site);
            let late = languages(&["de"]);
            assert!(!store.confirm(&site, &resource, document(2500), late, before));
            assert_eq!(
                store.primary_language(&site),
                Language::parse("en").as_ref()
            );
            // If a fetch from before the publish fails, the invalid document is still not served.
            store.fail(&site, &resource, 2500, Some(before));
            let (action, _) = store.decide(&site, &resource, 2500);
            assert_eq!(action, CacheAction::Fetch, "{resource:?} is still invalid");
            fetch(&mut store, &site, &resource, 2600, &["en"]);
            assert_eq!(store.ready(&site, &resource, 2600), Some(&document(2600)));
        }
    }

    #[test]
    fn tags_that_select_one_language_share_its_entry() {
        let (mut store, site) = (Store::default(), slug("acme"));
        for tag in ["de", "de-AT", "xx"] {
            assert_eq!(
                store.canonical(&site, &feed(tag)),
                feed(""),
                "the languages are unknown"
            );
            store.decide(&site, &store.canonical(&site, &feed(tag)), 900);
            store.fail(&site, &store.canonical(&site, &feed(tag)), 900, None);
        }
        assert_eq!(store.count, 1, "failures in many languages make one entry");
        fetch(&mut store, &site, &feed("de-AT"), 1000, &["en", "de"]);
        for (requested, expected) in [
            ("en", ""),
            ("en-US", ""),
            ("fr", ""),
            ("de", "de"),
            ("DE_ch", "de"),
            ("", ""),
        ] {
            assert_eq!(
                store.canonical(&site, &feed(requested)),
                feed(expected),
                "{requested}"
            );
        }
        assert_eq!(store.ready(&site, &feed("de"), 1000), Some(&document(1000)));
        // The site drops a language, which evicts its documents.
        fetch(&mut store, &site, &feed(""), 2000, &["en"]);
        assert_eq!(store.newest(&site, &feed("de")), Some(&document(2000)));
    }

    #[test]
    fn pages_are_evicted_before_feeds() {
        let mut store = Store::default();
        let site = slug("acme");
        fetch(&mut store, &site, &feed(""), 1, &["en"]);
        for number in 0..MAX_ENTRIES * 2 {
            let other = slug(&format!("s{number}"));
            let at = u64::try_from(number).unwrap() + 10;
            fetch(&mut store, &other, &page(""), at, &["en"]);
        }
        assert!(
            store.newest(&site, &feed("")).is_some(),
            "the oldest entry is a feed"
        );
        let stored = (0..MAX_ENTRIES * 2).filter(|number| {
            store
                .newest(&slug(&format!("s{number}")), &page(""))
                .is_some()
        });
        assert_eq!(stored.count(), MAX_ENTRIES - 1);
        assert_eq!(store.count, MAX_ENTRIES);
    }

    #[test]
    fn requests_for_missing_pages_evict_no_page() {
        let mut store = Store::default();
        let site = slug("acme");
        fetch(&mut store, &site, &page(""), 1, &["en"]);
        for number in 0..MAX_ENTRIES * 2 {
            let year = 1970 + number;
            let missing = page(&format!("month={year}-01"));
            let (action, _) = store.decide(&site, &missing, 2);
            assert_eq!(action, CacheAction::Fetch);
            store.remove(&site, &missing);
        }
        assert_eq!(store.newest(&site, &page("")), Some(&document(1)));
        assert_eq!(store.count, 1);
    }

    #[test]
    fn evicting_a_site_removes_all_its_entries() {
        let (mut store, site) = (Store::default(), slug("acme"));
        fetch(&mut store, &site, &feed(""), 1000, &["en"]);
        fetch(&mut store, &site, &page(""), 1000, &["en"]);
        let (_, before) = store.decide(&site, &feed(""), 3000);
        store.evict(&site);
        assert!(!store.knows(&site));
        assert_eq!(store.count, 0);
        // A fetch that began before the deletion.
        for _ in 0..2 {
            assert!(!store.confirm(&site, &feed(""), document(3000), languages(&["en"]), before));
            store.decide(&site, &feed(""), 3000);
        }
    }
}
