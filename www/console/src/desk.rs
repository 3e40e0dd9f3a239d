//! What every view works with: who is signed in and what the site is now, read anew every few seconds.

use std::rc::Rc;

use futures_util::future::join4;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use notice::wire::{
    component::Component, ids::IncidentId, ids::Slug, site::Site, template::Template,
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseStateHandle, hook, use_callback, use_effect_with, use_state};

use crate::{
    api::Failure,
    documents::{Collection, IncidentDocument},
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
    /// Its hundred newest incidents.
    pub incidents: Vec<IncidentDocument>,
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

    /// One of the newest incidents.
    pub fn incident(&self, id: &IncidentId) -> Option<&IncidentDocument> {
        self.facts
            .incidents
            .iter()
            .find(|incident| incident.id == *id)
    }
}

/// Where reading the site stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// For the first time.
    Loading,
    /// It never succeeded.
    Failed(Failure),
    /// It did; the flag: not the last time.
    Ready(Rc<Facts>, bool),
}

async fn read(session: &Session) -> Result<Facts, Failure> {
    let (site, components, templates, incidents) = join4(
        session.get::<Site>(""),
        session.get::<Collection<Component>>("/components"),
        session.get::<Collection<Template>>("/templates"),
        session.get::<Collection<IncidentDocument>>("/incidents?limit=100"),
    )
    .await;
    let (site, site_etag) = site?;
    Ok(Facts {
        site,
        site_etag,
        components: components?.0.items,
        templates: templates?.0.items,
        incidents: incidents?.0.items,
    })
}

/// Reads a site now, every few seconds, and whenever the operator comes back to it.
#[hook]
pub fn use_reading(
    session: &Rc<Session>,
    ended: &Callback<()>,
) -> (UseStateHandle<Reading>, Callback<()>) {
    let reading = use_state(|| Reading::Loading);
    let latest = yew::use_mut_ref(|| Reading::Loading);
    let state = reading.clone();
    let reload = use_callback(
        (Rc::clone(session), ended.clone()),
        move |(), (session, ended)| {
            let (session, ended) = (Rc::clone(session), ended.clone());
            let (state, latest) = (state.clone(), Rc::clone(&latest));
            spawn_local(async move {
                let found = read(&session).await;
                let before = latest.borrow().clone();
                let next = match (found, before) {
                    (Ok(facts), _) => Reading::Ready(Rc::new(facts), false),
                    (Err(Failure::SignedOut), _) => return ended.emit(()),
                    (Err(_), Reading::Ready(facts, _)) => Reading::Ready(facts, true),
                    (Err(failure), _) => Reading::Failed(failure),
                };
                if *latest.borrow() != next {
                    latest.replace(next.clone());
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
