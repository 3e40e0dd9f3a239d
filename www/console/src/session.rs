//! Who is signed in on this device, site by site.

use gloo_events::EventListener;
use notice::wire::{ids::Slug, words::Role};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::storage::{self, Lifetime};

const NAME: &str = "sessions";
/// The deployment's own token, which opens every site.
const ROOT: &str = "deployment";

/// A credential for one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The site.
    pub site: Slug,
    /// The bearer token.
    pub token: String,
    /// What it may do.
    pub role: Role,
    /// What the device or token is called.
    pub name: String,
    /// It is this device's own, made from an invitation: signing out ends it.
    pub is_device: bool,
}

impl Session {
    /// Whether it may publish.
    pub fn may_write(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Editor)
    }

    /// Whether it may change settings and tokens.
    pub fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }
}

/// Every session of this device: those of the tab alone first.
pub fn all() -> Vec<Session> {
    let mut all: Vec<Session> = storage::read(Lifetime::Tab, NAME).unwrap_or_default();
    let kept: Vec<Session> = storage::read(Lifetime::Kept, NAME).unwrap_or_default();
    for session in kept {
        if all.iter().all(|other| other.site != session.site) {
            all.push(session);
        }
    }
    all
}

/// Keeps a session in place of another for the same site.
pub fn add(session: &Session, lifetime: Lifetime) {
    remove(&session.site);
    let mut kept: Vec<Session> = storage::read(lifetime, NAME).unwrap_or_default();
    kept.insert(0, session.clone());
    if !storage::write(lifetime, NAME, &kept) {
        storage::write(Lifetime::Tab, NAME, &kept);
    }
}

/// Forgets a site's session.
pub fn remove(site: &Slug) {
    for lifetime in [Lifetime::Kept, Lifetime::Tab] {
        let mut kept: Vec<Session> = storage::read(lifetime, NAME).unwrap_or_default();
        kept.retain(|session| session.site != *site);
        if kept.is_empty() {
            storage::remove(lifetime, NAME);
        } else {
            storage::write(lifetime, NAME, &kept);
        }
    }
}

/// The deployment's own token, and for how long it is kept.
pub fn root() -> Option<(String, Lifetime)> {
    let kept = |lifetime| Some((storage::read(lifetime, ROOT)?, lifetime));
    kept(Lifetime::Tab).or_else(|| kept(Lifetime::Kept))
}

/// Keeps the deployment's own token.
pub fn add_root(token: &str, lifetime: Lifetime) {
    if !storage::write(lifetime, ROOT, &token) {
        storage::write(Lifetime::Tab, ROOT, &token);
    }
}

/// Forgets the deployment's own token, and every session that was opened with it.
pub fn remove_root() {
    let token = root().map(|(token, _)| token);
    for lifetime in [Lifetime::Tab, Lifetime::Kept] {
        storage::remove(lifetime, ROOT);
    }
    for session in all() {
        if Some(&session.token) == token.as_ref() {
            remove(&session.site);
        }
    }
}

/// Tells when another tab signs in or out. It ends with the listener.
pub fn on_change_elsewhere(changed: impl Fn() + 'static) -> Option<EventListener> {
    storage::on_change_elsewhere(NAME, move |_| changed())
}

/// An invitation, as its link carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The site it is for.
    pub site: Slug,
    /// What is exchanged for a session.
    pub secret: String,
}

impl Invitation {
    /// Reads `{site}.{secret}`, or a whole link that ends so.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text
            .rsplit_once("#invitation=")
            .map_or(text, |(_, rest)| rest);
        let (site, secret) = text.trim().split_once('.')?;
        let fits = !secret.is_empty()
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let site = Slug::parse(site).filter(|_| fits)?;
        Some(Self {
            site,
            secret: secret.to_owned(),
        })
    }
}

/// The invitation in the address, which is cleared at once: nobody who looks at the screen or the history finds it.
pub fn take_invitation() -> Option<Invitation> {
    let window = web_sys::window()?;
    let hash = window.location().hash().ok()?;
    if !hash.starts_with("#invitation=") {
        return None;
    }
    let path = window.location().pathname().ok()?;
    let history = window.history().ok()?;
    let cleared = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    cleared.ok()?;
    Invitation::parse(&hash)
}

/// Tells of an invitation that is opened in a tab where the console is already. It ends with the listener.
pub fn on_invitation(found: impl Fn(Invitation) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |_| {
        if let Some(invitation) = take_invitation() {
            found(invitation);
        }
    }))
}

/// The site of a token `ac_{site}_{secret}`.
pub fn site_of(token: &str) -> Option<Slug> {
    let (site, secret) = token.trim().strip_prefix("ac_")?.split_once('_')?;
    Slug::parse(site).filter(|_| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Invitation, site_of};

    #[test]
    fn invitations_and_tokens_name_their_site() {
        let read = |text| Invitation::parse(text).map(|one| (one.site.to_string(), one.secret));
        let expected = Some(("acme".to_owned(), "a-_1".to_owned()));
        assert_eq!(read("acme.a-_1"), expected);
        assert_eq!(
            read("https://status.example/console#invitation=acme.a-_1\n"),
            expected
        );
        for text in ["acme", "acme.", "A.x", "acme.a b", ""] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(
            site_of(" ac_acme_x ").map(|site| site.to_string()),
            Some("acme".to_owned())
        );
        assert_eq!(site_of("root_x"), None);
    }
}
