//! The frame of every view of a site: the site's name, the navigation, and warnings. It chooses the view of a route.

use notice::wire::enums::Kind;
use yew::{Callback, Html, classes, component, html, use_effect_with, use_force_update};

use crate::{
    browser::{self, storage},
    context::Context,
    route::{Area, Route, Step, Task},
    server::{failure::Failure, session::Session},
    ui,
    view::{self, incidents::Filter, site::settings::Section},
};

/// Renders the loading state of the site. `count` is the number of incidents that have arrived.
pub fn loading(session: &Session, count: usize) -> Html {
    let message = match count {
        0 => "Loading the site …".to_owned(),
        count => format!("Loading the site … {count} open incidents so far"),
    };
    html! {
        <>
            <header class="top"><span class="site">{ session.site.to_string() }</span></header>
            <main class="column" aria-busy="true">
                <p role="status" class="soft">{ message }</p>
                <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>
            </main>
        </>
    }
}

/// Renders the failure to load the site.
pub fn load_failure(failure: &Failure, reload: &Callback<()>) -> Html {
    let retry = reload.clone();
    let (heading, message) = match failure {
        Failure::Refused(problem) if problem.status == 404 => (
            "Site not found",
            "It was deleted, or your token belongs to another site.".to_owned(),
        ),
        Failure::Unreachable => ("The console cannot reach the server", failure.message()),
        other => ("The site could not be loaded", other.message()),
    };
    html! {
        <main class="column">
            { ui::heading(heading, None) }
            <div class="alert" role="alert"><p>{ message }</p></div>
            <p>{ "Published notices stay visible to users. Unsaved drafts on this device are kept." }</p>
            { ui::action_bar(None, ui::primary("Try again", false, retry)) }
        </main>
    }
}

const NAVIGATION: &[(Area, Route, &str)] = &[
    (Area::Incidents, Route::Home, "Incidents"),
    (Area::Components, Route::Components, "Components"),
    (Area::Settings, Route::Settings, "Settings"),
];

/// Renders a view in its frame. `message` is shown above the view, and `hide_message` removes it.
pub fn frame(
    context: &Context,
    route: &Route,
    sessions: &[Session],
    message: Option<&str>,
    hide_message: &Callback<()>,
    on_sign_out: &Callback<()>,
) -> Html {
    let hide_clicked = hide_message.reform(|_| ());
    html! {
        <div class={classes!("frame", route.is_form().then_some("form"))}>
            <header class="top">
                <a class="site" href={context.href(&Route::Home)}>{ &context.snapshot.site.name }</a>
                { navigation(context, route) }
                <a class="account" href={context.href(&Route::Account)} aria-current={(*route == Route::Account).then_some("page")}>{ "Account" }</a>
            </header>
            if context.is_stale {
                <p class="strip" role="status">
                    { if browser::is_online() { "The server does not answer. What you see may be out of date; what you type is kept." }
                      else { "You are offline. What you see may be out of date; what you type is kept." } }
                </p>
            }
            <StorageWarning />
            if let Some(difference) = &context.snapshot.difference {
                <p class="strip" role="status">
                    { format!("The stored data differs from the journal: {difference}. You can go on publishing. Ask the deployment's operator for a repair; \
                               until then, import and redaction are off.") }
                </p>
            }
            if context.snapshot.site.paused {
                <p class="strip">{ "Every embed is paused: users see no card. " }<a href={context.href(&Route::Settings)}>{ "Settings" }</a></p>
            }
            <div class="said" role="status">
                if let Some(message) = message {
                    <p>{ message }</p><button type="button" onclick={hide_clicked}>{ "Hide" }</button>
                }
            </div>
            <div data-place={route.path()}>{ view(context, route, sessions, on_sign_out) }</div>
        </div>
    }
}

/// Renders the links to the areas and to a new incident: at the top of the page, on a phone at the bottom.
fn navigation(context: &Context, route: &Route) -> Html {
    let area = route.area();
    let link = |(of, to, label): &(Area, Route, &str)| {
        let current = match (area == Some(*of), to == route) {
            (_, true) => Some("page"),
            (true, false) => Some("true"),
            _ => None,
        };
        html! { <a href={context.href(to)} aria-current={current}>{ *label }</a> }
    };
    let new = Route::Publish(Kind::Incident, Step::Scope);
    let is_list =
        area == Some(Area::Incidents) && !route.is_form() && !matches!(route, Route::Incident(..));
    let is_new_incident = matches!(route, Route::Publish(Kind::Incident, _));
    html! {
        <nav class="areas" aria-label="Console">
            { for NAVIGATION.iter().map(link) }
            if context.session.may_write() && !is_new_incident {
                <a class={classes!("button", "new", is_list.then_some("primary"))} href={context.href(&new)}>{ "New incident" }</a>
            }
        </nav>
    }
}

