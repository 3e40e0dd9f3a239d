//! Addresses within the console: what stands behind `#/`. A fragment never reaches a server.

use std::cell::RefCell;

use gloo_events::EventListener;
use notice::wire::{
    ids::{IncidentId, Slug, TemplateId, UpdateId},
    words::{Kind, Word},
};
use wasm_bindgen::{JsCast, JsValue};
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

/// The three places of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Incidents, maintenance and announcements: one list with filters.
    Incidents,
    /// The components.
    Components,
    /// Everything that is set up once.
    Settings,
}

/// A view of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Everything that is open, overdue first.
    Home,
    /// Something new.
    Publish(Kind, Step),
    /// One incident.
    Incident(IncidentId, Task),
    /// Maintenance, open and completed.
    Maintenance,
    /// Announcements, open and ended.
    Announcements,
    /// Drafts on the server and unsaved ones of this device.
    Drafts,
    /// Everything that is over.
    Resolved,
    /// The components.
    Components,
    /// General settings.
    Settings,
    /// Support contacts.
    Contacts,
    /// On-call targets and how often updates are due.
    OnCall,
    /// Templates of the site.
    Templates,
    /// One of them; `None`: a new one.
    Template(Option<TemplateId>),
    /// Devices, tokens and invitations.
    Access,
    /// Who did what when.
    Journal,
    /// Who is signed in on this device, and where.
    Account,
}

/// The path below a site of a view that has moved, and where it is now. Bookmarks and links in old messages keep working.
const MOVED: &[(&str, &str)] = &[
    ("history", "resolved"),
    ("access", "settings/access"),
    ("journal", "settings/journal"),
    ("menu", "account"),
    ("templates", "settings/templates"),
];

/// The present path for one that has moved.
fn present(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    MOVED.iter().find_map(|(old, new)| {
        let rest = path.strip_prefix(old)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{new}{rest}"))
    })
}

impl Route {
    /// Reads what stands behind `#/{site}/`.
    pub fn parse(path: &str) -> Option<Self> {
        let moved = present(path);
        let path = moved.as_deref().unwrap_or(path);
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
            ["announcements"] => Self::Announcements,
            ["drafts"] => Self::Drafts,
            ["resolved"] => Self::Resolved,
            ["components"] => Self::Components,
            ["settings"] => Self::Settings,
            ["settings", "contacts"] => Self::Contacts,
            ["settings", "on-call"] => Self::OnCall,
            ["settings", "templates"] => Self::Templates,
            ["settings", "templates", "new"] => Self::Template(None),
            ["settings", "templates", id] => Self::Template(Some(TemplateId::parse(id)?)),
            ["settings", "access"] => Self::Access,
            ["settings", "journal"] => Self::Journal,
            ["account"] => Self::Account,
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
            Self::Announcements => "announcements".to_owned(),
            Self::Drafts => "drafts".to_owned(),
            Self::Resolved => "resolved".to_owned(),
            Self::Components => "components".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Contacts => "settings/contacts".to_owned(),
            Self::OnCall => "settings/on-call".to_owned(),
            Self::Templates => "settings/templates".to_owned(),
            Self::Template(None) => "settings/templates/new".to_owned(),
            Self::Template(Some(id)) => format!("settings/templates/{id}"),
            Self::Access => "settings/access".to_owned(),
            Self::Journal => "settings/journal".to_owned(),
            Self::Account => "account".to_owned(),
        }
    }

    /// What the tab is called.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Home => "Incidents",
            Self::Publish(Kind::Maintenance, _) => "Schedule maintenance",
            Self::Publish(Kind::Announcement, _) => "New announcement",
            Self::Publish(..) => "New incident",
            Self::Incident(_, Task::Read) => "Incident",
            Self::Incident(_, Task::Update(_)) => "Update",
            Self::Incident(_, Task::Resolve(_)) => "Resolve",
            Self::Incident(_, Task::Edit) => "Edit",
            Self::Incident(_, Task::Withdraw) => "Withdraw",
            Self::Incident(_, Task::Correct(_)) => "Correct",
            Self::Incident(_, Task::Postmortem) => "Postmortem",
            Self::Incident(_, Task::Share) => "Share",
            Self::Maintenance => "Maintenance",
            Self::Announcements => "Announcements",
            Self::Drafts => "Drafts",
            Self::Resolved => "Resolved",
            Self::Components => "Components",
            Self::Settings => "Settings",
            Self::Contacts => "Contacts",
            Self::OnCall => "On call",
            Self::Templates | Self::Template(_) => "Templates",
            Self::Access => "Access",
            Self::Journal => "Journal",
            Self::Account => "Account",
        }
    }

    /// The place that it belongs to.
    pub fn area(&self) -> Option<Area> {
        match self {
            Self::Home
            | Self::Publish(..)
            | Self::Incident(..)
            | Self::Maintenance
            | Self::Announcements
            | Self::Drafts
            | Self::Resolved => Some(Area::Incidents),
            Self::Components => Some(Area::Components),
            Self::Settings
            | Self::Contacts
            | Self::OnCall
            | Self::Templates
            | Self::Template(_)
            | Self::Access
            | Self::Journal => Some(Area::Settings),
            Self::Account => None,
        }
    }

    /// Whether it is a form with its own way back, which on a phone takes the room of the three places.
    pub fn is_form(&self) -> bool {
        match self {
            Self::Publish(..) | Self::Template(_) => true,
            Self::Incident(_, task) => *task != Task::Read,
            _ => false,
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

thread_local! {
    /// The field that has the focus when the next view comes.
    static AIM: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Gives the focus to this field, rather than to the heading, when the next view comes.
pub fn aim(id: &str) {
    AIM.set(Some(id.to_owned()));
}

/// Gives the focus to the element with this id and brings it into view, with the folds around it opened. Whether there is
/// one.
pub fn reveal(id: &str) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(found) = document.and_then(|document| document.get_element_by_id(id)) else {
        return false;
    };
    let mut around = found.parent_element();
    while let Some(element) = around {
        if element.tag_name() == "DETAILS" {
            // Setting a plain attribute cannot fail.
            let _ = element.set_attribute("open", "");
        }
        around = element.parent_element();
    }
    // A group of buttons cannot have the focus: its first one does.
    let inner = found
        .query_selector("input, textarea, select, button")
        .ok()
        .flatten();
    let is_field = found.has_attribute("tabindex") || inner.is_none();
    let target = if is_field {
        found
    } else {
        inner.unwrap_or(found)
    };
    target.scroll_into_view();
    let _ = target.unchecked_into::<HtmlElement>().focus();
    true
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
        let is_aimed = AIM.take().is_some_and(|id| reveal(&id));
        if !is_aimed {
            focus_heading();
        }
    });
}

