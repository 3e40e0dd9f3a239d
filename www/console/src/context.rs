//! The context of every view of a site: the session, a snapshot of the site that is refreshed every few seconds, and callbacks.

use std::rc::Rc;

use futures_util::future::join5;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use notice::{
    project::view::IncidentView,
    wire::{component::Component, ids::IncidentId, ids::Slug, site::Site, template::Template},
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle, hook, use_callback, use_effect_with, use_state};

use crate::{
    route::{self, Route},
    server::{
        documents::{Collection, Verification},
        failure::Failure,
        request,
        session::Session,
    },
};

/// Interval between refreshes of the snapshot, in milliseconds.
pub const REFRESH_MS: u32 = 15_000;

/// The site as it was last read.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub site: Site,
    /// Entity tag of the settings.
    pub site_etag: Option<String>,
    pub components: Vec<Component>,
    /// The site's own templates.
    pub templates: Vec<Template>,
    /// The difference between the stored data and the journal that the last verification found, if any.
    pub difference: Option<String>,
    /// All open incidents and drafts, then the ended ones among the [`RECENT`] newest incidents.
    pub incidents: Vec<IncidentView>,
}

/// The inputs of every view of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    pub session: Rc<Session>,
    pub snapshot: Rc<Snapshot>,
    /// Whether the last refresh failed, so that the snapshot may be out of date.
    pub is_stale: bool,
    pub reload: Callback<()>,
    /// Reports that the session has ended.
    pub on_session_end: Callback<()>,
    /// Shows a message above the next view.
    pub notify: Callback<String>,
}

impl Context {
    /// Returns the site's slug.
    pub fn slug(&self) -> &Slug {
        &self.session.site
    }

    /// Returns the link to a view of the site.
    pub fn href(&self, route: &Route) -> String {
        route.href(self.slug())
    }

    /// Goes to a view of the site.
    pub fn go(&self, route: &Route) {
        route::go(self.slug(), route);
    }

    /// Returns an incident of the snapshot.
    pub fn incident(&self, id: &IncidentId) -> Option<&IncidentView> {
        self.snapshot
            .incidents
            .iter()
            .find(|incident| incident.id == *id)
    }
}

/// The state of reading the site.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadState {
    /// The first read is in progress.
    Loading {
        /// Number of incidents that have arrived so far.
        received: usize,
    },
    /// No read has succeeded yet.
    Failed(Failure),
    Loaded {
        snapshot: Rc<Snapshot>,
        /// Whether the latest read failed.
        is_stale: bool,
    },
}

/// Number of newest incidents, open or ended, from which the ended ones are taken.
const RECENT: usize = 30;

/// Reads a site. `on_progress` is called with the number of incidents that have arrived.
async fn read(session: &Session, on_progress: impl Fn(usize)) -> Result<Snapshot, Failure> {
    let (site, components, templates, newest, verification) = join5(
        session.get::<Site>(""),
        session.get::<Collection<Component>>("/components"),
        session.get::<Collection<Template>>("/templates"),
        session.get::<Collection<IncidentView>>(&format!("/incidents?limit={RECENT}")),
        session.get::<Verification>("/verification"),
    )
    .await;
    let (site, site_etag) = site?;
    // The most overdue update may belong to the oldest incident, so all open ones are needed.
    let open = session.path("/incidents?open=true");
    let mut incidents: Vec<IncidentView> =
        request::read_all(&open, &session.token, on_progress).await?;
    let ended = newest?.0.items.into_iter().filter(|one| !one.is_open());
    incidents.extend(ended);
    Ok(Snapshot {
        site,
        site_etag,
        components: components?.0.items,
        templates: templates?.0.items,
        // A new site has no verification yet, and the console is usable without it.
        difference: verification
            .ok()
            .and_then(|(verification, _)| verification.first_difference),
        incidents,
    })
}

