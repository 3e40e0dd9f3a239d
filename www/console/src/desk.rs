//! What every view works with: who is signed in and what the site is now, read anew every few seconds.

use std::rc::Rc;

use futures_util::future::join4;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use notice::{
    project::view::IncidentView,
    wire::{component::Component, ids::IncidentId, ids::Slug, site::Site, template::Template},
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle, hook, use_callback, use_effect_with, use_state};

use crate::{
    api::{self, Failure},
    documents::Collection,
    route::{self, Route},
    session::Session,
};

/// How often the site is read anew, in milliseconds.
const EVERY_MS: u32 = 15_000;

/// The site as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Its settings.
    pub site: Site,
    /// Their entity tag.
    pub site_etag: Option<String>,
    /// Its parts.
    pub components: Vec<Component>,
    /// Its own words to begin with.
    pub templates: Vec<Template>,
    /// Everything that is open, however old, drafts among it; and the newest of what is over.
    pub incidents: Vec<IncidentView>,
}

/// What every view works with.
#[derive(Clone, Debug, PartialEq)]
pub struct Desk {
    /// Who is signed in.
    pub session: Rc<Session>,
    /// The site.
    pub facts: Rc<Facts>,
    /// The last reading failed: what is shown is of before.
    pub is_stale: bool,
    /// Reads the site anew.
    pub reload: Callback<()>,
    /// The session has ended.
    pub ended: Callback<()>,
    /// Says something to the operator, at the top of whatever comes next.
    pub say: Callback<String>,
}

impl Desk {
    /// The site's slug.
    pub fn slug(&self) -> &Slug {
        &self.session.site
    }

    /// A link to a view.
    pub fn href(&self, route: &Route) -> String {
        route.href(self.slug())
    }

    /// Goes to a view.
    pub fn go(&self, route: &Route) {
        route::go(self.slug(), route);
    }

    /// One of those that are known here.
    pub fn incident(&self, id: &IncidentId) -> Option<&IncidentView> {
        self.facts
            .incidents
            .iter()
            .find(|incident| incident.id == *id)
    }
}

/// Where reading the site stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// For the first time: so many incidents have come.
    Loading(usize),
    /// It never succeeded.
    Failed(Failure),
    /// It did; the flag: not the last time.
    Ready(Rc<Facts>, bool),
}

/// How many of the newest are read for what is over.
const RECENT: usize = 30;

/// Reads a site. `progress` is told how many incidents have come.
async fn read(session: &Session, progress: impl Fn(usize)) -> Result<Facts, Failure> {
    let (site, components, templates, newest) = join4(
        session.get::<Site>(""),
        session.get::<Collection<Component>>("/components"),
        session.get::<Collection<Template>>("/templates"),
        session.get::<Collection<IncidentView>>(&format!("/incidents?limit={RECENT}")),
    )
    .await;
    let (site, site_etag) = site?;
    // What is owed of what is open may be the oldest thing there is.
    let open = session.path("/incidents?open=true");
    let mut incidents: Vec<IncidentView> = api::all(&open, &session.token, progress).await?;
    let over = newest?.0.items.into_iter().filter(|one| !one.is_open());
    incidents.extend(over);
    Ok(Facts {
        site,
        site_etag,
        components: components?.0.items,
        templates: templates?.0.items,
        incidents,
    })
}

/// Reads a site now, every few seconds, and whenever the operator comes back to it.
#[hook]
pub fn use_reading(
    session: &Rc<Session>,
    ended: &Callback<()>,
) -> (UseStateHandle<Reading>, Callback<()>) {
    let reading = use_state(|| Reading::Loading(0));
    let latest = yew::use_mut_ref(Latest::default);
    let state = reading.clone();
    let reload = use_callback(
        (Rc::clone(session), ended.clone()),
        move |(), (session, ended)| {
            let (session, ended) = (Rc::clone(session), ended.clone());
            let (state, latest) = (state.clone(), Rc::clone(&latest));
            spawn_local(async move {
                let number = latest.borrow_mut().begin();
                let progress = |read| {
                    if latest.borrow().shown.is_none() {
                        state.set(Reading::Loading(read));
                    }
                };
                let found = match read(&session, progress).await {
                    Err(Failure::SignedOut) => return ended.emit(()),
                    found => found,
                };
                if let Some(next) = latest.borrow_mut().take(number, found) {
                    state.set(next);
                }
            });
        },
    );
    use_effect_with(reload.clone(), |reload| {
        reload.emit(());
        let (again, back) = (reload.clone(), reload.clone());
        let interval = Interval::new(EVERY_MS, move || {
            let document = web_sys::window().and_then(|window| window.document());
            if document.is_some_and(|document| !document.hidden()) {
                again.emit(());
            }
        });
        let listeners = web_sys::window().map(|window| {
            let on = |name: &'static str| {
                let back = back.clone();
                EventListener::new(&window, name, move |_| back.emit(()))
            };
            [on("focus"), on("online"), on("offline")]
        });
        move || drop((interval, listeners))
    });
    (reading, reload)
}

/// What is shown, and which reading it is of. Readings overtake each other: one that began before what is shown is of the
/// past.
#[derive(Debug, Default)]
struct Latest {
    begun: u32,
    shown: Option<(u32, Reading)>,
}

impl Latest {
    /// The number of a reading that begins.
    fn begin(&mut self) -> u32 {
        self.begun = self.begun.wrapping_add(1);
        self.begun
    }

    /// What is to be shown from now on, if that is something else.
    fn take(&mut self, number: u32, found: Result<Facts, Failure>) -> Option<Reading> {
        let (of, before) = match &self.shown {
            Some((of, before)) => (*of, Some(before)),
            None => (0, None),
        };
        if number < of {
            return None;
        }
        let next = match (found, before) {
            (Ok(facts), _) => Reading::Ready(Rc::new(facts), false),
            (Err(_), Some(Reading::Ready(facts, _))) => Reading::Ready(Rc::clone(facts), true),
            (Err(failure), _) => Reading::Failed(failure),
        };
        let is_new = before != Some(&next);
        self.shown = Some((number, next.clone()));
        is_new.then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Latest, Reading};
    use crate::api::Failure;
    use notice::wire::site::Site;
    use serde_json::json;

    fn named(name: &str) -> Facts {
        let site: Site = serde_json::from_value(json!({
            "slug": "acme", "name": name, "languages": ["en"], "time_zone": "Etc/UTC", "hostnames": [], "colours": null,
            "contacts": [], "segments": [], "cadence": { "tier_1_s": 1, "tier_2_s": 1, "tier_3_s": 1 }, "on_call": [],
            "quiet_hours": null, "restored": { "returning_s": 1, "everyone_s": 1 }, "overdue_after_s": 1,
            "paused": false, "created_at": "2026-11-21T00:00:00Z"
        }))
        .unwrap();
        Facts {
            site,
            site_etag: None,
            components: Vec::new(),
            templates: Vec::new(),
            incidents: Vec::new(),
        }
    }

    #[test]
    fn a_reading_that_was_overtaken_changes_nothing() {
        let mut latest = Latest::default();
        let (slow, fast) = (latest.begin(), latest.begin());
        assert!(latest.take(fast, Ok(named("After"))).is_some());
        assert!(latest.take(slow, Ok(named("Before"))).is_none());
        assert!(latest.take(slow, Err(Failure::Unreachable)).is_none());
        let failed = latest.begin();
        let stale = latest.take(failed, Err(Failure::Unreachable));
        assert!(matches!(stale, Some(Reading::Ready(facts, true)) if facts.site.name == "After"));
    }
}
