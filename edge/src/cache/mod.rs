//! The read cache of an isolate: feeds and pages from memory, the site's object or KV, and the list of sites.

pub mod encoded;
pub mod feed;
pub mod gzip;
pub mod hot;
pub mod kv;
pub mod object;
pub mod pages;
pub mod purge;
pub mod read;
pub mod resource;
pub mod site_list;
pub mod site_loader;
pub mod snapshot;
pub mod store;
pub mod unknown_site;

use std::cell::RefCell;

use notice::wire::ids::Slug;
use store::Store;

thread_local! {
    static MEMORY: RefCell<Store> = RefCell::new(Store::default());
}

/// Evicts all documents and ready responses of a deleted site.
pub fn evict(site: &Slug) {
    MEMORY.with_borrow_mut(|store| store.evict(site));
    hot::evict(site);
    site_loader::evict(site);
}

/// Invalidates all documents of a site after a write through this isolate.
pub fn invalidate(site: &Slug) {
    MEMORY.with_borrow_mut(|store| store.invalidate(site));
}

/// Resets the backoff of a site whose object has just answered.
pub fn reset_backoff(site: &Slug) {
    MEMORY.with_borrow_mut(|store| store.reset_backoff(site));
}
