//! The console's views as addresses in the URL fragment, such as `#/acme/incidents/inc_1`. A browser never sends the fragment
//! to a server.

mod navigation;
mod path;

use notice::wire::{
    enums::Kind,
    ids::{IncidentId, Slug, TemplateId, UpdateId, WebhookId},
};

pub use navigation::{Location, SITES, go, go_to, use_location};

/// The steps of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The affected components, and the severity or the times.
    Scope,
    Message,
    Preview,
}

/// The steps of an update. A phone shows the preview as a step of its own, so that the back button leads to the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStep {
    Write,
    Preview,
}

/// A view of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    Read,
    Update(UpdateStep),
    Resolve(UpdateStep),
    /// Change fields of the incident. Messages are corrected with `Correct`.
    Edit,
    /// Remove an incident that was published by mistake.
    Withdraw,
    /// Correct the text of a published update.
    Correct(UpdateId),
    Postmortem,
    /// Copy a text for use elsewhere.
    Share,
}

/// The three main areas of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Incidents, maintenance and announcements: one list with filters.
    Incidents,
    Components,
    Settings,
}

/// A view of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Everything that is open, overdue first.
    Home,
    /// A new incident, maintenance or announcement.
    Publish(Kind, Step),
    Incident(IncidentId, Task),
    /// Maintenance, open and completed.
    Maintenance,
    /// Announcements, open and ended.
    Announcements,
    /// Drafts on the server, and unsaved ones on this device.
    Drafts,
    /// Everything that has ended.
    Resolved,
    Components,
    /// General settings: product, segments, colours, quiet hours.
    Settings,
    Contacts,
    /// On-call targets and update intervals.
    OnCall,
    /// URLs and chats that events are sent to.
    Webhooks,
    /// The state and the deliveries of a webhook.
    Webhook(WebhookId),
    /// The form of a webhook; `None`: a new one.
    EditWebhook(Option<WebhookId>),
    /// Templates of the site, and the built-in ones.
    Templates,
    /// One template; `None`: a new one.
    Template(Option<TemplateId>),
    /// Devices, tokens and invitations.
    Access,
    Journal,
    /// The sessions of this device.
    Account,
}

impl Route {
    /// Returns the title of the browser tab.
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
            Self::Webhooks | Self::Webhook(_) | Self::EditWebhook(_) => "Webhooks",
            Self::Templates | Self::Template(_) => "Templates",
            Self::Access => "Access",
            Self::Journal => "Journal",
            Self::Account => "Account",
        }
    }

    /// Returns the area whose navigation entry is marked as current.
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
            | Self::Webhooks
            | Self::Webhook(_)
            | Self::EditWebhook(_)
            | Self::Templates
            | Self::Template(_)
            | Self::Access
            | Self::Journal => Some(Area::Settings),
            Self::Account => None,
        }
    }

    /// Returns whether the view is a form with its own back button. On a phone its buttons take the place of the navigation.
    pub fn is_form(&self) -> bool {
        match self {
            Self::Publish(..) | Self::Template(_) | Self::EditWebhook(_) => true,
            Self::Incident(_, task) => *task != Task::Read,
            _ => false,
        }
    }

    /// Returns whether the view is useless without write access.
    pub fn requires_write_access(&self) -> bool {
        match self {
            Self::Publish(..) | Self::Template(None) => true,
            Self::Incident(_, task) => !matches!(task, Task::Read | Task::Share),
            _ => false,
        }
    }

    /// Returns the link to this view of a site.
    pub fn href(&self, site: &Slug) -> String {
        format!("#/{site}/{}", self.path())
    }
}