/// Gives the focus to the heading of what is shown. Without one it stays where it is.
pub fn focus_heading() {
    let document = web_sys::window().and_then(|window| window.document());
    let heading = document.and_then(|document| document.query_selector("h1[tabindex]").ok()?);
    let heading = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    let _ = heading.map(|heading| heading.focus());
}

/// Replaces the address of a view that has moved, so that it is neither bookmarked nor copied again.
fn replace_if_moved(hash: &str) {
    let Some((site, path)) = hash
        .strip_prefix("#/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return;
    };
    if let (Some(path), Some(window)) = (present(path), web_sys::window())
        && let Ok(history) = window.history()
    {
        let now = format!("#/{site}/{path}");
        // Another fragment of the same page is always allowed; refused, the old address works as well.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&now));
    }
}

/// Where the console stands, and every change of it. A new view begins at its top.
#[hook]
pub fn use_place() -> Place {
    let state = use_state_eq(|| {
        replace_if_moved(&hash());
        read(&hash())
    });
    let changed = state.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                replace_if_moved(&hash());
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
            "announcements",
            "drafts",
            "resolved",
            "components",
            "settings",
            "settings/contacts",
            "settings/on-call",
            "settings/templates",
            "settings/templates/new",
            "settings/templates/tpl_1",
            "settings/access",
            "settings/journal",
            "account",
        ] {
            let route = Route::parse(path);
            assert_eq!(route.map(|route| route.path()).as_deref(), Some(path));
        }
    }

    #[test]
    fn an_old_address_leads_to_the_present_one() {
        for (old, new) in [
            ("history", "resolved"),
            ("templates", "settings/templates"),
            ("templates/new", "settings/templates/new"),
            ("templates/tpl_1", "settings/templates/tpl_1"),
            ("access", "settings/access"),
            ("journal", "settings/journal"),
            ("menu", "account"),
        ] {
            let route = Route::parse(old);
            assert_eq!(route.map(|route| route.path()).as_deref(), Some(new));
        }
        assert_eq!(Route::parse("historyx"), None);
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
