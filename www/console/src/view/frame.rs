//! The frame of every view: the site's name, the three places, and warnings that hold everywhere.

use notice::wire::words::Kind;
use yew::{Callback, Html, classes, component, html, use_effect_with, use_force_update};

use crate::{
    api::{Failure, is_online},
    desk::Desk,
    route::{Area, Route, Step, Task},
    session::Session,
    storage,
    view::{self, home::Filter, settings::Section},
};

/// While the site is loading; `read` incidents have come.
pub fn loading(session: &Session, read: usize) -> Html {
    let words = match read {
        0 => "Loading the site …".to_owned(),
        many => format!("Loading the site … {many} open incidents so far"),
    };
    html! {
        <>
            <header class="top"><span class="site">{ session.site.to_string() }</span></header>
            <main class="column" aria-busy="true">
                <p role="status" class="soft">{ words }</p>
                <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>
            </main>
        </>
    }
}

/// When the site could not be loaded.
pub fn failed(failure: &Failure, reload: &Callback<()>) -> Html {
    let again = reload.clone();
    let (heading, words) = match failure {
        Failure::Refused(problem) if problem.status == 404 => (
            "Site not found",
            "It was deleted, or your token belongs to another site.".to_owned(),
        ),
        other => ("The console cannot reach the server", other.words()),
    };
    html! {
        <main class="column">
            { view::heading(heading, None) }
            <div class="alert" role="alert"><p>{ words }</p></div>
            <p>{ "Published notices stay visible to users. Unsaved drafts on this device are kept." }</p>
            { view::bar(None, view::primary("Try again", false, again)) }
        </main>
    }
}

const PLACES: &[(Area, Route, &str)] = &[
    (Area::Incidents, Route::Home, "Incidents"),
    (Area::Components, Route::Components, "Components"),
    (Area::Settings, Route::Settings, "Settings"),
];

/// A view in its frame.
pub fn frame(
    desk: &Desk,
    route: &Route,
    others: &[Session],
    said: Option<&str>,
    hush: &Callback<()>,
    left: &Callback<()>,
) -> Html {
    let silenced = hush.reform(|_| ());
    html! {
        <div class={classes!("frame", route.is_form().then_some("form"))}>
            <header class="top">
                <a class="site" href={desk.href(&Route::Home)}>{ &desk.facts.site.name }</a>
                { places(desk, route) }
                <a class="account" href={desk.href(&Route::Account)} aria-current={(*route == Route::Account).then_some("page")}>{ "Account" }</a>
            </header>
            if desk.is_stale {
                <p class="strip" role="status">
                    { if is_online() { "The server does not answer. What you see may be out of date; what you type is kept." }
                      else { "You are offline. What you see may be out of date; what you type is kept." } }
                </p>
            }
            <Keeping />
            if desk.facts.site.paused {
                <p class="strip">{ "Every embed is paused: users see no card. " }<a href={desk.href(&Route::Settings)}>{ "Settings" }</a></p>
            }
            <div class="said" role="status">
                if let Some(words) = said {
                    <p>{ words }</p><button type="button" onclick={silenced}>{ "Hide" }</button>
                }
            </div>
            <div data-place={route.path()}>{ inner(desk, route, others, left) }</div>
        </div>
    }
}

/// The three places and the way to a new incident: at the top on a desk, at the bottom on a phone.
fn places(desk: &Desk, route: &Route) -> Html {
    let area = route.area();
    let place = |(of, to, label): &(Area, Route, &str)| {
        let current = match (area == Some(*of), to == route) {
            (_, true) => Some("page"),
            (true, false) => Some("true"),
            _ => None,
        };
        html! { <a href={desk.href(to)} aria-current={current}>{ *label }</a> }
    };
    let new = Route::Publish(Kind::Incident, Step::What);
    let is_list =
        area == Some(Area::Incidents) && !route.is_form() && !matches!(route, Route::Incident(..));
    let is_there = matches!(route, Route::Publish(Kind::Incident, _));
    html! {
        <nav class="areas" aria-label="Console">
            { for PLACES.iter().map(place) }
            if desk.session.may_write() && !is_there {
                <a class={classes!("button", "new", is_list.then_some("primary"))} href={desk.href(&new)}>{ "New incident" }</a>
            }
        </nav>
    }
}

