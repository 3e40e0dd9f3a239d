//! The sessions of this device: one per site, and the root token if it was used to sign in.

use gloo_events::EventListener;
use notice::wire::{enums::Role, ids::Slug};
use serde::{Deserialize, Serialize};

use crate::browser::storage::{self, Lifetime};

const SESSIONS: &str = "sessions";
const ROOT_TOKEN: &str = "deployment";

/// A credential for one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub site: Slug,
    pub token: String,
    pub role: Role,
    /// The name of the device or token.
    pub name: String,
    /// Whether this device got the session from an invitation. Signing out then revokes it on the server.
    pub is_device: bool,
}

impl Session {
    /// Returns whether the role may publish.
    pub fn may_write(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Editor)
    }

    /// Returns whether the role may change settings and tokens.
    pub fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }
}

/// Returns all sessions, those that end with the tab first.
pub fn all() -> Vec<Session> {
    let mut all: Vec<Session> = storage::read(Lifetime::Tab, SESSIONS).unwrap_or_default();
    let stored: Vec<Session> = storage::read(Lifetime::Permanent, SESSIONS).unwrap_or_default();
    for session in stored {
        if all.iter().all(|other| other.site != session.site) {
            all.push(session);
        }
    }
    all
}

/// Stores a session, in place of an older one for the same site.
pub fn add(session: &Session, lifetime: Lifetime) {
    remove(&session.site);
    let mut sessions: Vec<Session> = storage::read(lifetime, SESSIONS).unwrap_or_default();
    sessions.insert(0, session.clone());
    if !storage::write(lifetime, SESSIONS, &sessions) {
        storage::write(Lifetime::Tab, SESSIONS, &sessions);
    }
}

/// Removes the session for a site.
pub fn remove(site: &Slug) {
    for lifetime in [Lifetime::Permanent, Lifetime::Tab] {
        let mut sessions: Vec<Session> = storage::read(lifetime, SESSIONS).unwrap_or_default();
        sessions.retain(|session| session.site != *site);
        if sessions.is_empty() {
            storage::remove(lifetime, SESSIONS);
        } else {
            storage::write(lifetime, SESSIONS, &sessions);
        }
    }
}

/// Returns the root token and its lifetime, if this device is signed in with it.
pub fn root_token() -> Option<(String, Lifetime)> {
    let read = |lifetime| Some((storage::read(lifetime, ROOT_TOKEN)?, lifetime));
    read(Lifetime::Tab).or_else(|| read(Lifetime::Permanent))
}

/// Stores the root token.
pub fn add_root_token(token: &str, lifetime: Lifetime) {
    if !storage::write(lifetime, ROOT_TOKEN, &token) {
        storage::write(Lifetime::Tab, ROOT_TOKEN, &token);
    }
}

/// Removes the root token and every session that uses it.
pub fn remove_root_token() {
    let token = root_token().map(|(token, _)| token);
    for lifetime in [Lifetime::Tab, Lifetime::Permanent] {
        storage::remove(lifetime, ROOT_TOKEN);
    }
    for session in all() {
        if Some(&session.token) == token.as_ref() {
            remove(&session.site);
        }
    }
}

/// Calls `on_change` when another tab signs in or out, until the listener is dropped.
pub fn listen(on_change: impl Fn() + 'static) -> Option<EventListener> {
    storage::listen(SESSIONS, move |_| on_change())
}

/// Returns the site of a token `ac_{site}_{secret}`. The root token names no site.
pub fn site_of(token: &str) -> Option<Slug> {
    let (site, secret) = token.trim().strip_prefix("ac_")?.split_once('_')?;
    Slug::parse(site).filter(|_| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::site_of;

    #[test]
    fn a_token_names_its_site() {
        let site = site_of(" ac_acme_x ").map(|site| site.to_string());
        assert_eq!(site.as_deref(), Some("acme"));
        assert_eq!(site_of("root_x"), None);
    }
}
