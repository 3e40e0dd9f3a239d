//! Invitations: links that give a device its own session.

use gloo_events::EventListener;
use notice::wire::ids::Slug;
use wasm_bindgen::JsValue;

/// An invitation as its link carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub site: Slug,
    /// The secret that is exchanged for a session.
    pub secret: String,
}

impl Invitation {
    /// Parses `{site}.{secret}`, or a link that ends with `#invitation={site}.{secret}`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text
            .rsplit_once("#invitation=")
            .map_or(text, |(_, rest)| rest);
        let (site, secret) = text.trim().split_once('.')?;
        let is_valid = !secret.is_empty()
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let site = Slug::parse(site).filter(|_| is_valid)?;
        Some(Self {
            site,
            secret: secret.to_owned(),
        })
    }
}

/// Takes the invitation out of the page's address and clears it, so that the secret is not visible on screen or in the history.
pub fn take_from_address() -> Option<Invitation> {
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

/// Calls `on_invitation` when an invitation is opened in a tab that already shows the console, until the listener is dropped.
pub fn listen(on_invitation: impl Fn(Invitation) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |_| {
        if let Some(invitation) = take_from_address() {
            on_invitation(invitation);
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::Invitation;

    #[test]
    fn invitations_parse_alone_and_in_links() {
        let parse = |text| Invitation::parse(text).map(|one| (one.site.to_string(), one.secret));
        let expected = Some(("acme".to_owned(), "a-_1".to_owned()));
        assert_eq!(parse("acme.a-_1"), expected);
        assert_eq!(
            parse("https://status.example/console#invitation=acme.a-_1\n"),
            expected
        );
        for text in ["acme", "acme.", "A.x", "acme.a b", ""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
