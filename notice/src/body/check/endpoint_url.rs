//! Checks the URLs of webhooks and on-call targets, to which the server sends requests.
//!
//! Refuses a URL whose host is not a name of the public internet. Names are not resolved here: a public name that
//! resolves to a private address is refused by the network. workerd connects to public addresses only, unless it is
//! started for tests, and Cloudflare has no private network.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::addresses::with_character;
use crate::body::characters::is_invisible;

/// The addresses that the server may send requests to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// https URLs of hosts on the public internet.
    #[default]
    Public,
    /// Also http URLs, and private and literal addresses: for tests and development.
    PublicAndPrivate,
}

const SHAPE: &str = "Must be a full URL, for example https://hooks.example.com/allclear.";
const HTTPS: &str =
    "Must start with https://, so that nobody can read or change messages in transit.";
const CREDENTIALS: &str =
    "Must not contain a user name or password: everyone who can read the settings sees it.";
const LITERAL: &str = "Must contain a host name, for example hooks.example.com, not an IP address.";
const LOCAL: &str = "Must contain a host name of the public internet, for example hooks.example.com: this one exists only in a private network.";
const PORT: &str = "Must use port 443, which is the default, or a port from 1024 to 65535.";

/// Domains whose names lead to the server itself or into a private network, and top-level domains that are reserved or in
/// use for such names (RFC 6761, 6762, 8375, 9476; `internal`: ICANN's resolution of 2024-07-29).
const LOCAL_DOMAINS: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "home.arpa",
    "lan",
    "alt",
    "onion",
    "invalid",
    // Used inside Kubernetes and Consul.
    "svc",
    "consul",
];

/// Checks the URL of a webhook or on-call target.
///
/// # Errors
/// A sentence that says what to change.
pub fn check(address: &str, network: Network) -> Result<(), String> {
    let url = parse(address)?;
    match network {
        Network::Public => public(&url),
        Network::PublicAndPrivate => Ok(()),
    }
}

/// Parses a full http or https URL. Refuses one with a user name or password.
fn parse(address: &str) -> Result<Url, String> {
    if let Some(hidden) = address.chars().find(|c| is_invisible(*c)) {
        return Err(with_character(SHAPE, Some(hidden)));
    }
    let shape = || SHAPE.to_owned();
    let url = Url::parse(address).map_err(|_| shape())?;
    // The URL parser is lenient: it accepts `https:hooks` and `https:///hooks`, which are refused here.
    let lower = address.to_ascii_lowercase();
    let rest = lower.strip_prefix(&format!("{}://", url.scheme()));
    if rest.is_none_or(|rest| rest.starts_with(['/', '\\'])) {
        return Err(shape());
    }
    if !matches!(url.scheme(), "https" | "http") {
        return Err(HTTPS.to_owned());
    }
    if url.host().is_none() {
        return Err(shape());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(CREDENTIALS.to_owned());
    }
    Ok(url)
}

/// Checks that a URL names a host of the public internet.
fn public(url: &Url) -> Result<(), String> {
    if url.scheme() != "https" {
        return Err(HTTPS.to_owned());
    }
    // The parser decodes percent-encoding, maps full-width digits, and reads every spelling of an IPv4 address.
    let name = match url.host() {
        Some(Host::Domain(name)) => name,
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(LITERAL.to_owned()),
        None => return Err(SHAPE.to_owned()),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let has_empty_label = name.split('.').any(str::is_empty);
    if has_empty_label {
        return Err(SHAPE.to_owned());
    }
    if !name.contains('.') || LOCAL_DOMAINS.iter().any(|domain| is_within(name, domain)) {
        return Err(LOCAL.to_owned());
    }
    match url.port() {
        // Lower ports belong to other protocols, whose servers must not get requests either.
        Some(..1024) => Err(PORT.to_owned()),
        _ => Ok(()),
    }
}

/// Whether a name is a domain or one of its subdomains.
fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Splits the address of an ntfy topic into the address of its server and the topic. `None` if it has no topic.
pub fn split_topic(address: &str) -> Option<(String, String)> {
    let mut url = Url::parse(address).ok()?;
    let topic = url
        .path_segments()?
        .rfind(|segment| !segment.is_empty())?
        .to_owned();
    url.path_segments_mut().ok()?.pop_if_empty().pop();
    Some((url.to_string(), topic))
}

#[cfg(test)]
mod tests {
    use super::{Network, check, split_topic};

    #[test]
    fn private_networks_are_allowed_for_tests_only() {
        for (address, is_allowed) in [
            ("http://127.0.0.1:8787/x", true),
            ("http://localhost/x", true),
            ("https://[::1]:25/x", true),
            ("https://hooks.example.com/x", true),
            ("http://ada@127.0.0.1/x", false),
            ("ftp://127.0.0.1/x", false),
            ("http:///x", false),
            ("x", false),
        ] {
            let result = check(address, Network::PublicAndPrivate);
            assert_eq!(result.is_ok(), is_allowed, "{address}: {result:?}");
        }
    }

    #[test]
    fn the_last_segment_of_an_ntfy_address_is_the_topic() {
        for (address, expected) in [
            ("https://ntfy.sh/acme", Some(("https://ntfy.sh/", "acme"))),
            ("https://ntfy.sh/acme/", Some(("https://ntfy.sh/", "acme"))),
            (
                "https://ntfy.sh/acme?auth=x",
                Some(("https://ntfy.sh/?auth=x", "acme")),
            ),
            (
                "https://a.example/ntfy/acme",
                Some(("https://a.example/ntfy", "acme")),
            ),
            ("https://ntfy.sh", None),
            ("https://ntfy.sh/", None),
        ] {
            let expected = expected.map(|(server, topic)| (server.to_owned(), topic.to_owned()));
            assert_eq!(split_topic(address), expected, "{address}");
        }
    }
}