/// Reads a site at once, every few seconds while the page is visible, and when the window gets the focus or the network changes.
#[hook]
pub fn use_snapshot(
    session: &Rc<Session>,
    on_session_end: &Callback<()>,
) -> (UseStateHandle<LoadState>, Callback<()>) {
    let state = use_state(|| LoadState::Loading { received: 0 });
    let sequence = yew::use_mut_ref(ReadSequence::default);
    let setter = state.clone();
    let reload = use_callback(
        (Rc::clone(session), on_session_end.clone()),
        move |(), (session, on_session_end)| {
            let (session, on_session_end) = (Rc::clone(session), on_session_end.clone());
            let (setter, sequence) = (setter.clone(), Rc::clone(&sequence));
            spawn_local(async move {
                let number = sequence.borrow_mut().next_number();
                let on_progress = |received| {
                    if sequence.borrow().shown.is_none() {
                        setter.set(LoadState::Loading { received });
                    }
                };
                let result = match read(&session, on_progress).await {
                    Err(Failure::SignedOut) => return on_session_end.emit(()),
                    result => result,
                };
                if let Some(next) = sequence.borrow_mut().accept(number, result) {
                    setter.set(next);
                }
            });
        },
    );
    use_effect_with(reload.clone(), |reload| {
        reload.emit(());
        let (on_tick, on_return) = (reload.clone(), reload.clone());
        let interval = Interval::new(REFRESH_MS, move || {
            let document = web_sys::window().and_then(|window| window.document());
            if document.is_some_and(|document| !document.hidden()) {
                on_tick.emit(());
            }
        });
        let listeners = web_sys::window().map(|window| {
            let listen = |name: &'static str| {
                let on_return = on_return.clone();
                EventListener::new(&window, name, move |_| on_return.emit(()))
            };
            [listen("focus"), listen("online"), listen("offline")]
        });
        move || drop((interval, listeners))
    });
    (state, reload)
}

/// Orders concurrent reads: numbers them, and drops the result of a read that is older than the shown one.
#[derive(Debug, Default)]
struct ReadSequence {
    /// The number of the last read that was started.
    started: u32,
    /// The shown state, and the number of the read that produced it.
    shown: Option<(u32, LoadState)>,
}

impl ReadSequence {
    /// Numbers a read that starts.
    fn next_number(&mut self) -> u32 {
        self.started = self.started.wrapping_add(1);
        self.started
    }

    /// Takes the result of a read. Returns the state to show, if it changes.
    fn accept(&mut self, number: u32, result: Result<Snapshot, Failure>) -> Option<LoadState> {
        let (shown_number, before) = match &self.shown {
            Some((number, state)) => (*number, Some(state)),
            None => (0, None),
        };
        if number < shown_number {
            return None;
        }
        let next = match (result, before) {
            (Ok(snapshot), _) => LoadState::Loaded {
                snapshot: Rc::new(snapshot),
                is_stale: false,
            },
            (Err(_), Some(LoadState::Loaded { snapshot, .. })) => LoadState::Loaded {
                snapshot: Rc::clone(snapshot),
                is_stale: true,
            },
            (Err(failure), _) => LoadState::Failed(failure),
        };
        let is_new = before != Some(&next);
        self.shown = Some((number, next.clone()));
        is_new.then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::{LoadState, ReadSequence, Snapshot};
    use crate::server::failure::Failure;
    use notice::wire::site::Site;
    use serde_json::json;

    fn named(name: &str) -> Snapshot {
        let site: Site = serde_json::from_value(json!({
            "slug": "acme", "name": name, "languages": ["en"], "time_zone": "Etc/UTC", "hostnames": [], "colours": null,
            "contacts": [], "segments": [], "cadence": { "tier_1_s": 1, "tier_2_s": 1, "tier_3_s": 1 }, "on_call": [],
            "quiet_hours": null, "restored": { "returning_s": 1, "everyone_s": 1 }, "overdue_after_s": 1,
            "paused": false, "created_at": "2026-11-21T00:00:00Z"
        }))
        .unwrap();
        Snapshot {
            site,
            site_etag: None,
            components: Vec::new(),
            templates: Vec::new(),
            difference: None,
            incidents: Vec::new(),
        }
    }

    #[test]
    fn a_read_older_than_the_shown_one_changes_nothing() {
        let mut sequence = ReadSequence::default();
        let (slow, fast) = (sequence.next_number(), sequence.next_number());
        assert!(sequence.accept(fast, Ok(named("After"))).is_some());
        assert!(sequence.accept(slow, Ok(named("Before"))).is_none());
        assert!(sequence.accept(slow, Err(Failure::Unreachable)).is_none());
        let failed = sequence.next_number();
        let stale = sequence.accept(failed, Err(Failure::Unreachable));
        assert!(
            matches!(stale, Some(LoadState::Loaded { snapshot, is_stale: true }) if snapshot.site.name == "After")
        );
    }
}
