//! Addresses within the console: what stands behind `#/`. A fragment never reaches a server.

use gloo_events::EventListener;
use notice::wire::{
    ids::{IncidentId, Slug, TemplateId, UpdateId},
    words::{Kind, Word},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{hook, use_effect_with, use_state_eq};

/// The steps of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Which parts of the product, and how bad.
    What,
    /// The words.
    Say,
    /// As users will see it.
    Check,
}

/// The steps of saying more about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The words.
    Write,
    /// As users will see it: on a phone a step of its own, so that the way back leads to the words.
    Check,
}

/// What is done with one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Looked at.
    Read,
    /// Something new is said.
    Update(Stage),
    /// It is over.
    Resolve(Stage),
    /// Its fields are changed.
    Edit,
    /// It was a mistake.
    Withdraw,
    /// What was said is put right.
    Correct(UpdateId),
    /// What was learned.
    Postmortem,
    /// Told elsewhere.
    Share,
}

/// A view of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is owed next.
    Home,
    /// Something new.
    Publish(Kind, Step),
    /// One incident.
    Incident(IncidentId, Task),
    /// Planned work.
    Maintenance,
    /// What is over.
    History,
    /// Words to begin with.
    Templates,
    /// One of them; `None`: a new one.
    Template(Option<TemplateId>),
    /// The parts of the product.
    Components,
    /// The site's settings.
    Settings,
    /// Devices and tokens.
    Access,
    /// Who did what when.
    Journal,
    /// Everything there is.
    Menu,
}

impl Route {
    /// Reads what stands behind `#/{site}/`.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Some(match parts.as_slice() {
            [] => Self::Home,
            ["new", kind] => Self::Publish(Kind::parse(kind)?, Step::What),
            ["new", kind, "say"] => Self::Publish(Kind::parse(kind)?, Step::Say),
            ["new", kind, "check"] => Self::Publish(Kind::parse(kind)?, Step::Check),
            ["incidents", id, rest @ ..] => Self::Incident(
                IncidentId::parse(id)?,
                match rest {
                    [] => Task::Read,
                    ["update"] => Task::Update(Stage::Write),
                    ["update", "check"] => Task::Update(Stage::Check),
                    ["resolve"] => Task::Resolve(Stage::Write),
                    ["resolve", "check"] => Task::Resolve(Stage::Check),
                    ["edit"] => Task::Edit,
                    ["withdraw"] => Task::Withdraw,
                    ["correct", update] => Task::Correct(UpdateId::parse(update)?),
                    ["postmortem"] => Task::Postmortem,
                    ["share"] => Task::Share,
                    _ => return None,
                },
            ),
            ["maintenance"] => Self::Maintenance,
            ["history"] => Self::History,
            ["templates"] => Self::Templates,
            ["templates", "new"] => Self::Template(None),
            ["templates", id] => Self::Template(Some(TemplateId::parse(id)?)),
            ["components"] => Self::Components,
            ["settings"] => Self::Settings,
            ["access"] => Self::Access,
            ["journal"] => Self::Journal,
            ["menu"] => Self::Menu,
            _ => return None,
        })
    }

    /// What stands behind `#/{site}/`.
    pub fn path(&self) -> String {
        match self {
            Self::Home => String::new(),
            Self::Publish(kind, step) => {
                let step = match step {
                    Step::What => "",
                    Step::Say => "/say",
                    Step::Check => "/check",
                };
                format!("new/{}{step}", kind.as_str())
            }
            Self::Incident(id, task) => {
                let task = match task {
                    Task::Read => String::new(),
                    Task::Update(Stage::Write) => "/update".to_owned(),
                    Task::Update(Stage::Check) => "/update/check".to_owned(),
                    Task::Resolve(Stage::Write) => "/resolve".to_owned(),
                    Task::Resolve(Stage::Check) => "/resolve/check".to_owned(),
                    Task::Edit => "/edit".to_owned(),
                    Task::Withdraw => "/withdraw".to_owned(),
                    Task::Correct(update) => format!("/correct/{update}"),
                    Task::Postmortem => "/postmortem".to_owned(),
                    Task::Share => "/share".to_owned(),
                };
                format!("incidents/{id}{task}")
            }
            Self::Maintenance => "maintenance".to_owned(),
            Self::History => "history".to_owned(),
            Self::Templates => "templates".to_owned(),
            Self::Template(None) => "templates/new".to_owned(),
            Self::Template(Some(id)) => format!("templates/{id}"),
            Self::Components => "components".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Access => "access".to_owned(),
            Self::Journal => "journal".to_owned(),
            Self::Menu => "menu".to_owned(),
        }
    }

    /// What the tab is called.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Home => "Now",
            Self::Publish(..) => "New",
            Self::Incident(_, Task::Read) => "Incident",
            Self::Incident(_, Task::Update(_)) => "Update",
            Self::Incident(_, Task::Resolve(_)) => "All-clear",
            Self::Incident(_, Task::Edit) => "Change",
            Self::Incident(_, Task::Withdraw) => "Withdraw",
            Self::Incident(_, Task::Correct(_)) => "Correct",
            Self::Incident(_, Task::Postmortem) => "Postmortem",
            Self::Incident(_, Task::Share) => "Share",
            Self::Maintenance => "Maintenance",
            Self::History => "History",
            Self::Templates | Self::Template(_) => "Templates",
            Self::Components => "Components",
            Self::Settings => "Settings",
            Self::Access => "Devices and tokens",
            Self::Journal => "Journal",
            Self::Menu => "Menu",
        }
    }

    /// Whether there is nothing in it for those who may only read.
    pub fn is_of_writers(&self) -> bool {
        match self {
            Self::Publish(..) | Self::Template(None) => true,
            Self::Incident(_, task) => !matches!(task, Task::Read | Task::Share),
            _ => false,
        }
    }

    /// As a link within a site.
    pub fn href(&self, site: &Slug) -> String {
        format!("#/{site}/{}", self.path())
    }
}

