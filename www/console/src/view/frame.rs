//! What surrounds every view: the site's name, the way to the others, and what must be known wherever one is.

use yew::{Callback, Html, component, html, use_effect_with, use_force_update};

use crate::{
    api::{Failure, is_online},
    desk::Desk,
    route::{Route, Task},
    session::Session,
    storage, view,
};

/// Before the site has been read; so many incidents have come.
pub fn loading(session: &Session, read: usize) -> Html {
    let words = match read {
        0 => "Reading the site …".to_owned(),
        many => format!("Reading the site … {many} open incidents so far"),
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

/// When it never could be.
pub fn failed(failure: &Failure, reload: &Callback<()>) -> Html {
    let again = reload.clone();
    let (heading, words) = match failure {
        Failure::Refused(problem) if problem.status == 404 => (
            "There is no such site",
            "It was ended, or your token is of another.".to_owned(),
        ),
        other => ("The console cannot reach the server", other.words()),
    };
    html! {
        <main class="column">
            { view::heading(heading, None) }
            <div class="alert" role="alert"><p>{ words }</p></div>
            <p>{ "What users already see stays as it is. Forms that you began on this device are kept." }</p>
            { view::bar(None, view::primary("Try again", false, again)) }
        </main>
    }
}

const PLACES: &[(Route, &str)] = &[
    (Route::Home, "Now"),
    (Route::Maintenance, "Maintenance"),
    (Route::History, "History"),
    (Route::Templates, "Templates"),
    (Route::Components, "Components"),
    (Route::Settings, "Settings"),
    (Route::Access, "Access"),
    (Route::Journal, "Journal"),
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
    let place = |(to, label): &(Route, &str)| {
        let current = (to == route).then_some("page");
        html! { <a href={desk.href(to)} aria-current={current}>{ *label }</a> }
    };
    let silenced = hush.reform(|_| ());
    html! {
        <>
            <header class="top">
                <a class="site" href={desk.href(&Route::Home)}>{ &desk.facts.site.name }</a>
                <nav aria-label="Console">{ for PLACES.iter().map(place) }</nav>
                <a class="menu" href={desk.href(&Route::Menu)}>{ "Menu" }</a>
            </header>
            if desk.is_stale {
                <p class="strip" role="status">
                    { if is_online() { "The server does not answer just now. What you see may be old; what you type is kept." }
                      else { "You are offline. What you see may be old; what you type is kept." } }
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
        </>
    }
}

/// Says so when the browser keeps nothing.
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
                { "This browser keeps nothing just now: its storage is full or blocked. What you type lasts until this tab is closed or loaded again." }
            </p>
        }
    }
}

fn inner(desk: &Desk, route: &Route, others: &[Session], left: &Callback<()>) -> Html {
    let desk = desk.clone();
    if route.is_of_writers() && !desk.session.may_write() {
        return html! {
            <main class="column">
                { view::heading("Only editors and owners do this", None) }
                <p>{ view::READS_ONLY }</p>
                { view::bar(Some((desk.href(&Route::Home), "To what is open")), Html::default()) }
            </main>
        };
    }
    match route.clone() {
        Route::Home => html! { <view::home::Home {desk} /> },
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
        Route::Maintenance => html! { <view::maintenance::Maintenance {desk} /> },
        Route::History => html! { <view::history::History {desk} /> },
        Route::Templates => html! { <view::templates::Templates {desk} /> },
        Route::Template(id) => {
            html! { <view::templates::EditTemplate key={route.path()} {desk} {id} /> }
        }
        Route::Components => html! { <view::components::Components {desk} /> },
        Route::Settings => html! { <view::settings::Settings {desk} /> },
        Route::Access => html! { <view::access::Access {desk} /> },
        Route::Journal => html! { <view::journal::Journal {desk} /> },
        Route::Menu => {
            html! { <view::menu::Menu {desk} others={others.to_vec()} left={left.clone()} /> }
        }
    }
}
