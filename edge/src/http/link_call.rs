//! Requests for links in messages to on-call targets.

use notice::journal::sha256_hex;
use serde::{Deserialize, Serialize};

use super::credential::is_secret;

/// The methods of a link, `/s/{site}/on-call/{secret}`.
pub const METHODS: &str = "GET, HEAD, POST";

/// A request for a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCall {
    /// SHA-256 of the link's secret, in hex.
    pub digest: String,
    pub action: LinkAction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkAction {
    /// Shows the link's page, and changes nothing: chats open links by themselves.
    Show,
    /// The button of the page was pressed.
    Press,
}

impl LinkCall {
    /// Parses a request. `None` for a malformed secret.
    pub fn parse(method: &str, secret: &str) -> Option<Self> {
        is_secret(secret).then(|| Self {
            digest: sha256_hex(secret.as_bytes()),
            action: match method {
                "POST" => LinkAction::Press,
                _ => LinkAction::Show,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkAction, LinkCall};

    #[test]
    fn only_a_post_presses_the_button() {
        let secret = "a".repeat(43);
        for (method, action) in [
            ("GET", LinkAction::Show),
            ("HEAD", LinkAction::Show),
            ("POST", LinkAction::Press),
        ] {
            let call = LinkCall::parse(method, &secret).unwrap();
            assert_eq!(call.action, action, "{method}");
            assert!(!call.digest.contains(&secret), "only the digest goes on");
        }
        assert_eq!(LinkCall::parse("GET", "short"), None);
    }
}
