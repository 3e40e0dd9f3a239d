//! The bodies of requests about webhooks.

use notice::{
    body::{
        check::endpoint_url::{self, Network},
        cleared_fields::{Changeable, Object, fields},
        required::{Body, Required},
    },
    limits,
    notify::EventName,
    rejection::Rejection,
    state::State,
    wire::{ids::ComponentId, input::ComponentName, time::Timestamp},
};
use serde::{Deserialize, Serialize};

use crate::{
    messages::format::Format,
    storage::webhooks::{Disabled, Settings},
};

/// Body of `POST …/webhooks`, and the document that `PATCH …/webhooks/{id}` patches. Required: `url`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewWebhook {
    pub url: String,
    /// The events that the webhook receives. Empty means all.
    #[serde(default)]
    pub events: Vec<EventName>,
    /// The components whose events the webhook receives. Empty means all.
    #[serde(default)]
    pub components: Vec<ComponentName>,
    #[serde(default)]
    pub format: Format,
    #[serde(default = "enabled")]
    pub enabled: bool,
}

fn enabled() -> bool {
    true
}

impl Body for NewWebhook {
    const REQUIRED: &'static [Required] = &[("", &["url"])];
}

impl Changeable for NewWebhook {
    const OBJECTS: &'static [Object] = &[(&[], fields::<Self>)];
}

/// Body of `POST …/webhooks/{id}/redeliver`. Required: `since`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redelivery {
    /// Time of the first event to send again.
    pub since: Timestamp,
}

impl Body for Redelivery {
    const REQUIRED: &'static [Required] = &[("", &["since"])];
}

impl NewWebhook {
    /// The document to which a merge patch is applied.
    pub fn of(settings: &Settings) -> Self {
        let components = settings.components.iter().cloned();
        Self {
            url: settings.url.clone(),
            events: settings.events.clone(),
            components: components.map(ComponentName::Id).collect(),
            format: settings.format,
            enabled: settings.disabled.is_none(),
        }
    }

    /// Checks the values against the site, and converts them into settings. `before` are the
    /// current settings of a webhook that is changed, `None` for a new one.
    ///
    /// # Errors
    /// [`Rejection::Fields`] for a URL that is not allowed, [`Rejection::UnknownReference`] for an
    /// unknown component.
    pub fn settings(
        self,
        state: &State,
        network: Network,
        before: Option<&Settings>,
        now: Timestamp,
    ) -> Result<Settings, Rejection> {
        if self.url.chars().count() > limits::WEBHOOK_URL {
            let detail = format!("Must have at most {} characters.", limits::WEBHOOK_URL);
            return Err(Rejection::field("/url", detail));
        }
        // A webhook whose URL is refused by now can be disabled, and changed while it is.
        let is_kept = before.is_some_and(|before| before.url == self.url) && !self.enabled;
        if !is_kept {
            endpoint_url::check(&self.url, network)
                .map_err(|detail| Rejection::field("/url", detail))?;
        }
        let mut events = self.events;
        events.sort_unstable();
        events.dedup();
        let disabled = match (self.enabled, before.and_then(|before| before.disabled)) {
            (true, _) => None,
            (false, reason) => Some(reason.unwrap_or(Disabled::ByOperator)),
        };
        Ok(Settings {
            url: self.url,
            events,
            components: known_components(state, &self.components, before)?,
            format: self.format,
            disabled,
            created_at: before.map_or(now, |before| before.created_at),
        })
    }
}

/// The ids of the named components, each once. Deleted components that are already in the webhook's list are kept: without them, the
/// list could become empty, which means all components.
fn known_components(
    state: &State,
    names: &[ComponentName],
    before: Option<&Settings>,
) -> Result<Vec<ComponentId>, Rejection> {
    if names.len() > limits::COMPONENTS {
        let detail = format!("Must have at most {} entries.", limits::COMPONENTS);
        return Err(Rejection::field("/components", detail));
    }
    let kept = before.map(|before| before.components.as_slice());
    let kept = kept.unwrap_or_default();
    let id_of = |name: &ComponentName| match (state.component(name), name) {
        (Some(component), _) => Some(component.id.clone()),
        (None, ComponentName::Id(id)) => kept.contains(id).then(|| id.clone()),
        (None, ComponentName::Slug(_)) => None,
    };
    let mut ids = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let id = id_of(name).ok_or_else(|| Rejection::UnknownReference {
            pointer: format!("/components/{index}"),
            detail: "The site has no such component. Use the id or slug of one of its components."
                .to_owned(),
        })?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
