//! Which sites there are, and whose a host name is. The directory knows; an isolate remembers what it said, because
//! touching an object of an unknown slug would create it.

use std::{cell::RefCell, rc::Rc, time::Duration};

use notice::wire::ids::Slug;
use worker::{Env, Method, Request};

use super::{
    kept_sites,
    known_sites::{self, KnownSites, Name, Plan},
};
use crate::{
    fault::Fault,
    runtime::{clock, deadline::within, host::Host},
    storage::directory::Listing,
};

/// How long a reader waits for the list.
const DEADLINE: Duration = Duration::from_secs(1);
/// How long an operator waits for a change of it.
const TELL_DEADLINE: Duration = Duration::from_secs(10);

thread_local! {
    static KNOWN: RefCell<KnownSites> = RefCell::new(KnownSites::default());
}

/// Whether there is such a site.
///
/// # Errors
/// When the directory does not answer and nobody else knows.
pub async fn exists(host: &Host, env: &Env, slug: &Slug) -> Result<bool, Fault> {
    Ok(find(host, env, Name::Slug(slug)).await?.is_some())
}

/// The site that a host name belongs to.
///
/// # Errors
/// When the directory does not answer and nobody else knows.
pub async fn site_of_host(host: &Host, env: &Env, name: &str) -> Result<Option<Slug>, Fault> {
    find(host, env, Name::Host(name)).await
}

/// An old list is better than none while the directory does not answer, and then nobody but the first waits for it.
async fn find(host: &Host, env: &Env, name: Name<'_>) -> Result<Option<Slug>, Fault> {
    let now_ms = clock::now_ms(env);
    match KNOWN.with_borrow_mut(|known| known.plan(name, now_ms)) {
        Plan::Take => {}
        Plan::Ask => match refresh(host, env).await {
            Ok(listing) => return Ok(known_sites::find(&listing, name)),
            Err(fault) => worker::console_error!("{fault}"),
        },
        Plan::TakeThenAsk => {
            let (behind, env) = (host.clone(), env.clone());
            host.after_the_answer(async move {
                if let Err(fault) = refresh(&behind, &env).await {
                    worker::console_error!("{fault}");
                }
            });
        }
    }
    KNOWN.with_borrow(|known| known.find(name))
}

/// Every site, from the directory itself.
///
/// # Errors
/// When it does not answer.
pub async fn refresh(host: &Host, env: &Env) -> Result<Rc<Listing>, Fault> {
    let changes = KNOWN.with_borrow(KnownSites::changes);
    let listed = within(DEADLINE, "the directory", list(env)).await;
    let now_ms = clock::now_ms(env);
    match listed {
        Ok(listing) => {
            let listing = Rc::new(listing);
            KNOWN.with_borrow_mut(|known| known.confirm(Rc::clone(&listing), changes, now_ms));
            kept_sites::keep(host, &listing, now_ms);
            Ok(listing)
        }
        Err(fault) => {
            let knows_nothing = KNOWN.with_borrow_mut(|known| {
                known.fail(now_ms);
                known.knows_nothing()
            });
            if knows_nothing && let Some(listing) = kept_sites::recall().await {
                KNOWN.with_borrow_mut(|known| known.recall(listing));
            }
            Err(fault)
        }
    }
}

/// Host names have changed hands: the next who wants to know asks.
pub fn outdate() {
    KNOWN.with_borrow_mut(KnownSites::outdate);
}

async fn list(env: &Env) -> Result<Listing, Fault> {
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let mut response = directory.fetch_with_str("http://directory/list").await?;
    if response.status_code() != 200 {
        return Err(Fault::Failed("the directory"));
    }
    Ok(serde_json::from_str(&response.text().await?)?)
}

/// Adds a site to the directory and to this isolate's copy. Adding it again changes nothing.
///
/// # Errors
/// When the directory does not take it.
pub async fn add(env: &Env, slug: &Slug) -> Result<(), Fault> {
    tell(env, "add", slug).await?;
    KNOWN.with_borrow_mut(|known| {
        known.amend(|listing| {
            listing.slugs.insert(slug.to_string());
        });
    });
    Ok(())
}

/// Removes a site from the directory and from this isolate's copy. Removing it again changes nothing.
///
/// # Errors
/// When the directory does not take it.
pub async fn remove(env: &Env, slug: &Slug) -> Result<(), Fault> {
    tell(env, "remove", slug).await?;
    KNOWN.with_borrow_mut(|known| {
        known.amend(|listing| {
            listing.slugs.remove(slug.as_str());
            listing.hostnames.retain(|_, owner| owner != slug.as_str());
        });
    });
    Ok(())
}

async fn tell(env: &Env, what: &str, slug: &Slug) -> Result<(), Fault> {
    let url = format!("http://directory/{what}/{slug}");
    let request = Request::new(&url, Method::Post)?;
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    within(TELL_DEADLINE, "the directory", async {
        match directory.fetch_with_request(request).await?.status_code() {
            204 => Ok(()),
            _ => Err(Fault::Failed("the directory")),
        }
    })
    .await
}