/// Where the console stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// No site is named.
    Anywhere,
    /// The list of all sites.
    Sites,
    /// A view of a site.
    Site(Slug, Route),
}

/// The address of the list of all sites.
pub const SITES: &str = "#sites";

/// Reads an address. What is none of a site is the site's first view.
pub fn read(hash: &str) -> Place {
    if hash == SITES {
        return Place::Sites;
    }
    let path = hash.strip_prefix("#/").unwrap_or_default();
    let (site, rest) = path.split_once('/').unwrap_or((path, ""));
    Slug::parse(site).map_or(Place::Anywhere, |site| {
        Place::Site(site, Route::parse(rest).unwrap_or(Route::Home))
    })
}

fn hash() -> String {
    let window = web_sys::window();
    window
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Goes to a view of a site.
pub fn go(site: &Slug, route: &Route) {
    go_to(&route.href(site));
}

/// Goes to an address within the console.
pub fn go_to(href: &str) {
    if let Some(window) = web_sys::window() {
        // Setting a fragment cannot fail in a page of our own.
        let _ = window.location().set_hash(href);
    }
}

/// A new view has its name on the tab, and the focus on its heading.
#[hook]
pub fn use_arrival(route: &Route, site: &Slug) {
    let title = format!("{} · {site} · Allclear", route.title());
    use_effect_with((route.clone(), title), |(_, title)| {
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = document {
            document.set_title(title);
        }
        focus_heading();
    });
}

/// Gives the focus to the heading of what is shown. Without one it stays where it is.
pub fn focus_heading() {
    let document = web_sys::window().and_then(|window| window.document());
    let heading = document.and_then(|document| document.query_selector("h1[tabindex]").ok()?);
    let heading = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    let _ = heading.map(|heading| heading.focus());
}

/// Where the console stands, and every change of it. A new view begins at its top.
#[hook]
pub fn use_place() -> Place {
    let state = use_state_eq(|| read(&hash()));
    let changed = state.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                changed.set(read(&hash()));
                if let Some(window) = web_sys::window() {
                    window.scroll_to_with_x_and_y(0.0, 0.0);
                }
            })
        });
        move || drop(listener)
    });
    (*state).clone()
}

#[cfg(test)]
mod tests {
    use super::{Place, Route, read};
    use notice::wire::ids::Slug;

    #[test]
    fn every_address_is_read_as_it_is_written() {
        for path in [
            "",
            "new/incident",
            "new/maintenance/say",
            "new/announcement/check",
            "incidents/inc_1",
            "incidents/inc_1/update",
            "incidents/inc_1/update/check",
            "incidents/inc_1/resolve",
            "incidents/inc_1/resolve/check",
            "incidents/inc_1/edit",
            "incidents/inc_1/withdraw",
            "incidents/inc_1/correct/upd_2",
            "incidents/inc_1/postmortem",
            "incidents/inc_1/share",
            "maintenance",
            "history",
            "templates",
            "templates/new",
            "templates/tpl_1",
            "components",
            "settings",
            "access",
            "journal",
            "menu",
        ] {
            let route = Route::parse(path);
            assert_eq!(route.map(|route| route.path()).as_deref(), Some(path));
        }
    }

    #[test]
    fn what_is_no_address_is_home() {
        for (hash, site) in [
            ("", None),
            ("#/acme", Some("acme")),
            ("#/acme/nothing", Some("acme")),
            ("#/acme/new/party", Some("acme")),
            ("#nonsense", None),
        ] {
            let expected = site.and_then(Slug::parse);
            let expected = expected.map_or(Place::Anywhere, |site| Place::Site(site, Route::Home));
            assert_eq!(read(hash), expected, "{hash}");
        }
        assert_eq!(read("#sites"), Place::Sites);
    }
}
