//! The network of a client: addresses that one party is expected to control.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address, or the first 64 bits of an IPv6 address, because a client can use any address with its first 64 bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Network {
    V4([u8; 4]),
    V6([u16; 4]),
    /// Not an IP address, for example a socket's name.
    Other(String),
}

/// Maximum length of an address that is not an IP address, in bytes.
const MAX_OTHER: usize = 64;

impl Network {
    /// The network of a client's address, with or without brackets.
    pub fn of(address: &str) -> Self {
        let bare = address.trim().trim_matches(['[', ']']);
        // Without its zone, as in `fe80::1%eth0`.
        let bare = bare.split('%').next().unwrap_or_default();
        match bare.parse() {
            Ok(IpAddr::V4(v4)) => Self::V4(v4.octets()),
            Ok(IpAddr::V6(v6)) => Self::of_v6(v6),
            Err(_) => Self::Other(address.chars().take(MAX_OTHER).collect()),
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        match address.to_ipv4_mapped() {
            Some(v4) => Self::V4(v4.octets()),
            None => {
                let [first, second, third, fourth, ..] = address.segments();
                Self::V6([first, second, third, fourth])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn ipv6_addresses_of_one_64_are_one_network() {
        for (one, other, same) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("[2001:db8:1:2::1]", "2001:0DB8:1:2::7", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("fe80::1%eth0", "fe80::2", true),
            ("unix", "unix", true),
            ("unix", "", false),
        ] {
            assert_eq!(
                Network::of(one) == Network::of(other),
                same,
                "{one} {other}"
            );
        }
    }
}