/// A warning while the browser cannot keep drafts.
#[component]
fn Keeping() -> Html {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let listener = storage::on_keeping(move || redraw.force_update());
        move || drop(listener)
    });
    html! {
        if !storage::is_keeping() {
            <p class="strip" role="status">
                { "This browser cannot save drafts: its storage is full or blocked. What you type is lost when this tab is closed or reloaded." }
            </p>
        }
    }
}

fn inner(desk: &Desk, route: &Route, others: &[Session], left: &Callback<()>) -> Html {
    let desk = desk.clone();
    if route.is_of_writers() && !desk.session.may_write() {
        return html! {
            <main class="column">
                { view::heading("You need the Editor role for this", None) }
                <p>{ view::READS_ONLY }</p>
                { view::bar(Some((desk.href(&Route::Home), "Go to incidents")), Html::default()) }
            </main>
        };
    }
    match route.clone() {
        Route::Publish(kind, step) => {
            html! { <view::publish::Publish key={format!("new:{}", kind as u8)} {desk} {kind} {step} /> }
        }
        Route::Incident(id, task) => {
            let key = route.path();
            match task {
                Task::Update(stage) => {
                    let key = format!("update:{id}");
                    html! { <view::update::Update {key} {desk} {id} resolves=false {stage} /> }
                }
                Task::Resolve(stage) => {
                    let key = format!("resolve:{id}");
                    html! { <view::update::Update {key} {desk} {id} resolves=true {stage} /> }
                }
                Task::Edit => html! { <view::edit::Edit {key} {desk} {id} /> },
                Task::Withdraw => html! { <view::withdraw::Withdraw {key} {desk} {id} /> },
                Task::Correct(update) => {
                    html! { <view::correct::Correct {key} {desk} {id} {update} /> }
                }
                Task::Postmortem => {
                    html! { <view::postmortem::WritePostmortem {key} {desk} {id} /> }
                }
                Task::Share => html! { <view::share::Share {key} {desk} {id} /> },
                Task::Read => html! { <view::incident::Incident {key} {desk} {id} /> },
            }
        }
        Route::Home => html! { <view::home::Incidents key="open" {desk} filter={Filter::Open} /> },
        Route::Maintenance => {
            html! { <view::home::Incidents key="maintenance" {desk} filter={Filter::Maintenance} /> }
        }
        Route::Announcements => {
            html! { <view::home::Incidents key="announcements" {desk} filter={Filter::Announcements} /> }
        }
        Route::Drafts => {
            html! { <view::home::Incidents key="drafts" {desk} filter={Filter::Drafts} /> }
        }
        Route::Resolved => {
            html! { <view::home::Incidents key="resolved" {desk} filter={Filter::Resolved} /> }
        }
        Route::Components => html! { <view::components::Components {desk} /> },
        Route::Settings => {
            html! { <view::settings::Settings key="general" {desk} section={Section::General} /> }
        }
        Route::Contacts => {
            html! { <view::settings::Settings key="contacts" {desk} section={Section::Contacts} /> }
        }
        Route::OnCall => {
            html! { <view::settings::Settings key="on-call" {desk} section={Section::OnCall} /> }
        }
        Route::Templates => html! { <view::templates::Templates {desk} /> },
        Route::Template(id) => {
            html! { <view::templates::EditTemplate key={route.path()} {desk} {id} /> }
        }
        Route::Access => html! { <view::access::Access {desk} /> },
        Route::Journal => html! { <view::journal::Journal {desk} /> },
        Route::Account => {
            html! { <view::account::Account {desk} others={others.to_vec()} left={left.clone()} /> }
        }
    }
}