/// A warning while the browser cannot store drafts.
#[component]
fn StorageWarning() -> Html {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let listener = storage::listen_to_availability(move || redraw.force_update());
        move || drop(listener)
    });
    html! {
        if !storage::is_available() {
            <p class="strip" role="status">
                { "This browser cannot save drafts: its storage is full or blocked. What you type is lost when this tab is closed or reloaded." }
            </p>
        }
    }
}

fn view(
    context: &Context,
    route: &Route,
    sessions: &[Session],
    on_sign_out: &Callback<()>,
) -> Html {
    let context = context.clone();
    if route.requires_write_access() && !context.session.may_write() {
        return html! {
            <main class="column">
                { ui::heading("You need the Editor role for this", None) }
                <p>{ ui::WRITE_ACCESS }</p>
                { ui::action_bar(Some((context.href(&Route::Home), "Go to incidents")), Html::default()) }
            </main>
        };
    }
    match route.clone() {
        Route::Publish(kind, step) => {
            html! { <view::publish::Publish key={format!("new:{}", kind as u8)} {context} {kind} {step} /> }
        }
        Route::Incident(id, task) => {
            let key = route.path();
            match task {
                Task::Update(step) => {
                    let key = format!("update:{id}");
                    html! { <view::incident::update::Update {key} {context} {id} resolves=false {step} /> }
                }
                Task::Resolve(step) => {
                    let key = format!("resolve:{id}");
                    html! { <view::incident::update::Update {key} {context} {id} resolves=true {step} /> }
                }
                Task::Edit => html! { <view::incident::edit::Edit {key} {context} {id} /> },
                Task::Withdraw => {
                    html! { <view::incident::withdraw::Withdraw {key} {context} {id} /> }
                }
                Task::Correct(update) => {
                    html! { <view::incident::correct::Correct {key} {context} {id} {update} /> }
                }
                Task::Postmortem => {
                    html! { <view::incident::postmortem::WritePostmortem {key} {context} {id} /> }
                }
                Task::Share => html! { <view::incident::share::Share {key} {context} {id} /> },
                Task::Read => html! { <view::incident::read::Incident {key} {context} {id} /> },
            }
        }
        Route::Home => {
            html! { <view::incidents::Incidents key="open" {context} filter={Filter::Open} /> }
        }
        Route::Maintenance => {
            html! { <view::incidents::Incidents key="maintenance" {context} filter={Filter::Maintenance} /> }
        }
        Route::Announcements => {
            html! { <view::incidents::Incidents key="announcements" {context} filter={Filter::Announcements} /> }
        }
        Route::Drafts => {
            html! { <view::incidents::Incidents key="drafts" {context} filter={Filter::Drafts} /> }
        }
        Route::Resolved => {
            html! { <view::incidents::Incidents key="resolved" {context} filter={Filter::Resolved} /> }
        }
        Route::Components => html! { <view::site::components::Components {context} /> },
        Route::Settings => {
            html! { <view::site::settings::Settings key="general" {context} section={Section::General} /> }
        }
        Route::Contacts => {
            html! { <view::site::settings::Settings key="contacts" {context} section={Section::Contacts} /> }
        }
        Route::OnCall => {
            html! { <view::site::settings::Settings key="on-call" {context} section={Section::OnCall} /> }
        }
        Route::Webhooks => html! { <view::site::webhooks::Webhooks {context} /> },
        Route::Webhook(id) => {
            html! { <view::site::webhooks::OneWebhook key={route.path()} {context} {id} /> }
        }
        Route::EditWebhook(id) => {
            html! { <view::site::webhooks::EditWebhook key={route.path()} {context} {id} /> }
        }
        Route::Templates => html! { <view::site::templates::Templates {context} /> },
        Route::Template(id) => {
            html! { <view::site::templates::EditTemplate key={route.path()} {context} {id} /> }
        }
        Route::Access => html! { <view::site::access::Access {context} /> },
        Route::Journal => html! { <view::site::journal::Journal {context} /> },
        Route::Account => {
            html! { <view::account::Account {context} sessions={sessions.to_vec()} on_sign_out={on_sign_out.clone()} /> }
        }
    }
}
