//! Requests for links in messages to on-call targets.

use notice::{journal::sha256_hex, wire::ids::Slug};
use serde::{Deserialize, Serialize};

use super::{
    credential::is_secret,
    login_gate::{Fingerprint, Verdict},
};

/// A request for a link, `/s/{site}/on-call/{secret}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCall {
    /// SHA-256 of the link's secret, in hex.
    pub digest: String,
    pub action: LinkAction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkAction {
    /// Shows the link's page, and changes nothing, because chats open links for previews.
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

    /// The fingerprint of the secret at a site. It differs between sites, so that a link that one site refuses is still accepted at
    /// its own site.
    pub fn fingerprint(&self, site: &Slug) -> Fingerprint {
        Fingerprint::of_secret(format!("{site} {}", self.digest).as_bytes())
    }

    /// The verdict on the secret, by the status of the site's answer; `None` means that there was no answer. A link that has
    /// expired or was used counts as valid, because it is not a guess.
    pub fn verdict(status: Option<u16>) -> Verdict {
        match status {
            Some(404) => Verdict::Unknown,
            None | Some(500..) => Verdict::Open,
            Some(_) => Verdict::Valid,
        }
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::ids::Slug;

    use super::{LinkAction, LinkCall, Verdict};

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
            assert!(!call.digest.contains(&secret), "the digest only");
        }
        assert_eq!(LinkCall::parse("GET", "short"), None);
    }

    #[test]
    fn only_a_link_that_the_site_does_not_know_is_a_guess() {
        for (status, expected) in [
            (Some(200), Verdict::Valid),
            (Some(303), Verdict::Valid),
            (Some(403), Verdict::Valid),
            (Some(404), Verdict::Unknown),
            (Some(410), Verdict::Valid),
            (Some(500), Verdict::Open),
            (Some(503), Verdict::Open),
            (None, Verdict::Open),
        ] {
            assert_eq!(LinkCall::verdict(status), expected, "{status:?}");
        }
    }

    #[test]
    fn a_secret_has_one_fingerprint_per_site() {
        let call = |method: &str| LinkCall::parse(method, &"a".repeat(43)).unwrap();
        let site = |slug: &str| Slug::parse(slug).unwrap();
        let own = call("GET").fingerprint(&site("acme"));
        assert_eq!(own, call("POST").fingerprint(&site("acme")));
        assert_ne!(own, call("GET").fingerprint(&site("other")));
    }
}
