//! The whole: who is signed in, and where.

use std::rc::Rc;

use notice::wire::ids::Slug;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    desk::{Desk, Reading, use_reading},
    route::{self, Route, use_route},
    session::{self, Invitation, Session},
    view,
};

/// What the page came with.
#[derive(Clone, Debug, PartialEq, Eq, yew::Properties)]
pub struct Properties {
    /// The invitation in its address.
    pub invitation: Option<Invitation>,
}

/// The console.
#[component]
pub fn App(props: &Properties) -> Html {
    let (site, route) = use_route();
    let invitation = use_state(|| props.invitation.clone());
    let sessions = use_state(session::all);
    let ended = use_state(|| None::<Slug>);

    let signed_in = {
        let (sessions, invitation, ended) = (sessions.clone(), invitation.clone(), ended.clone());
        let here = (site.clone(), route.clone());
        Callback::from(move |site: Slug| {
            sessions.set(session::all());
            invitation.set(None);
            ended.set(None);
            // Back to what was being done, if it was of this site.
            if here.0.as_ref() != Some(&site) {
                route::go(&site, &Route::Home);
            }
        })
    };
    let on_ended = {
        let (sessions, ended) = (sessions.clone(), ended.clone());
        Callback::from(move |site: Slug| {
            session::remove(&site);
            sessions.set(session::all());
            ended.set(Some(site));
        })
    };
    let left = {
        let sessions = sessions.clone();
        Callback::from(move |()| sessions.set(session::all()))
    };

    if let Some(invitation) = &*invitation {
        return html! { <view::sign_in::Join invitation={invitation.clone()} {signed_in} /> };
    }
    let session = match &site {
        Some(site) => sessions.iter().find(|session| session.site == *site),
        None => sessions.first(),
    };
    match session {
        Some(session) => html! {
            <SignedIn key={session.token.clone()} session={Rc::new(session.clone())} others={(*sessions).clone()}
                {route} {on_ended} {left} />
        },
        None => html! {
            <view::sign_in::SignIn {site} ended={(*ended).clone()} others={(*sessions).clone()} {signed_in} />
        },
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
struct SignedInProps {
    session: Rc<Session>,
    others: Vec<Session>,
    route: Route,
    on_ended: Callback<Slug>,
    left: Callback<()>,
}

/// A site's views, once it has been read.
#[component]
fn SignedIn(props: &SignedInProps) -> Html {
    let ended = {
        let (on_ended, site) = (props.on_ended.clone(), props.session.site.clone());
        yew::use_callback((), move |(), ()| on_ended.emit(site.clone()))
    };
    route::use_arrival(&props.route, &props.session.site);
    let (reading, reload) = use_reading(&props.session, &ended);
    // What was said in one view is read in the next, and gone in the one after.
    let said = use_state(|| None::<(String, u8)>);
    let say = {
        let said = said.clone();
        yew::use_callback((), move |words: String, ()| said.set(Some((words, 0))))
    };
    {
        let said = said.clone();
        yew::use_effect_with(props.route.clone(), move |_| {
            if let Some((words, age)) = &*said {
                said.set((*age == 0).then(|| (words.clone(), 1)));
            }
        });
    }
    match &*reading {
        Reading::Loading(read) => view::frame::loading(&props.session, *read),
        Reading::Failed(failure) => view::frame::failed(failure, &reload),
        Reading::Ready(facts, is_stale) => {
            let desk = Desk {
                session: Rc::clone(&props.session),
                facts: Rc::clone(facts),
                is_stale: *is_stale,
                reload,
                ended,
                say,
            };
            let words = said.as_ref().map(|(words, _)| words.clone());
            let hush = {
                let said = said.clone();
                Callback::from(move |()| said.set(None))
            };
            view::frame::frame(
                &desk,
                &props.route,
                &props.others,
                words.as_deref(),
                &hush,
                &props.left,
            )
        }
    }
}
