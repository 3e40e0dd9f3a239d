//! The list of sites and host names. It is cached, because a request to the object of an unknown slug would create the
//! object.

pub mod cache_api;
pub mod known;

use std::{cell::RefCell, rc::Rc};

use notice::wire::ids::Slug;
use worker::Env;

use crate::{
    cache::site_list::known::{KnownSites, ListAction, Name},
    fault::Fault,
    rpc::directory_client,
    runtime::{request_context::RequestContext, server_clock},
    storage::directory_tables::Listing,
};

thread_local! {
    static KNOWN: RefCell<KnownSites> = RefCell::new(KnownSites::default());
}

/// Whether a site exists.
///
/// # Errors
/// `Fault` if the directory does not answer and the known list is not conclusive.
pub async fn exists(context: &RequestContext, env: &Env, slug: &Slug) -> Result<bool, Fault> {
    Ok(find(context, env, Name::Slug(slug)).await?.is_some())
}

/// Whether the list says that there is no such site, without asking the directory. Costs no await, for the fast path.
pub fn is_unlisted(slug: &Slug, now_ms: u64) -> bool {
    KNOWN.with_borrow(|known| known.is_unlisted(slug, now_ms))
}

/// The site that a host name belongs to.
///
/// # Errors
/// `Fault` if the directory does not answer and the known list is not conclusive.
pub async fn site_of_host(
    context: &RequestContext,
    env: &Env,
    name: &str,
) -> Result<Option<Slug>, Fault> {
    find(context, env, Name::Host(name)).await
}

/// Looks up a site. While the directory does not answer, the old list is used, and only the first lookup waits.
async fn find(context: &RequestContext, env: &Env, name: Name<'_>) -> Result<Option<Slug>, Fault> {
    let now_ms = server_clock::now_ms(env);
    match KNOWN.with_borrow_mut(|known| known.decide(name, now_ms)) {
        ListAction::Serve => {}
        ListAction::Fetch => match refresh(context, env).await {
            Ok(listing) => return Ok(known::find(&listing, name)),
            // A fault that is returned is logged by the caller.
            Err(fault) => {
                let found = KNOWN.with_borrow(|known| known.find(name));
                return match found {
                    Ok(found) => {
                        context.log(&fault);
                        Ok(found)
                    }
                    Err(_) => Err(fault),
                };
            }
        },
        ListAction::ServeAndRefresh => {
            let (background, env) = (context.clone(), env.clone());
            context.wait_until(async move {
                if let Err(fault) = refresh(&background, &env).await {
                    background.log(&fault);
                }
            });
        }
    }
    KNOWN.with_borrow(|known| known.find(name))
}

/// Fetches the list from the directory.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn refresh(context: &RequestContext, env: &Env) -> Result<Rc<Listing>, Fault> {
    let changes = KNOWN.with_borrow(KnownSites::changes);
    let listed = directory_client::list(env).await;
    let now_ms = server_clock::now_ms(env);
    match listed {
        Ok(listing) => {
            let listing = Rc::new(listing);
            KNOWN.with_borrow_mut(|known| known.confirm(Rc::clone(&listing), changes, now_ms));
            cache_api::store(context, &listing, now_ms);
            Ok(listing)
        }
        Err(fault) => {
            let has_no_list = KNOWN.with_borrow_mut(|known| {
                known.fail(now_ms);
                known.has_no_list()
            });
            if has_no_list && let Some(listing) = cache_api::load().await {
                KNOWN.with_borrow_mut(|known| known.load(listing));
            }
            Err(fault)
        }
    }
}

/// Invalidates the list after a change of host names.
pub fn invalidate() {
    KNOWN.with_borrow_mut(KnownSites::invalidate);
}

/// Adds a site to the directory and to the isolate's copy. Idempotent.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn add(env: &Env, slug: &Slug) -> Result<(), Fault> {
    directory_client::add(env, slug).await?;
    KNOWN.with_borrow_mut(|known| {
        known.update(|listing| {
            listing.slugs.insert(slug.to_string());
        });
    });
    Ok(())
}

/// Removes a site from the directory and from the isolate's copy. Idempotent.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn remove(env: &Env, slug: &Slug) -> Result<(), Fault> {
    directory_client::remove(env, slug).await?;
    KNOWN.with_borrow_mut(|known| {
        known.update(|listing| {
            listing.slugs.remove(slug.as_str());
            listing.hostnames.retain(|_, owner| owner != slug.as_str());
        });
    });
    Ok(())
}
