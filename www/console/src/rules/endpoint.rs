//! Addresses of webhooks and on-call targets.

use notice::body::check::endpoint_url::{self, Network};

/// Returns the networks whose addresses the server accepts. A server that is itself reached over http is one for tests or
/// development, which may accept private addresses.
pub fn network() -> Network {
    let location = web_sys::window().map(|window| window.location());
    let protocol = location.and_then(|location| location.protocol().ok());
    match protocol.as_deref() {
        Some("http:") => Network::PublicAndPrivate,
        _ => Network::Public,
    }
}

/// Returns what to change in an address. An empty one has no error.
pub fn error(address: &str, network: Network) -> Option<String> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    endpoint_url::check(address, network).err()
}

#[cfg(test)]
mod tests {
    use super::error;
    use notice::body::check::endpoint_url::Network;

    #[test]
    fn refused_addresses_say_what_to_change() {
        for (address, is_refused) in [
            ("", false),
            (" https://hooks.example.com/x ", false),
            ("http://hooks.example.com/x", true),
            ("https://10.0.0.1/x", true),
            ("https://localhost/x", true),
            ("hooks.example.com", true),
        ] {
            let found = error(address, Network::Public);
            assert_eq!(found.is_some(), is_refused, "{address}: {found:?}");
        }
    }
}
