//! Loads the incident of a view.

use std::rc::Rc;

use notice::{project::view::IncidentView, wire::ids::IncidentId};
use yew::{Callback, Html, hook, html, use_effect_with, use_mut_ref, use_state};

use crate::{browser::task::Task, context::Context, route::Route, server::failure::Failure, ui};

/// An incident, from the server or from the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedIncident {
    pub incident: IncidentView,
    /// The entity tag of `incident`, or why the server's version could not be read. `None`: it is being read, and `incident` comes
    /// from the snapshot.
    pub etag: Option<Result<String, Failure>>,
    /// Whether the view should wait for the server's version: the snapshot may lack an update that was just posted, and the view
    /// would take that update for another operator's. False if the server does not answer, and after the view has been shown once.
    pub is_pending: bool,
    /// Reads the incident again.
    pub retry: Callback<()>,
}

/// Reads an incident when the view appears and when the snapshot changes.
///
/// # Errors
/// A placeholder while there is no incident: the loading state, or the failure.
#[hook]
pub fn use_incident(context: &Context, id: &IncidentId) -> Result<LoadedIncident, Html> {
    let result = use_state(|| None::<Result<(Rc<IncidentView>, String), Failure>>);
    let attempts = use_state(|| 0_u32);
    let was_shown = use_mut_ref(|| false);
    let known = context.incident(id).cloned();
    {
        let (result, on_session_end) = (result.clone(), context.on_session_end.clone());
        let dependencies = (
            context.session.clone(),
            id.clone(),
            known.clone(),
            *attempts,
        );
        use_effect_with(dependencies, move |(session, id, ..)| {
            let (session, path) = (Rc::clone(session), format!("/incidents/{id}"));
            let task = Task::start(async move {
                let next = match session.get_tagged::<IncidentView>(&path).await {
                    Ok((incident, etag)) => Ok((Rc::new(incident), etag)),
                    Err(Failure::SignedOut) => return on_session_end.emit(()),
                    Err(failure) => Err(failure),
                };
                if next.is_ok() || !matches!(*result, Some(Ok(_))) {
                    result.set(Some(next));
                }
            });
            // Cancels the read when a newer one begins.
            move || drop(task)
        });
    }
    let retry = {
        let next = attempts.wrapping_add(1);
        Callback::from(move |()| attempts.set(next))
    };
    let (incident, etag) = match (&*result, known) {
        (Some(Ok((incident, etag))), _) => ((**incident).clone(), Some(Ok(etag.clone()))),
        (Some(Err(failure)), Some(known)) => (known, Some(Err(failure.clone()))),
        (None, Some(known)) => (known, None),
        (Some(Err(failure)), None) => return Err(load_failure(context, failure, retry)),
        (None, None) => return Err(ui::loading_view()),
    };
    if etag.is_some() || context.is_stale {
        was_shown.replace(true);
    }
    let is_pending = !*was_shown.borrow();
    Ok(LoadedIncident {
        incident,
        etag,
        is_pending,
        retry,
    })
}

/// Reads an incident that a form changes, with its entity tag.
///
/// # Errors
/// A placeholder until the server's version arrives: the loading state, or the failure.
#[hook]
pub fn use_tagged_incident(
    context: &Context,
    id: &IncidentId,
) -> Result<(IncidentView, String), Html> {
    let loaded = use_incident(context, id)?;
    match loaded.etag {
        Some(Ok(etag)) => Ok((loaded.incident, etag)),
        Some(Err(failure)) => Err(load_failure(context, &failure, loaded.retry)),
        None => Err(ui::loading_view()),
    }
}

fn load_failure(context: &Context, failure: &Failure, retry: Callback<()>) -> Html {
    let is_missing = matches!(failure, Failure::Refused(problem) if problem.status == 404);
    let (heading, message, action) = match is_missing {
        true => (
            "Not found",
            "It may have been deleted, or its address is incomplete.".to_owned(),
            Html::default(),
        ),
        false => (
            "It could not be loaded",
            failure.message(),
            ui::primary("Try again", false, retry),
        ),
    };
    html! {
        <main class="column">
            { ui::heading(heading, None) }
            <div class="alert" role="alert"><p>{ message }</p></div>
            { ui::action_bar(Some((context.href(&Route::Home), "Go to open incidents")), action) }
        </main>
    }
}
