//! The incident that a view is about.

use std::rc::Rc;

use notice::{project::view::IncidentView, wire::ids::IncidentId};
use yew::{Callback, Html, hook, html, use_effect_with, use_mut_ref, use_state};

use crate::{api::Failure, desk::Desk, route::Route, task::Task, view};

/// An incident, and whether that is how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// As far as it is known.
    pub incident: IncidentView,
    /// Its entity tag, or why it could not be read. `None`: it is being read, and what is known is of before.
    pub read: Option<Result<String, Failure>>,
    /// Whether to wait for it: what is known of before may lack what was posted a moment ago. That would then move what has
    /// the focus when it comes, and be taken for somebody else's. A server that does not answer is not waited for, and what
    /// has once been drawn stays.
    pub is_to_come: bool,
    /// Reads it again.
    pub again: Callback<()>,
}

/// An incident, read when the view begins and whenever the site changes; or what is shown until then.
#[hook]
pub fn use_incident(desk: &Desk, id: &IncidentId) -> Result<Found, Html> {
    let found = use_state(|| None::<Result<(Rc<IncidentView>, String), Failure>>);
    let tries = use_state(|| 0_u32);
    let is_drawn = use_mut_ref(|| false);
    let known = desk.incident(id).cloned();
    {
        let (found, ended) = (found.clone(), desk.ended.clone());
        let of = (desk.session.clone(), id.clone(), known.clone(), *tries);
        use_effect_with(of, move |(session, id, ..)| {
            let (session, path) = (Rc::clone(session), format!("/incidents/{id}"));
            let reading = Task::begin(async move {
                let read = match session.get::<IncidentView>(&path).await {
                    Ok((incident, Some(etag))) => Ok((Rc::new(incident), etag)),
                    Ok((_, None)) => Err(Failure::Unreachable),
                    Err(Failure::SignedOut) => return ended.emit(()),
                    Err(failure) => Err(failure),
                };
                if read.is_ok() || !matches!(*found, Some(Ok(_))) {
                    found.set(Some(read));
                }
            });
            // An answer that another has overtaken is of the past.
            move || drop(reading)
        });
    }
    let again = {
        let next = tries.wrapping_add(1);
        Callback::from(move |()| tries.set(next))
    };
    let (incident, read) = match (&*found, known) {
        (Some(Ok((incident, etag))), _) => ((**incident).clone(), Some(Ok(etag.clone()))),
        (Some(Err(failure)), Some(known)) => (known, Some(Err(failure.clone()))),
        (None, Some(known)) => (known, None),
        (Some(Err(failure)), None) => return Err(unread(desk, failure, again)),
        (None, None) => return Err(view::reading()),
    };
    if read.is_some() || desk.is_stale {
        is_drawn.replace(true);
    }
    let is_to_come = !*is_drawn.borrow();
    Ok(Found {
        incident,
        read,
        is_to_come,
        again,
    })
}

/// The same, once it has been read: what is to be changed is changed as it stands.
#[hook]
pub fn use_read_incident(desk: &Desk, id: &IncidentId) -> Result<(IncidentView, String), Html> {
    let found = use_incident(desk, id)?;
    match found.read {
        Some(Ok(etag)) => Ok((found.incident, etag)),
        Some(Err(failure)) => Err(unread(desk, &failure, found.again)),
        None => Err(view::reading()),
    }
}

fn unread(desk: &Desk, failure: &Failure, again: Callback<()>) -> Html {
    let gone = matches!(failure, Failure::Refused(problem) if problem.status == 404);
    let (heading, words, action) = match gone {
        true => (
            "Not found",
            "It may have been deleted, or its address is incomplete.".to_owned(),
            Html::default(),
        ),
        false => (
            "It could not be loaded",
            failure.words(),
            view::primary("Try again", false, again),
        ),
    };
    html! {
        <main class="column">
            { view::heading(heading, None) }
            <div class="alert" role="alert"><p>{ words }</p></div>
            { view::bar(Some((desk.href(&Route::Home), "Go to open incidents")), action) }
        </main>
    }
}
