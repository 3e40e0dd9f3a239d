//! The root component: chooses the session and the view.

use std::rc::Rc;

use notice::wire::ids::Slug;
use yew::{Callback, Html, component, html, use_callback, use_effect_with, use_state};

use crate::{
    context::{Context, LoadState, use_snapshot},
    route::{self, Location, Route, use_location},
    server::{
        invitation::{self, Invitation},
        session::{self, Session},
    },
    ui::heading::use_view_focus,
    view,
};

#[derive(Clone, Debug, PartialEq, Eq, yew::Properties)]
pub struct Properties {
    /// The invitation in the page's address.
    pub invitation: Option<Invitation>,
}

#[component]
pub fn App(props: &Properties) -> Html {
    let location = use_location();
    let invitation = use_state(|| props.invitation.clone());
    let sessions = use_state(session::all);
    let ended_site = use_state(|| None::<Slug>);
    let refresh = {
        let sessions = sessions.clone();
        use_callback((), move |(), ()| sessions.set(session::all()))
    };
    {
        let refresh = refresh.clone();
        use_effect_with((), move |()| {
            let listener = session::listen(move || refresh.emit(()));
            move || drop(listener)
        });
    }
    {
        let invitation = invitation.clone();
        use_effect_with((), move |()| {
            let listener = invitation::listen(move |opened| invitation.set(Some(opened)));
            move || drop(listener)
        });
    }
    let requested_site = match &location {
        Location::Site(site, _) => Some(site.clone()),
        Location::None | Location::Sites => None,
    };
    let on_sign_in = {
        let (refresh, invitation, ended_site) =
            (refresh.clone(), invitation.clone(), ended_site.clone());
        let current = requested_site.clone();
        // Called with the site of the new session; `None`: the list of all sites.
        Callback::from(move |site: Option<Slug>| {
            refresh.emit(());
            invitation.set(None);
            ended_site.set(None);
            // Stays on the requested view if it belongs to the site of the new session.
            match site {
                Some(site) if current.as_ref() == Some(&site) => {}
                Some(site) => route::go(&site, &Route::Home),
                None => route::go_to(route::SITES),
            }
        })
    };
    let on_site_session_end = {
        let (refresh, ended_site) = (refresh.clone(), ended_site.clone());
        Callback::from(move |site: Slug| {
            session::remove(&site);
            refresh.emit(());
            ended_site.set(Some(site));
        })
    };

    if let Some(invitation) = &*invitation {
        return html! { <view::sign_in::Join invitation={invitation.clone()} {on_sign_in} /> };
    }
    let session = match &location {
        Location::Site(site, _) => sessions.iter().find(|session| session.site == *site),
        Location::None => sessions.first(),
        Location::Sites => None,
    };
    let route = match &location {
        Location::Site(_, route) => route.clone(),
        Location::None | Location::Sites => Route::Home,
    };
    match (session, session::root_token()) {
        (Some(session), _) => html! {
            <SignedIn key={format!("{}:{}", session.site, session.token)} session={Rc::new(session.clone())} sessions={(*sessions).clone()}
                {route} {on_site_session_end} on_sign_out={refresh} />
        },
        (None, Some((token, lifetime))) if requested_site.is_none() => html! {
            <view::sites::Sites {token} {lifetime} changed={refresh} />
        },
        (None, _) => html! {
            <view::sign_in::SignIn site={requested_site} ended_site={(*ended_site).clone()} others={(*sessions).clone()} {on_sign_in} />
        },
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
struct SignedInProps {
    session: Rc<Session>,
    /// The sessions of all sites.
    sessions: Vec<Session>,
    route: Route,
    on_site_session_end: Callback<Slug>,
    on_sign_out: Callback<()>,
}

/// Reads a site, then renders the view of the current route.
#[component]
fn SignedIn(props: &SignedInProps) -> Html {
    let on_session_end = {
        let (on_site_session_end, site) = (
            props.on_site_session_end.clone(),
            props.session.site.clone(),
        );
        use_callback((), move |(), ()| on_site_session_end.emit(site.clone()))
    };
    use_view_focus(&props.route, &props.session.site);
    let (state, reload) = use_snapshot(&props.session, &on_session_end);
    // The message above the view, and the number of view changes since the message was set. The second change removes it.
    let message = use_state(|| None::<(String, u8)>);
    let notify = {
        let message = message.clone();
        use_callback((), move |text: String, ()| message.set(Some((text, 0))))
    };
    {
        let message = message.clone();
        use_effect_with(props.route.clone(), move |_| {
            if let Some((text, age)) = &*message {
                message.set((*age == 0).then(|| (text.clone(), 1)));
            }
        });
    }
    match &*state {
        LoadState::Loading { received } => view::frame::loading(&props.session, *received),
        LoadState::Failed(failure) => view::frame::load_failure(failure, &reload),
        LoadState::Loaded { snapshot, is_stale } => {
            let context = Context {
                session: Rc::clone(&props.session),
                snapshot: Rc::clone(snapshot),
                is_stale: *is_stale,
                reload,
                on_session_end,
                notify,
            };
            let text = message.as_ref().map(|(text, _)| text.clone());
            let hide_message = {
                let message = message.clone();
                Callback::from(move |()| message.set(None))
            };
            view::frame::frame(
                &context,
                &props.route,
                &props.sessions,
                text.as_deref(),
                &hide_message,
                &props.on_sign_out,
            )
        }
    }
}
