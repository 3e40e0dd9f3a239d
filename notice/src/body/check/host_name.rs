//! Checks the host names of sites, and converts them to the spelling of a request's `Host` header.

use url::Host;

/// The error for a literal address, in any of the spellings that browsers accept.
const ADDRESS: &str = "Must be a host name, for example status.example.com, not an IP address.";
/// The error for any other text.
const SHAPE: &str = "Must be a host name, for example status.example.com, without scheme, port, path and final dot.";

/// Returns the name in lower case, with international labels in their ASCII form (UTS 46): the form in which browsers
/// send it.
///
/// # Errors
/// A sentence that says what to enter, if the text is a literal address, or not a host name with at least one dot.
pub fn normalize(name: &str) -> Result<String, &'static str> {
    // The parser would decode percent-encoding.
    if name.contains('%') {
        return Err(SHAPE);
    }
    let ascii = match Host::parse(name) {
        Ok(Host::Domain(ascii)) => ascii,
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(ADDRESS),
        // Such as `1.2.3.4.5`: a name whose last label is a number can only be an address.
        Err(url::ParseError::InvalidIpv4Address | url::ParseError::InvalidIpv6Address) => {
            return Err(ADDRESS);
        }
        Err(_) => return Err(SHAPE),
    };
    if is_hostname(&ascii) {
        Ok(ascii)
    } else {
        Err(SHAPE)
    }
}

/// Whether this is a host name (RFC 1123) in lower case with at least one dot.
pub(super) fn is_hostname(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{ADDRESS, SHAPE, normalize};

    #[test]
    fn host_names_are_lowered_and_encoded_for_dns() {
        for (given, expected) in [
            ("status.example.com", "status.example.com"),
            ("Status.Example.COM", "status.example.com"),
            ("müller.de", "xn--mller-kva.de"),
            ("MÜLLER.de", "xn--mller-kva.de"),
            ("xn--mller-kva.de", "xn--mller-kva.de"),
            ("status.例え.jp", "status.xn--r8jz45g.jp"),
            ("status。example。com", "status.example.com"),
            ("1.status.example.com", "1.status.example.com"),
        ] {
            assert_eq!(normalize(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn addresses_in_every_spelling_are_refused() {
        for given in [
            "192.168.1.1",
            "127.1",
            "0x7f.1",
            "0X7F.0.0.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "127.0.0.1.",
            "１２７.0.0.1",
            "1.2.3.4.5",
            "status.256",
            "example.0x10",
            "[::1]",
            "[2001:db8::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert_eq!(normalize(given), Err(ADDRESS), "{given}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for given in [
            "",
            "localhost",
            "status.example.com.",
            "status..example.com",
            ".example.com",
            "status.example.com:443",
            "https://status.example.com",
            "status.example.com/",
            "ada@example.com",
            "sp ace.com",
            " status.example.com",
            "status.example.com\n",
            "-a.example.com",
            "a-.example.com",
            "a_b.example.com",
            "*.example.com",
            "%73tatus.example.com",
            "xn--a.example.com",
            "::1",
        ] {
            assert_eq!(normalize(given), Err(SHAPE), "{given}");
        }
        let long = format!("{}.example.com", "a".repeat(64));
        assert_eq!(normalize(&long), Err(SHAPE));
    }
}
