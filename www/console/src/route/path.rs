//! Converts views to paths and back.

use notice::wire::{
    enums::{Kind, StringEnum},
    ids::{IncidentId, TemplateId, UpdateId, WebhookId},
};

use super::{Route, Step, Task, UpdateStep};

/// Paths of views that have moved, each with its current path. Bookmarks and links in old messages keep working.
const MOVED: &[(&str, &str)] = &[
    ("history", "resolved"),
    ("access", "settings/access"),
    ("journal", "settings/journal"),
    ("menu", "account"),
    ("templates", "settings/templates"),
];

/// Returns the current path of a view that has moved.
pub fn current_path(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    MOVED.iter().find_map(|(old, new)| {
        let rest = path.strip_prefix(old)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{new}{rest}"))
    })
}

impl Route {
    /// Parses the part of the fragment after `#/{site}/`.
    pub fn parse(path: &str) -> Option<Self> {
        let moved = current_path(path);
        let path = moved.as_deref().unwrap_or(path);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Some(match parts.as_slice() {
            [] => Self::Home,
            ["new", kind] => Self::Publish(Kind::parse(kind)?, Step::Scope),
            ["new", kind, "say"] => Self::Publish(Kind::parse(kind)?, Step::Message),
            ["new", kind, "check"] => Self::Publish(Kind::parse(kind)?, Step::Preview),
            ["incidents", id, rest @ ..] => Self::Incident(
                IncidentId::parse(id)?,
                match rest {
                    [] => Task::Read,
                    ["update"] => Task::Update(UpdateStep::Write),
                    ["update", "check"] => Task::Update(UpdateStep::Preview),
                    ["resolve"] => Task::Resolve(UpdateStep::Write),
                    ["resolve", "check"] => Task::Resolve(UpdateStep::Preview),
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
            ["settings", "webhooks"] => Self::Webhooks,
            ["settings", "webhooks", "new"] => Self::EditWebhook(None),
            ["settings", "webhooks", id] => Self::Webhook(WebhookId::parse(id)?),
            ["settings", "webhooks", id, "edit"] => Self::EditWebhook(Some(WebhookId::parse(id)?)),
            ["settings", "templates"] => Self::Templates,
            ["settings", "templates", "new"] => Self::Template(None),
            ["settings", "templates", id] => Self::Template(Some(TemplateId::parse(id)?)),
            ["settings", "access"] => Self::Access,
            ["settings", "journal"] => Self::Journal,
            ["account"] => Self::Account,
            _ => return None,
        })
    }

    /// Returns the part of the fragment after `#/{site}/`.
    pub fn path(&self) -> String {
        match self {
            Self::Home => String::new(),
            Self::Publish(kind, step) => {
                let step = match step {
                    Step::Scope => "",
                    Step::Message => "/say",
                    Step::Preview => "/check",
                };
                format!("new/{}{step}", kind.as_str())
            }
            Self::Incident(id, task) => {
                let task = match task {
                    Task::Read => String::new(),
                    Task::Update(UpdateStep::Write) => "/update".to_owned(),
                    Task::Update(UpdateStep::Preview) => "/update/check".to_owned(),
                    Task::Resolve(UpdateStep::Write) => "/resolve".to_owned(),
                    Task::Resolve(UpdateStep::Preview) => "/resolve/check".to_owned(),
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
            Self::Webhooks => "settings/webhooks".to_owned(),
            Self::Webhook(id) => format!("settings/webhooks/{id}"),
            Self::EditWebhook(None) => "settings/webhooks/new".to_owned(),
            Self::EditWebhook(Some(id)) => format!("settings/webhooks/{id}/edit"),
            Self::Templates => "settings/templates".to_owned(),
            Self::Template(None) => "settings/templates/new".to_owned(),
            Self::Template(Some(id)) => format!("settings/templates/{id}"),
            Self::Access => "settings/access".to_owned(),
            Self::Journal => "settings/journal".to_owned(),
            Self::Account => "account".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn paths_round_trip() {
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
            "settings/webhooks",
            "settings/webhooks/new",
            "settings/webhooks/whk_1",
            "settings/webhooks/whk_1/edit",
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
    fn moved_paths_lead_to_the_current_view() {
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
}
