//! Requests of subscribers: for mail, and for the links in their mails.

use notice::{journal::sha256_hex, wire::ids::Slug};
use serde::{Deserialize, Serialize};

use super::{
    credential::is_secret, login_gate::Fingerprint, network::Network, page_call::PageHost,
    subscription_form::SubscriptionForm,
};

/// A request for mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskCall {
    pub form: SubscriptionForm,
    pub answer: AskAnswer,
    /// The client's network, whose requests are limited.
    pub network: Network,
}

/// The form of the answer to a request for mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskAnswer {
    Json,
    /// A page, whose links stay on the host.
    Page(PageHost),
}

/// The page that a link in a mail leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberPath {
    /// Confirms a request: `/s/{site}/confirm/{secret}`.
    Confirm,
    /// Shows and changes a subscription: `/s/{site}/subscription/{secret}`.
    Subscription,
    /// Downloads what is stored of a subscriber: `/s/{site}/subscription/{secret}/export`.
    Export,
    /// Ends a subscription: `/s/{site}/unsubscribe/{secret}`.
    Unsubscribe,
}

/// A request for a link in a mail. A GET changes nothing: mail programs and scanners open links by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberCall {
    pub path: SubscriberPath,
    /// The link's secret, which the page's links have. It is in no log.
    pub secret: String,
    /// The form of a POST. `None` for a GET.
    pub form: Option<SubscriptionForm>,
}

impl SubscriberCall {
    /// A GET request. `None` for a malformed secret.
    pub fn new(path: SubscriberPath, secret: String) -> Option<Self> {
        is_secret(&secret).then_some(Self {
            path,
            secret,
            form: None,
        })
    }

    /// SHA-256 of the secret, in hex.
    pub fn digest(&self) -> String {
        sha256_hex(self.secret.as_bytes())
    }

    /// The fingerprint of the secret at this site: a link of another site is unknown here, and still valid there.
    pub fn fingerprint(&self, site: &Slug) -> Fingerprint {
        Fingerprint::of_secret(format!("{site} {}", self.digest()).as_bytes())
    }
}
