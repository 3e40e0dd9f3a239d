//! The whole: who is signed in, and where.

use std::rc::Rc;

use notice::wire::ids::Slug;
use yew::{Callback, Html, component, html, use_callback, use_effect_with, use_state};

use crate::{
    desk::{Desk, Reading, use_reading},
    route::{self, Place, Route, use_place},
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
    let place = use_place();
    let invitation = use_state(|| props.invitation.clone());
    let sessions = use_state(session::all);
    let ended = use_state(|| None::<Slug>);
    let refresh = {
        let sessions = sessions.clone();
        use_callback((), move |(), ()| sessions.set(session::all()))
    };
    {
        let refresh = refresh.clone();
        use_effect_with((), move |()| {
            let listener = session::on_change_elsewhere(move || refresh.emit(()));
            move || drop(listener)
        });
    }
    {
        let invitation = invitation.clone();
        use_effect_with((), move |()| {
            let listener = session::on_invitation(move |found| invitation.set(Some(found)));
            move || drop(listener)
        });
    }
    let named = match &place {
        Place::Site(site, _) => Some(site.clone()),
        Place::Anywhere | Place::Sites => None,
    };
    let signed_in = {
        let (refresh, invitation, ended) = (refresh.clone(), invitation.clone(), ended.clone());
        let here = named.clone();
        Callback::from(move |to: Option<Slug>| {
            refresh.emit(());
            invitation.set(None);
            ended.set(None);
            // Back to what was being done, if it was of this site.
            match to {
                Some(site) if here.as_ref() == Some(&site) => {}
                Some(site) => route::go(&site, &Route::Home),
                None => route::go_to(route::SITES),
            }
        })
    };
    let on_ended = {
        let (refresh, ended) = (refresh.clone(), ended.clone());
        Callback::from(move |site: Slug| {
            session::remove(&site);
            refresh.emit(());
            ended.set(Some(site));
        })
    };

    if let Some(invitation) = &*invitation {
        return html! { <view::sign_in::Join invitation={invitation.clone()} {signed_in} /> };
    }
    let session = match &place {
        Place::Site(site, _) => sessions.iter().find(|session| session.site == *site),
        Place::Anywhere => sessions.first(),
        Place::Sites => None,
    };
    let route = match &place {
        Place::Site(_, route) => route.clone(),
        Place::Anywhere | Place::Sites => Route::Home,
    };
    match (session, session::root()) {
        (Some(session), _) => html! {
            <SignedIn key={format!("{}:{}", session.site, session.token)} session={Rc::new(session.clone())} others={(*sessions).clone()}
                {route} {on_ended} left={refresh} />
        },
        (None, Some((token, lifetime))) if named.is_none() => html! {
            <view::sites::Sites {token} {lifetime} changed={refresh} />
        },
        (None, _) => html! {
            <view::sign_in::SignIn site={named} ended={(*ended).clone()} others={(*sessions).clone()} {signed_in} />
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
        use_callback((), move |(), ()| on_ended.emit(site.clone()))
    };
    route::use_arrival(&props.route, &props.session.site);
    let (reading, reload) = use_reading(&props.session, &ended);
    // What was said in one view is read in the next, and gone in the one after.
    let said = use_state(|| None::<(String, u8)>);
    let say = {
        let said = said.clone();
        use_callback((), move |words: String, ()| said.set(Some((words, 0))))
    };
    {
        let said = said.clone();
        use_effect_with(props.route.clone(), move |_| {
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
